extension ThreatRule {
    /// Every rule: this is the one place where it stands what is looked for, and how much it weighs.
    public static let all: [ThreatRule] =
        instructions + concealment + disguises + commands + secrets + paths + addresses + hidden + encoded

    // MARK: - Words that talk to a model

    private static let instructions: [ThreatRule] = [
        ThreatRule(
            "pi.ignore-instructions", .promptInjection, 4, "tells the model to drop the instructions that it has",
            words: [
                "ignore*|disregard*|forget|neglect|overrule <4 previous*|prior|above|aforementioned|earlier|preceding|foregoing|your|system|developer|initial|original|existing <4 instruction*|prompt*|guideline*|directive*|direction*|command*|programming|constraint*|guardrail*|training|orders",
                "ignore*|disregard*|forget|neglect|overrule <2 all|any|every|these|those|other <1 instruction*|prompt*|guideline*|directive*|guardrail*|orders",
                "override|bypass|circumvent|discard|abandon|cancel <3 previous*|prior|above|earlier|your|system|developer|safety|original <2 instruction*|prompt*|guideline*|directive*|guardrail*|programming|orders",
                "instruction*|prompt*|guideline*|directive* <3 above|before|previous*|earlier|prior <4 void|invalid|obsolete|superseded|cancelled|canceled|revoked|ignored|disregarded",
                "stop|cease|quit <1 following|obeying <3 instruction*|rules|guideline*|prompt*|orders",
                "not|never|don <2 follow|obey|heed <3 previous*|prior|above|earlier|your|system|original|developer <2 instruction*|rules|prompt*|guideline*|orders",
            ]),
        ThreatRule(
            "pi.ignore-rules", .promptInjection, 3, "tells the model to drop rules or what was said before",
            words: [
                "ignore*|disregard*|forget <2 everything|anything|all <3 told|said|above|before|previous*|learned|instructed|know|prior",
                "ignore*|disregard*|forget|bypass|override <3 your|safety|ethical|content|moderation <2 rules|polic*|filter*|restriction*|limitation*|safeguard*",
                "disregard|ignore <2 above|system|previous <1 text|message|context|conversation|content",
                "ignore|disregard|forget <1 these|those|your|all <1 rules",
                "wipe|erase|clear|reset <2 your <1 memory|context|instruction*|training",
            ]),
        ThreatRule(
            "pi.new-instructions", .promptInjection, 3, "announces instructions of its own",
            words: [
                "your <1 new|real|actual|true|updated|only|sole|primary <1 instruction*|task|goal|objective|mission|purpose|directive*|orders|job|role",
                "new|updated|revised|replacement <1 system <1 prompt*|instruction*|message",
                "follow|obey|execute|adopt <2 these|following|new <1 new|instead|secret|hidden <1 instruction*|rules|orders|commands",
                "instead <2 follow|obey <4 instruction*|commands|orders",
            ],
            texts: [
                "new instructions:", "updated instructions:", "system override", "priority override", "admin override",
            ]),
        ThreatRule(
            "pi.role-change", .promptInjection, 2, "gives the model another role",
            words: [
                "you <1 are <1 now <2 the|free|dan|root|admin*|unrestricted|unfiltered|jailbroken|evil|operating|acting",
                "act|behave|respond|answer|pretend|roleplay|simulate <3 unrestricted|unfiltered|uncensored|jailbroken|evil|dan|malicious",
                "you <2 will|must|shall|should <1 now <1 act|become|behave|pretend|respond|obey|assume",
                "pretend|imagine <2 you <2 have|had|are|were <2 not|without|unrestricted|free|freed",
            ],
            texts: [
                "you are now a *", "you are now an *", "you are now in *", "from now on you*", "from now on, you*",
                "your new role*",
                "act as if you*", "act as an unrestricted*", "you are no longer*", "switch to admin*",
            ]),
        ThreatRule(
            "pi.jailbreak", .promptInjection, 4, "words of known jailbreaks",
            words: [
                "you <1 are <3 dan|jailbroken|unrestricted|unfiltered|uncensored",
                "developer|debug|god|sudo|dan|maintenance|unrestricted|jailbreak <1 mode <1 enabled|activated|engaged|unlocked",
                "enable|activate|enter|switch|engage <3 developer|god|dan|unrestricted|jailbreak|unfiltered <1 mode",
                "without|free|ignore|lift|remove* <2 any|all|ethical|moral|safety|content|your <2 restriction*|limitation*|guideline*|filter*|guardrail*|safeguard* <6 you|respond|answer|model|assistant|comply",
                "disable|deactivate|remove|drop|lift <2 your|safety|content|ethical <2 restriction*|filter*|guardrail*|safeguard*|safety|protocols|guideline*|checks",
            ],
            texts: [
                "do anything now", "you have no restrictions*", "you have no limitations*", "you have no rules*",
                "no longer bound by*",
                "no restrictions apply*", "not bound by any*", "free from all restrictions*",
            ]),
        ThreatRule(
            "pi.reveal-prompt", .promptInjection, 4, "asks for the model's own instructions",
            words: [
                "reveal|print|show|repeat|output|display|disclose|leak|expose|share|dump|tell|give|write|recite|summarize|summarise|paste|send|what <4 your|system|hidden|initial|secret|developer|internal <2 prompt|prompts|instructions",
                "repeat|print|output|echo|recite <3 everything|words|text|all <2 above|before",
            ]),
        ThreatRule(
            "pi.addressed-to-model", .promptInjection, 2, "speaks to a model, in a place that is meant for data",
            words: [
                "attention|note|notice|dear|hello|message|instruction|instructions|important|warning <3 assistant|assistants|llm|llms|chatgpt|claude|copilot|gemini|agents",
                "when <1 you <2 are <2 language|assistant|llm|reading|model|agent <3 model|assistant|agent|llm|this|please|then|must",
                "any <2 language|llm|artificial <2 model|assistant|agent|reading|processing <4 must|should|shall|required|need|has|have",
                "assistant|agent|model|llm|claude|chatgpt|copilot|you <2 must|shall|need|required|instructed <3 immediately|now|also|first <4 send|forward|email|upload|execute|run|call|delete|transfer|post|read|fetch|invoke|use|click|visit",
            ],
            texts: [
                "if you are an ai*", "you are an ai*", "as an ai agent*", "as a language model*", "ai assistant must*",
                "ai agent must*",
            ]),
        ThreatRule(
            "pi.other-languages", .promptInjection, 4, "tells the model to drop its instructions, in another language",
            words: [
                "ignorier*|vergiss|missachte*|vergessen <4 vorherig*|bisherig*|obig*|vorig*|alle|deine|fruher*|vorangegangen* <3 anweisung*|instruktion*|befehl*|vorgaben|regeln|anordnung*",
                "ignore*|oublie*|negligez <4 instruction*|consigne*|directive*|regles <3 precedent*|anterieur*|initiale*",
                "ignora*|olvida*|descarta* <4 instruccion*|indicacion*|orden*|reglas <3 anterior*|previa*|arriba",
                "ignora*|dimentica* <4 istruzion*|indicazion*|regole <3 precedent*|sopra",
                "ignora* <4 precedent*|anterior* <2 istruzion*|instruc*",
                "ignore*|esquec*|desconsidere <4 instruc*|orden*|regras <3 anterior*|acima|previa*",
                "negeer|vergeet <4 vorige|eerdere|voorgaande|bovenstaande <2 instructies|opdrachten|aanwijzingen|regels",
                "zignoruj*|ignoruj*|zapomnij <4 poprzedni*|wczesniejsz*|powyzsz* <2 instrukcj*|polecen*|zasad*",
                "ignorera|glom|bortse <4 tidigare|foregaende|ovanstaende <2 instruktion*|anvisning*",
                "игнорир*|забудь*|проигнорир* <4 инструкц*|указани*|команд*|правил*",
                "onceki|yukaridaki <3 talimat*|komut* <4 yoksay*|unut*|dikkate|yok|gormezden",
                "abaikan|lupakan <4 instruksi|perintah <3 sebelumnya|diatas",
            ],
            texts: [
                "忽略之前*", "忽略以上*", "忽略所有*", "忽略前面*", "忽略先前*", "无视之前*", "无视以上*", "忘记之前*", "忘記之前*", "忽略上述*", "忽略上面*",
                "指示を無視*", "命令を無視*", "指示は無視*", "이전 지시*", "이전의 지시*", "이전 명령*", "지시를 무시*", "تجاهل التعليمات*",
                "تجاهل جميع*",
                "ignoruj predchozi*", "पिछले निर्देश*",
            ]),
    ]

    private static let concealment: [ThreatRule] = [
        ThreatRule(
            "pi.conceal", .promptInjection, 4, "wants something kept from the user",
            words: [
                "not|never|without|don|avoid <2 tell|telling|mention|mentioning|inform|informing|notify|notifying|alert|alerting|reveal|disclose|disclosing|warn|warning <5 user|users|human|humans|person|operator|anyone|anybody|him|them|customer",
                "user|human|operator <2 must|should|shall|does|need <2 not|never <3 know|see|notice|told|informed|aware|learn",
                "keep|hide|conceal <4 from <2 user|human|operator",
                "secretly|covertly|surreptitiously|stealthily",
            ]),
        ThreatRule(
            "pi.quietly", .promptInjection, 2, "wants something done unnoticed",
            words: [
                "silently|quietly|discreetly <3 send|forward|upload|exfiltrate|transmit|post|email|copy|include|append|attach|pass|read|collect",
                "not|never|without|don <2 ask|asking|request|wait|waiting <3 confirm*|permission|approval|consent|user",
            ]),
        ThreatRule(
            "pi.tool-poisoning", .promptInjection, 3, "a tool's text that makes the model use other tools or files",
            words: [
                "before|whenever|prior|after <3 using|calling|invoking|call|use|invoke|running <3 tool*|function*|server* <6 read|open|send|cat|include|pass|forward|upload|copy|fetch",
                "read|send|include|pass|copy|append|load|fetch <6 contents|content <8 parameter|argument|sidenote|field|note|notes|metadata|context|feedback",
                "must|always|required <3 read|cat|open|include|send <5 ssh|private|credentials|passwd|config|mcp|env|secrets|history <5 before|first|file|pass|parameter",
                "tool|function|server <3 not|never|otherwise <2 work|function|available|succeed <3 unless|until|without",
                "always|must|only|instead <3 use|call|prefer|invoke <2 this <1 tool|function|server <4 instead|first|before|rather|other",
                "all|every|any <2 emails|email|messages|message|payments|mail <4 must|should|shall <3 sent|forwarded|copied|routed <6 attacker*|instead|address|account|following",
                "bcc|forward|copy <3 all|every|each|any <3 emails|email|messages|mail|conversation*|response*|chats",
            ], texts: ["<important>", "</important>", "<secret>", "<hidden>", "sidenote"]),
    ]

    private static let disguises: [ThreatRule] = [
        ThreatRule(
            "pi.template-token", .promptInjection, 4, "marks that separate speakers in a model's prompt",
            texts: [
                "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>",
                "<|begin_of_text|>",
                "<|start_header_id|>", "<|eot_id|>", "<<sys>>", "<</sys>>", "[inst]", "[/inst]", "<start_of_turn>",
                "<|fim_prefix|>", "<function_calls>", "<system-reminder>", "</system-reminder>",
            ]),
        ThreatRule(
            "pi.speaker-mark", .promptInjection, 3, "poses as another speaker or as the end of the data",
            texts: [
                "<system>", "</system>", "[system]", "[/system]", "<assistant>", "</assistant>", "</tool_result>",
                "</tool_response>", "</function_results>", "</user_query>", "</untrusted>", "### system",
                "### instruction:",
                "### new instruction", "\nhuman:", "\nassistant:", "\nsystem:", "[system message]", "(system message)",
                "system message:", "system prompt:", "[system note]", "system note:", "[admin]", "<admin>", "<tool>",
                "</tool>",
                "end of document*", "end of user input*", "end of context*", "end of tool output*", "begin system*",
                "system instruction:", "system instructions:", "[assistant]", "{{#system",
            ]),
    ]

    // MARK: - Commands

    private static let commands: [ThreatRule] = [
        ThreatRule("ci.chain-destructive", .commandInjection, 4, "a command that destroys, after another one"),
        ThreatRule("ci.chain-network", .commandInjection, 3, "a command that talks to the network, after another one"),
        ThreatRule("ci.chain-command", .commandInjection, 2, "a shell's command, after another one"),
        ThreatRule("ci.pipe-to-shell", .commandInjection, 4, "output that a shell or interpreter runs"),
        ThreatRule("ci.substitution", .commandInjection, 3, "a command inside $( )"),
        ThreatRule("ci.backquoted", .commandInjection, 1, "a command between back quotes"),
        ThreatRule("ci.fork-bomb", .commandInjection, 5, "a function that starts itself twice"),
        ThreatRule(
            "ci.remove-tree", .commandInjection, 4, "removes whole trees, or writes over disks",
            texts: [
                "rm -rf /*", "rm -fr /*", "rm -r -f /*", "rm -f -r /*", "rm -rf ~*", "rm -fr ~*", "rm -rf $*",
                "rm -fr $*",
                "rm -rf \"$*", "rm -rf \"/*", "rm -rf '/*", "rm -rf **", "rm -fr **", "rm -rf ..*",
                "rm -rf --*",
                "no-preserve-root", "mkfs.*", "of=/dev/sd*", "of=/dev/nvme*", "> /dev/sda*", "format c:*", "del /s *",
                "del /f *",
                "rd /s /q*", "remove-item -recurse*", "vssadmin delete*", "cipher /w*", "shutil.rmtree(\"/\"*",
            ]),
        ThreatRule(
            "ci.remove-folder", .commandInjection, 2, "removes a folder with all that is in it",
            texts: ["rm -rf *", "rm -fr *", "rm -r -f *", "rm -f -r *", "rm --recursive*"]),
        ThreatRule(
            "ci.rewrite-history", .commandInjection, 2, "writes over what others have pushed",
            words: ["git push <4 force", "git push <4 mirror"], texts: ["git push -f"]),
        ThreatRule(
            "ci.remote-shell", .commandInjection, 5, "a shell for somebody elsewhere",
            words: ["socket <12 pty <20 connect", "socket <20 connect <20 dup2|pty"],
            texts: [
                "/dev/tcp/*", "/dev/udp/*", "bash -i*", "nc -e*", "ncat -e*", "nc -lvp*", "ncat --exec*",
                "socat exec:*", "socat tcp*",
                "pty.spawn(*", "mkfifo /tmp*", "tcpsocket.open(*", "fsockopen(*", "net.sockets.tcpclient*",
            ]),
        ThreatRule(
            "ci.decode-and-run", .commandInjection, 3, "decodes what is then run",
            words: ["eval|exec <1 atob|base64|b64decode|compile|decode|unescape|fromcharcode|gzinflate"],
            texts: [
                "base64 -d*", "base64 --decode*", "frombase64string*", "-encodedcommand*", "powershell -enc*",
                "powershell -e *",
                "certutil -decode*", "certutil -urlcache*", "xxd -r*", "downloadstring(*", "invoke-expression*",
                "iex (*", "iex(*",
                "openssl enc -d*",
            ]),
        ThreatRule(
            "ci.code", .commandInjection, 1, "code that starts programs or runs text",
            texts: [
                "subprocess.*", "child_process*", "eval(*", "exec(*", "os.popen(*", "shell=true", "shell_exec(*",
                "runtime.getruntime*",
                "processbuilder(*", "process.start(*", "system(*", "passthru(*", "execsync(*",
            ]),
        ThreatRule(
            "ci.code-trick", .commandInjection, 3, "code that gets at what it was not given",
            texts: [
                "__import__(*", "os.system(*", "__subclasses__*", "__globals__*", "__builtins__*", "pickle.loads(*",
                "yaml.unsafe_load*",
                "${jndi:*", "jndi:ldap*", "jndi:rmi*", "freemarker.template*", "t(java.lang.runtime)*",
                "process.mainmodule*",
                "constructor.constructor(*", "php://input*", "php://filter*", "expect://*",
            ]),
        ThreatRule(
            "ci.sql", .commandInjection, 3, "SQL that was not meant to be there",
            words: ["union <1 select <2 null|password|passwords|username|from|table_name|version|concat|user"],
            texts: [
                "drop table*", "drop database*", "truncate table*", "xp_cmdshell*", "information_schema*",
                "load_file(*", "into outfile*",
                "pg_sleep(*", "waitfor delay*", "' or '1'='1*", "or 1=1--*", "\" or \"1\"=\"1*", "'; select*",
                "'; delete*", "'; update*",
                "'; insert*", "or sleep(*", "and sleep(*",
            ]),
        ThreatRule(
            "ci.persistence", .commandInjection, 3, "stays on the machine, or takes more rights",
            texts: [
                "authorized_keys*", "crontab -*", "/etc/cron*", "~/.bashrc*", "~/.bash_profile*", "~/.zshrc*",
                "~/.profile*", "systemctl enable*", "launchagents*", "/etc/sudoers*", "nopasswd:*", "chmod u+s*",
                "chmod +s*", "chmod 4755*",
                "usermod -aG*", "useradd -*", "adduser --*", "/etc/ld.so.preload*", "ld_preload=*", "bash_env=*",
                "pythonstartup=*",
                "node_options=*", "core.hookspath*", "core.sshcommand*", ".git/hooks*", "currentversion\\run*",
                "schtasks /create*",
                "reg add *", "prompt_command=*", "/etc/rc.local*", "docker.sock*", "--privileged*", "nsenter -*",
                "release_agent*",
            ]),
        ThreatRule(
            "ci.cover-tracks", .commandInjection, 3, "switches off what would watch",
            texts: [
                "history -c*", "unset histfile*", "histfile=/dev/null*", "iptables -f*", "ufw disable*",
                "setenforce 0*",
                "set-mppreference*", "systemctl stop auditd*", "auditctl -e*", "wevtutil cl*", "rm /var/log*",
                "truncate -s*",
                "--no-verify*", "disable_audit*", "bypass_policy*", "dangerously-skip-permissions*",
            ]),
    ]

    // MARK: - Secrets

    private static let secrets: [ThreatRule] = [
        ThreatRule("se.token", .secretExfiltration, 4, "a token of a known issuer"),
        ThreatRule("se.web-token", .secretExfiltration, 3, "a signed web token (JWT)"),
        ThreatRule("se.private-key", .secretExfiltration, 5, "a private key"),
        ThreatRule(
            "se.image-with-query", .secretExfiltration, 3, "an image whose address carries data away when it is shown"),
        ThreatRule(
            "se.secret-file", .secretExfiltration, 4, "a file that holds keys or passwords",
            texts: [
                "id_rsa*", "id_ed25519*", "id_ecdsa*", "id_dsa*", ".ssh/config*", "~/.ssh*", ".aws/credentials*",
                ".aws/config*", "/.gnupg*",
                ".netrc*", ".git-credentials*", ".docker/config.json*", ".kube/config*", ".pgpass*", ".npmrc*",
                ".pypirc*", "wallet.dat*",
                "cookies.sqlite*", "logins.json*", "key4.db*", "login data*", "login.keychain*",
                "application_default_credentials*",
                "credentials.db*", ".vault-token*", ".config/gcloud*", ".config/gh/hosts*", ".password-store*",
                "/proc/self/environ*",
                "/proc/1/environ*", "/run/secrets*", "serviceaccount/token*", ".terraform.d/credentials*", ".kdbx*",
                ".my.cnf*",
                ".bash_history*", ".zsh_history*", "ntds.dit*", "sam.hive*", "keystore.jks*", ".electrum*", "metamask*",
            ]),
        ThreatRule(
            "se.settings-file", .secretExfiltration, 2, "a file that often holds keys",
            texts: [
                "/.env", "cat .env*", " .env", "\".env", "'.env", ".env.local*", ".env.production*", "mcp.json*",
                "claude_desktop_config*",
                "secrets.yaml*", "secrets.yml*", "secrets.json*", "credentials.json*", "private_key.pem*",
                "server.key*", "wp-config.php*",
                ".htpasswd*", "terraform.tfstate*",
            ]),
        ThreatRule(
            "se.send-secrets", .secretExfiltration, 4, "secrets on their way to somebody",
            words: [
                "send|post|upload|forward|transmit|email|share|copy|paste|append|include|attach|deliver|exfiltrate|submit|pipe|mail <6 password*|secret|secrets|token|tokens|credential*|cookie*|keys|apikey*|passwd|environ|wallet|mnemonic|history <6 attacker*|webhook*|external|pastebin|gist|http|https|evil*|remote|outside|collaborator|following|url",
                "password*|secret|secrets|token|tokens|credential*|keys|passwd <5 sent|posted|uploaded|forwarded|emailed|transmitted|exfiltrated <3 attacker*|webhook*|external|http|https",
                "send|email|forward|upload|post|exfiltrate|transmit|leak <2 api|private|ssh|secret|access|signing|encryption <2 key|keys|token|tokens <6 attacker*|http|https|webhook*|external|url|remote|server",
                "encode|base64|hex|embed <5 password*|secret*|token*|credential*|keys|environ* <8 url|http|https|query|dns|image|link|request",
            ]),
        ThreatRule(
            "se.steal", .secretExfiltration, 3, "words of taking secrets",
            words: [
                "exfiltrate|steal|harvest|siphon|smuggle|leak|dump|extract <4 password*|credential*|secret|secrets|token|tokens|cookie*|keys|data|database|mnemonic|files|conversation",
                "reveal|print|show|tell|give|list|return|output|echo <3 all|your|every|user|admin <3 password|passwords|secrets|credentials|keys|tokens",
                "reveal|print|output|echo|disclose|expose <3 api|secret|private|access|signing <1 key|keys|token|tokens",
            ]),
        ThreatRule(
            "se.environment", .secretExfiltration, 2, "all variables of the environment",
            words: [
                "environment <1 variables <5 send|include|post|print|return|dump|append|output",
                "dump|print|send|list|read|output|exfiltrate <3 environment <1 variables",
            ],
            texts: [
                "printenv", "env | *", "cat /proc/*", "/environ", "os.environ)", "json.stringify(process.env*",
                "env > *", "dict(os.environ*",
            ]),
        ThreatRule(
            "se.upload-file", .secretExfiltration, 3, "a command that sends a file",
            texts: [
                "curl -d @*", "curl --data @*", "curl --data-binary @*", "curl -f file*", "curl -t *",
                "curl --upload-file*",
                "--post-file*", "--data-binary @*", "nc -w*", "-f 'file=@*", "-f file=@*", "=@/etc*", "-x post -d*",
                "-x post --data*",
                "scp /*", "rsync /*", "| curl*",
            ]),
    ]

    // MARK: - Paths

    private static let paths: [ThreatRule] = [
        ThreatRule("pt.upward", .pathTraversal, 1, "a path that goes up"),
        ThreatRule("pt.far-upward", .pathTraversal, 4, "a path that goes up three folders or more"),
        ThreatRule("pt.inside-path", .pathTraversal, 3, "a path that goes down, then up"),
        ThreatRule("pt.encoded", .pathTraversal, 4, "a path that goes up, spelled so that it does not show"),
        ThreatRule(
            "pt.zero-byte", .pathTraversal, 4, "a zero byte, where one program ends a name and another does not"),
        ThreatRule(
            "pt.system-file", .pathTraversal, 4, "a file of the system that servers have no use for",
            texts: [
                "/etc/passwd", "/etc/shadow*", "/etc/gshadow*", "/etc/master.passwd*", "/proc/self/*", "/proc/1/*",
                "/proc/kcore*",
                "/root/.*", "/dev/mem", "/dev/kmem*", "/etc/krb5.keytab*", "/etc/ssl/private*", "/etc/kubernetes*",
                "system32\\config*",
                "windows\\win.ini*", "windows/win.ini*", "boot.ini*", "system32/drivers/etc*", "/var/run/docker.sock*",
                "/etc/ssh/*",
                "/var/lib/kubelet*", "/sys/kernel*", "/boot/grub*", "c:\\windows\\system32*", "/etc/security*",
            ]),
        ThreatRule(
            "pt.file-address", .pathTraversal, 3, "a file of this machine as an address",
            texts: [
                "file:///etc*", "file:///proc*", "file:///root*", "file:///home*", "file:///c:*", "file://localhost*",
                "file:///dev*", "netdoc:*", "file:/etc*",
            ]),
    ]

    // MARK: - Addresses

    private static let addresses: [ThreatRule] = [
        ThreatRule("su.numeric-host", .suspiciousURL, 2, "an address by number, outside private networks"),
        ThreatRule("su.odd-number-host", .suspiciousURL, 4, "an address by a number in an unusual spelling"),
        ThreatRule(
            "su.metadata-service", .suspiciousURL, 5, "the cloud's metadata service, which hands out credentials",
            texts: [
                "latest/meta-data*", "metadata.google.internal*", "computemetadata/v1*", "metadata/identity/oauth2*",
                "latest/api/token*",
            ]),
        ThreatRule(
            "su.user-information", .suspiciousURL, 3,
            "an address whose host is not what it seems: there is an @ before it"),
        ThreatRule("su.punycode", .suspiciousURL, 2, "a host in another script, spelled in ASCII"),
        ThreatRule("su.cheap-domain", .suspiciousURL, 1, "a host below a top-level domain that is often abused"),
        ThreatRule("su.collector", .suspiciousURL, 4, "a service that collects whatever it is sent"),
        ThreatRule("su.shortener", .suspiciousURL, 1, "a short address that hides where it leads"),
        ThreatRule("su.script-download", .suspiciousURL, 2, "an address of a program or script"),
        ThreatRule(
            "su.scheme", .suspiciousURL, 3, "an address that runs code, or speaks to services that are not for it",
            texts: [
                "javascript:*", "vbscript:*", "data:text/html*", "data:application/javascript*", "gopher://*",
                "dict://*", "phar://*", "jar:http*", "ldap://*", "tftp://*",
            ]),
    ]

    // MARK: - What cannot be seen

    private static let hidden: [ThreatRule] = [
        ThreatRule("hu.zero-width-in-word", .hiddenText, 4, "characters without width inside words"),
        ThreatRule("hu.zero-width", .hiddenText, 1, "characters without width"),
        ThreatRule("hu.zero-width-run", .hiddenText, 4, "many characters without width in a row, as hidden data has"),
        ThreatRule("hu.direction-override", .hiddenText, 4, "text that is shown in another order than it is read"),
        ThreatRule("hu.direction-embedding", .hiddenText, 1, "marks that change the direction of text"),
        ThreatRule("hu.tags", .hiddenText, 5, "text in tag characters, which nobody sees"),
        ThreatRule("hu.variation-selectors", .hiddenText, 4, "variation selectors in a row, as hidden data has"),
        ThreatRule("hu.mixed-script", .hiddenText, 3, "words that mix letters of look-alike scripts"),
        ThreatRule("hu.lookalike-word", .hiddenText, 2, "words of another script that read as Latin ones"),
        ThreatRule(
            "hu.styled-letters", .hiddenText, 2, "words in letters that are symbols: mathematical, enclosed, full-width"
        ),
        ThreatRule("hu.stacked-marks", .hiddenText, 1, "many marks on one letter"),
        ThreatRule("hu.terminal-colour", .hiddenText, 1, "codes that colour a terminal"),
        ThreatRule("hu.terminal-control", .hiddenText, 4, "codes that control a terminal: hide, move, copy, rename"),
        ThreatRule("hu.control", .hiddenText, 2, "control characters"),
    ]

    private static let encoded: [ThreatRule] = [
        ThreatRule("en.decoded", .encodedText, 2, "encoded text in which something else was found"),
        ThreatRule("en.not-looked-into", .encodedText, 2, "more encoded text than is decoded"),
    ]
}
