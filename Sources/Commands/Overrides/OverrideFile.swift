import Glibc
import LinuxSystem
public import PolicyEngine
public import SystemPackage

/// Why an override file cannot be used.
public enum OverrideFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(FilePath, Errno)
    /// A folder, a pipe, a device.
    case noFile(FilePath)
    case tooLarge(FilePath)
    /// Every problem of its contents.
    case malformed(FilePath, [OverrideDocumentProblem])

    public var description: String {
        switch self {
        case .unreadable(let path, let errno): "\(path): \(errno)"
        case .noFile(let path): "\(path): not a regular file"
        case .tooLarge(let path): "\(path): larger than \(OverrideFile.limit) bytes"
        case .malformed(let path, let problems): problems.map { "\(path):\($0)" }.joined(separator: "\n")
        }
    }
}

/// A file of overrides, JSON or YAML. Read once, by descriptor, so that what is checked is what is used.
public struct OverrideFile: Hashable, Sendable {
    public let path: FilePath
    /// As they were read, for the digest that consent is bound to.
    public let bytes: [UInt8]
    public let overrides: Overrides
    /// What of it cannot be understood; the rest is in ``overrides``.
    let problems: [OverrideDocumentProblem]

    /// Bytes that a file may have.
    public static let limit = 1 << 20

    /// Reads `path`. A name that ends in `.yaml` or `.yml` is YAML, in `.json` JSON; else an opening brace says JSON.
    public init(reading path: FilePath) throws(OverrideFileError) {
        try self.init(recovering: path)
        if !problems.isEmpty { throw .malformed(path, problems) }
    }

    /// The same, with as much as can be understood of a malformed file.
    init(recovering path: FilePath) throws(OverrideFileError) {
        bytes = try Self.contents(of: path)
        let document = try Self.document(bytes, path)
        (overrides, problems) = (document.overrides, document.problems)
        self.path = path
    }

    static func contents(of path: FilePath) throws(OverrideFileError) -> [UInt8] {
        do {
            // Not blocking: opening a pipe would wait for its writer.
            let file = try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            var status = stat()
            let number = file.rawValue
            // The buffer is a local variable, of the size that the call fills.
            try syscall("fstat", path) { unsafe fstat(number, &status) }
            if status.st_mode & S_IFMT != S_IFREG { throw OverrideFileError.noFile(path) }
            let bytes = try file.readAll(limit: limit)
            if bytes.count > limit { throw OverrideFileError.tooLarge(path) }
            return bytes
        } catch let error as SyscallError {
            throw .unreadable(path, error.errno)
        } catch let error as OverrideFileError {
            throw error
        } catch {
            throw .noFile(path)
        }
    }

    /// Pure: the meaning of `bytes`.
    static func decode(_ bytes: [UInt8], _ path: FilePath) throws(OverrideFileError) -> Overrides {
        let document = try document(bytes, path)
        if !document.problems.isEmpty { throw .malformed(path, document.problems) }
        return document.overrides
    }

    private static func document(_ bytes: [UInt8], _ path: FilePath) throws(OverrideFileError) -> OverrideDocument {
        let root: OverrideNode
        do {
            root = try isYAML(bytes, path) ? OverrideNode(yaml: bytes) : OverrideNode(json: bytes)
        } catch { throw .malformed(path, error.problems) }
        return OverrideDocument(root) { .file(path.string, line: $0, column: $1) }
    }

    private static func isYAML(_ bytes: [UInt8], _ path: FilePath) -> Bool {
        switch path.extension?.lowercased() {
        case "yaml", "yml": true
        case "json": false
        default: bytes.first { !" \t\r\n".utf8.contains($0) } != UInt8(ascii: "{")
        }
    }
}
