import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage

/// Why `run` did not start a server, in words: what, why, what next.
struct Refusal: Error, Hashable, Sendable {
    enum Cause: Hashable, Sendable {
        case usage, input, malformed, gaps, consent, system, audit, output
        /// A name that was asked about does not exist.
        case unknown
        /// The command itself: 126 or 127 as a shell has it, or 125.
        case launch(exitCode: Int32)
    }
    let cause: Cause
    let message: String
    let next: String?
    /// The package runner whose package is not there yet.
    var missing: PackageRunner?

    init(_ cause: Cause, _ message: String, next: String?) {
        self.cause = cause
        self.message = message
        self.next = next.map { Installation.naming(pagesOf: $0) }
    }

    /// Several messages as one, each with the program's name before it.
    static func list(_ messages: [String]) -> String { messages.joined(separator: "\nagentbound: ") }

    /// Several refusals as one, with the cause of what weighs most: a file that is missing, then one that is malformed.
    /// - Returns: `nil` when there is none.
    init?(_ all: [Refusal]) {
        guard
            let first = all.first(where: { $0.cause == .input }) ?? all.first(where: { $0.cause == .malformed })
                ?? all.first
        else { return nil }
        var steps: [String] = []
        for step in all.compactMap(\.next) where !steps.contains(step) { steps.append(step) }
        cause = first.cause
        message = Self.list(all.map(\.message))
        next = steps.isEmpty ? nil : steps.joined(separator: "; ")
        missing = first.missing
    }

    init(_ error: ManifestFileError) {
        self.init(error.exitCode == 66 ? .input : .malformed, error.description, next: error.next)
    }

    init(_ error: UsageError) { self.init(.usage, error.message, next: "`agentbound run --help`") }

    init(_ error: OverrideFileError) {
        switch error {
        case .malformed, .tooLarge: self.init(.malformed, "\(error)", next: "docs/overrides.md shows the format")
        case .unreadable, .noFile:
            self.init(.input, "cannot read the overrides: \(error)", next: "check the path given with --overrides")
        }
    }

    init(_ error: AuditError) {
        if case .noStateFolder = error {
            self.init(
                .audit, "there is no place for the audit trail: \(error)",
                next: "set HOME, name a file with --audit FILE, or start without a trail: --no-audit")
            return
        }
        if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory, let folder = failure.path {
            self.init(
                .audit, "the audit trail has no folder: \(folder.string.terminalSafe) does not exist",
                next: "make it, with mode 0700, or name another file with --audit FILE")
            return
        }
        if case .untrusted(let path, let why) = error {
            self.init(
                .audit, "the audit trail cannot be trusted: \(error)",
                next: "\(why.remedy(path)), or name another file with --audit FILE")
            return
        }
        self.init(
            .audit, "the audit trail cannot be written: \(error)",
            next: "make it writable, name another with --audit FILE, or start without one: --no-audit")
    }

    /// The code that other commands than `run` exit with. sysexits.h
    var exitCode: Int32 {
        switch cause {
        case .usage: 64
        case .malformed: 65
        case .input: 66
        case .gaps: 69
        case .system: 71
        case .audit, .output: 74
        case .unknown: 1
        case .consent: 77
        case .launch(let code): code
        }
    }

    /// `run` keeps out of the server's way: 125 for all that goes wrong before exec, 126 and 127 as a shell.
    var runExitCode: Int32 { if case .launch(let code) = cause { code } else { 125 } }

    /// The cause as the status line names it.
    var name: String {
        switch cause {
        case .usage: "usage"
        case .malformed: "malformed"
        case .input: "input"
        case .gaps: "gaps"
        case .system: "system"
        case .audit: "audit"
        case .output: "output"
        case .unknown: "unknown"
        case .consent: "consent"
        case .launch: "command"
        }
    }

    /// For a terminal: what a file or a server was called cannot steer it.
    var text: String { "agentbound: \(shownMessage)\n" + (shownNext.map { "  next: \($0)\n" } ?? "") }

    /// ``message`` and ``next``, line by line safe to show: clients print what they are told, too.
    var shownMessage: String { Self.safe(message) }
    var shownNext: String? { next.map(Self.safe) }

    private static func safe(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).terminalSafe }.joined(
            separator: "\n")
    }
}

extension Refusal {
    init(_ error: BoxError, command: String, plan: BoxPlan) {
        switch error {
        case .gaps(let gaps): self.init(gaps: gaps)
        case .system(let error):
            self.init(
                .system, "cannot box `\(command.terminalSafe)`: \(error)",
                next: "`agentbound doctor` lists what this machine can enforce")
        case .launch(let error): self.init(error, command: command, plan: plan)
        case .busProxy: self.init(busProxy: error)
        case .notRecorded(let error): self.init(error)
        }
    }

    /// Why there is nothing between a box and its buses.
    init(busProxy error: BoxError) {
        let why = if case .busProxy(let said) = error { said } else { "\(error)" }
        self.init(
            .system, "xdg-dbus-proxy, which keeps the rest of the bus closed, did not start: \(why)",
            next:
                "see that `xdg-dbus-proxy --version` works, or start without: --deny notifications.post, --deny location"
        )
    }

    init(gaps: [Gap]) {
        let list = gaps.map { "  gap \($0.id): \($0.explanation)\n    \($0.next)" }.joined(separator: "\n")
        self.init(
            .gaps, "this kernel cannot hold everything that the manifest limits\n\(list)",
            next:
                "--accept-gaps starts it all the same; `agentbound explain \(gaps.first?.id ?? "gap-files")` tells more"
        )
    }

    private init(_ error: LaunchError, command: String, plan: BoxPlan) {
        let command = command.terminalSafe
        switch error.step {
        case .exec where error.errno == .noSuchFileOrDirectory:
            self.init(.launch(exitCode: 127), "\(command): not found", next: "give its full path")
        case .exec:
            self.init(
                .launch(exitCode: 126), "\(command): \(error.errno)",
                next: "check that it is a program for this machine")
        case .mount:
            let step = plan.child.mounts.indices.contains(error.index) ? plan.child.mounts[error.index].words : "?"
            self.init(
                .system, "cannot build the box's own root for `\(command)`: \(step): \(error.errno)",
                next: "--isolation plain")
        default:
            self.init(
                .system, "cannot box `\(command)`: step \(error.step) \(error.index): \(error.errno)",
                next: "`agentbound doctor` lists what this machine can enforce")
        }
    }
}

extension MountStep {
    fileprivate var words: String {
        switch self {
        case .directory(let path, _): "the folder /\(path)"
        case .tmpfs(let path, _): "a tmpfs on /\(path)"
        case .bind(let source, let target, _, _): "\(source) on /\(target)"
        case .proc(let path): "its own processes on /\(path)"
        case .terminals(let path): "its own terminals on /\(path)"
        case .symlink(let path, let target): "the link /\(path) to \(target)"
        case .file(let path, _, _): "the file /\(path)"
        }
    }
}

extension AuditError.Distrust {
    /// What to do about `path`, which is this.
    func remedy(_ path: FilePath) -> String {
        let path = ShellWords.quote(path.string)
        return switch self {
        case .relative: "give an absolute path"
        case .symbolicLink: "name the file itself, not a link (`realpath \(path)`)"
        case .notAFolder: "name a file in a folder"
        case .notARegularFile: "name a regular file"
        case .ownedBy: "name a file in folders that belong to you or to root"
        case .writableByOthers: "`chmod go-w \(path)`"
        case .readableByOthers: "`chmod go-rwx \(path)`"
        }
    }
}

/// How the end of a run is told to whoever asked for it.
struct StatusReport {
    /// As ``keep(_:)`` gave it.
    let descriptor: CInt?

    /// A copy of a descriptor that the caller gave us, which no server inherits.
    /// - Returns: `nil` when it is not open for writing.
    static func keep(_ number: CInt) -> CInt? {
        let flags = fcntl(number, F_GETFL)
        if flags == -1 || flags & O_PATH != 0 || flags & O_ACCMODE == O_RDONLY { return nil }
        return try? OwnedDescriptor.copy(of: number).release()
    }

    /// One line of JSON. A reader that is gone is not our concern.
    func write(_ members: [JSONMember]) {
        guard let descriptor else { return }
        try? OwnedDescriptor.copy(of: descriptor).writeAll(
            JSONValue.object(members).serialized() + [UInt8(ascii: "\n")])
    }

    func refused(_ refusal: Refusal) {
        write([
            .init("event", "refused"), .init("decidedBy", "launcher"), .init("exitCode", .integer(refusal.runExitCode)),
            .init("cause", .string(refusal.name)), .init("reason", .string(refusal.shownMessage)),
            .init("next", refusal.shownNext.map { .string($0) } ?? .null),
        ])
    }

    func ended(_ ending: BoxEnding) {
        var members: [JSONMember] = [
            .init("event", "ended"), .init("decidedBy", "server"), .init("exitCode", .integer(ending.exitCode)),
        ]
        if case .killed(let signal) = ending { members.append(.init("signal", .integer(signal))) }
        write(members)
    }
}

/// The first request of an MCP client that waits for an answer, when there is no server to give one.
enum ProtocolRefusal {
    /// Answers the first request on standard input with an error, if one comes within a second. What is no request, as a
    /// notification or an empty line, is passed over.
    static func answer(_ refusal: Refusal) {
        guard isatty(0) == 0 else { return }
        let message = refusal.shownMessage + (refusal.shownNext.map { "; next: \($0)" } ?? "")
        var input = LineInput()
        while let line = input.next() {
            guard let answer = answer(to: line, message) else { continue }
            try? OwnedDescriptor.copy(of: 1).writeAll(answer.serialized() + [UInt8(ascii: "\n")])
            return
        }
    }

    /// - Returns: `nil` when nobody waits for an answer to that. A batch is answered as one.
    static func answer(to line: [UInt8], _ message: String) -> JSONValue? {
        guard let said = try? JSONReader.read(line).value else { return nil }
        guard case .array(let batch) = said else { return answer(to: said, message) }
        let answers = batch.compactMap { answer(to: $0, message) }
        return answers.isEmpty ? nil : .array(answers)
    }

    private static func answer(to request: JSONValue, _ message: String) -> JSONValue? {
        guard let id = request["id"], request["method"] != nil else { return nil }
        switch id {
        case .string, .number: break
        default: return nil  // no id that a request may have: JSON-RPC 2.0, 4
        }
        return .object([
            .init("jsonrpc", "2.0"), .init("id", id),
            .init(
                "error",
                .object([
                    // Outside the range that JSON-RPC and MCP keep for themselves.
                    .init("code", 77), .init("message", .string("agentbound did not start this server: \(message)")),
                ])),
        ])
    }

    /// The lines that come on standard input within a second, the last one with or without its end.
    private struct LineInput {
        private var unread: [UInt8] = []
        private var hasEnded = false
        private let deadline = MonotonicTime.now() + .seconds(1)
        private static let mostBytes = 1 << 20

        mutating func next() -> [UInt8]? {
            while unread.count < Self.mostBytes {
                if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { unread.removeFirst(end + 1) }
                    return Array(unread[..<end])
                }
                if hasEnded {
                    defer { unread = [] }
                    return unread.isEmpty ? nil : unread
                }
                let left = (deadline - MonotonicTime.now()) / .milliseconds(1)
                var wait = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
                guard left > 0, unsafe poll(&wait, 1, CInt(left)) == 1 else { return nil }
                var chunk = [UInt8](repeating: 0, count: 4_096)
                // read writes at most what the array holds.
                let got = unsafe read(0, &chunk, chunk.count)
                if got <= 0 { hasEnded = true } else { unread += chunk[..<got] }
            }
            return nil
        }
    }
}
