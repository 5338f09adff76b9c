import LinuxSystem
import SystemPackage

/// What a Python command line runs.
struct PythonCommand: Hashable {
    enum Target: Hashable {
        case script(String)
        case module(String)
        case code, interactive
    }
    var target = Target.interactive
    /// `-I`: no user site, no current folder. `-s`: no user site. `-P`: no script folder.
    var isolated = false, noUserSite = false, safePath = false

    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                target = word == "-" ? .code : .script(word)
                return
            }
            if word == "--check-hash-based-pycs" { _ = rest.popFirst() }
            if word.hasPrefix("--") { continue }
            var letters = word.dropFirst()
            // Letters may be glued, and the last one's value too: `-Im server`, `-mserver`.
            while let letter = letters.popFirst() {
                switch letter {
                case "I": (isolated, noUserSite, safePath) = (true, true, true)
                case "s": noUserSite = true
                case "P": safePath = true
                case "c":
                    target = .code
                    return
                case "m":
                    let name = letters.isEmpty ? rest.first ?? "" : String(letters)
                    target = name.isEmpty ? .interactive : .module(name)
                    return
                case "W", "X":
                    if letters.isEmpty { _ = rest.popFirst() }
                    letters = ""
                default: break
                }
            }
        }
    }
}

extension ChainBuilder {
    mutating func addPython(_ call: ProgramCall) throws(LaunchChainError) {
        let command = PythonCommand(call.arguments)
        let venv = virtualEnvironment(of: call.asked)
        try addInstallation(of: call.program, library: call.name.hasPrefix("pypy") ? "pypy" : "python")
        var sites: [FilePath] = []
        if let venv {
            try grant(folder: venv.root, as: "virtual environment")
            sites = sitePackages(of: venv.root)
        }
        if venv?.usesSystemSites != false {
            sites += sitePackages(of: call.program.parent.parent)
        }
        let userSite = venv?.usesSystemSites != false && !command.noUserSite && environment["PYTHONNOUSERSITE"] == nil
        if userSite, let home {
            let version = pythonVersion(call.program)
            for site in sitePackages(of: home.appending(".local"))
            where version == nil || site.string.contains("/\(version!)/") {
                if offer(folder: site, as: "user's Python packages") { sites.append(site) }
            }
        }
        for site in sites { addEditable(in: site) }
        try addTarget(command, sites)
    }

    private mutating func addTarget(_ command: PythonCommand, _ sites: [FilePath]) throws(LaunchChainError) {
        switch command.target {
        case .script(let name):
            let script = absolute(name)
            if files.isFolder(script) {
                try grant(folder: script, as: "program folder")
            } else if command.safePath {
                try grant(file: script, as: "script")
            } else {
                try grant(script: script)
            }
        case .module(let name):
            guard !command.isolated, !command.safePath else { return }
            let package = folder.appending(String(name.prefix { $0 != "." }))
            if files.isFolder(package) {
                // A folder without __init__.py counts only when no site has the name. importlib, namespace packages
                let isRegular = files.isFile(package.appending("__init__.py"))
                let top = package.lastComponent!
                if isRegular || !sites.contains(where: { files.entry(at: $0.appending(top)) != nil }) {
                    try grant(folder: package, as: "Python package")
                    // Python's finder lists the folder, and finds nothing where it cannot. importlib, FileFinder
                    list(folder: folder, as: "names beside the package")
                }
            } else if files.isFile(FilePath(package.string + ".py")) {
                try grant(script: FilePath(package.string + ".py"))
            }
        case .code, .interactive: break
        }
    }

    /// Python looks for pyvenv.cfg beside the program as it was called, and one folder up. site.py, getpath.py
    private func virtualEnvironment(of asked: FilePath) -> (root: FilePath, usesSystemSites: Bool)? {
        let bin = asked.parent
        for root in [bin.parent, bin] {
            guard let text = files.text(of: root.appending("pyvenv.cfg"), limit: 1 << 16) else { continue }
            let usesSystemSites = text.split(separator: "\n").contains { line in
                let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace }.lowercased() }
                return parts == ["include-system-site-packages", "true"]
            }
            return (root, usesSystemSites)
        }
        return nil
    }

    private func sitePackages(of prefix: FilePath) -> [FilePath] {
        let lib = prefix.appending("lib")
        return (files.list(lib) ?? []).filter { $0.name.hasPrefix("python") || $0.name.hasPrefix("pypy") }
            .map { lib.appending($0.name).appending("site-packages") }
            .filter { files.isFolder($0) }
    }

    /// `python3.12`, from the program's real name.
    private func pythonVersion(_ program: FilePath) -> String? {
        let name = program.lastComponent?.string ?? ""
        return name.contains(".") ? name : nil
    }

    /// Editable installs: `.pth` files with the source folders of projects that live elsewhere.
    private mutating func addEditable(in site: FilePath) {
        for entry in files.list(site) ?? [] where entry.name.hasSuffix(".pth") || entry.name.hasPrefix("__editable__") {
            let text = files.text(of: site.appending(entry.name), limit: 1 << 16) ?? ""
            for source in entry.name.hasSuffix(".pth") ? sourceFolders(text) : quotedPaths(text) {
                guard let real = files.resolve(source)?.path, real.string != "/" else { continue }
                if RuntimeBase.covers(real) || readable.contains(where: { $0.isFolder && real.starts(with: $0.path) }) {
                    continue
                }
                // A package may write anything here; only a Python project's own source folder is believed.
                guard isProjectSource(real) else {
                    notes.append("\(entry.name) names \(real), which is no Python project: not readable")
                    continue
                }
                offer(folder: real, as: "project installed in editable mode")
            }
        }
    }

    /// Lines that site.py takes for folders.
    private func sourceFolders(_ text: String) -> [FilePath] {
        text.split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("/") }
            .map { FilePath(String($0)) }
    }

    /// setuptools writes a finder whose table has the paths as quoted strings.
    private func quotedPaths(_ text: String) -> [FilePath] {
        withoutDuplicates(text.split { "'\"".contains($0) }.filter { $0.hasPrefix("/") && !$0.contains("\n") })
            .map { FilePath(String($0)) }
    }

    private func isProjectSource(_ folder: FilePath) -> Bool {
        var above = folder
        // The project itself, `src`, or a package in one of them.
        for _ in 0..<3 {
            // A stray setup.py in the home folder makes no project of all folders in it.
            if limits.isTooBroad(above) { return false }
            if ["pyproject.toml", "setup.py", "setup.cfg"].contains(where: { files.isFile(above.appending($0)) }) {
                return true
            }
            guard above.moveUp() else { break }
        }
        return false
    }
}
