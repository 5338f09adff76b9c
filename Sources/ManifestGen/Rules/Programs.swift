import ManifestModel

/// What well-known programs are started for: a child runs in the same box, so its needs are the server's.
enum Programs {
    struct Facts {
        var permissions: [Permission]
        var words: String
    }
    /// What a program does when one of these words is among its arguments.
    typealias Mode = (words: [String], permissions: [Permission], does: String)

    /// All words that say what a program does.
    static let subcommands: Set<String> = Set(
        (Array(modes.values) + Array(builders.values)).joined().flatMap(\.words).filter { !$0.hasPrefix("-") })

    static let table: [String: Facts] = {
        var table: [String: Facts] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "|")
            guard parts.count == 3 else { preconditionFailure("a row that cannot be read: \(line)") }
            let permissions = parts[1].split(whereSeparator: { $0 == " " || $0 == "," }).map {
                RuleParser.short[String($0)]!
            }
            var words = Substring(parts[2])
            while words.first == " " { words.removeFirst() }
            for name in parts[0].split(separator: " ") {
                table[String(name)] = Facts(permissions: permissions, words: String(words))
            }
        }
        return table
    }()

    /// Words in scripts that are handed to an interpreter: AppleScript, PowerShell.
    static let scripts: [(words: [String], permissions: [Permission], does: String)] = [
        (["display notification"], [.notifications], "the script shows a notification"),
        (
            [
                "the clipboard as", "get the clipboard", "Get-Clipboard", "return the clipboard",
                "Clipboard]::Get",
            ], [.clipboardRead],
            "the script reads the clipboard"
        ),
        (
            ["set the clipboard", "Set-Clipboard", "Clipboard]::Set"], [.clipboardWrite],
            "the script changes the clipboard"
        ),
        (["screencapture ", "CopyFromScreen"], [.screenCapture], "the script takes a picture of the screen"),
        (
            ["SpeechSynthesizer", "\nsay \"", "SoundPlayer", "[console]::beep", "[Console]::Beep"], [.speaker],
            "the script makes sound"
        ),
        (
            [
                "open for access", "to (POSIX file", "to POSIX file", "Set-Content", "Add-Content", "Out-File",
                "Export-Csv",
                "WriteAllText", "WriteAllBytes", ".Save('", ".Save(\"", ".Save($",
            ], [.filesystemWrite], "the script writes a file"
        ),
        (["Get-Content", "Get-ChildItem", "ReadAllText", "ReadAllBytes"], [.filesystemRead], "the script reads files"),
        (["Remove-Item", "Move-Item", "Rename-Item"], [.filesystemDelete], "the script removes or moves files"),
        (
            ["Stop-Process", "Get-Process", "taskkill", "tasklist"], [.process],
            "the script sees or ends other processes"
        ),
        (
            ["New-BurntToastNotification", "ToastNotificationManager"], [.notifications],
            "the script shows a notification"
        ),
        (
            ["Invoke-WebRequest", "Invoke-RestMethod", "DownloadFile"], [.networkClient],
            "the script connects to a host"
        ),
    ]

    /// Programs that do one thing or another, as their arguments say: the arguments, and what they mean. The first row that fits
    /// counts; the last one when the arguments are not known.
    static let modes: [String: [Mode]] = [
        "xclip": clipboard, "xsel": clipboard,
        "wl-clipboard": clipboard,
        "sqlite3": [
            (
                [
                    "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "insert", "update", "create", ".import",
                    ".backup",
                ],
                [.filesystemRead, .filesystemWrite], "changes an SQLite database"
            ),
            ([], [.filesystemRead], "reads an SQLite database"),
        ],
        "git": [
            (
                ["clone", "fetch", "pull", "push", "ls-remote", "submodule", "remote"],
                [.filesystemRead, .filesystemWrite, .networkClient], "talks to a remote repository"
            ),
            (
                [
                    "status", "log", "diff", "show", "blame", "rev-parse", "ls-files", "describe", "branch", "grep",
                    "config", "rev-list", "cat-file", "shortlog", "symbolic-ref", "merge-base", "for-each-ref",
                    "--version",
                ],
                [.filesystemRead], "reads a Git repository"
            ),
            (
                [
                    "add", "commit", "checkout", "switch", "init", "merge", "rebase", "reset", "stash", "tag", "apply",
                    "cherry-pick", "restore", "worktree", "rm", "mv", "clean", "am", "revert",
                ],
                [.filesystemRead, .filesystemWrite], "changes a Git repository"
            ),
            ([], [.filesystemRead, .filesystemWrite, .networkClient], "works on a Git repository"),
        ],
    ]

    private static let clipboard: [Mode] = [
        (["-o", "-out", "--output"], [.clipboardRead], "reads the clipboard"),
        (
            ["-i", "-in", "--input", "-selection", "--clipboard", "-sel", "-b"], [.clipboardWrite],
            "changes the clipboard"
        ),
        ([], [.clipboardRead, .clipboardWrite], "uses the clipboard"),
    ]

    private static let text = """
        curl wget http https httpie aria2c axel lynx w3m ping ping6 traceroute dig nslookup host whois nc ncat netcat telnet ftp sftp scp ssh rsync rclone smbclient nmap openssl mtr arp-scan masscan nikto gobuster ffuf sqlmap hydra wpscan dirb amass subfinder httpx nuclei tcpdump tshark | client | talks to other hosts
        gh glab hub svn hg jj | client | talks to remote repositories
        npm npx yarn pnpm bun bunx pip pip3 pipx uv uvx poetry conda mamba rustup gem bundle composer brew apt apt-get dnf yum apk pacman snap flatpak nuget choco winget scoop deno | client | fetches packages from a registry
        aws gcloud gsutil bq az kubectl helm terraform pulumi ansible ansible-playbook vault consul nomad doctl heroku vercel netlify wrangler flyctl fly railway supabase firebase eksctl istioctl argocd flux oc stripe op bw twilio sfdx sf | client | talks to a cloud service
        ollama llm sgpt | client | talks to a model service
        gemini claude codex aider cursor-agent copilot qwen goose opencode amp droid crush auggie cline kilocode roo continue claude-code openai-codex | client read write delete | is an agent that works on files and talks to a model service
        docker podman nerdctl docker-compose buildah skopeo crane | client | talks to a container engine and to registries
        yt-dlp youtube-dl streamlink gallery-dl spotdl you-get instaloader | client write | downloads media
        psql mysql mysqldump pg_dump mongosh mongo redis-cli sqlcmd clickhouse-client snowsql cqlsh influx | client | talks to a database
        mail sendmail msmtp mutt swaks | client | sends mail
        screencapture scrot gnome-screenshot maim grim spectacle flameshot import xwd nircmd slurp ffmpeg-screen hyprshot shotgun ksnip | screen write | takes a picture of the screen
        pbcopy clip clip.exe wl-copy | copy | changes the clipboard
        pbpaste wl-paste | paste | reads the clipboard
        notify-send terminal-notifier zenity kdialog dunstify growlnotify toast ntfy snoretoast alerter | notify | shows a notification
        say espeak espeak-ng aplay paplay afplay mpg123 mpg321 play ffplay spd-say festival pw-play mpv vlc cvlc mplayer speaker-test piper flite omxplayer beep cmus mpc | speaker | plays sound
        arecord rec parecord pw-record pw-cat | microphone write | records sound
        fswebcam imagesnap raspistill libcamera-still streamer rpicam-still | camera write | takes a picture with the camera
        kill pkill killall ps pgrep top htop lsof fuser strace gdb lldb renice taskkill tasklist pstree pidof xkill skill wmctrl | process | sees or signals other processes
        bluetoothctl hcitool gatttool blueutil rfcomm hciconfig btmgmt | bluetooth | uses Bluetooth
        corelocationcli whereami geoclue where-am-i | location | asks where the machine is
        rm rmdir unlink shred trash trash-put trash-cli del rd | delete | removes files
        mv rename | delete write | moves files
        cp mkdir touch tee dd ln install truncate mktemp patch | write | creates or changes files
        tar unzip zip gzip gunzip bzip2 xz 7z 7za unrar unar zstd bsdtar ditto | read write | packs or unpacks files
        ffmpeg convert magick mogrify pandoc wkhtmltopdf pdflatex xelatex lualatex latexmk libreoffice soffice inkscape sox imagemagick gs exiftool optipng jpegoptim cwebp blender openscad freecad manim graphviz dot mmdc typst asciidoctor markitdown docling | read write | reads and writes documents or media
        cat head tail less more grep egrep fgrep rg ag ack find fd fdfind ls tree wc file stat du df diff cmp md5sum sha256sum awk gawk jq yq xmllint strings hexdump xxd od ffprobe pdftotext pdfinfo tesseract antiword mdls mdfind locate readlink realpath ctags cloc tokei semgrep shellcheck identify mediainfo sort uniq nl bat exa eza column cut | read | reads files
        sed perl | read | reads files
        chromium chromium-browser google-chrome chrome firefox microsoft-edge brave safari playwright puppeteer chromedriver geckodriver browser-use | client | opens a browser
        crontab at launchctl systemctl service schtasks journalctl dmesg | process | sees or controls other processes
        make cmake ninja meson xcodebuild tsc gcc g++ cc clang clang++ javac rustc swiftc esbuild webpack vite rollup tsup | read write | builds a program
        eslint biome tslint stylelint ruff flake8 pylint mypy pyright rubocop golangci-lint staticcheck clippy-driver hadolint yamllint markdownlint cppcheck phpstan psalm | read | checks sources
        prettier black isort gofmt goimports rustfmt clang-format swiftformat swift-format | read write | formats sources
        duckdb litecli | read write | opens a database file
        osqueryi osqueryd | read process | asks what runs on the machine
        godot godot4 unity unreal | read write | opens or builds a project
        fastboot | client | talks to a device
        jps jcmd jstack jinfo jstat jhsdb jconsole jdb | process | looks into other Java processes
        jmap | process write | looks into other Java processes
        forge | read write | builds contracts
        cast | client | asks a chain's node
        anvil | server client | serves a chain of its own
        python-http-server http-server serve live-server ngrok cloudflared localtunnel lt caddy nginx | server client | serves to other hosts
        """
}

/// Words of scripts, by their first byte.
enum ScriptWords {
    static let byFirst: [[[UInt8]]] = {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for script in Programs.scripts {
            for word in script.words {
                let bytes = Array(word.utf8.drop { $0 == 0x0A })
                table[Int(bytes[0])].append(bytes)
            }
        }
        table[Int(UInt8(ascii: "d"))].append(Array("do shell script".utf8))
        table[Int(UInt8(ascii: "j"))].append(Array("jdbc:".utf8))
        table[Int(UInt8(ascii: "s"))].append(Array("sqlite+".utf8))
        return table
    }()

    /// Whether any word begins with a byte.
    static let isFirst: [Bool] = byFirst.map { !$0.isEmpty }
}
