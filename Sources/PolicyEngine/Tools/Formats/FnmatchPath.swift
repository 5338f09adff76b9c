/// Patterns of Python's fnmatch over whole paths, as path entries of ours. There `*`, `?` and `[...]` take slashes too.
enum FnmatchPath {
    private enum Token: Equatable {
        case character(Unicode.Scalar)
        case any, one
        /// What stands between the brackets.
        case set([Unicode.Scalar])
    }

    private static let mostEntries = 64

    /// Entries that fit the absolute paths which the pattern fits. What closes may fit more, what opens less.
    /// - Returns: `nil` where an entry that opens cannot be said.
    static func entries(_ text: String, opening: Bool) -> [String]? {
        if text.isEmpty { return ["."] }
        let hasWildcard = text.contains { "*?".contains($0) }
        // A name is that folder with all below it, brackets and all.
        if !hasWildcard, opening || !text.contains("[") { return [text] }
        let itself = text.contains("[") && !opening ? [text] : []

        var rest = tokens(text)[...]
        if isEverything(rest) { return ["/"] + itself }
        var entries = [""]
        if rest.first == .any {
            rest.removeFirst()
            entries = ["**/*"]
            if rest.first == .character("/") {
                rest.removeFirst()
                entries = ["**/"]
            }
        }
        for token in rest {
            guard var choices = choices(token, opening: opening) else { return nil }
            if entries.count * choices.count > mostEntries {
                // Too many ways to go on: what closes takes all of them, what opens stays in its folder.
                if !opening { return entries.map { $0 + "*" } + itself }
                guard case .any = token else { return nil }
                choices = ["*"]
            }
            entries = entries.flatMap { entry in choices.map { entry + $0 } }
        }
        return entries + itself
    }

    /// `*`, `/*` and `*/*` fit the root as well.
    private static func isEverything(_ tokens: ArraySlice<Token>) -> Bool {
        let others = tokens.filter { $0 != .any }
        return tokens.last == .any && (others.isEmpty || others == [.character("/")])
    }

    private static func choices(_ token: Token, opening: Bool) -> [String]? {
        switch token {
        case .character(let character): return [String(character)]
        case .any: return ["*", "*/**/*"]
        case .one: return opening ? ["?"] : ["?", "/"]
        case .set(let inside): return members(of: inside) ?? (opening ? nil : ["?", "/"])
        }
    }

    private static func tokens(_ text: String) -> [Token] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [Token] = []
        var at = 0
        while at < scalars.count {
            switch scalars[at] {
            case "*": if tokens.last != .any { tokens.append(.any) }
            case "?": tokens.append(.one)
            case "[":
                // A bracket in the first place is one of the characters; one that is not closed stands for itself.
                var from = at + 1
                if from < scalars.count, scalars[from] == "!" { from += 1 }
                if from < scalars.count, let end = scalars[(from + 1)...].firstIndex(of: "]") {
                    tokens.append(.set(Array(scalars[(at + 1)..<end])))
                    at = end
                } else {
                    tokens.append(.character("["))
                }
            default: tokens.append(.character(scalars[at]))
            }
            at += 1
        }
        return tokens
    }

    /// The characters of a set; `nil` where these are too many, or some that mean more in an entry of ours.
    private static func members(of inside: [Unicode.Scalar]) -> [String]? {
        if inside.first == "!" { return nil }
        var members: [Unicode.Scalar] = []
        var at = 0
        while at < inside.count {
            var last = inside[at]
            let first = last
            if at + 2 < inside.count, inside[at + 1] == "-" {
                last = inside[at + 2]
                at += 2
            }
            at += 1
            // A range that ends before it begins holds nothing.
            if first > last { continue }
            if last.value - first.value >= UInt32(mostEntries) { return nil }
            members += (first.value...last.value).compactMap(Unicode.Scalar.init)
        }
        if members.isEmpty || members.count > mostEntries || members.contains("*") || members.contains("?") {
            return nil
        }
        return members.map { String($0) }
    }
}
