/// Strings that are put together, which most languages write alike.
extension SourceReader {
    /// A string with holes, from its head at `start` on: the head, and all that stands between holes up to `end`.
    func template(_ start: Int, _ end: Int) -> Argument {
        var text = ""
        for k in start..<min(end, count) {
            switch tokens[k].kind {
            case .head, .middle, .tail, .string: text += self.text(k)
            default: continue
            }
        }
        return .template(prefix: self.text(start), text: text)
    }

    /// What begins with the string at `start`: it alone, strings with `sign` between them, which are one, or a string of
    /// which only the beginning is known.
    func sum(_ start: Int, _ end: Int, _ sign: Sign) -> Argument {
        if end == start + 1 { return .literal(text(start)) }
        guard `is`(start + 1, sign) else { return .other }
        guard (start..<end).allSatisfy({ ($0 - start) % 2 == 0 ? isString($0) : `is`($0, sign) }) else {
            return .template(prefix: text(start), text: text(start))
        }
        return .literal(stride(from: start, to: end, by: 2).map { text($0) }.joined())
    }

    /// Strings side by side, which are one; `nil` when anything else stands there.
    func row(_ start: Int, _ end: Int) -> String? {
        guard (start..<end).allSatisfy({ isString($0) }) else { return nil }
        return (start..<end).map { text($0) }.joined()
    }
}
