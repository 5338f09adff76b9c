/// The uses of one file as they are kept until all files were read: written down as bytes, most numbers as the difference to
/// the one before, since a large tree has millions of uses and they would fill most of the memory.
struct KeptUses: Sequence {
    /// A use without its arguments.
    struct Head {
        var symbol: SymbolID
        var kind: Use.Kind
        fileprivate var offset: Int32
        fileprivate var line: Int32
        fileprivate var column: Int32
        fileprivate var function: SymbolID
        fileprivate var positional: UInt8 = 0
        fileprivate var named: UInt8 = 0
        /// Where its arguments begin.
        fileprivate var start = 0
    }

    private let bytes: [UInt8]

    /// Of a call with more than 255 arguments the rest is left out.
    init(_ uses: [Use]) {
        var writer = FactWriter(), arguments = FactWriter()
        var last = Head(symbol: 0, kind: .reference, offset: 0, line: 0, column: 0, function: 0)
        for use in uses {
            let hasArguments = !use.arguments.isEmpty || !use.named.isEmpty
            writer.bytes.append(use.kind.rawValue << 1 | (hasArguments ? 1 : 0))
            writer.difference(use.symbol, last.symbol)
            writer.difference(use.function, last.function)
            writer.difference(use.offset, last.offset)
            writer.difference(use.line, last.line)
            writer.number(UInt32(bitPattern: use.column))
            (last.symbol, last.function, last.offset, last.line) = (use.symbol, use.function, use.offset, use.line)
            guard hasArguments else { continue }
            arguments.bytes.removeAll(keepingCapacity: true)
            for argument in use.arguments.prefix(255) { arguments.argument(argument) }
            for (name, value) in use.named.prefix(255) {
                arguments.text(name)
                arguments.argument(value)
            }
            writer.bytes.append(UInt8(clamping: use.arguments.count))
            writer.bytes.append(UInt8(clamping: use.named.count))
            writer.number(UInt32(arguments.bytes.count))
            writer.bytes += arguments.bytes
        }
        // Without the room that was left for more.
        var exact: [UInt8] = []
        exact.reserveCapacity(writer.bytes.count)
        exact += writer.bytes
        bytes = exact
    }

    /// The whole of a use.
    func use(_ head: Head) -> Use {
        var use = Use(
            symbol: head.symbol, kind: head.kind, offset: head.offset, line: head.line, column: head.column,
            function: head.function)
        guard head.positional > 0 || head.named > 0 else { return use }
        var reader = FactReader(bytes, at: head.start)
        use.arguments.reserveCapacity(Int(head.positional))
        for _ in 0..<head.positional { use.arguments.append(reader.argument()) }
        for _ in 0..<head.named {
            let name = reader.text()
            use.named[name] = reader.argument()
        }
        return use
    }

    struct Iterator: IteratorProtocol {
        private var reader: FactReader
        private var head = Head(symbol: 0, kind: .reference, offset: 0, line: 0, column: 0, function: 0)

        fileprivate init(_ bytes: [UInt8]) { reader = FactReader(bytes, at: 0) }

        mutating func next() -> Head? {
            guard !reader.isAtEnd else { return nil }
            let first = reader.byte()
            head.kind = Use.Kind(rawValue: first >> 1)!
            head.symbol = reader.difference(head.symbol)
            head.function = reader.difference(head.function)
            head.offset = reader.difference(head.offset)
            head.line = reader.difference(head.line)
            head.column = Int32(bitPattern: reader.number())
            (head.positional, head.named) = (0, 0)
            if first & 1 != 0 {
                head.positional = reader.byte()
                head.named = reader.byte()
                let length = Int(reader.number())
                head.start = reader.position
                reader.position += length
            }
            return head
        }
    }

    func makeIterator() -> Iterator { Iterator(bytes) }
}

/// Writes facts down as bytes: small numbers take one, texts their length and their UTF-8.
private struct FactWriter {
    var bytes: [UInt8] = []

    mutating func number(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Small steps in both directions are small numbers.
    mutating func difference(_ value: Int32, _ last: Int32) {
        let step = value &- last
        number(UInt32(bitPattern: step &<< 1 ^ step >> 31))
    }

    mutating func text(_ text: String) {
        number(UInt32(text.utf8.count))
        bytes += text.utf8
    }

    mutating func argument(_ argument: Argument) {
        switch argument {
        case .other: bytes.append(0)
        case .literal(let text):
            bytes.append(1)
            self.text(text)
        case .template(let prefix, let text):
            bytes.append(2)
            self.text(prefix)
            self.text(text)
        case .filled(let symbol, let rest):
            bytes.append(3)
            number(UInt32(bitPattern: symbol))
            self.argument(rest)
        case .symbol(let symbol):
            bytes.append(4)
            number(UInt32(bitPattern: symbol))
        case .number(let text):
            bytes.append(5)
            self.text(text)
        case .list(let items), .choice(let items):
            if case .list = argument { bytes.append(6) } else { bytes.append(7) }
            number(UInt32(items.count))
            for item in items { self.argument(item) }
        case .flag(let isOn): bytes.append(isOn ? 8 : 9)
        }
    }
}

/// Reads what ``FactWriter`` wrote.
private struct FactReader {
    private let bytes: [UInt8]
    var position: Int

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() -> UInt8 {
        position += 1
        return bytes[position - 1]
    }

    mutating func number() -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while true {
            let byte = byte()
            value |= UInt32(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func difference(_ last: Int32) -> Int32 {
        let step = number()
        return last &+ (Int32(bitPattern: step >> 1) ^ -Int32(bitPattern: step & 1))
    }

    mutating func text() -> String {
        let count = Int(number())
        position += count
        return String(decoding: bytes[position - count..<position], as: UTF8.self)
    }

    mutating func argument() -> Argument {
        switch byte() {
        case 1: return .literal(text())
        case 2:
            let prefix = text()
            return .template(prefix: prefix, text: text())
        case 3:
            let symbol = SymbolID(bitPattern: number())
            return .filled(symbol, argument())
        case 4: return .symbol(SymbolID(bitPattern: number()))
        case 5: return .number(text())
        case 6: return .list(arguments())
        case 7: return .choice(arguments())
        case 8: return .flag(true)
        case 9: return .flag(false)
        default: return .other
        }
    }

    private mutating func arguments() -> [Argument] {
        let count = Int(number())
        var items: [Argument] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(argument()) }
        return items
    }
}
