/// Words of a command line, quoted so that a shell reads back exactly these.
enum ShellWords {
    static func quote(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

    /// Plain words stay as they are; control characters are written as `$'...'`, so that nothing a terminal would obey
    /// or a log would take for a line end is left in it.
    static func quote(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        if word.unicodeScalars.contains(where: isUnsafe) { return "$'" + escaped(word) + "'" }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_./:=@%+,".utf8.contains(byte)
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: true
        default: false
        }
    }

    private static func escaped(_ word: String) -> String {
        var text = ""
        for scalar in word.unicodeScalars {
            if isUnsafe(scalar) {
                for byte in UTF8.encode(scalar)! {
                    let digits = String(byte, radix: 16)
                    text += #"\x"# + (digits.count == 1 ? "0" : "") + digits
                }
            } else if scalar == "'" || scalar == #"\"# {
                text += #"\"#
                text.unicodeScalars.append(scalar)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
