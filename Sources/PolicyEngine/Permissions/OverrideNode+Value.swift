public import StrictJSON

extension OverrideNode {
    /// The value without places; `nil` when it holds a number that JSON cannot write.
    public var json: JSONValue? {
        switch content {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .text(let text): return .string(text)
        case .number(let text): return Self.number(text)
        case .list(let items):
            let values = items.compactMap(\.json)
            return values.count == items.count ? .array(values) : nil
        case .object(let members):
            let values = members.compactMap { member in member.node.json.map { JSONMember(member.key, $0) } }
            return values.count == members.count ? .object(values) : nil
        }
    }

    /// YAML writes numbers in more ways than JSON.
    private static func number(_ text: String) -> JSONValue? {
        if let value = try? JSONValue(parsing: Array(text.utf8)) { return value }
        let plain = text.hasPrefix("+") ? String(text.dropFirst()) : text
        if let whole = Int64(plain) { return .integer(whole) }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where plain.hasPrefix(prefix) {
            return Int64(plain.dropFirst(2), radix: radix).map { .integer($0) }
        }
        return Double(plain).flatMap { JSONNumber($0) }.map { .number($0) }
    }
}
