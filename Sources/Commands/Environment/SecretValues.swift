import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// Fetches the values of secrets: from files, and from commands of the operator's, which run outside the box with the
/// operator's rights. A value goes into the server's environment and nowhere else.
enum SecretValues {
    /// Bytes that one may have, without a line end.
    static let limit = 65_536
    /// Seconds that a command may take.
    static let patience = 60

    static func fetch(_ secrets: [SecretVariable]) throws(Refusal) -> [EnvironmentVariable] {
        var values: [EnvironmentVariable] = []
        for secret in secrets {
            var bytes: [UInt8]
            switch secret.source {
            case .file(let path): bytes = try contents(of: path, secret.name)
            case .command(let text): bytes = try output(of: text, secret.name)
            }
            if bytes.last == UInt8(ascii: "\n") {
                bytes.removeLast()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            }
            let problem: String? =
                bytes.isEmpty
                ? "is empty"
                : bytes.count > limit
                    ? "is larger than \(limit) bytes"
                    : bytes.contains(0)
                        ? "holds NUL" : String(validating: bytes, as: UTF8.self) == nil ? "is not UTF-8" : nil
            if let problem { throw refusal(secret.name, "its value \(problem)") }
            let value = String(decoding: bytes, as: UTF8.self)
            KnownSecrets.add(value)
            values.append(EnvironmentVariable(name: secret.name, value: value))
        }
        return values
    }

    private static func refusal(_ name: String, _ why: String) -> Refusal {
        Refusal(.input, "the secret \(name): \(why)", next: "check what --secret \(name)=... names")
    }

    private static func contents(of path: FilePath, _ name: String) throws(Refusal) -> [UInt8] {
        let found: (bytes: [UInt8], isOpen: Bool)?
        do throws(SyscallError) { found = try read(path) } catch { throw refusal(name, "\(error)") }
        guard let found else { throw refusal(name, "\(path) is no regular file") }
        if found.isOpen {
            StandardError.write(
                "agentbound: note: \(path.string.terminalSafe) is open to other users; `chmod 600` closes it\n")
        }
        return found.bytes
    }

    /// - Returns: `nil` when it is no regular file any more.
    private static func read(_ path: FilePath) throws(SyscallError) -> (bytes: [UInt8], isOpen: Bool)? {
        // It was a regular file when it was looked up; whatever it is now must not make the launcher wait.
        let file = try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let status = try FileStatus(of: file)
        guard status.isRegular else { return nil }
        return (try file.readAll(limit: limit + 2), status.mode & 0o077 != 0)
    }

    private static func output(of command: String, _ name: String) throws(Refusal) -> [UInt8] {
        let program: SecretCommand
        do throws(SyscallError) { program = try SecretCommand(command) } catch {
            throw refusal(name, "its command cannot be started: \(error)")
        }
        let (output, ending) = program.finish(limit: limit + 2, seconds: patience)
        switch ending {
        case .exited(0): return output
        case .exited(let code): throw refusal(name, "its command ended with \(code); what it said is above")
        case .killed(let signal): throw refusal(name, "its command was ended by signal \(signal)")
        case .late: throw refusal(name, "its command took longer than \(patience) seconds")
        }
    }
}

/// A command whose output is wanted: a shell runs it, in a process group of its own, with nothing on standard input.
struct SecretCommand: ~Copyable {
    enum Ending { case exited(Int32), killed(Int32), late }

    private let process: pid_t
    private let reading: OwnedDescriptor

    init(_ command: String) throws(SyscallError) {
        var ends: [CInt] = [-1, -1]
        // The call fills both.
        try syscall("pipe") { unsafe pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let reading = OwnedDescriptor(rawValue: ends[0]), writing = OwnedDescriptor(rawValue: ends[1])
        var actions = unsafe posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        var child = pid_t(), none = sigset_t()
        // All of these only read their arguments before they return; the array ends with nil, as exec wants it.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, writing.rawValue, 1)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        let arguments = ["sh", "-c", command]
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let result = unsafe posix_spawn(&child, "/bin/sh", &actions, &attributes, &words, environ)
        _ = unsafe words.map { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        guard result == 0 else {
            throw SyscallError(call: "posix_spawn", errno: Errno(rawValue: result), path: "/bin/sh")
        }
        process = child
        self.reading = reading
        _ = writing.rawValue
    }

    /// Reads until it ends, or says as much as `limit` bytes.
    consuming func finish(limit: Int, seconds: Int) -> (output: [UInt8], ending: Ending) {
        let deadline = MonotonicTime.now() + .seconds(seconds)
        var output: [UInt8] = []
        var isInTime = true
        while output.count < limit {
            isInTime = Self.waits(for: reading.rawValue, until: deadline)
            if !isInTime { break }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            // read writes at most what the array holds.
            let got = unsafe read(reading.rawValue, &chunk, chunk.count)
            if got <= 0 { break }
            output += chunk[..<got]
        }
        // It may have closed its output and go on.
        if isInTime, output.count < limit, let pid = try? PidDescriptor(of: process).takeDescriptor() {
            isInTime = Self.waits(for: pid.rawValue, until: deadline)
        }
        if !isInTime || output.count >= limit { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) == -1 && errno == EINTR {}
        if !isInTime { return ([], .late) }
        if output.count >= limit { return (output, .exited(0)) }
        return (output, status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f))
    }

    /// - Returns: Whether there was something to read, or an end, in time.
    private static func waits(for descriptor: CInt, until deadline: Duration) -> Bool {
        while true {
            let left = (deadline - MonotonicTime.now()) / .milliseconds(1)
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = left > 0 ? unsafe poll(&wait, 1, CInt(left)) : 0
            if ready != -1 || errno != EINTR { return ready == 1 }
        }
    }
}
