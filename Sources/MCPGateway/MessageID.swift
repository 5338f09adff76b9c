import StrictJSON

/// A request's id: `1` and `"1"` differ, two spellings of one string do not.
enum MessageID: Hashable, Sendable {
    case integer(Int64)
    /// An integer beyond 64 bits, as written.
    case wide(String)
    case text(String)

    var value: JSONValue {
        switch self {
        case .integer(let number): .integer(number)
        case .wide(let text), .text(let text): .string(text)
        }
    }

    /// Bytes as written. Thousands are kept while their requests are open, and either side chooses them.
    static let longest = 1_024

    /// - Returns: `nil` for what is no id: MCP has strings and integers only.
    init?(_ element: JSONElement) {
        guard element.range.count <= Self.longest else { return nil }
        switch element.kind {
        case .string: self = .text(element.string!)
        case .number:
            var value: Int64 = 0, isNegative = false
            let bytes = element.rawBytes
            for byte in bytes {
                if byte == UInt8(ascii: "-") {
                    isNegative = true
                    continue
                }
                // A fraction or an exponent is none.
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                let (product, over) = value.multipliedReportingOverflow(by: 10)
                let (sum, above) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                if over || above {
                    let text = String(decoding: bytes, as: UTF8.self)
                    guard bytes.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }), bytes.count <= 64 else {
                        return nil
                    }
                    self = .wide(text)
                    return
                }
                value = sum
            }
            self = .integer(isNegative ? -value : value)
        default: return nil
        }
    }

    /// As JSON.
    var json: [UInt8] {
        switch self {
        case .integer(let value): Array(String(value).utf8)
        case .wide(let text): Array(text.utf8)
        case .text(let text): JSONValue.string(text).serialized()
        }
    }
}
