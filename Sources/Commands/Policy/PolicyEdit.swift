import AuditTrail
import PolicyEngine
import StrictJSON

/// Changes one rule of a policy's text, and nothing else in it: comments and order stay. Pure.
struct PolicyEdit {
    let bytes: [UInt8]
    let isYAML: Bool

    /// The text with one more rule.
    func adding(_ rule: JSONValue, first: Bool) throws(Refusal) -> [UInt8] {
        guard let brackets = try brackets() else { return try yamlAdding(rule, first: first) }
        return adding(rule, first: first, in: brackets)
    }

    /// The text without the rule at this place of `rules`.
    func removing(_ index: Int) throws(Refusal) -> [UInt8] {
        guard let brackets = try brackets() else { return try yamlRemoving(index) }
        return try removing(index, in: brackets)
    }

    static let byHand = Refusal(
        .malformed, "the file's `rules` are written in a way that cannot be changed without changing something else",
        next: "change them by hand")

    /// What the file's first line has before its line feed: a carriage return, or nothing. New lines end in the same way.
    private var lineEnd: [UInt8] {
        guard let first = bytes.firstIndex(of: 0x0A), first > 0, bytes[first - 1] == 0x0D else { return [] }
        return [0x0D]
    }

    // MARK: Lines of YAML

    private var lines: [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    private func yamlRules() throws(Refusal) -> (key: OverrideNode.Member?, rules: [OverrideNode], after: Int?) {
        guard let root = try? OverrideNode(yaml: bytes), case .object(let members) = root.content else {
            throw Self.byHand
        }
        guard let index = members.firstIndex(where: { $0.key == "rules" }) else { return (nil, [], nil) }
        // The next key's line: where the rules end at the latest.
        let after = members[(index + 1)...].map(\.line).min()
        guard case .list(let rules) = members[index].node.content else { throw Self.byHand }
        return (members[index], rules, after)
    }

    /// The line that a rule begins in, by its dash; lines count from 0.
    private func start(of rule: OverrideNode, _ lines: [ArraySlice<UInt8>]) throws(Refusal) -> (line: Int, indent: Int)
    {
        for line in stride(from: rule.line - 1, through: max(rule.line - 2, 0), by: -1) where line < lines.count {
            let text = lines[line]
            let indent = text.prefix { $0 == 0x20 }.count
            if text.dropFirst(indent).first == UInt8(ascii: "-"), indent < rule.column { return (line, indent) }
        }
        throw Self.byHand
    }

    /// Behind the last line of the rule: comments and blank lines before the next one stay with that.
    private func end(_ index: Int, _ rules: [OverrideNode], _ after: Int?, _ lines: [ArraySlice<UInt8>]) throws(Refusal)
        -> Int
    {
        var end =
            index + 1 < rules.count ? try start(of: rules[index + 1], lines).line : after.map { $0 - 1 } ?? lines.count
        let last = Self.lastLine(rules[index])
        while end > last, Self.isBlank(lines[end - 1]) { end -= 1 }
        return end
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return text.isEmpty || text.first == UInt8(ascii: "#")
    }

    private static func lastLine(_ node: OverrideNode) -> Int {
        switch node.content {
        case .list(let items): items.map(lastLine).max() ?? node.line
        case .object(let members): members.map { max($0.line, lastLine($0.node)) }.max() ?? node.line
        default: node.line
        }
    }

    private func yamlAdding(_ rule: JSONValue, first: Bool) throws(Refusal) -> [UInt8] {
        let (key, rules, after) = try yamlRules()
        var lines = lines.map(Array.init)
        let lineEnd = lineEnd
        func ended(_ lines: [[UInt8]]) -> [[UInt8]] { lines.map { $0 + lineEnd } }
        /// The last line may have no end, and gets one when something follows it.
        func endLast() {
            if let last = lines.last, !last.isEmpty { lines[lines.count - 1] = last + lineEnd }
        }
        guard let key else {
            endLast()
            if lines.last == [] { lines.removeLast() }
            return Self.joined(lines + ended([Array("rules:".utf8)] + Self.yaml(rule, indent: 2)) + [[]])
        }
        guard key.node.line > key.line, !rules.isEmpty else { throw Self.byHand }
        let slices = self.lines
        let begin = try start(of: rules[0], slices)
        let at = first ? key.line : try end(rules.count - 1, rules, after, slices)
        if at == lines.count { endLast() }
        lines.insert(contentsOf: ended(Self.yaml(rule, indent: begin.indent)), at: at)
        if at == lines.count - Self.yaml(rule, indent: 0).count { lines.append([]) }
        return Self.joined(lines)
    }

    private func yamlRemoving(_ index: Int) throws(Refusal) -> [UInt8] {
        let (key, rules, after) = try yamlRules()
        guard let key, key.node.line > key.line, rules.indices.contains(index) else { throw Self.byHand }
        let slices = lines
        var from = try start(of: rules[index], slices).line
        let to = try end(index, rules, after, slices)
        // Without rules the key goes as well.
        if rules.count == 1 { from = min(from, key.line - 1) }
        var lines = slices.map(Array.init)
        lines.removeSubrange(from..<to)
        return Self.joined(lines)
    }

    private static func joined(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.joined(separator: [UInt8(ascii: "\n")])) }

    /// The rule as lines of YAML: one key a line, its value as JSON, which is YAML too.
    static func yaml(_ rule: JSONValue, indent: Int) -> [[UInt8]] {
        (rule.members ?? []).enumerated().map { index, member in
            let lead = String(repeating: " ", count: indent) + (index == 0 ? "- " : "  ")
            return Array((lead + member.key + ": " + spaced(member.value)).utf8)
        }
    }

    /// JSON in one line, with blanks behind commas and colons.
    static func spaced(_ value: JSONValue) -> String {
        switch value {
        case .array(let items): "[" + items.map(spaced).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.key).text() + ": " + spaced($0.value) }.joined(separator: ", ")
                + "}"
        default: value.text()
        }
    }

    // MARK: Brackets

    /// Rules that stand in brackets, in JSON or in YAML: places in the text.
    private struct Brackets {
        /// Of the object that gets the rules, and of the list of them.
        var object = 0
        var objectIsEmpty = false
        var list: Int?
        var rules: [Int] = []
    }

    /// - Returns: `nil` where lines of YAML hold them.
    private func brackets() throws(Refusal) -> Brackets? {
        if isYAML { return try yamlBrackets() }
        guard let root = try? JSONReader.read(bytes), case .object(let members) = root.content else {
            throw Self.byHand
        }
        var found = Brackets(object: root.offset, objectIsEmpty: members.isEmpty)
        guard let node = members.first(where: { $0.key == "rules" })?.node else { return found }
        guard case .array(let rules) = node.content else { throw Self.byHand }
        found.list = node.offset
        found.rules = rules.map(\.offset)
        return found
    }

    private func yamlBrackets() throws(Refusal) -> Brackets? {
        guard let root = try? OverrideNode(yaml: bytes), case .object(let members) = root.content else {
            throw Self.byHand
        }
        let lines = lines
        func opening(_ node: OverrideNode, _ bracket: Unicode.Scalar) -> Int? {
            Self.offset(of: node, lines).flatMap { bytes[$0] == UInt8(ascii: bracket) ? $0 : nil }
        }
        let object = opening(root, "{")
        var found = Brackets(object: object ?? 0, objectIsEmpty: members.isEmpty)
        guard let node = members.first(where: { $0.key == "rules" })?.node else { return object == nil ? nil : found }
        guard let list = opening(node, "["), case .list(let rules) = node.content else { return nil }
        found.list = list
        for rule in rules {
            guard let place = Self.offset(of: rule, lines) else { throw Self.byHand }
            found.rules.append(place)
        }
        return found
    }

    /// YAML counts lines and characters.
    private static func offset(of node: OverrideNode, _ lines: [ArraySlice<UInt8>]) -> Int? {
        guard node.line > 0, node.line <= lines.count else { return nil }
        let line = lines[node.line - 1]
        let starts = line.indices.filter { line[$0] & 0xC0 != 0x80 }
        return node.column > 0 && node.column <= starts.count ? starts[node.column - 1] : nil
    }

    /// Behind the value that begins there: brackets are counted, strings and YAML's comments passed over.
    private func end(ofValueAt start: Int) -> Int {
        let double = UInt8(ascii: "\""), single = UInt8(ascii: "'")
        var depth = 0
        var quote: UInt8?
        var at = start
        while at < bytes.count {
            switch (bytes[at], quote) {
            case (UInt8(ascii: "\\"), double): at += 1
            case (single, single) where bytes[(at + 1)...].first == single: at += 1
            case (double, double), (single, single): quote = nil
            case (_, .some): break
            case (double, nil), (single, nil):
                // Inside of a word it is an apostrophe.
                if "[{,:".utf8.contains(bytes[endOfContent(before: at) - 1]) { quote = bytes[at] }
            case (UInt8(ascii: "#"), nil) where " \t\r\n".utf8.contains(bytes[at - 1]):
                at = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
            case (UInt8(ascii: "{"), nil), (UInt8(ascii: "["), nil): depth += 1
            case (UInt8(ascii: "}"), nil), (UInt8(ascii: "]"), nil):
                depth -= 1
                if depth == 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return bytes.count
    }

    private func adding(_ rule: JSONValue, first: Bool, in brackets: Brackets) -> [UInt8] {
        let text = Array(Self.spaced(rule).utf8), comma = [UInt8(ascii: ",")]
        guard let list = brackets.list else {
            let close = end(ofValueAt: brackets.object) - 1
            let last = brackets.objectIsEmpty ? brackets.object + 1 : endOfContent(before: close)
            let newLine = lineEnd + [0x0A]
            func indented(_ text: String) -> [UInt8] { newLine + Array(text.utf8) }
            var added: [UInt8] = []
            if !brackets.objectIsEmpty {
                // YAML may have a comma at the end already.
                added = (bytes[last - 1] == comma[0] ? [] : comma) + indented("  ")
            }
            added += Array("\"rules\": [".utf8) + indented("    ") + text + indented("  ]")
            return bytes[..<last] + added + bytes[last...]
        }
        guard let head = brackets.rules.first, let tail = brackets.rules.last else {
            return bytes[...list] + text + bytes[endOfContent(before: end(ofValueAt: list) - 1)...]
        }
        let gap = gap(before: head)
        if first { return bytes[..<head] + text + comma + gap + bytes[head...] }
        let at = end(ofValueAt: tail)
        return bytes[..<at] + comma + gap + text + bytes[at...]
    }

    private func removing(_ index: Int, in brackets: Brackets) throws(Refusal) -> [UInt8] {
        let rules = brackets.rules
        guard rules.indices.contains(index) else { throw Self.byHand }
        let (from, to): (Int, Int)
        if index + 1 < rules.count {
            (from, to) = (rules[index], rules[index + 1])
        } else {
            (from, to) = (index > 0 ? end(ofValueAt: rules[index - 1]) : rules[index], end(ofValueAt: rules[index]))
        }
        return Array(bytes[..<from] + bytes[to...])
    }

    /// The white space before a value, as it was written.
    private func gap(before offset: Int) -> [UInt8] {
        var start = offset
        while start > 0, " \t\r\n".utf8.contains(bytes[start - 1]) { start -= 1 }
        return start == offset ? [0x20] : Array(bytes[start..<offset])
    }

    private func endOfContent(before close: Int) -> Int {
        var end = close
        while end > 0, " \t\r\n".utf8.contains(bytes[end - 1]) { end -= 1 }
        return end
    }
}
