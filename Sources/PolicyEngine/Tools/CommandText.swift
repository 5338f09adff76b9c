/// Shell words, as far as they can be told without a shell.
enum CommandText {
    private static let separators = Set(" \t\n\r;|&<>()`\"'=,@{}".utf8)
    /// What a shell gives a meaning to.
    private static let special = Set(";|&<>()`\"'\\$*?[]{}~#!=\n\r\u{0}".utf8)

    /// All words that a command could use, quotes and operators aside.
    static func words(of text: String) -> [String] {
        text.utf8.split { separators.contains($0) }.map { String(Substring($0)) }
    }

    /// The program that the command starts, when it is surely only this one.
    static func program(of text: String) -> String? {
        if text.utf8.contains(where: { special.contains($0) }) { return nil }
        return text.split(separator: " ").first.map(String.init)
    }
}
