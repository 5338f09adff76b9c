public import Foundation
import Glibc

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
/// Standard output and error go to files without a name in the way, so that a program that says much never blocks.
public final class RunningProgram: @unchecked Sendable {  // Process is not Sendable; it is set up before it is shared
    private let process = Process()
    private let input = Pipe()
    private let streams: TemporaryFolder
    private let ended = DispatchSemaphore(value: 0)

    /// Starts `command[0]`, found in PATH when it has no slash.
    /// - Parameter environment: The whole environment, nothing added.
    /// - Throws: When the program cannot be started.
    public init(
        _ command: [String], environment: [String: String] = TestEnvironment.plain, folder: String? = nil
    ) throws {
        streams = try TemporaryFolder()
        process.executableURL = URL(fileURLWithPath: command[0].contains("/") ? command[0] : "/usr/bin/env")
        process.arguments = command[0].contains("/") ? Array(command.dropFirst()) : command
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder ?? "/")
        process.standardInput = input
        process.standardOutput = try Self.fresh(streams.path + "/output")
        process.standardError = try Self.fresh(streams.path + "/errors")
        // Threads of a test runner block most signals, and a child inherits that; a client's thread would not.
        var none = sigset_t()
        _ = unsafe sigemptyset(&none)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    public var id: pid_t { process.processIdentifier }
    public var isRunning: Bool { process.isRunning }
    public var outputSoFar: String { String(decoding: read("output"), as: UTF8.self) }
    public var errorsSoFar: String { String(decoding: read("errors"), as: UTF8.self) }

    public func send(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }
    public func closeInput() { try? input.fileHandleForWriting.close() }
    public func signal(_ number: CInt) { kill(id, number) }

    /// Waits until standard output holds `text`.
    /// - Returns: Whether it came within the limit.
    public func says(_ text: String, within limit: TimeInterval = 10) -> Bool {
        eventually(within: limit) { outputSoFar.contains(text) }
    }

    /// Waits for the end; a program still there after `limit` seconds is killed.
    public func finish(within limit: TimeInterval = 30) -> Finished {
        let inTime = ended.wait(timeout: .now() + limit) == .success
        if !inTime {
            signal(SIGKILL)
            process.waitUntilExit()
        }
        closeInput()
        let ending: Ending =
            !inTime
            ? .timedOut
            : process.terminationReason == .exit
                ? .exited(process.terminationStatus) : .killed(process.terminationStatus)
        return Finished(ending: ending, output: read("output"), errors: errorsSoFar)
    }

    private func read(_ name: String) -> Data {
        (try? Data(contentsOf: URL(fileURLWithPath: streams.path + "/" + name))) ?? Data()
    }

    private static func fresh(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}

/// Starts a program, gives it its input, and waits for its end.
public func run(
    _ command: [String], input: String = "", environment: [String: String] = TestEnvironment.plain,
    folder: String? = nil, within limit: TimeInterval = 30
) throws -> Finished {
    let program = try RunningProgram(command, environment: environment, folder: folder)
    if !input.isEmpty { try program.send(input) }
    program.closeInput()
    return program.finish(within: limit)
}

/// Asks again every 10 ms until `condition` holds or `limit` seconds have passed.
public func eventually(within limit: TimeInterval = 10, _ condition: () -> Bool) -> Bool {
    let end = Date(timeIntervalSinceNow: limit)
    while !condition() {
        if Date() > end { return false }
        Thread.sleep(forTimeInterval: 0.01)
    }
    return true
}

public enum TestEnvironment {
    /// What a test hands to a program when it says nothing else.
    public static let plain = [
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "LANG": "C",
    ]
}
