import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage

@testable import AuditTrail

/// A folder of its own for one test, gone with it.
struct Scratch: ~Copyable {
    let path: FilePath

    init() {
        var template = Array("/tmp/audit-tests-XXXXXX".utf8CString)
        // mkdtemp fills in the six letters.
        path = unsafe template.withUnsafeMutableBufferPointer {
            unsafe FilePath(platformString: mkdtemp($0.baseAddress!)!)
        }
    }

    deinit { removeTree(path) }

    var journal: FilePath { path.appending("journal.jsonl") }
    var head: FilePath { path.appending("journal.head") }
}

private func removeTree(_ path: FilePath) {
    if let folder = unsafe opendir(path.string) {
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree(path.appending(name)) }
        }
        unsafe closedir(folder)
    }
    unsafe remove(path.string)
}

func bytes(of path: FilePath) throws -> [UInt8] { try readFile(path, limit: 1 << 28) }

func write(_ bytes: [UInt8], to path: FilePath) throws {
    try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC).writeAll(bytes)
}

func event(_ subject: String, detail: String = "") -> AuditEvent {
    AuditEvent(
        .box, subject, .deny, rule: "network.client", reason: "not granted", detail: [.init("note", .string(detail))])
}

/// The lines of a journal of `count` events, newline included.
func lines(_ count: Int, in scratch: borrowing Scratch) throws -> [[UInt8]] {
    let writer = try AuditWriter(path: scratch.journal, session: "test")
    for number in 1...count { try writer.append(event("host-\(number).example:443")) }
    return split(try bytes(of: scratch.journal))
}

func split(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast().map { Array($0) + [0x0a] }
}

/// What the verifier says of these lines, with the head file as it was left.
func findings(_ lines: [[UInt8]], in scratch: borrowing Scratch) throws -> [JournalFinding] {
    try write(lines.flatMap { $0 }, to: scratch.journal)
    return try AuditReader.verify(scratch.journal).findings
}
