import AgentBox
import ManifestModel
import PolicyEngine
import SystemPackage

/// What a stable id means and what to do about it. An id is never given another meaning.
struct Explanation: Hashable, Sendable {
    let id: String
    let title: String
    let meaning: String
    let next: String

    /// Every id there is, in groups: manifest rules, gaps, denials, refusals, lines of `doctor`.
    static let all = rules + gaps + denials + refusals + doctorLines + threats

    private static let threats = ThreatRule.all.map { rule in
        Explanation(
            id: rule.id, title: "A sign of an attack: \(rule.meaning)",
            meaning:
                "The threat scanner saw it in a call, a result or a tool's description. It weighs \(rule.weight) in the score, "
                + "and is no verdict: harmless text has such signs too.",
            next: "look at the text where the hit says; a policy can ask a person from a score on (docs/threats.md)")
    }

    static let permissionNames = Permission.allCases.map(\.shortName)

    /// - Parameter id: In any case: a reader types what a report showed.
    static func find(_ id: String) -> Explanation? {
        all.first { $0.id.lowercased() == id.lowercased() }
    }

    private static let rules = ManifestRule.allCases.map { rule in
        Explanation(
            id: rule.rawValue, title: rule.title,
            meaning: rule.severity == .error
                ? "A manifest that breaks this rule is not used: `validate` exits with 65, `run` refuses."
                : "A warning: the manifest is used, and `validate --strict` exits with 1.",
            next: rule.remedy)
    }

    private static let everyGap = [
        Gap.files, .supervisor, .tracer, .denyInsideGrant("PATH"), .unsearchedGrant("PATH"),
    ]

    private static let gaps = everyGap.map { gap in
        Explanation(
            id: gap.id, title: "A restriction that this kernel cannot hold",
            meaning: gap.explanation + ". A box with gaps does not start unless --accept-gaps says so.", next: gap.next)
    }

    private static let denials =
        Permission.allCases.map { permission in
            let flags = OverrideFlags.all.filter { $0.scopes.contains(permission) }.map { "\($0.flag) \($0.value)" }
            let declared = "if the server needs it, \"\(permission.rawValue)\" has to be in its manifest"
            return Explanation(
                id: denialID(permission), title: "The box refused: \(permission.facts.summary)",
                meaning:
                    "The server tried something that needs \(permission.shortName), and its manifest or your overrides "
                    + "do not grant it. Held by: \(permission.facts.heldBy).",
                next: flags.isEmpty ? declared : "\(flags.joined(separator: " or ")) lets it through; \(declared)")
        } + [
            Explanation(
                id: denialID(nil), title: "The box refused a system call that no permission grants",
                meaning:
                    "Mounting, loading kernel code, tracing others and the like are closed to every box. Programs try "
                    + "some of them to find out where they run, and go on without.",
                next:
                    "nothing, if the server works; else run it outside of agentbound only if you trust it with all your rights"
            )
        ]

    /// The id that the audit trail gives a denial.
    static func denialID(_ permission: Permission?) -> String {
        "denied-" + (permission.map { $0.shortName.split(separator: ".").joined(separator: "-") } ?? "call")
    }

    /// The causes that a status line names, as `refused-CAUSE`.
    private static let refusals = [
        refusal(
            "usage", "The command line cannot be read",
            "An option, a value or the command is missing or unknown, or an override asks for what the manifest does not declare.",
            "`agentbound run --help`"),
        refusal(
            "input", "A file that was named cannot be read",
            "The manifest, the override file, a file of variables or a secret's source is missing, unreadable, or no regular file.",
            "check the path; `agentbound validate FILE` shows more"),
        refusal(
            "malformed", "A manifest, overrides or variables are not valid",
            "Nothing is started from a manifest that could be read in two ways.",
            "`agentbound validate FILE` lists everything that is wrong"),
        refusal(
            "gaps", "This kernel cannot hold everything that the manifest limits",
            "A box that would not hold what it says is not started.",
            "`agentbound doctor` shows what is missing; --accept-gaps starts it all the same"),
        refusal(
            "consent", "Nobody agreed to what this server asks for",
            "A person agrees once, with `approve`; a server that asks for more than that is asked about again.",
            "`agentbound approve MANIFEST [OPTION...] -- COMMAND`, or --yes"),
        refusal(
            "system", "The machine refused something that a box needs",
            "A system call failed before the server started; nothing of it is left.",
            "`agentbound doctor` lists what this machine can enforce"),
        refusal(
            "audit", "The audit trail cannot be written",
            "What cannot be recorded is not permitted, so no server starts without a trail.",
            "make it writable, name another with --audit FILE, or start without one: --no-audit"),
        refusal(
            "command", "The server's command cannot be started",
            "It is not there (127), it is not executable (126), or it starts other programs that a box cannot follow, or a package that could not be installed (125).",
            "give the full path of the program; `agentbound inspect MANIFEST -- COMMAND` shows what would start"),
        refusal(
            "output", "A result could not be written to standard output",
            "The disk is full, or standard output is closed.", "send it elsewhere"),
    ]

    private static func refusal(_ cause: String, _ title: String, _ meaning: String, _ next: String) -> Explanation {
        Explanation(id: "refused-\(cause)", title: title, meaning: meaning, next: next)
    }

    /// The lines of `doctor`, by the ids of its JSON.
    private static let doctorLines = [
        doctor(
            "kernel", "The kernel and the processor", "Boxes are made for Linux on x86-64 and arm64.",
            "use another machine"),
        doctor(
            "landlock", "Landlock, which holds files and TCP",
            "Without it no box starts; an older ABI leaves more to the supervisor.",
            "Linux 5.13 or later with `landlock` among its security modules"),
        doctor(
            "notification", "Notifications, by which the supervisor decides calls",
            "The kernel pauses a call and asks the supervisor. One process can have one supervisor only.",
            "Linux 5.14 or later; start agentbound outside of other supervisors"),
        doctor(
            "pidfd_getfd", "Taking descriptors of the boxed process",
            "The supervisor makes connections on its own duplicate, so nothing changes between check and use.",
            "Linux 5.6 or later; in a container, a profile that allows pidfd_getfd"),
        doctor(
            "namespaces", "Namespaces, which hide what is not granted",
            "Without them a box holds as tightly, but what is refused stays visible.",
            "nothing needs to be done; `doctor` names the setting that refuses them"),
        doctor("ptrace", "Tracing, which holds command lists", "Yama 2 and 3 refuse it.", "kernel.yama.ptrace_scope=1"),
        doctor(
            "user", "Who runs agentbound",
            "Root gives up its capabilities in the box, but an ordinary user has less to lose.",
            "run as an ordinary user, with HOME set"),
        doctor(
            "cgroup", "A control group of one's own",
            "With one, memory is limited for the whole box; without, for each process.",
            "`systemd-run --user --scope agentbound run ...`; docs/limits.md says where else one can be had"),
        doctor(
            "limit.processes", "How many processes this user may have",
            "A server below few of them cannot start threads.", "raise `ulimit -u`"),
        doctor("limit.files", "How many files may be open", "Servers hold connections and files.", "raise `ulimit -n`"),
        doctor(
            "limit.inotify", "How many files may be watched", "Servers that watch folders need them.",
            "`sudo sysctl fs.inotify.max_user_watches=65536`"),
        doctor(
            "build", "How agentbound was built",
            "With the Swift library linked in, each start is several milliseconds shorter.", "`make build`"),
        doctor(
            "folder.config", "Where settings are kept", "Nothing that a box rests on.",
            "make it writable, or set XDG_CONFIG_HOME"),
        doctor(
            "folder.cache", "Where what can be made again is kept", "Nothing that a box rests on.",
            "make it writable, or set XDG_CACHE_HOME"),
        doctor(
            "folder.state", "Where the audit trail and consent are kept",
            "Without it nothing can be recorded, and `run` needs --no-audit and --yes.",
            "make it writable, or set XDG_STATE_HOME"),
    ]

    private static func doctor(_ line: String, _ title: String, _ meaning: String, _ next: String) -> Explanation {
        Explanation(id: "doctor-\(line)", title: title, meaning: meaning, next: next)
    }
}
