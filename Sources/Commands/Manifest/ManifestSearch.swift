import Glibc
import ManifestModel
import StrictJSON
import SystemPackage

/// Finds manifests in a folder and below. Symbolic links are not followed, so loops cannot be entered.
struct ManifestSearch {
    /// Entries that are looked at; a search of more says so instead of going on.
    var maxEntries = 50_000
    var maxDepth = 32
    private static let skipped: Set<String> = [".git", "node_modules", ".venv", ".build"]

    struct Result {
        /// Sorted, so that the same tree gives the same report.
        var manifests: [(path: String, bytes: [UInt8])] = []
        /// Folders and `.json` files that could not be looked into, with the cause: what was not seen is not valid.
        var unreadable: [(path: String, cause: String)] = []
        /// Whether a bound was reached, so that there may be more.
        var isCut = false
        fileprivate var seen = 0
    }

    func manifests(below folder: String) -> Result {
        var result = Result()
        search(FilePath(folder), 1, &result)
        return result
    }

    private func search(_ folder: FilePath, _ depth: Int, _ result: inout Result) {
        guard let names = Self.names(in: folder) else {
            return result.unreadable.append((folder.string, "the folder cannot be read"))
        }
        for name in names {
            result.seen += 1
            guard result.seen <= maxEntries else {
                result.isCut = true
                return
            }
            let path = folder.appending(name)
            switch Self.kind(path) {
            case S_IFDIR:
                if Self.skipped.contains(name) { continue }
                if depth < maxDepth { search(path, depth + 1, &result) } else { result.isCut = true }
            case S_IFREG: if name.hasSuffix(".json") { Self.look(at: path.string, &result) }
            default: continue
            }
        }
    }

    private static func look(at path: String, _ result: inout Result) {
        do throws(ManifestFileError) {
            let bytes = try ManifestFile.read(path)
            if looksLikeManifest(bytes, name: FilePath(path).lastComponent?.string ?? "") {
                result.manifests.append((path, bytes))
            }
        } catch {
            if case .unreadable(let cause) = error.reason { result.unreadable.append((path, cause)) }
        }
    }

    /// Whether a file means to be a manifest, a broken one too: by its name, or by a list at the top that names permissions of
    /// ours, or is empty under a key such as `permissions`. Other formats have `permissions` too.
    static func looksLikeManifest(_ bytes: [UInt8], name: String) -> Bool {
        guard let root = JSONReader.recover(bytes).node else {
            return isManifestName(name) || String(decoding: bytes, as: UTF8.self).contains("\"mcp.ac.")
        }
        guard case .object(let members) = root.content else { return isManifestName(name) }
        // Browsers' extensions, bundles and web apps have a manifest.json of their own, and schemas have lists of names.
        let others = ["manifest_version", "dxt_version", "start_url", "$id", "properties"]
        if members.contains(where: { others.contains($0.key) }) { return false }
        if isManifestName(name) { return true }
        return members.contains { member in
            guard case .array(let elements) = member.node.content else { return false }
            if elements.isEmpty { return member.key.lowercased().hasPrefix("permis") }
            return elements.contains { element in
                guard case .string(let text) = element.content else { return false }
                return text.hasPrefix("mcp.ac.") || Permission(rawValue: "mcp.ac." + text) != nil
            }
        }
    }

    /// `manifest.json`, `manifest-2.json`, `server.manifest.json`.
    private static func isManifestName(_ name: String) -> Bool {
        name.hasPrefix("manifest") || name.hasSuffix(".manifest.json")
    }

    /// `S_IFDIR` and so on; a link is a link.
    static func kind(_ path: FilePath, followingLinks: Bool = false) -> mode_t? {
        var status = stat()
        // Path and structure live as long as the call.
        let failed = unsafe path.withPlatformString {
            unsafe followingLinks ? stat($0, &status) : lstat($0, &status)
        }
        return failed == 0 ? status.st_mode & S_IFMT : nil
    }

    /// - Returns: Sorted; `nil` when the folder cannot be read.
    static func names(in folder: FilePath) -> [String]? {
        guard let stream = unsafe folder.withPlatformString({ unsafe opendir($0) }) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        // An entry stays valid until the next readdir(3); its name is copied before.
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
