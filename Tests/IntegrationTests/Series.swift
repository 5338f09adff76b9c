import Foundation
import TestSupport

/// A victim that performs one act after another, each in a process of its own.
final class Series {
    private let program: RunningProgram
    private var answers = 0

    /// - Parameter command: Ends with the victim and its act `series`.
    init(_ command: [String], environment: [String: String] = TestEnvironment.plain, folder: String) throws {
        program = try RunningProgram(command, environment: environment, folder: folder)
    }

    deinit { if program.isRunning { _ = finish() } }

    /// - Returns: The act's exit code, or the launcher's when it never started the series; `nil` when none came.
    func act(_ words: [String], in folder: String) -> CInt? {
        program.send(([folder] + words).joined(separator: "\t") + "\n")
        var codes: [Substring] = []
        let answered = eventually {
            codes = program.outputSoFar.split(separator: "\n").filter { $0.hasPrefix("=") }
            return codes.count > answers || !program.isRunning
        }
        guard answered else { return nil }
        guard codes.count > answers else { return finish().code }
        answers += 1
        return CInt(codes[answers - 1].dropFirst())
    }

    /// What it said on standard error so far.
    var errors: String { program.errorsSoFar }

    func finish() -> Finished {
        program.closeInput()
        return program.finish()
    }
}
