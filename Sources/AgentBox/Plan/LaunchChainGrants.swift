import LinuxSystem
import SystemPackage

extension ChainBuilder {
    /// Adds one file, by its real path, and the links that lead to it.
    /// - Throws: ``LaunchChainError/tooBroad(_:need:)`` for key material and the like.
    mutating func grant(file path: FilePath, as reason: String) throws(LaunchChainError) {
        guard let found = files.resolve(path) else { return }
        // Debian keeps configuration that programs link to in /etc; a folder there is never granted.
        let isPrivate = limits.holdsSecrets(found.path) && !found.path.starts(with: "/etc")
        if isPrivate { throw .tooBroad(found.path, need: "the \(reason)") }
        links += found.links
        readable.append(ReadablePath(found.path, isFolder: found.entry.kind == .folder, reason: reason))
    }

    /// Adds a folder that the program cannot do without.
    /// - Throws: ``LaunchChainError/tooBroad(_:need:)`` when it holds more than a program.
    mutating func grant(folder path: FilePath, as reason: String) throws(LaunchChainError) {
        guard let found = files.resolve(path), found.entry.kind == .folder else { return }
        if limits.isTooBroad(found.path) { throw .tooBroad(found.path, need: "the \(reason)") }
        links += found.links
        readable.append(ReadablePath(found.path, isFolder: true, reason: reason))
    }

    /// Adds the names in a folder, which the program looks through to find its own files.
    mutating func list(folder path: FilePath, as reason: String) {
        guard let found = files.resolve(path), found.entry.kind == .folder else { return }
        if limits.isTooBroad(found.path) {
            notes.append(
                "the names in \(path) are not readable as \(reason): more than this program lies there. "
                    + "Start it in a folder of its own")
            return
        }
        links += found.links
        readable.append(ReadablePath(found.path, isFolder: true, isListed: true, reason: reason))
    }

    /// Adds a folder that the program may do without; one that is too broad is left out, and a note says so.
    /// - Returns: Whether it was added.
    @discardableResult
    mutating func offer(folder path: FilePath, as reason: String) -> Bool {
        do {
            try grant(folder: path, as: reason)
            return files.isFolder(path)
        } catch {
            notes.append(
                "\(path) is not readable as \(reason): it holds more than this program. --read-path can add parts")
            return false
        }
    }

    /// Adds a script and the folder it lies in, where interpreters look for its modules.
    mutating func grant(script path: FilePath) throws(LaunchChainError) {
        try grant(file: path, as: "script")
        guard let real = files.resolve(path), real.entry.kind == .file else { return }
        offer(folder: real.path.parent, as: "script's folder")
    }

    // MARK: Libraries

    /// Libraries that lie outside the runtime base: beside the program, or where its own search path points.
    mutating func addLibraries(of image: ElfImage, _ program: FilePath) throws(LaunchChainError) {
        if image.needed.isEmpty || RuntimeBase.covers(libraryOf: program) { return }
        let origin = program.parent
        let root = origin.lastComponent == "bin" ? origin.parent : origin
        let places = image.searchFolders.map { folder in
            FilePath(["$ORIGIN", "${ORIGIN}"].reduce(folder) { $0.replacing($1, with: origin.string) })
        }
        for place in withoutDuplicates(places + [root.appending("lib")]) where place.isAbsolute {
            guard let real = files.resolve(place)?.path, !RuntimeBase.covers(real) else { continue }
            let found = image.needed.filter { !$0.contains("/") && files.isFile(real.appending($0)) }
            if found.isEmpty { continue }
            // In its own installation it may load more by name; elsewhere only what it is linked with.
            if real.starts(with: root), !limits.isTooBroad(real) {
                try grant(folder: real, as: "program's libraries")
            } else {
                for name in found { try grant(file: real.appending(name), as: "library") }
            }
        }
    }

    // MARK: Kinds of programs

    mutating func addOwnFiles(of call: ProgramCall) throws(LaunchChainError) {
        // `python3.12`, `pypy3`, `ruby3.1`: the number says nothing about the kind.
        let kind = call.name.prefix { $0.isLetter || $0 == "-" }
        switch kind {
        case "python", "pypy": try addPython(call)
        case "node", "nodejs": try addNode(call, options: nodeOptions)
        case "bun": try addNode(call.withoutSubcommand("run"), options: bunOptions)
        case "deno":
            try addNode(call.withoutSubcommand("run"), options: denoOptions)
            if let cache = environment["DENO_DIR"].map({ FilePath($0) }) ?? home?.appending(".cache").appending("deno"),
                cache.isAbsolute
            {
                offer(folder: cache, as: "deno's cache")
            }
        case "java": try addJava(call)
        case "sh", "bash", "dash", "zsh", "ksh", "fish", "busybox":
            if let script = firstOperand(call.arguments, withValue: ["-o", "-O", "+O", "--rcfile", "--init-file"]),
                !call.arguments.contains("-c")
            {
                try grant(file: absolute(script), as: "script")
            }
            notes.append(LaunchChain.shellNote)
        case "ruby", "perl", "php", "lua":
            try addInstallation(of: call.program, library: String(kind))
            let valued: Set<String> = ["-I", "-r", "-d", "-c", "-S", "-C", "-M", "-l"]
            if !call.arguments.contains("-e"), let script = firstOperand(call.arguments, withValue: valued) {
                try grant(script: absolute(script))
            }
        default: break
        }
    }

    /// An interpreter outside the base brings its whole installation: `PREFIX/bin/ruby` with `PREFIX/lib/ruby`.
    mutating func addInstallation(of program: FilePath, library: String) throws(LaunchChainError) {
        let bin = program.parent
        let prefix = bin.parent
        guard bin.lastComponent == "bin", !RuntimeBase.covers(libraryOf: program) else { return }
        let libraries = (files.list(prefix.appending("lib")) ?? []).filter { $0.name.hasPrefix(library) }
        if libraries.isEmpty { return }
        // A prefix such as ~/.local is shared with other programs: there only the interpreter's own part of it.
        if limits.isTooBroad(prefix) {
            for entry in libraries {
                try grant(folder: prefix.appending("lib").appending(entry.name), as: "installation")
            }
        } else {
            try grant(folder: prefix, as: "\(library) installation")
        }
    }

    /// The first argument that is no option, nor an option's value.
    func firstOperand(_ arguments: [String], withValue: Set<String>) -> String? {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" { return rest.first }
            guard word.hasPrefix("-") || (word.hasPrefix("+") && word.count > 1) else { return word }
            if word == "-" { return nil }
            if withValue.contains(word) { _ = rest.popFirst() }
        }
        return nil
    }

    // MARK: Java

    private mutating func addJava(_ call: ProgramCall) throws(LaunchChainError) {
        let bin = call.program.parent
        if bin.lastComponent == "bin", !RuntimeBase.covers(call.program) {
            let home = bin.parent
            // Before Java 9 the program lay in JAVA_HOME/jre/bin.
            try grant(
                folder: home.lastComponent == "jre" ? home.parent : home, as: "Java installation")
        }
        var rest = call.arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") || word.hasPrefix("@") else {
                // One file of source, which java(1) compiles in memory; otherwise the main class.
                if word.hasSuffix(".java") { try grant(file: absolute(word), as: "program source") }
                return
            }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch parts[0] {
            case "-jar":
                if let jar = rest.popFirst() { try grant(file: absolute(jar), as: "program archive") }
                return
            case "-cp", "-classpath", "--class-path", "-p", "--module-path":
                let value = parts.count == 2 ? parts[1] : rest.popFirst() ?? ""
                for entry in value.split(separator: ":") { try grantClassPath(String(entry)) }
            case "-m", "--module": return
            case _ where parts[0].hasPrefix("-javaagent:"):
                try grant(file: absolute(String(parts[0].dropFirst("-javaagent:".count))), as: "Java agent")
            case _ where word.hasPrefix("@"): try grant(file: absolute(String(word.dropFirst())), as: "argument file")
            default: break
            }
        }
    }

    /// `lib/*` stands for all archives in a folder.
    private mutating func grantClassPath(_ entry: String) throws(LaunchChainError) {
        let path = absolute(entry.hasSuffix("/*") ? String(entry.dropLast(2)) : entry)
        if files.isFolder(path) {
            try grant(folder: path, as: "class path")
        } else {
            try grant(file: path, as: "class path")
        }
    }
}

extension ProgramCall {
    /// `bun run server.ts` and `bun server.ts` start the same file.
    func withoutSubcommand(_ word: String) -> ProgramCall {
        guard arguments.first == word else { return self }
        var call = self
        call.arguments.removeFirst()
        return call
    }
}
