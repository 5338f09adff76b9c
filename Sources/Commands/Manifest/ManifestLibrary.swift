import Glibc
import LinuxSystem
import SystemPackage

/// The reviewed manifests that come with agentbound, usable by name.
enum ManifestLibrary {
    /// The path that a name or path on the command line stands for.
    ///
    /// Whatever holds a `/` or ends in `.json` is a path. A bare word is looked up here first, so that a file which a
    /// server left in the working directory cannot take a reviewed manifest's place; `./word` names that file.
    static func resolve(_ name: String, in folders: @autoclosure () -> [FilePath] = folders()) -> String {
        isName(name) ? locate(name, in: folders())?.string ?? name : name
    }

    /// Whether it is looked up here at all.
    static func isName(_ name: String) -> Bool {
        name != "-" && !name.utf8.contains(UInt8(ascii: "/")) && !name.hasSuffix(".json")
    }

    /// The file of a manifest that comes with agentbound, or `nil` when there is none of this name.
    static func locate(_ name: String, in folders: [FilePath] = folders()) -> FilePath? {
        let isName = name.utf8.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
        }
        guard isName, !name.isEmpty else { return nil }
        return folders.lazy.map { $0.appending("\(name).json") }.first(where: Installation.exists)
    }

    /// The name of one that comes with agentbound, when `name` is nearly that.
    static func nearest(to name: String, in folders: [FilePath] = folders()) -> String? {
        guard !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        let names = folders.flatMap { ManifestSearch.names(in: $0) ?? [] }.filter { $0.hasSuffix(".json") }
        return Nearest.name(to: name, among: names.map { String($0.dropLast(5)) })
    }

    /// Where to look, in this order: `AGENTBOUND_MANIFESTS` (several with `:`), the installation, the source tree.
    static func folders() -> [FilePath] {
        // The string is copied before anything can change the environment.
        let named = unsafe getenv("AGENTBOUND_MANIFESTS").map { unsafe String(cString: $0) } ?? ""
        return folders(named: named, executable: Installation.executable())
    }

    static func folders(named: String, executable: FilePath?) -> [FilePath] {
        named.split(separator: ":").map { FilePath(String($0)) }
            + Installation.folders("share/agentbound/manifests", source: "manifests", executable: executable)
    }
}
