import LinuxSystem
import SystemPackage

/// pyenv, rbenv and nodenv put small shell scripts into PATH that choose a version and start the real program.
private let versionManagers: [(name: String, variable: String, file: String)] = [
    ("pyenv", "PYENV_VERSION", ".python-version"),
    ("rbenv", "RBENV_VERSION", ".ruby-version"),
    ("nodenv", "NODENV_VERSION", ".node-version"),
]

extension ChainBuilder {
    /// What a shim would start: `~/.pyenv/shims/python3` -> `~/.pyenv/versions/3.12.1/bin/python3`.
    mutating func versionManagerCommand(_ asked: FilePath, _ name: String) -> FilePath? {
        let shims = asked.parent
        guard shims.lastComponent == "shims" else { return nil }
        let root = shims.parent
        for manager in versionManagers where files.isFile(root.appending("libexec").appending(manager.name)) {
            for version in chosenVersions(manager.variable, manager.file, root) {
                let candidates =
                    version == "system"
                    ? path.filter { $0 != shims }.map { $0.appending(name) }
                    : [installed(version, root).appending("bin").appending(name)]
                if let program = candidates.first(where: { files.resolve($0)?.entry.isExecutable == true }) {
                    notes.append("\(manager.name) chooses \(version): \(program) is what is started")
                    return program
                }
            }
        }
        return nil
    }

    /// The variable, then the nearest version file, then the global one; several versions are tried in order.
    private func chosenVersions(_ variable: String, _ file: String, _ root: FilePath) -> [String] {
        var text = environment[variable] ?? ""
        var above = folder
        while text.isEmpty {
            text = files.text(of: above.appending(file), limit: 4096) ?? ""
            guard above.moveUp() else { break }
        }
        if text.isEmpty { text = files.text(of: root.appending("version"), limit: 4096) ?? "system" }
        return text.split { $0.isWhitespace || $0 == ":" }.map(String.init).filter { !$0.contains("/") && $0 != ".." }
    }

    /// `3.12` stands for the newest 3.12 that is installed.
    private func installed(_ version: String, _ root: FilePath) -> FilePath {
        let versions = root.appending("versions")
        let exact = versions.appending(version)
        if files.isFolder(exact) { return exact }
        func numbers(_ name: String) -> [Int] { name.split(separator: ".").map { Int($0) ?? -1 } }
        let matching = (files.list(versions) ?? []).map(\.name).filter { $0.hasPrefix(version + ".") }
        let newest = matching.max { numbers($0).lexicographicallyPrecedes(numbers($1)) }
        return newest.map { versions.appending($0) } ?? exact
    }
}
