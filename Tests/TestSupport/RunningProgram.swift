public import Foundation
import Glibc
import Synchronization

/// How a program ended.
public enum Ending: Hashable, Sendable {
    case exited(CInt)
    case killed(CInt)
    /// It was still running at the time limit, and was killed by the test.
    case timedOut
}

/// All that is left of a program that ended.
public struct Finished: Sendable {
    public let ending: Ending
    public let output: Data
    public let errors: String

    /// The exit code, or 128 + n for a signal, as a shell says it; `nil` after the time limit.
    public var code: CInt? {
        switch ending {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        case .timedOut: nil
        }
    }
    public var text: String { String(decoding: output, as: UTF8.self) }
}

/// A program started by a test, with its three streams.
///
/// Standard output and error go to files, so that a program that says much never blocks. Foundation's `Process` will
/// not do: it hands a descriptor of its own to every child, and waits for daemons that inherited it.
public final class RunningProgram: Sendable {
    public let id: pid_t
    private let input: Mutex<CInt?>
    private let ending = Mutex<Ending?>(nil)
    private let streams: TemporaryFolder
    private static let starting = Mutex(())

    public struct Failure: Error { public let call: String, code: CInt }

    /// Writes a file that is to be executed. A program that another test starts meanwhile would hold it open for writing for a
    /// moment, and as long the kernel refuses to execute it: ETXTBSY, execve(2).
    public static func whileNoneStarts(_ write: () throws -> Void) rethrows {
        try starting.withLock { _ in try write() }
    }

    /// Starts `command[0]`, found in the test's PATH when it has no slash, with a default signal mask and default actions.
    /// - Parameter environment: The whole environment, nothing added.
    /// - Throws: ``Failure`` when the program cannot be started.
    public init(
        _ command: [String], environment: [String: String] = TestEnvironment.plain, folder: String = "/"
    ) throws {
        let streams = try TemporaryFolder("agentbound-streams")
        let command = ["env", "--chdir=\(folder)"] + command
        var ends: [CInt] = [-1, -1]
        var child = pid_t()
        // One at a time: a pipe made by one test must not be inherited by the program of another.
        let result = try Self.starting.withLock { _ in
            guard unsafe pipe(&ends) == 0 else { throw Failure(call: "pipe", code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return Self.spawn(&child, command, environment, ends[0], streams.path)
        }
        close(ends[0])
        self.streams = streams
        input = Mutex(ends[1])
        id = child
        guard result == 0 else { throw Failure(call: "posix_spawn \(command[0])", code: result) }
    }

    /// A zombie left behind would be more than untidy: Swift Testing waits for the child of an exit test by looking at whichever
    /// child of the process ended first, and sees the same zombie for ever.
    deinit {
        closeInput()
        if ended { return }
        kill(id, SIGKILL)
        var status: CInt = 0
        _ = unsafe waitpid(id, &status, 0)
    }

    public var outputSoFar: String { String(decoding: read("output"), as: UTF8.self) }
    public var errorsSoFar: String { String(decoding: read("errors"), as: UTF8.self) }

    /// Writes all of `text`; a program that went away in between is no error here.
    public func send(_ text: String) {
        guard let descriptor = input.withLock({ $0 }) else { return }
        signal(SIGPIPE, SIG_IGN)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written <= 0 { return }
            rest = rest.dropFirst(written)
        }
    }
    public func closeInput() {
        input.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }
    public func send(signal number: CInt) { if !ended { kill(id, number) } }

    /// Waits until standard output holds `text`.
    /// - Returns: Whether it came within the limit.
    public func says(_ text: String, within limit: TimeInterval = patience) -> Bool {
        eventually(within: limit) { outputSoFar.contains(text) }
    }

    /// Waits for the end; a program still there after `limit` seconds is killed.
    public func finish(within limit: TimeInterval = patience) -> Finished {
        let inTime = eventually(within: limit) { ended }
        if !inTime {
            kill(id, SIGKILL)
            _ = eventually { ended }
        }
        closeInput()
        let how = inTime ? ending.withLock { $0 } ?? .timedOut : .timedOut
        return Finished(ending: how, output: read("output"), errors: errorsSoFar)
    }

    public var isRunning: Bool { !ended }

    /// Whether it has ended; asked without waiting, and the child is reaped once.
    private var ended: Bool {
        ending.withLock { ending in
            var status: CInt = 0
            if ending == nil, unsafe waitpid(id, &status, WNOHANG) == id {
                ending = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f)
            }
            return ending != nil
        }
    }

    private func read(_ name: String) -> Data {
        (try? Data(contentsOf: URL(fileURLWithPath: streams.path + "/" + name))) ?? Data()
    }

    private static func spawn(
        _ child: inout pid_t, _ command: [String], _ environment: [String: String], _ input: CInt, _ streams: String
    ) -> CInt {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        var all = sigset_t()
        let created = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        // All of these only read their arguments before they return; the arrays end with nil, as exec wants them.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, streams + "/output", created, 0o666)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, streams + "/errors", created, 0o666)
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        let result = unsafe posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &variables)
        _ = unsafe (arguments + variables).map { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        return result
    }
}

/// Starts a program, gives it its input, and waits for its end.
public func run(
    _ command: [String], input: String = "", environment: [String: String] = TestEnvironment.plain,
    folder: String = "/", within limit: TimeInterval = patience
) throws -> Finished {
    let program = try RunningProgram(command, environment: environment, folder: folder)
    program.send(input)
    program.closeInput()
    return program.finish(within: limit)
}

/// Asks again every 2 ms until `condition` holds or `limit` seconds have passed.
public func eventually(within limit: TimeInterval = patience, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(limit)
    while try !condition() {
        if ContinuousClock.now > end { return false }
        Thread.sleep(forTimeInterval: 0.002)
    }
    return true
}

public enum TestEnvironment {
    /// What a test hands to a program when it says nothing else.
    public static let plain = [
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "LANG": "C",
    ]
}
