import StrictJSON

/// The id of a request that is refused before it was understood, so that its sender does not wait for ever. A guess, which
/// is right for what the clients in use write: the first or the last member of the message.
enum LostID {
    static func find(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
        find(head: Array(bytes[range].prefix(1_024)), tail: Array(bytes[range].suffix(256)))
    }

    /// - Parameters: How the line began and how it ended.
    static func find(head: [UInt8], tail: [UInt8]) -> [UInt8]? {
        first(head) ?? last(tail)
    }

    /// `{"jsonrpc":"2.0","id":ID,` or `{"id":ID,`
    private static func first(_ head: [UInt8]) -> [UInt8]? {
        var at = 0
        func space() { while at < head.count, isSpace(head[at]) { at += 1 } }
        func take(_ byte: UInt8) -> Bool {
            space()
            guard at < head.count, head[at] == byte else { return false }
            at += 1
            return true
        }
        guard take(UInt8(ascii: "{")) else { return nil }
        for _ in 0..<3 {
            space()
            guard let key = scalar(head, at) else { return nil }
            at = key.upperBound
            guard take(UInt8(ascii: ":")) else { return nil }
            space()
            guard let value = scalar(head, at) else { return nil }
            at = value.upperBound
            space()
            guard at < head.count, head[at] == UInt8(ascii: ",") || head[at] == UInt8(ascii: "}") else { return nil }
            if Array(head[key]) == Array("\"id\"".utf8) { return checked(Array(head[value])) }
            at += 1
        }
        return nil
    }

    /// `,"id":ID}` at the very end.
    private static func last(_ tail: [UInt8]) -> [UInt8]? {
        var end = tail.count
        while end > 0, isSpace(tail[end - 1]) { end -= 1 }
        guard end > 0, tail[end - 1] == UInt8(ascii: "}") else { return nil }
        let name = Array("\"id\"".utf8)
        var at = end - 6
        while at > 0 {
            if Array(tail[at..<min(at + 4, end)]) == name {
                var before = at - 1
                while before >= 0, isSpace(tail[before]) { before -= 1 }
                guard before >= 0, tail[before] == UInt8(ascii: ",") else { return nil }
                var value = at + 4
                while value < end, isSpace(tail[value]) || tail[value] == UInt8(ascii: ":") { value += 1 }
                guard let range = scalar(tail, value), range.upperBound <= end - 1,
                    tail[range.upperBound..<(end - 1)].allSatisfy(isSpace)
                else { return nil }
                return checked(Array(tail[range]))
            }
            at -= 1
        }
        return nil
    }

    /// A string or a run of digits.
    private static func scalar(_ bytes: [UInt8], _ start: Int) -> Range<Int>? {
        guard start < bytes.count else { return nil }
        var at = start
        if bytes[at] == UInt8(ascii: "\"") {
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                if bytes[at] == UInt8(ascii: "\\") { return nil }
                at += 1
            }
            return at < bytes.count ? start..<(at + 1) : nil
        }
        while at < bytes.count, bytes[at] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[at]) { at += 1 }
        return at > start ? start..<at : nil
    }

    private static func checked(_ id: [UInt8]) -> [UInt8]? {
        guard id.count <= 200, let tape = try? JSONTape(id, in: 0..<id.count), MessageID(tape.root) != nil else {
            return nil
        }
        return id
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
