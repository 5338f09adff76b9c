/// Command lines of a shell, as far as it takes to see which programs they start.
enum ShellText {
    private static let builtins: Set<String> = [
        "cd", "echo", "if", "then", "else", "fi", "for", "do", "done", "while", "export", "set", "exit", "test", "[",
        "true", "false",
        "read", "source", ".", "eval", "exec", "return", "local", "shift", "trap", "printf", "command", "type", "wait",
        "{", "}", "!",
    ]
    private static let prefixes: Set<String> = [
        "sudo", "env", "nohup", "time", "exec", "command", "nice", "xargs", "then", "do", "else", "if", "while", "!",
    ]

    /// The first word of each command.
    static func programs(in text: String) -> [String] {
        var found: [String] = []
        var word: [UInt8] = []
        var expectsCommand = true
        var quote: UInt8 = 0
        func take() {
            guard !word.isEmpty else { return }
            let text = String(decoding: word, as: UTF8.self)
            word = []
            guard expectsCommand else { return }
            if text.utf8.contains(0x3D), !text.hasPrefix("=") { return }  // NAME=value before the command
            if prefixes.contains(text) { return }
            expectsCommand = false
            if builtins.contains(text) { return }
            let isName = text.utf8.allSatisfy {
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
                    || [0x2D, 0x2E, 0x5F, 0x2F, 0x2B].contains($0)
            }
            if isName, text.utf8.first != 0x2D { found.append(text) }
        }
        for byte in text.utf8 {
            if quote != 0 {
                if byte == quote { quote = 0 } else { word.append(byte) }
                continue
            }
            switch byte {
            case 0x22, 0x27: quote = byte
            case 0x20, 0x09: take()
            case 0x7C, 0x3B, 0x26, 0x0A, 0x28, 0x60:
                take()
                expectsCommand = true
            case 0x29: take()
            case 0x24: word.append(0x24)
            default: word.append(byte)
            }
        }
        take()
        return found
    }

    /// Whether a command line sends its output to a file.
    static func writesFile(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var quote: UInt8 = 0
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3E, i == 0 || (bytes[i - 1] != 0x3D && bytes[i - 1] != 0x2D && bytes[i - 1] != 0x3C) {
                var k = i + 1
                while k < bytes.count, bytes[k] == 0x3E || bytes[k] == 0x20 { k += 1 }
                let rest = bytes[min(k, bytes.count)...]
                // Nothing behind it: the file's name is put in when it runs.
                if rest.isEmpty { return i > 0 }
                if !rest.starts(with: [0x26]), !rest.starts(with: Array("/dev/".utf8)), bytes[k] != 0x3D { return true }
                i = k
                continue
            }
            i += 1
        }
        return false
    }

    /// Whether a script has `word` in it. A word that begins with a line break stands at the start of a line: `say "x"` is a
    /// command there, and prose elsewhere.
    static func says(_ text: String, _ word: String) -> Bool {
        guard word.hasPrefix("\n") else { return Matching.contains(text, word) }
        let bytes = Array(text.utf8), word = Array(word.utf8.dropFirst())
        var start = 0
        while start < bytes.count {
            while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 || bytes[start] == 0x0A {
                start += 1
            }
            if bytes[min(start, bytes.count)...].starts(with: word) { return true }
            while start < bytes.count, bytes[start] != 0x0A { start += 1 }
        }
        return false
    }

    /// What AppleScript hands to the shell: `do shell script "..."`.
    static func appleScriptCommands(in text: String) -> [String] {
        guard text.utf8.count < 16_384 else { return [] }
        let bytes = Array(text.utf8), mark = Array("do shell script \"".utf8)
        var commands: [String] = []
        var i = 0
        while i + mark.count < bytes.count {
            guard bytes[i] == mark[0], bytes[i..<i + mark.count].elementsEqual(mark) else {
                i += 1
                continue
            }
            i += mark.count
            let start = i
            while i < bytes.count, bytes[i] != 0x22 { i += bytes[i] == 0x5C ? 2 : 1 }
            commands.append(String(decoding: bytes[start..<min(i, bytes.count)], as: UTF8.self))
        }
        return commands
    }
}
