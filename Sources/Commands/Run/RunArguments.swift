import AgentBox
import AuditTrail
import LinuxSystem
import PolicyEngine

/// The command line of `run` (and of `inspect` and `approve`, which ask about the same run).
///
/// Parsed here and not by the argument parser: its parsing takes longer than the whole rest of a start.
struct RunArguments: Hashable, Sendable {
    var manifest: String?
    var command: [String] = []
    var overrides = Overrides()
    var overrideFiles: [String] = []
    /// `nil` is `auto`: namespaces where they can be had, else plain.
    var isolation: Isolation?
    var acceptsGaps = false
    var isConsentGiven = false
    var isDryRun = false
    /// Install what a package runner would, and start nothing.
    var preparesOnly = false
    /// Start only what is installed.
    var neverPrepares = false
    var wantsJSON = false
    var explainsFiles = false
    var isQuiet = false
    /// As ``StatusReport/keep(_:)`` gave it, once the whole command line is understood.
    var statusDescriptor: CInt?
    var auditFile: String?
    var keepsAudit = true
    var user: String?
    var grace: Duration = .seconds(5)
    /// What stands between client and server; nothing, without a policy.
    var gate = GateSettings()
    var wantsHelp = false
    /// Layers that a test leaves out; no flag does.
    var withoutLayers: Set<BoxLayer> = []

    /// One flag of `run`'s own.
    struct Flag: Sendable {
        let name: String
        let value: String?
        let help: String
        let set: @Sendable (inout RunArguments, String) throws(UsageError) -> Void
    }

    /// The one table of flags besides the overrides: for parsing, help, completions and the manual.
    static let flags: [Flag] =
        ownFlags
        + GateSettings.flags.map { flag in
            .init(name: flag.name, value: flag.value, help: flag.help) { a, v throws(UsageError) in
                try flag.set(&a.gate, v)
            }
        }

    private static let ownFlags: [Flag] =
        [
            .init(
                name: "--manifest", value: "NAME",
                help: "The manifest's file, or the name of one that comes with agentbound"
            ) {
                a, v throws(UsageError) in a.manifest = v
            },
            .init(name: "--overrides", value: "FILE", help: "Read overrides from a JSON or YAML file; may be repeated")
            {
                a, v throws(UsageError) in a.overrideFiles.append(v)
            },
            .init(
                name: "--isolation", value: "auto|namespaces|plain",
                help: "How the box is separated (auto: namespaces where they can be had)"
            ) {
                a, v throws(UsageError) in
                guard v == "auto" || Isolation(rawValue: v) != nil else {
                    throw UsageError("--isolation takes auto, namespaces or plain, not `\(v.terminalSafe)`")
                }
                a.isolation = Isolation(rawValue: v)
            },
            .init(name: "--yes", value: nil, help: "Take this command line as consent (for CI, and for operators)") {
                a, _ throws(UsageError) in a.isConsentGiven = true
            },
            .init(
                name: "--explain", value: nil,
                help: "Report refused files too; each open then costs a few microseconds more"
            ) {
                a, _ throws(UsageError) in a.explainsFiles = true
            },
            .init(name: "--accept-gaps", value: nil, help: "Start although this kernel cannot hold everything") {
                a, _ throws(UsageError) in a.acceptsGaps = true
            },
            .init(
                name: "--prepare", value: nil,
                help: "Install the package of npx, uvx or pipx run in a box of its own, and start nothing"
            ) {
                a, _ throws(UsageError) in a.preparesOnly = true
            },
            .init(name: "--no-prepare", value: nil, help: "Start only what is installed; ask no registry") {
                a, _ throws(UsageError) in a.neverPrepares = true
            },
            .init(name: "--dry-run", value: nil, help: "Print the plan and start nothing") { a, _ throws(UsageError) in
                a.isDryRun = true
            },
            .init(name: "--json", value: nil, help: "Print the plan as JSON") { a, _ throws(UsageError) in
                a.wantsJSON = true
            },
            .init(name: "--quiet", value: nil, help: "Keep denials off standard error; the audit trail has them") {
                a, _ throws(UsageError) in a.isQuiet = true
            },
            .init(name: "--status-fd", value: "N", help: "Write one JSON line about the end to descriptor N") {
                a, v throws(UsageError) in
                guard let number = CInt(v), number >= 0 else {
                    throw UsageError("--status-fd takes a descriptor's number, not `\(v.terminalSafe)`")
                }
                a.statusDescriptor = number
            },
            .init(name: "--audit", value: "FILE", help: "Keep the audit trail in this file") {
                a, v throws(UsageError) in
                a.auditFile = v
            },
            .init(name: "--no-audit", value: nil, help: "Keep no audit trail") { a, _ throws(UsageError) in
                a.keepsAudit = false
            },
            .init(name: "--user", value: "USER", help: "Run the server as this user (only root can)") {
                a, v throws(UsageError) in a.user = v
            },
            .init(name: "--grace", value: "SECONDS", help: "How long the server may take to end when asked (default 5)")
            {
                a, v throws(UsageError) in
                guard let seconds = Double(v) ?? DurationText.seconds(v).map(Double.init), seconds >= 0,
                    seconds <= 86_400
                else {
                    throw UsageError(
                        "--grace takes seconds, or \(DurationText.forms), at most a day; not `\(v.terminalSafe)`")
                }
                a.grace = .milliseconds(Int(seconds * 1_000))
            },
            .init(name: "--help", value: nil, help: "Show this help") { a, _ throws(UsageError) in a.wantsHelp = true },
        ]

    /// The flag that a word names, with a value behind it or not. The first table has most, and the other takes a moment to make.
    private static func flag(_ word: String) -> Flag? {
        guard word.hasPrefix("--") else { return nil }
        func isMeant(_ flag: Flag) -> Bool { word == flag.name || word.hasPrefix(flag.name + "=") }
        return ownFlags.first(where: isMeant) ?? flags.first(where: isMeant)
    }

    /// - Parameters:
    ///   - arguments: What follows `run`.
    ///   - names: The flags that there are, where that is not all.
    init(_ arguments: [String], only names: [String]? = nil) throws(UsageError) {
        var rest = arguments[...]
        var errors: [UsageError] = []
        while let argument = rest.popFirst() {
            if argument == "--" {
                command = Array(rest)
                break
            }
            do throws(UsageError) { try take(argument, &rest, names, after: errors) } catch { errors.append(error) }
        }
        if auditFile != nil && !keepsAudit {
            errors.append(UsageError("--audit FILE and --no-audit exclude each other"))
        }
        // A policy that could not be understood is not missing.
        if !errors.contains(where: { $0.isUnknown || $0.message.hasPrefix("--policy ") }) {
            do throws(UsageError) { try gate.check() } catch { errors.append(error) }
        }
        if let all = UsageError(errors) { throw all }
    }

    /// - Parameter errors: What was wrong before it: a word behind an unknown option is most likely that one's value.
    private mutating func take(
        _ argument: String, _ rest: inout ArraySlice<String>, _ names: [String]?, after errors: [UsageError]
    ) throws(UsageError) {
        if argument == "-h" {
            wantsHelp = true
        } else if let flag = Self.flag(argument), names?.contains(flag.name) ?? true {
            try take(flag, argument, &rest)
        } else if names == nil, try takeOverride(argument, &rest) {
            return
        } else {
            if argument.hasPrefix("-"), argument != "-" {
                throw UsageError.unknown(argument, among: names ?? Self.allNames)
            }
            if manifest == nil {
                manifest = argument
            } else if !errors.contains(where: \.isUnknown) {
                throw UsageError("`\(argument.terminalSafe)`: write `--` before the server's command")
            }
        }
    }

    private mutating func take(_ flag: Flag, _ argument: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
        let attached = argument == flag.name ? nil : String(argument.dropFirst(flag.name.count + 1))
        guard flag.value != nil else {
            if attached != nil { throw UsageError("\(flag.name) takes no value") }
            return try flag.set(&self, "")
        }
        guard let value = attached ?? Self.value(&rest) else {
            throw UsageError("\(flag.name) needs a value: \(flag.name) \(flag.value!)")
        }
        try flag.set(&self, value)
    }

    /// The next word; `--` is none, since all behind it is the server's.
    private static func value(_ rest: inout ArraySlice<String>) -> String? {
        rest.first == "--" ? nil : rest.popFirst()
    }

    private mutating func takeOverride(_ argument: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> Bool
    {
        do throws(OverrideFlagError) {
            return try OverrideFlags.consume(argument, next: { Self.value(&rest) }, into: &overrides)
        } catch { throw UsageError("\(error)") }
    }

    init() {}

    /// The status descriptor of a command line that cannot be understood as a whole.
    static func statusDescriptor(_ arguments: [String]) -> CInt? {
        let own = arguments.prefix { $0 != "--" }
        for (index, argument) in own.enumerated() {
            if argument.hasPrefix("--status-fd=") { return CInt(argument.dropFirst(12)) }
            if argument == "--status-fd", index + 1 < own.count { return CInt(own[index + 1]) }
        }
        return nil
    }

    static let allNames = flags.map(\.name) + OverrideFlags.all.map(\.flag) + OverrideFlags.switches.map(\.flag)
}

/// A command line that cannot be understood.
struct UsageError: Error, Hashable, Sendable {
    /// Of several errors one behind the other, as ``Refusal/text`` shows them.
    let message: String
    /// Whether it is an option that does not exist.
    let isUnknown: Bool

    init(_ message: String, isUnknown: Bool = false) { (self.message, self.isUnknown) = (message, isUnknown) }

    /// All of them as one; `nil` when there is none.
    init?(_ errors: [UsageError]) {
        guard let first = errors.first else { return nil }
        self = errors.count == 1 ? first : UsageError(Refusal.list(errors.map(\.message)))
    }

    static func unknown(_ argument: String, among names: [String]) -> UsageError {
        let name = String(argument.prefix { $0 != "=" })
        let hint = Nearest.name(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        return UsageError("unknown option \(name.terminalSafe)\(hint)", isUnknown: true)
    }
}
