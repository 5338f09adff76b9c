import AuditTrail
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// Why a manifest that was named cannot be used.
struct ManifestFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the user wrote it.
    let name: String
    let reason: Reason

    enum Reason: Hashable, Sendable {
        /// Missing, unreadable, or no regular file; with the cause in words.
        case unreadable(String)
        case malformed(ManifestReading)
    }

    /// sysexits.h: 66 is a missing input, 65 a malformed one.
    var exitCode: Int32 {
        switch reason {
        case .unreadable: 66
        case .malformed: 65
        }
    }

    /// One line, or one for each issue. Safe to show on a terminal.
    var description: String {
        switch reason {
        case .unreadable(let cause): "cannot read the manifest `\(name.terminalSafe)`\(place): \(cause)"
        case .malformed(let reading): ManifestReport(files: [CheckedManifest(name: name, outcome: .read(reading))]).text
        }
    }

    /// Where a relative path led; a client starts its servers in a folder that nobody sees.
    private var place: String {
        if name == "-" || name.hasPrefix("/") { return "" }
        guard let folder = FolderCalls.link("/proc/self/cwd") else { return "" }
        return " (\(folder.pushing(FilePath(name)).string.terminalSafe))"
    }

    /// What to do next.
    var next: String {
        switch reason {
        case .unreadable where ManifestLibrary.nearest(to: name) != nil:
            "did you mean `\(ManifestLibrary.nearest(to: name)!)`, which comes with agentbound?"
        case .unreadable where ManifestLibrary.isName(name):
            "give the path of a manifest file, or the name of one in "
                + ManifestLibrary.folders().map(\.string.terminalSafe).joined(separator: " or ")
                + " (AGENTBOUND_MANIFESTS names more folders)"
        case .unreadable:
            "give the path of a manifest file, or the name of one that comes with agentbound"
        case .malformed: "`agentbound validate` checks it again; docs/manifest.md shows the format"
        }
    }
}

/// A manifest that was read and found valid, with the bytes it was read from.
struct LoadedManifest: Sendable {
    let manifest: AgentManifest
    /// Where it was read, as a message may show it.
    let path: String
    /// What a digest is taken of: the file is read once, so what is judged is what was read.
    let bytes: [UInt8]
    let warnings: [ManifestIssue]

    /// Reads a manifest by path, by the name of one that comes with agentbound, or from standard input (`-`).
    static func load(_ name: String, strict: Bool = false) throws(ManifestFileError) -> LoadedManifest {
        let path = ManifestLibrary.resolve(name)
        let bytes = try ManifestFile.read(path)
        let reading = ManifestFile.check(bytes, strict: strict)
        guard let manifest = reading.manifest else { throw ManifestFileError(name: path, reason: .malformed(reading)) }
        return LoadedManifest(manifest: manifest, path: path, bytes: bytes, warnings: reading.warnings)
    }
}

enum ManifestFile {
    /// Bytes; what is larger is refused by the reader, which sees one byte more.
    static let limit = 1 << 20

    /// Reads a regular file, or standard input for `-`.
    /// - Note: Neither a FIFO nor a terminal can make it wait; standard input can.
    static func read(_ name: String) throws(ManifestFileError) -> [UInt8] {
        let cause: String
        do throws(SyscallError) {
            if name == "-" { return try readStandardInput() }
            // Checked on the descriptor that is then read: a path could name something else a moment later.
            let file = try OwnedDescriptor.open(FilePath(name), O_RDONLY | O_NONBLOCK | O_NOCTTY)
            guard let complaint = try complaint(aboutKindOf: file) else { return try file.readAll(limit: limit) }
            cause = complaint
        } catch {
            cause = words(error.errno)
        }
        throw ManifestFileError(name: name, reason: .unreadable(cause))
    }

    /// Reads a manifest with all that this program knows about scopes.
    static func check(_ bytes: [UInt8], strict: Bool = false) -> ManifestReading {
        AgentManifest.read(bytes, strict: strict, reading: ScopeKey.unreadable)
    }

    private static func readStandardInput() throws(SyscallError) -> [UInt8] {
        let input = try OwnedDescriptor.copy(of: 0)
        return try input.readAll(limit: limit)
    }

    /// - Returns: `nil` for a regular file.
    private static func complaint(aboutKindOf file: borrowing OwnedDescriptor) throws(SyscallError) -> String? {
        let number = file.rawValue
        var status = stat()
        // The structure is ours for the length of the call.
        try syscall("fstat") { unsafe fstat(number, &status) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return "it is a folder"
        case S_IFIFO: return "it is a pipe, not a regular file"
        default: return "it is no regular file"
        }
    }

    private static func words(_ errno: Errno) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "there is no such file"
        case .permissionDenied: "permission denied"
        case .isDirectory: "it is a folder"
        default: "\(errno)"
        }
    }
}
