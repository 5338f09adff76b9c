public import SystemPackage

/// Real paths as an override names them.
public enum WrittenPath {
    /// - Returns: The flag that grants or lifts the path; `nil` for names that no override can say: with control characters, no
    ///   UTF-8, or what would be taken for a variable or a pattern.
    public static func flag(_ name: String, _ path: FilePath, allowsWildcards: Bool = true) -> String? {
        let text = path.string
        // A path that is no UTF-8 has a replacement character in its text.
        if text.unicodeScalars.contains("\u{FFFD}") { return nil }
        let wildcards: Set<UInt8> = [UInt8(ascii: "*"), UInt8(ascii: "?")]
        if !allowsWildcards, text.utf8.contains(where: wildcards.contains) { return nil }
        guard (try? PathExpansion(home: nil, variables: [:]).expand(text, in: "/")) == path else { return nil }
        // A final question mark says that a path may be missing.
        return "\(name) \(text)\(text.utf8.last == UInt8(ascii: "?") ? "?" : "")"
    }
}
