import LinuxSystem
import SystemPackage

/// The first line of a script, read as the kernel's binfmt_script does.
struct ScriptLine: Hashable {
    var interpreter: String
    /// All after the interpreter is one argument, blanks inside it included.
    var argument: String?

    /// How much of a file the kernel looks at. binfmt_script.c, BINPRM_BUF_SIZE
    static let length = 256

    /// - Returns: `nil` when the kernel would not take it for a script: no `#!`, no name, or a name that is cut off.
    init?(_ start: [UInt8]) {
        guard start.starts(with: [0x23, 0x21]) else { return nil }
        let buffer = start.prefix(Self.length).dropFirst(2)
        var line = buffer.prefix { $0 != UInt8(ascii: "\n") }
        let isCut = line.count == buffer.count && start.count >= Self.length
        line = line.drop(while: Self.isBlank)
        let name = line.prefix { !Self.isBlank($0) && $0 != 0 }
        // Without a line end the name is whole only when something follows it.
        if name.isEmpty || (isCut && name.count == line.count) { return nil }
        var rest = line.dropFirst(name.count).prefix { $0 != 0 }.drop(while: Self.isBlank)
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        interpreter = String(decoding: name, as: UTF8.self)
        argument = rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// Words as a shell splits them, for text in which nothing but quotes and blanks is special.
enum SimpleWords {
    /// - Parameter expanding: Characters that would be special to a shell and are taken as they are.
    /// - Returns: `nil` when a shell would do more than split: expansions, pipes, several commands, an open quote.
    static func split(_ text: some StringProtocol, literally allowed: Set<Character> = []) -> [String]? {
        let special: Set<Character> = Set("|&;<>()$`*?[]#~{}!\n").subtracting(allowed)
        let quotedSpecial: Set<Character> = Set("$`").subtracting(allowed)
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let next = characters.next() {
            switch (quote, next) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case ("'", _): word!.append(next)
            case (_, "\\"):
                guard let escaped = characters.next(), escaped != "\n" else { return nil }
                // Between double quotes a backslash stays, save before these. POSIX shell, 2.2.3
                let stays = quote != nil && !"$`\"\\".contains(escaped)
                word = (word ?? "") + (stays ? "\\" : "") + String(escaped)
            case (nil, "'"), (nil, "\""):
                quote = next
                word = word ?? ""
            case (nil, " "), (nil, "\t"):
                if let done = word { words.append(done) }
                word = nil
            default:
                if (quote == nil ? special : quotedSpecial).contains(next) { return nil }
                word = (word ?? "") + String(next)
            }
        }
        if quote != nil { return nil }
        if let done = word { words.append(done) }
        return words
    }
}

/// The command line of env(1), as far as coreutils and busybox agree.
struct EnvCommand: Hashable {
    var change = EnvironmentChange()
    /// What env starts; empty when it would only print.
    var command: [String] = []

    /// - Parameter arguments: What follows `env`.
    init(_ arguments: [String]) throws(LaunchChainError) {
        var rest = arguments[...]
        var splits = 0
        while let word = rest.first, word.hasPrefix("-") {
            rest.removeFirst()
            if word == "--" { break }
            switch word {
            case "-", "-i", "--ignore-environment": change.clears = true
            case "-u", "--unset":
                guard let name = rest.popFirst() else { throw .unsupportedEnv(option: word) }
                change.removed.append(name)
            case _ where word.hasPrefix("--unset="): change.removed.append(String(word.dropFirst(8)))
            default:
                // A `#!` line carries one argument, so these come glued: `-S node --flag`, `-iS node`.
                guard let text = Self.splitText(word, clears: &change.clears) ?? Self.next(word, &rest), splits < 8,
                    let words = SimpleWords.split(text, literally: Set("|&;<>()*?[]~{}!"))
                else { throw .unsupportedEnv(option: word) }
                splits += 1
                rest = (words + rest)[...]
            }
        }
        while let word = rest.first, let equals = word.firstIndex(of: "="), equals != word.startIndex {
            change.set.append(.init(name: String(word[..<equals]), value: String(word[word.index(after: equals)...])))
            rest.removeFirst()
        }
        command = Array(rest)
    }

    /// The text after `-S`, when it is glued to it.
    private static func splitText(_ word: String, clears: inout Bool) -> Substring? {
        for (prefix, clearing) in [("-iS", true), ("-vS", false), ("-S", false), ("--split-string=", false)]
        where word.hasPrefix(prefix) && word != prefix {
            if clearing { clears = true }
            return word.dropFirst(prefix.count)
        }
        return nil
    }

    /// The text that follows `-S` as an argument of its own.
    private static func next(_ word: String, _ rest: inout ArraySlice<String>) -> Substring? {
        ["-S", "-vS", "--split-string"].contains(word) ? rest.popFirst().map { $0[...] } : nil
    }
}

/// The text of `sh -c`.
enum ShellText {
    /// The program that it starts and the program's arguments, where that is all that it does.
    /// - Returns: `nil` for anything that a shell would do itself, or does in another way than the program of that name.
    static func plainCommand(_ text: String) -> [String]? {
        guard var words = SimpleWords.split(text), let first = words.first else { return nil }
        if first == "exec" {
            // With an option or alone it does something else. No builtin is meant by what follows it.
            guard words.count > 1, !words[1].hasPrefix("-") else { return nil }
            words.removeFirst()
        } else if first.contains("=") || own.contains(first) {
            return nil
        }
        return words[0].isEmpty ? nil : words
    }

    /// Builtins and reserved words of sh, dash and bash. `echo`, `test` and the like are programs too, with differences.
    private static let own: Set<String> = [
        "!", ".", ":", "[", "[[", "alias", "bg", "bind", "break", "builtin", "caller", "case", "cd", "chdir", "command",
        "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs", "disown", "do", "done", "echo",
        "elif",
        "else", "enable", "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "for", "function",
        "getopts", "hash", "help", "history", "if", "in", "jobs", "kill", "let", "local", "logout", "mapfile", "newgrp",
        "popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt",
        "source", "suspend", "test", "then", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
        "unalias", "unset", "until", "wait", "while",
    ]
}

/// Shell scripts that do nothing but start another program with the same arguments.
enum ShellWrapper {
    /// What a wrapper starts, with the caller's arguments left out.
    /// - Parameters:
    ///   - script: The wrapper's own path, absolute; `real` with its links resolved.
    ///   - text: All of it.
    /// - Returns: `nil` for any script that does more.
    static func command(of script: FilePath, real: FilePath, _ text: String) -> [String]? {
        let lines = text.split(separator: "\n").map(trimmed).filter { !$0.isEmpty }
        guard let first = lines.first, first.hasPrefix("#!") else { return nil }
        let body = lines.dropFirst()
        // Python installers write this where a `#!` line cannot hold the interpreter's path; Python sees a string.
        if let start = body.first, start.hasPrefix("'''exec' "), body.dropFirst().first?.hasPrefix("' '''") == true {
            // uv's movable environments name the interpreter beside the script.
            let own = ##""$(dirname -- "$(realpath -- "$0")")""##
            let line = start.dropFirst("'''exec' ".count).replacing(own, with: "$basedir")
            guard let words = SimpleWords.split(line, literally: ["$"]), words.count > 2,
                words.suffix(2) == ["$0", "$@"]
            else { return nil }
            return filled(words.dropLast(2), real.parent).map { $0 + [script.string] }
        }
        let commands = body.filter { !$0.hasPrefix("#") && $0 != "set -e" && $0 != "set -eu" }
        if commands.count == 1 { return started(by: commands[commands.startIndex], script) }
        return pnpmCommand(commands, script)
    }

    /// pnpm's and cmd-shim's launchers find their own folder, set NODE_PATH, and start node with a file beside them.
    private static func pnpmCommand(_ lines: [Substring], _ script: FilePath) -> [String]? {
        guard lines.first?.hasPrefix("basedir=$(dirname ") == true else { return nil }
        let starts = lines.filter { $0.hasPrefix("exec ") && !$0.contains("$basedir/node\"") }
        guard starts.count == 1 else { return nil }
        return started(by: starts[0], script)
    }

    private static func started(by line: Substring, _ script: FilePath) -> [String]? {
        guard line.hasPrefix("exec "), let words = SimpleWords.split(line.dropFirst(5), literally: ["$"]),
            words.last == "$@", words.count > 1
        else { return nil }
        return filled(words.dropLast(), script.parent)
    }

    /// Puts the script's folder in; `nil` when anything else is left for a shell to expand.
    private static func filled(_ words: ArraySlice<String>, _ folder: FilePath) -> [String]? {
        let command = words.map { $0.hasPrefix("$basedir/") ? folder.string + $0.dropFirst(8) : $0 }
        return command.contains { $0.contains("$") } ? nil : command
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0 == " " || $0 == "\t" }
        while let last = line.last, " \t\r;".contains(last) { line.removeLast() }
        return line
    }
}
