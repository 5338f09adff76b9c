extension JSONValue {
    /// The value as UTF-8 JSON, without a line end after it.
    ///
    /// Members stay in their order, so equal values give equal bytes. Control characters, line separators and marks that
    /// change the direction of text are written as `\u....`: what a command prints cannot steer the terminal it is read on.
    /// - Parameter pretty: One element a line, two blanks a level; otherwise no white space at all.
    public func serialized(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    /// ``serialized(pretty:)`` as a string.
    public func text(pretty: Bool = false) -> String { String(decoding: serialized(pretty: pretty), as: UTF8.self) }
}

private struct JSONWriter {
    let pretty: Bool
    var bytes: [UInt8] = []

    init(pretty: Bool) { self.pretty = pretty }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let number): bytes += number.text.utf8
        case .string(let text): write(text)
        case .array(let elements):
            list("[", "]", elements, depth) { $0.write($1, depth: depth + 1) }
        case .object(let members):
            list("{", "}", members, depth) {
                $0.write($1.key)
                $0.bytes += ($0.pretty ? ": " : ":").utf8
                $0.write($1.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Element>(
        _ open: String, _ close: String, _ elements: [Element], _ depth: Int,
        _ each: (inout JSONWriter, Element) -> Void
    ) {
        bytes += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            each(&self, element)
        }
        if !elements.isEmpty { newLine(depth) }
        bytes += close.utf8
    }

    private mutating func newLine(_ depth: Int) {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes += text.utf8
        } else {
            for scalar in text.unicodeScalars { write(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": bytes += "\\\"".utf8
        case "\\": bytes += "\\\\".utf8
        case "\n": bytes += "\\n".utf8
        case "\r": bytes += "\\r".utf8
        case "\t": bytes += "\\t".utf8
        case _ where scalar.isUnsafeToShow:
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                bytes += "\\u".utf8
                bytes += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                bytes += digits.utf8
            }
        case _ where scalar.isASCII: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default: if let units = UTF8.encode(scalar) { bytes += units }  // every scalar has a UTF-8 form
        }
    }
}
