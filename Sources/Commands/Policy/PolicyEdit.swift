import AuditTrail
import PolicyEngine
import StrictJSON

/// Changes one rule of a policy's text, and nothing else in it: comments and order stay. Pure.
struct PolicyEdit {
    let bytes: [UInt8]
    let isYAML: Bool

    /// The text with one more rule.
    func adding(_ rule: JSONValue, first: Bool) throws(Refusal) -> [UInt8] {
        isYAML ? try yamlAdding(rule, first: first) : try jsonAdding(rule, first: first)
    }

    /// The text without the rule at this place of `rules`.
    func removing(_ index: Int) throws(Refusal) -> [UInt8] {
        isYAML ? try yamlRemoving(index) : try jsonRemoving(index)
    }

    private static let byHand = Refusal(
        .malformed, "the file's `rules` are written in a way that cannot be changed line by line",
        next: "change them by hand")

    /// What the file's first line has before its line feed: a carriage return, or nothing. New lines end in the same way.
    private var lineEnd: [UInt8] {
        guard let first = bytes.firstIndex(of: 0x0A), first > 0, bytes[first - 1] == 0x0D else { return [] }
        return [0x0D]
    }

    // MARK: YAML

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
        // A list in one line has no line of its own for each rule.
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

    // MARK: JSON

    private func jsonRules() throws(Refusal) -> (root: JSONNode, rules: [JSONNode]?, array: Int) {
        guard let root = try? JSONReader.read(bytes), case .object(let members) = root.content else {
            throw Self.byHand
        }
        guard let member = members.first(where: { $0.key == "rules" }) else { return (root, nil, 0) }
        guard case .array(let rules) = member.node.content else { throw Self.byHand }
        return (root, rules, member.node.offset)
    }

    /// Behind the value that begins there: brackets are counted, strings passed over. The text is valid JSON.
    private func end(ofValueAt start: Int) -> Int {
        var depth = 0
        var isText = false
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\") where isText: at += 1
            case UInt8(ascii: "\""): isText.toggle()
            case UInt8(ascii: "{") where !isText, UInt8(ascii: "[") where !isText: depth += 1
            case UInt8(ascii: "}") where !isText, UInt8(ascii: "]") where !isText:
                depth -= 1
                if depth == 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return at
    }

    private func jsonAdding(_ rule: JSONValue, first: Bool) throws(Refusal) -> [UInt8] {
        let (root, rules, array) = try jsonRules()
        let text = Array(Self.spaced(rule).utf8)
        guard let rules else {
            guard case .object(let members) = root.content else { throw Self.byHand }
            let close = end(ofValueAt: root.offset) - 1
            let last = members.isEmpty ? root.offset + 1 : endOfContent(before: close)
            let newLine = lineEnd + [0x0A]
            func indented(_ text: String) -> [UInt8] { newLine + Array(text.utf8) }
            return bytes[..<last] + (members.isEmpty ? [] : [UInt8(ascii: ",")] + indented("  "))
                + Array("\"rules\": [".utf8) + indented("    ") + text + indented("  ]") + bytes[last...]
        }
        guard let head = rules.first, let tail = rules.last else {
            return bytes[...array] + text + bytes[endOfContent(before: end(ofValueAt: array) - 1)...]
        }
        let gap = gap(before: head.offset)
        if first { return bytes[..<head.offset] + text + [UInt8(ascii: ",")] + gap + bytes[head.offset...] }
        let at = end(ofValueAt: tail.offset)
        return bytes[..<at] + [UInt8(ascii: ",")] + gap + text + bytes[at...]
    }

    private func jsonRemoving(_ index: Int) throws(Refusal) -> [UInt8] {
        guard let rules = try jsonRules().rules, rules.indices.contains(index) else { throw Self.byHand }
        let (from, to): (Int, Int)
        if index + 1 < rules.count {
            (from, to) = (rules[index].offset, rules[index + 1].offset)
        } else {
            let before = index > 0 ? end(ofValueAt: rules[index - 1].offset) : rules[index].offset
            (from, to) = (before, end(ofValueAt: rules[index].offset))
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
