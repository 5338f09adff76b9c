import LinuxSystem
import SystemPackage

/// Follows a command step by step; the one mutable value behind ``LaunchChain``.
struct ChainBuilder {
    let path: [FilePath]
    let folder: FilePath
    let environment: [String: String]
    let files: any FileSystemView
    let records: any PackageRecords
    let limits: ClosureGuard
    /// As the environment has it, links unresolved.
    let home: FilePath?

    var readable: [ReadablePath] = []
    var links: [SymbolicLink] = []
    var notes: [String] = []
    var change = EnvironmentChange()
    var runner: PackageRunner?
    var package: PreparedPackage?

    /// `#!` lines the kernel follows before it answers ELOOP. fs/exec.c, exec_binprm
    private static let scriptDepth = 5
    /// All steps together, `env` and wrappers included, so that no two files can lead to each other for ever.
    private static let stepLimit = 24

    init(
        path: [FilePath], folder: FilePath, environment: [String: String], files: any FileSystemView,
        records: any PackageRecords
    ) {
        self.path = path
        self.folder = folder
        self.environment = environment
        self.files = files
        self.records = records
        home = environment["HOME"].map { FilePath($0) }.flatMap { $0.isAbsolute ? $0.lexicallyNormalized() : nil }
        limits = ClosureGuard(home: home.map { files.resolve($0)?.path ?? $0 }, files: files)
    }

    mutating func build(_ command: [String]) throws(LaunchChainError) -> LaunchChain {
        var command = command
        var depth = 0
        for _ in 0..<Self.stepLimit {
            guard let name = command.first, !name.isEmpty else { throw .emptyCommand }
            let found = try find(name)
            if let next = try followed(found.asked, Array(command.dropFirst())) {
                command = next
                continue
            }
            let file = found.file
            let start = files.bytes(of: file.path, from: 0, count: ScriptLine.length) ?? []
            if start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return try end(found, command) }
            command = try behindScript(found, start, Array(command.dropFirst()))
            depth += 1
            if depth > Self.scriptDepth { throw .tooDeep(file.path) }
        }
        throw .tooDeep(FilePath(command[0]))
    }

    /// Finds a program as execvp(3) does.
    private mutating func find(_ name: String) throws(LaunchChainError) -> (asked: FilePath, file: ResolvedPath) {
        let candidates = name.contains("/") ? [absolute(name)] : path.map { $0.appending(name) }
        var refused: LaunchChainError?
        for candidate in candidates {
            guard let file = files.resolve(candidate) else { continue }
            if file.entry.kind == .file, file.entry.isExecutable { return (candidate, file) }
            refused = refused ?? (file.entry.kind == .folder ? .isFolder(candidate) : .notExecutable(candidate))
        }
        if let refused { throw refused }
        throw .notFound(name)
    }

    /// Steps that are known by the program's name: `env`, shims, package runners, `sh -c` with one plain command.
    private mutating func followed(_ asked: FilePath, _ rest: [String]) throws(LaunchChainError) -> [String]? {
        let name = asked.lastComponent?.string ?? ""
        if name == "env" {
            let env = try EnvCommand(rest)
            guard !env.command.isEmpty else { return nil }
            if env.change.clears { change = EnvironmentChange() }
            change.clears = change.clears || env.change.clears
            change.removed += env.change.removed
            change.set += env.change.set
            return env.command
        }
        if ["sh", "bash", "dash"].contains(name), rest.count == 2, rest[0] == "-c",
            let command = ShellText.plainCommand(rest[1])
        {
            notes.append("`\(name) -c` runs one plain command, so that is what is started")
            return command
        }
        if ["sh", "bash", "dash"].contains(name), let operand = rest.first, !operand.hasPrefix("-") {
            let script = absolute(operand)
            if let next = wrapped(script) {
                notes.append("\(script) only starts \(next[0]), so that is what is started")
                return next + rest.dropFirst()
            }
        }
        if let next = versionManagerCommand(asked, name) { return [next.string] + rest }
        if var runner = PackageRunner(name: name, arguments: rest) {
            runner.folder = asked.parent
            return try installed(runner)
        }
        return nil
    }

    /// What agentbound installed for the runner goes before what the runner did: its version was said and agreed to.
    private mutating func installed(_ runner: PackageRunner) throws(LaunchChainError) -> [String] {
        self.runner = runner
        let packages = InstalledPackages(files: files, folder: folder, home: home, environment: environment)
        if let package = records.package(for: runner) {
            // A folder that somebody cleared away is filled again with the same version; others do not take its place.
            guard let program = packages.program(of: runner, in: package.folder) else { throw .runner(runner) }
            self.package = package
            let name = runner.kind.name
            notes.append("\(name) is not started: \(package.name) \(package.version) was installed on \(package.date)")
            if !runner.isExact {
                notes.append(
                    "`\(runner.package)` names no version; `\(runner.pinned(to: package.version))` means this one, "
                        + "and `run --prepare` looks for a newer one")
            }
            return [program.string] + runner.arguments
        }
        let next = try packages.command(for: runner)
        notes.append("\(runner.kind.name) is not started: \(runner.package) is installed, at \(next[0])")
        if !runner.isExact, let version = packages.version(of: runner, at: FilePath(next[0])) {
            notes.append(
                "`\(runner.package)` names no version, and \(version) is the one that is installed; "
                    + "`\(runner.pinned(to: version))` says so")
        }
        return next
    }

    private func wrapped(_ script: FilePath) -> [String]? {
        guard let real = files.resolve(script)?.path, let text = files.text(of: real, limit: 1 << 14) else {
            return nil
        }
        return ShellWrapper.command(of: script, real: real, text)
    }

    private mutating func behindScript(
        _ found: (asked: FilePath, file: ResolvedPath), _ start: [UInt8], _ rest: [String]
    ) throws(LaunchChainError) -> [String] {
        let file = found.file
        try grant(file: found.asked, as: "script")
        guard let line = ScriptLine(start) else {
            // execvp(3) hands a text file without `#!` to the shell; the kernel alone would say ENOEXEC.
            guard !start.starts(with: [0x23, 0x21]), !start.contains(0) else {
                throw .badFormat(file.path, "its `#!` line is not one the kernel can follow")
            }
            return ["/bin/sh", found.asked.string] + rest
        }
        let interpreter = absolute(line.interpreter)
        if ["sh", "bash", "dash"].contains(interpreter.lastComponent?.string ?? ""), let next = wrapped(found.asked) {
            notes.append("\(found.asked) only starts \(next[0]), so that is what is started")
            return next + rest
        }
        guard let program = files.resolve(interpreter), program.entry.kind == .file, program.entry.isExecutable else {
            throw .missingInterpreter(script: found.asked, interpreter: line.interpreter)
        }
        return [interpreter.string] + (line.argument.map { [$0] } ?? []) + [found.asked.string] + rest
    }

    /// The chain's end: an ELF file, its loader, and what its kind of program needs.
    private mutating func end(
        _ found: (asked: FilePath, file: ResolvedPath), _ command: [String]
    ) throws(LaunchChainError) -> LaunchChain {
        let program = found.file.path
        let files = files
        var image: ElfImage
        do { image = try ElfImage { files.bytes(of: program, from: $0, count: $1) } } catch {
            throw .badFormat(
                program, error == .wrongMachine ? "made for another kind of machine" : "a damaged ELF file")
        }
        try grant(file: found.asked, as: "program")
        var chain = LaunchChain(program: program, argv: [found.asked.string] + command.dropFirst())
        chain.executable = [program]
        if let name = image.interpreter {
            guard let loader = files.resolve(absolute(name)), loader.entry.kind == .file else {
                throw .missingInterpreter(script: program, interpreter: name)
            }
            try grant(file: absolute(name), as: "loader")
            chain.interpreter = loader.path
            chain.executable.append(loader.path)
        }
        try addLibraries(of: image, program)
        try addOwnFiles(of: ProgramCall(asked: found.asked, program: program, arguments: Array(command.dropFirst())))
        chain.environment = change
        chain.readable = withoutNested(readable)
        chain.links = withoutDuplicates(links).filter { link in
            // Links below /proc are each process's own: the box has the server's, which lead to the same working directory.
            !link.path.starts(with: "/proc")
                && !chain.readable.contains { $0.isFolder && !$0.isListed && link.path.starts(with: $0.path) }
        }
        chain.runner = runner
        chain.package = package
        chain.notes = withoutDuplicates(notes)
        return chain
    }

    /// A path of the command made absolute, without resolving anything.
    func absolute(_ text: String) -> FilePath {
        let path = FilePath(text)
        return path.isAbsolute ? path : folder.appending(path.components)
    }
}

/// A program that will be started, for the rules of its kind.
struct ProgramCall: Hashable {
    /// The path it was found at, links unresolved.
    var asked: FilePath
    var program: FilePath
    var arguments: [String]

    var name: String { program.lastComponent?.string ?? "" }
}

/// In the same order, each once.
func withoutDuplicates<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
}

/// Drops what lies in a folder that is there already.
private func withoutNested(_ paths: [ReadablePath]) -> [ReadablePath] {
    let folders = Set(paths.filter { $0.isFolder && !$0.isListed }.map(\.path))
    var seen: Set<FilePath> = []
    return paths.filter { entry in
        if entry.isListed { return !folders.contains { entry.path.starts(with: $0) } }
        var above = entry.path
        while above.moveUp() { if folders.contains(above) { return false } }
        return seen.insert(entry.path).inserted
    }
}
