import Glibc
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("Override files are read once, strictly")
struct OverrideFileTests {
    /// Writes `text` to a fresh file and reads it as overrides.
    private func read(_ text: String, name: String = "o.json") throws -> OverrideFile {
        try withFolder { folder in
            let path = folder.appending(name)
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
            _ = try file.closeAfter { try file.writeAll(text.utf8) }
            return try OverrideFile(reading: path)
        }
    }

    /// A folder that is gone afterwards.
    private func withFolder<R>(_ body: (FilePath) throws -> R) throws -> R {
        var template = Array("/tmp/overrides-XXXXXX".utf8CString)
        // mkdtemp fills the template in place; it is ours and ends in NUL.
        let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
        try #require(made)
        let folder = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        defer { Self.remove(folder) }
        return try body(folder)
    }

    /// The folders here hold files only; the calls borrow the strings.
    private static func remove(_ folder: FilePath) {
        for name in ["o.json", "o.yaml", "o", "pipe"] { _ = unsafe unlink(folder.appending(name).string) }
        _ = unsafe rmdir(folder.string)
    }

    private func error(_ body: () throws -> Void) -> OverrideFileError? {
        do { try body() } catch { return error as? OverrideFileError }
        return nil
    }

    @Test(
        "JSON by name, by its opening brace, and YAML otherwise mean the same",
        arguments: [
            ("o.json", #"{"readPaths": ["docs", "a?"], "listenPorts": [8080], "envVars": []}"#),
            ("o", #"  {"readPaths": ["docs", "a?"], "listenPorts": [8080], "envVars": []}"#),
            ("o.yaml", "readPaths: [docs, a?]\nlistenPorts:\n  - 8080\nenvVars: []\n"),
            ("o", "readPaths:\n- docs\n- a?\nlistenPorts: [8080]\nenvVars: []\n"),
        ])
    func forms(name: String, text: String) throws {
        let file = try read(text, name: name)
        #expect(file.overrides.entries.map(\.value) == ["docs", "a?", "8080"])
        #expect(file.overrides.emptyLists.keys.map(\.rawValue) == ["envVars"])
        #expect(file.bytes == Array(text.utf8))
    }

    @Test(
        "An entry knows its line and column",
        arguments: [
            ("o.json", "{\n  \"readPaths\": [\n    \"docs\"]}", 3, 5), ("o.yaml", "readPaths:\n  - docs\n", 2, 5),
        ])
    func positions(name: String, text: String, line: Int, column: Int) throws {
        guard
            case .file(let path, let foundLine, let foundColumn)? = try read(text, name: name).overrides.entries.first?
                .origin
        else {
            Issue.record("no origin")
            return
        }
        #expect(path.hasSuffix("/\(name)") && foundLine == line && foundColumn == column)
    }

    @Test(
        "A malformed file is refused at its line and column, with every problem",
        arguments: [
            ("", 1), ("[]", 1), ("{", 1), (#"{"readPaths": ["a"], "readPaths": ["b"]}"#, 1),
            (#"{"readPath": [], "x": 1, "dns": 1}"#, 3),
            (#"{"readPaths": ["a"],}"#, 1), ("{\"readPaths\": [\"\u{1}\"]}", 1),
        ])
    func malformed(text: String, count: Int) throws {
        let found = error { _ = try read(text) }
        guard case .malformed(_, let problems)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(problems.count == count, "\(problems)")
        #expect(problems.allSatisfy { $0.line >= 1 && $0.column >= 1 })
    }

    @Test("A folder, a pipe, a missing and a too large file are told apart, and none is waited for")
    func noFiles() throws {
        try withFolder { folder in
            #expect(error { _ = try OverrideFile(reading: folder) } == .noFile(folder))
            let gone = folder.appending("gone")
            #expect(error { _ = try OverrideFile(reading: gone) } == .unreadable(gone, .noSuchFileOrDirectory))
            let pipe = folder.appending("pipe")
            let made = unsafe mkfifo(pipe.string, 0o600)
            try #require(made == 0)
            #expect(error { _ = try OverrideFile(reading: pipe) } == .noFile(pipe))
        }
        let large = error { _ = try read("{" + String(repeating: " ", count: OverrideFile.limit) + "}") }
        guard case .tooLarge? = large else {
            Issue.record("\(String(describing: large))")
            return
        }
        #expect(try read("{" + String(repeating: " ", count: OverrideFile.limit - 2) + "}").overrides == Overrides())
    }
}
