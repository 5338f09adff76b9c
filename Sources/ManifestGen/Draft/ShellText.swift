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
}
