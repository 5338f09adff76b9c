/// Reads shell scripts: commands are programs, `$NAME` is the environment's when no script sets it, and `>` writes.
struct ShellReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// Below it lie functions, and variables with their sign.
    private let module: SymbolID
    private let tools: SymbolID
    private var functions: [SymbolID] = []
    private var lineStarts: [Int] = []
    /// What variables were given in this file, as far as it is known.
    private var values: [String: ShellWord] = [:]
    private var lastUse: [String: Int] = [:]
    private var usedBefore: Set<String> = []
    private var assigned: Set<String> = []

    init(_ base: SourceReader, anchor: Int) {
        self.base = base
        module = base.program.file(anchor)
        base.program.languages[module] = .shell
        base.program.languages[base.file] = .shell
        tools = base.program.module("sh", .shell)
    }

    mutating func read() {
        lineStarts = [0]
        for (i, byte) in base.bytes.enumerated() where byte == 0x0A { lineStarts.append(i + 1) }
        var script = ShellScript(base.bytes)
        script.run()
        base.facts.isBroken = script.isBroken
        take(script.events, at: nil)
    }

    /// What `SourceReader.finish` would drop as the file's own may be the environment's.
    mutating func finish() -> (FileFacts, Scopes) {
        var seen: [UInt64: Int] = [:]
        base.facts.uses.removeAll { use in
            let key = UInt64(UInt32(bitPattern: use.symbol)) << 32 | UInt64(UInt32(bitPattern: use.function))
            seen[key, default: 0] += 1
            return seen[key]! > 50
        }
        base.scopes.reset()
        return (base.facts, base.scopes)
    }

    /// - Parameter at: The place that all events are noted at, when they come from a text within the script.
    private mutating func take(_ events: [ShellEvent], at place: Int?) {
        for event in events {
            switch event {
            case .function(let name, _):
                let symbol = program.member(module, name)
                program.declared.insert(symbol)
                functions.append(symbol)
                if name.hasPrefix("tool_"), name.utf8.count > 5 {
                    program.tools.append(
                        ToolFact(
                            name: String(name.dropFirst(5)), handler: symbol, file: Int32(base.index),
                            line: line(place ?? 0)))
                }
            case .functionEnd: if !functions.isEmpty { functions.removeLast() }
            case .variable(let name, let at, let isDefaulted): variable(name, place ?? at, isDefaulted)
            case .assignment(let name, let value, let at): assignment(name, value, place ?? at)
            case .command(let words, let redirections, let at):
                for redirection in redirections { redirect(redirection, place ?? at) }
                command(words[...], place ?? at)
            }
        }
    }

    private func line(_ offset: Int) -> Int32 {
        var low = 0, high = lineStarts.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return Int32(low + 1)
    }

    private mutating func use(_ symbol: SymbolID, _ at: Int, _ arguments: [Argument] = []) {
        guard base.facts.uses.count < 100_000 else { return }
        base.facts.uses.append(
            Use(
                symbol: symbol, kind: .call, offset: Int32(at), line: line(at), function: functions.last ?? -1,
                arguments: arguments))
    }

    private mutating func act(_ name: String, _ at: Int, _ arguments: [Argument] = []) {
        use(program.member(tools, name), at, arguments)
    }

    private mutating func doubt(_ kind: Doubt.Kind, _ at: Int, _ text: String) {
        guard base.facts.doubts.count < 200 else { return }
        base.facts.doubts.append(
            Doubt(kind: kind, file: base.index, offset: Int32(at), line: line(at), text: String(text.prefix(120))))
    }

    private mutating func importFile(_ path: String, _ at: Int) {
        guard !path.isEmpty, path.utf8.count < 300 else { return }
        base.facts.imports.append(ImportFact(text: path, offset: Int32(at), line: line(at)))
    }

    // MARK: Variables

    /// What the shell itself keeps.
    private static let own: Set<String> = [
        "PWD", "OLDPWD", "IFS", "RANDOM", "SECONDS", "LINENO", "FUNCNAME", "PIPESTATUS", "OPTARG", "OPTIND", "OPTERR",
        "REPLY", "EUID",
        "UID", "PPID", "OSTYPE", "HOSTTYPE", "MACHTYPE", "SHLVL", "BASH", "BASHPID", "BASH_SOURCE", "BASH_VERSION",
        "BASH_VERSINFO",
        "BASH_REMATCH", "BASH_LINENO", "BASH_COMMAND", "BASH_SUBSHELL", "BASH_ARGV", "MAPFILE", "GROUPS", "DIRSTACK",
        "COPROC", "EPOCHSECONDS",
        "EPOCHREALTIME", "HOSTNAME", "ZSH_VERSION", "ZSH_ARGZERO", "COMP_WORDS", "COMP_CWORD", "COMPREPLY", "PS1",
        "PS2", "PS4", "_",
    ]

    private mutating func variable(_ name: String, _ at: Int, _ isDefaulted: Bool) {
        guard !name.isEmpty, !Self.own.contains(name) else { return }
        lastUse[name] = at
        if isDefaulted {
            environment(name, at)
            declare(name)
            return
        }
        if functions.isEmpty, !assigned.contains(name), Self.isCapital(name) { usedBefore.insert(name) }
        use(program.member(program.member(module, "$" + name), "value"), at, [.literal(name)])
    }

    private static func isCapital(_ name: String) -> Bool {
        name.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F || (0x30...0x39).contains($0) }
    }

    private mutating func environment(_ name: String, _ at: Int) {
        guard !Self.own.contains(name) else { return }
        act("env", at, [.literal(name)])
    }

    private mutating func declare(_ name: String) {
        program.declared.insert(program.member(module, "$" + name))
        assigned.insert(name)
    }

    private mutating func assignment(_ name: String, _ value: ShellWord?, _ at: Int) {
        // `PORT=${PORT:-80}`, and `[ -z "$PORT" ]` before anything was given to it.
        let isOwn = value != nil && (lastUse[name] ?? -1) >= at && !assigned.contains(name)
        if isOwn || usedBefore.contains(name) && !assigned.contains(name), Self.isCapital(name) {
            environment(name, at)
        }
        declare(name)
        if let value { values[name] = value }
    }

    // MARK: Files

    private mutating func redirect(_ redirection: ShellRedirection, _ at: Int) {
        let path = known(redirection.target)
        if path.hasPrefix("/dev/tcp/") || path.hasPrefix("/dev/udp/") {
            let parts = path.split(separator: "/")
            return act("connect", at, parts.count > 2 ? [.literal("tcp://" + parts[2])] : [.other])
        }
        if path.hasPrefix("/dev/"), !path.hasPrefix("/dev/shm") { return }
        let argument: Argument = redirection.target.isComputed ? .other : .literal(path)
        if redirection.isOutput { act("write", at, [argument]) }
        if redirection.isInput { act("read", at, [argument]) }
    }

    /// A word's text, with a variable in its place when this file says what it is.
    private func known(_ word: ShellWord) -> String {
        if let name = word.variable, let value = values[name], !value.isComputed { return value.string }
        return word.string
    }

    // MARK: Commands

    private static let builtins: Set<String> = [
        "cd", "echo", "printf", "exit", "return", "shift", "set", "shopt", "true", "false", ":", "break", "continue",
        "wait", "type",
        "hash", "alias", "unalias", "umask", "ulimit", "pushd", "popd", "dirs", "jobs", "bg", "fg", "disown", "let",
        "getopts", "pwd",
        "times", "caller", "enable", "help", "logout", "bind", "complete", "compgen", "compopt", "history", "suspend",
        "setopt", "unsetopt",
        "autoload", "zmodload", "emulate", "print", "rehash", "fc", "in", "}", "{", "]]", "then", "do", "fi", "done",
        "esac",
    ]
    /// They start what their other words name.
    private static let wrappers: Set<String> = [
        "sudo", "env", "nohup", "time", "exec", "command", "nice", "xargs", "timeout", "gtimeout", "stdbuf", "setsid",
        "builtin", "ionice", "chronic",
        "unbuffer", "flock", "doas",
    ]
    /// Options of them that take a word.
    private static let wrapperOptions: Set<String> = [
        "-n", "-P", "-I", "-L", "-d", "-u", "-k", "-s", "-o", "-e", "-i", "-a", "-c", "-C",
    ]

    private mutating func command(_ words: ArraySlice<ShellWord>, _ at: Int, depth: Int = 0) {
        guard let first = words.first, depth < 12 else { return }
        var name = known(first)
        let isKnown = !first.isComputed || first.variable.map { values[$0].map { !$0.isComputed } ?? false } ?? false
        let rest = words.dropFirst()
        guard isKnown else { return computed(first, rest, at) }
        // A variable may hold a program with its arguments.
        if let space = name.utf8.firstIndex(of: 0x20), first.variable != nil { name = String(name[..<space]) }
        switch name {
        case "source", ".": return source(rest.first, at)
        case "eval": return evaluate(rest, at)
        case "trap":
            if let word = rest.first, !word.isComputed, depth < 4 { take(ShellScript.events(of: word.string), at: at) }
            return
        case "export", "declare", "typeset", "local", "readonly": return declaration(name, rest, at)
        case "read", "mapfile", "readarray": return readInto(name, rest)
        case "unset":
            for word in rest where !word.isComputed && !word.text.starts(with: [0x2D]) { declare(word.string) }
            return
        case "getopts":
            if let word = rest.dropFirst().first { declare(word.string) }
            return
        case "printf":
            if let flag = rest.first, flag.string == "-v", let word = rest.dropFirst().first { declare(word.string) }
            return
        case "test", "[", "[[": return test(rest, at)
        case "kill":
            // A script's own children are its own business.
            let targets = rest.filter { !$0.text.starts(with: [0x2D]) || $0.isComputed }
            if targets.allSatisfy({ $0.variable == "!" || $0.variable == "$" || $0.text.starts(with: [0x25]) }) {
                return
            }
            return act("signal", at)
        case "bash", "sh", "zsh", "dash", "ksh": shell(rest, at)
        default: break
        }
        if Self.builtins.contains(name) { return }
        let base = PathText.name(name)
        if Self.wrappers.contains(base) {
            if base == "command", let flag = rest.first, flag.string == "-v" || flag.string == "-V" { return }
            if !["exec", "command", "builtin", "time"].contains(base) { act("filter", at, [.literal(base)]) }
            return command(wrapped(rest, base), at, depth: depth + 1)
        }
        if name.hasSuffix(".sh") || name.hasPrefix("./") || name.hasPrefix("../") { importFile(name, at) }
        run(name, base, rest, at, depth)
    }

    /// What stands behind a wrapper's own options.
    private func wrapped(_ words: ArraySlice<ShellWord>, _ name: String) -> ArraySlice<ShellWord> {
        var words = words
        var hasTime = name == "timeout" || name == "gtimeout" || name == "flock"
        while let word = words.first {
            let text = word.string
            if text.hasPrefix("-"), text != "-" {
                words = words.dropFirst()
                if Self.wrapperOptions.contains(text), name != "command", name != "exec" || text == "-a",
                    name != "sudo" || text == "-u", name != "env" || text == "-u",
                    name != "time", name != "nice" || text == "-n"
                {
                    words = words.dropFirst()
                }
            } else if text.utf8.contains(0x3D), name == "env" || name == "sudo" {
                words = words.dropFirst()
            } else if hasTime {
                hasTime = false
                words = words.dropFirst()
            } else {
                return words
            }
        }
        return words
    }

    private mutating func computed(_ word: ShellWord, _ rest: ArraySlice<ShellWord>, _ at: Int) {
        let value = word.variable.flatMap { values[$0] } ?? word
        let suffix = String(decoding: value.suffix, as: UTF8.self)
        // `"$folder/tool.sh"`
        if suffix.utf8.contains(0x2F) {
            importFile(suffix, at)
            if !suffix.hasSuffix(".sh") { doubt(.computedProgram, at, word.string) }
            let name = PathText.name(suffix)
            return act("program", at, [.list([.literal(name)] + arguments(rest))])
        }
        // `"tool_$name"` is a function of the script more often than not.
        if let prefix = word.prefix, !prefix.isEmpty, word.variable == nil {
            return doubt(.computedProgram, at, word.string)
        }
        doubt(.computedProgram, at, word.variable.map { "$" + $0 } ?? word.string)
        act("computed", at)
        importFile("*", at)
    }

    private func arguments(_ words: ArraySlice<ShellWord>) -> [Argument] {
        words.prefix(40).map { word in
            let text = known(word)
            let isComputed = word.isComputed && (word.variable.map { values[$0]?.isComputed ?? true } ?? true)
            return isComputed
                ? .template(prefix: String(decoding: word.prefix ?? [], as: UTF8.self), text: text) : .literal(text)
        }
    }

    private mutating func source(_ word: ShellWord?, _ at: Int) {
        guard let word else { return }
        let path = word.isComputed ? String(decoding: word.suffix, as: UTF8.self) : word.string
        let value = word.variable.flatMap { values[$0] }
        let text = value.map { $0.isComputed ? String(decoding: $0.suffix, as: UTF8.self) : $0.string } ?? path
        importFile(text, at)
        if text.hasSuffix(".env") || text.hasPrefix("/") && !word.isComputed { act("read", at, [.literal(text)]) }
        if text.isEmpty { doubt(.dynamicImport, at, word.string) }
    }

    private mutating func evaluate(_ words: ArraySlice<ShellWord>, _ at: Int) {
        if words.allSatisfy({ !$0.isComputed }) {
            return take(ShellScript.events(of: words.map(\.string).joined(separator: " ")), at: at)
        }
        doubt(.evaluation, at, words.map(\.string).joined(separator: " "))
        act("eval", at)
    }

    /// `sh -c "text"`, `bash script.sh`
    private mutating func shell(_ words: ArraySlice<ShellWord>, _ at: Int) {
        var words = words
        while let word = words.first {
            let text = word.string
            if text.hasPrefix("-"), text.hasSuffix("c"), !text.hasPrefix("--") {
                guard let script = words.dropFirst().first else { return }
                if script.isComputed { doubt(.shellString, at, script.string) }
                return take(ShellScript.events(of: script.string), at: at)
            }
            guard text.hasPrefix("-") else { break }
            words = words.dropFirst()
        }
        if let script = words.first {
            importFile(script.isComputed ? String(decoding: script.suffix, as: UTF8.self) : script.string, at)
        }
    }

    private mutating func declaration(_ name: String, _ words: ArraySlice<ShellWord>, _ at: Int) {
        var isExport = name == "export"
        var isChange = false
        for word in words {
            let text = word.string
            if text.hasPrefix("-") {
                if text.utf8.contains(0x78) { isExport = true }  // -x
                continue
            }
            let variable = String(text.prefix { $0 != "=" && $0 != "+" })
            guard !variable.isEmpty, !word.isQuoted || text.utf8.contains(0x3D) else { continue }
            if text.utf8.contains(0x3D) {
                var value = word
                value.text = Array(word.text.dropFirst(variable.utf8.count + 1))
                assignment(variable, value, word.start)
                isChange = true
            } else if !isExport {
                declare(variable)
            } else {
                isChange = true
            }
        }
        if isExport, isChange { act("export", at) }
    }

    private mutating func readInto(_ name: String, _ words: ArraySlice<ShellWord>) {
        var skips = false
        for word in words {
            let text = word.string
            if skips {
                skips = false
            } else if text.hasPrefix("-") {
                skips =
                    (name == "read"
                    ? ["-p", "-t", "-n", "-N", "-d", "-u", "-i"] : ["-d", "-n", "-O", "-s", "-u", "-C", "-c"]).contains(
                        text)
            } else if !word.isComputed {
                declare(text)
            }
        }
    }

    /// `[ -f "$x" ]` looks at a file.
    private mutating func test(_ words: ArraySlice<ShellWord>, _ at: Int) {
        var previous = ""
        for (word, next) in zip(words, words.dropFirst()) {
            defer { previous = word.string }
            guard
                ["-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h", "-nt", "-ot", "-S", "-p", "-O"].contains(
                    word.string), !word.isQuoted,
                !["=", "==", "!=", "-eq", "-ne"].contains(previous), next.string != "]"
            else { continue }
            let path = known(next)
            if path.hasPrefix("/dev/") { continue }
            act("look", at, [next.isComputed ? .other : .literal(path)])
            return
        }
    }

    // MARK: Programs

    /// Programs that read what they are given on standard input, unless files are named: how many words come before the files, and
    /// which options take a word.
    private static let filters: [String: (before: Int, options: Set<String>)] = [
        "cat": (0, []), "head": (0, ["-n", "-c"]), "tail": (0, ["-n", "-c"]), "less": (0, []), "more": (0, []),
        "sort": (0, ["-t", "-k", "-S", "-T"]),
        "uniq": (0, ["-f", "-s", "-w"]), "wc": (0, []), "cut": (0, ["-d", "-f", "-c", "-b"]), "tr": (99, []),
        "nl": (0, ["-w", "-s", "-b"]),
        "rev": (0, []), "tac": (0, []), "fold": (0, ["-w"]), "column": (0, ["-t", "-s"]), "paste": (0, ["-d"]),
        "od": (0, ["-A", "-t", "-N", "-j"]),
        "xxd": (0, ["-l", "-s", "-c"]), "hexdump": (0, ["-n", "-e", "-s"]), "base64": (0, ["-w"]), "md5sum": (0, []),
        "sha256sum": (0, []), "sha1sum": (0, []),
        "shasum": (0, ["-a"]), "md5": (0, []), "strings": (0, ["-n"]), "grep": (1, ["-m", "-A", "-B", "-C", "-e"]),
        "egrep": (1, ["-m", "-A", "-B", "-C", "-e"]),
        "fgrep": (1, ["-m", "-A", "-B", "-C", "-e"]), "sed": (1, ["-e"]), "gsed": (1, ["-e"]),
        "awk": (1, ["-F", "-v"]), "gawk": (1, ["-F", "-v"]),
        "jq": (1, ["--indent", "--tab"]), "yq": (1, []), "gojq": (1, []), "jaq": (1, []), "bc": (0, []),
        "gzip": (0, []), "gunzip": (0, []), "iconv": (0, ["-f", "-t"]),
        "cmp": (0, []), "expand": (0, []), "fmt": (0, ["-w"]), "xmllint": (0, ["--xpath"]),
        "perl": (0, ["-e", "-ne", "-pe"]), "python": (0, ["-c", "-m"]),
        "python3": (0, ["-c", "-m"]), "node": (0, ["-e", "-p"]), "ruby": (0, ["-e"]), "tee": (0, []),
        "openssl": (99, []),
    ]

    private mutating func run(_ name: String, _ base: String, _ words: ArraySlice<ShellWord>, _ at: Int, _ depth: Int) {
        let texts = words.map(\.string)
        switch base {
        case "curl", "wget", "http", "https", "xh": transfer(base, words, at)
        case "nc", "ncat", "netcat":
            if texts.contains(where: {
                $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.utf8.contains(0x6C) || $0 == "--listen"
            }) {
                act("filter", at, [.literal(base)])
                return act("listen", at, port(texts))
            }
        case "socat":
            act("filter", at, [.literal(base)])
            if texts.contains(where: { $0.uppercased().contains("LISTEN") }) {
                act("listen", at)
            } else if texts.contains(where: { $0.uppercased().hasPrefix("TCP") || $0.uppercased().hasPrefix("OPENSSL") }
            ) {
                act("connect", at)
            }
            return
        case "python", "python3":
            if texts.contains("http.server") || texts.contains("SimpleHTTPServer") { act("listen", at, port(texts)) }
        case "find":
            if texts.contains("-delete") { act("delete", at) }
            for (i, word) in words.enumerated() where ["-exec", "-execdir", "-ok"].contains(word.string) {
                command(words.dropFirst(i + 1).prefix { $0.string != ";" && $0.string != "+" }, at, depth: depth + 1)
            }
        case "sed", "gsed", "perl":
            if texts.contains(where: { $0.hasPrefix("-i") || $0.hasPrefix("--in-place") || $0.hasPrefix("-pi") }) {
                act("change", at)
            }
        case "sort":
            if texts.contains("-o") { act("change", at) }
        case "git":
            return use(program.member(module, base), at, [.list([.literal(name)] + arguments(words))])
        default: break
        }
        if let filter = Self.filters[base], program.declared.contains(program.member(module, base)) == false {
            act("filter", at, [.literal(name)])
            if readsFile(base, words, filter.before, filter.options) { act(base == "tee" ? "change" : "open", at) }
            return
        }
        use(program.member(module, name), at, [.list([.literal(name)] + arguments(words))])
    }

    private func port(_ texts: [String]) -> [Argument] {
        for text in texts where UInt16(text) != nil { return [.number(text)] }
        return []
    }

    private func readsFile(_ name: String, _ words: ArraySlice<ShellWord>, _ before: Int, _ options: Set<String>)
        -> Bool
    {
        var left = before
        var skips = 0
        let isJSON = ["jq", "gojq", "jaq"].contains(name)
        for word in words {
            let text = word.string
            if skips > 0 {
                skips -= 1
            } else if !word.isQuoted || !text.isEmpty, text.hasPrefix("-"), text != "-" {
                if isJSON {
                    switch text {
                    case "--arg", "--argjson": skips = 2
                    case "--slurpfile", "--rawfile", "--from-file", "-f": return true
                    case "--args", "--jsonargs": return false
                    case "-n", "--null-input", "-nr", "-nc", "-rn", "-cn", "-ncr":
                        if before == 1 { left = max(left, 1) + 90 }
                    default: break
                    }
                }
                if ["-f", "--file"].contains(text), ["grep", "sed", "awk", "gawk"].contains(name) { return true }
                if text == "-e", ["grep", "egrep", "fgrep", "sed", "gsed"].contains(name) { left = 0 }
                if ["-c", "-m", "-e", "-p", "-ne", "-pe"].contains(text),
                    ["python", "python3", "node", "ruby", "perl"].contains(name)
                {
                    left = 99
                }
                if options.contains(text) { skips += 1 }
            } else if left > 0 {
                left -= 1
            } else if text == "-" || text.hasPrefix("/dev/") || text.isEmpty && !word.isComputed {
                continue
            } else {
                return true
            }
        }
        return false
    }

    /// `curl` and `wget`: where they go, what they take along, and where they put what they get.
    private mutating func transfer(_ name: String, _ words: ArraySlice<ShellWord>, _ at: Int) {
        var previous = ""
        for word in words {
            let text = known(word)
            let isFile = text != "-" && !text.hasPrefix("/dev/")
            if ["-o", "--output", "-O", "-P", "--output-document", "-D", "-c", "--cookie-jar", "--directory-prefix"]
                .contains(previous), name == "curl" ? previous != "-O" && previous != "-P" : true,
                isFile, name != "wget" || previous != "-o" || isFile
            {
                act("change", at)
            }
            if name == "curl", text == "-O" || text == "--remote-name" || text == "-OJ" || text == "-LO" {
                act("change", at)
            }
            if name == "curl", ["-T", "--upload-file", "-K", "--config"].contains(previous) { act("open", at) }
            if ["-d", "--data", "--data-binary", "-F", "--form", "--data-urlencode", "--data-raw"].contains(previous),
                previous != "--data-raw"
            {
                if text.hasPrefix("@") && text != "@-" || previous.lowercased().hasPrefix("-f") && text.contains("=@") {
                    act("open", at)
                }
            }
            if text.contains("://") {
                act("connect", at, [word.isComputed ? .template(prefix: text, text: text) : .literal(text)])
            } else if word.isComputed, word.variable != nil, !previous.hasPrefix("-") {
                act("connect", at, [.other])
            }
            previous = text
        }
        if name == "wget",
            !words.contains(where: {
                ["-O-", "-qO-", "--spider"].contains($0.string) || $0.string.hasPrefix("-O")
                    || $0.string.hasPrefix("-qO")
            })
        {
            act("change", at)
        }
    }
}
