import ArgumentParser
import Glibc
import ManifestModel
import SystemPackage

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check manifests and report everything that is wrong with them.",
        discussion: """
            A folder is searched for manifests, `-` is standard input, and a bare name is a manifest that comes with agentbound.

            Exit code: 66 when a file is missing or unreadable, else 65 when one is malformed, else 1 when --strict is given
            and there are warnings, else 0.

            Example:
              agentbound validate manifest.json
              agentbound validate --strict --format sarif manifests/ > report.sarif
            """)

    @Argument(
        help: ArgumentHelp("Manifest files, folders, names, or `-`.", valueName: "file"),
        completion: CompletionScript.manifest)
    var files: [String]

    @OptionGroup var report: CheckReportOptions

    func run() throws {
        let strict = report.strict
        try report.write(ManifestReport(files: files.flatMap { Self.check($0, strict: strict) }, strict: strict))
    }

    /// Reads and checks what one argument names; a folder may hold several manifests.
    static func check(_ argument: String, strict: Bool) -> [CheckedManifest] {
        let path = ManifestLibrary.resolve(argument)
        if path != "-", ManifestSearch.kind(FilePath(path), followingLinks: true) == S_IFDIR {
            return checkFolder(path, ManifestSearch().manifests(below: path), strict: strict)
        }
        do throws(ManifestFileError) {
            let bytes = try ManifestFile.read(path)
            return [CheckedManifest(name: path, outcome: .read(ManifestFile.check(bytes, strict: strict)))]
        } catch {
            guard case .unreadable(let cause) = error.reason else { return [] }
            return [CheckedManifest(name: path, outcome: .unreadable(cause))]
        }
    }

    private static func checkFolder(_ folder: String, _ found: ManifestSearch.Result, strict: Bool) -> [CheckedManifest]
    {
        var files = found.manifests.map {
            CheckedManifest(name: $0.path, outcome: .read(ManifestFile.check($0.bytes, strict: strict)))
        }
        files += found.unreadable.map { CheckedManifest(name: $0.path, outcome: .unreadable($0.cause)) }
        if found.isCut {
            files.append(
                CheckedManifest(name: folder, outcome: .unreadable("the folder is too large to search; name the files"))
            )
        } else if files.isEmpty {
            files.append(CheckedManifest(name: folder, outcome: .unreadable("there is no manifest in this folder")))
        }
        return files
    }
}
