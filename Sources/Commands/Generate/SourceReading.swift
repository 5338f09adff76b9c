import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import ManifestGen
import SystemPackage

/// Opens what `generate` was given, and tells a person on a terminal how far it has come.
enum SourceReading {
    /// - Throws: ``Refusal`` when it cannot be read.
    static func draft(of source: String, description: String?) throws -> Draft {
        let progress = Progress()
        defer { progress.clear() }
        do throws(SyscallError) {
            let path = FilePath(source)
            if try FileStatus(of: path).isDirectory {
                let tree = try FolderTree(path) { progress.show("\($0) files found") }
                return ManifestGenerator.draft(of: tree, description: description) { progress.show("\($0) files read") }
            }
            return ManifestGenerator.draft(of: try archive(path, source), description: description) {
                progress.show("\($0) files read")
            }
        } catch {
            let why = error.call == "archive" ? "it is no package that can be read" : "\(error.errno)"
            throw Refusal(
                .input, "cannot read `\(source.terminalSafe)`: \(why)",
                next: "give a source folder, or a .tgz, .tar.gz, .zip or .whl file")
        }
    }

    /// Nothing was read, so nothing is known: a manifest that asks for nothing would say too much.
    static func nothing(in source: String, _ draft: Draft) -> Refusal {
        let reasons = draft.omitted.map { "\n  \($0)" }.joined()
        let packages = (ManifestSearch.names(in: FilePath(source)) ?? []).filter { name in
            [".whl", ".tgz", ".tar.gz", ".zip"].contains { name.hasSuffix($0) }
        }
        let next =
            packages.first.map { "give the package file that lies there: \(FilePath(source).appending($0).string)" }
            ?? "give the folder with the code, or a .tgz, .tar.gz, .zip or .whl file"
        return Refusal(.malformed, "there is no source code in `\(source.terminalSafe)`\(reasons)", next: next)
    }

    private static func archive(_ path: FilePath, _ source: String) throws(SyscallError) -> ArchiveTree {
        let bytes = try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY).readAll(
            limit: ArchiveTree.maxBytes)
        do throws(ArchiveError) { return try ArchiveTree(bytes) } catch {
            throw SyscallError(call: "archive", errno: .invalidArgument, path: path)
        }
    }
}

/// One line that is written over itself, on a terminal only, and only when it takes long.
private final class Progress {
    private let isShown = isatty(2) == 1
    private var start = MonotonicTime.now()
    private var last = MonotonicTime.now()
    private var hasText = false

    func show(_ text: String) {
        guard isShown else { return }
        let now = MonotonicTime.now()
        guard now - start > .milliseconds(400), now - last > .milliseconds(100) else { return }
        last = now
        hasText = true
        StandardError.write("\r\u{1B}[K\(text)")
    }

    func clear() {
        if hasText { StandardError.write("\r\u{1B}[K") }
    }
}
