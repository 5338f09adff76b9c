import AgentBox
import SystemPackage

/// Which Python a package is installed for: the installers would look for one themselves, in places that their box has not.
enum PackagePython {
    /// - Parameter wanted: As `--python` has it: a path, a program's name, or a version. `nil` is python3 in PATH, else the
    ///   newest of uv's own.
    /// - Returns: An absolute path, links unresolved.
    static func find(
        _ wanted: String?, path: [FilePath], environment: [String: String], files: any FileSystemView = HostFiles()
    ) -> FilePath? {
        func isProgram(_ path: FilePath) -> Bool { files.resolve(path)?.entry.isExecutable == true }
        if let wanted, wanted.hasPrefix("/") { return isProgram(FilePath(wanted)) ? FilePath(wanted) : nil }
        let isVersion = wanted?.first?.isNumber == true
        let name = isVersion ? "python\(wanted!)" : wanted ?? "python3"
        if let found = path.map({ $0.appending(FilePath(name).components) }).first(where: isProgram) { return found }
        guard wanted == nil || isVersion else { return nil }
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let managed = FilePath(environment["UV_PYTHON_INSTALL_DIR"] ?? data + "/uv/python")
        guard managed.isAbsolute else { return nil }
        let prefix = wanted.map { "cpython-\($0)" } ?? "cpython-3"
        func numbers(_ name: String) -> [Int] { name.split { !$0.isNumber }.prefix(3).map { Int($0) ?? 0 } }
        return (files.list(managed) ?? []).map(\.name)
            .filter { $0 == prefix || $0.hasPrefix(prefix + "-") || $0.hasPrefix(prefix + ".") }
            .sorted { numbers($1).lexicographicallyPrecedes(numbers($0)) }
            .map { managed.appending($0).appending("bin").appending("python3") }.first(where: isProgram)
    }
}
