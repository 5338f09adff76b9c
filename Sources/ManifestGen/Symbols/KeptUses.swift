/// The uses of one file as they are kept until all files were read: in two plain arrays instead of two in each use, since a
/// large tree has millions of them.
struct KeptUses: Sequence {
    private struct Row {
        var symbol: SymbolID
        var function: SymbolID
        var offset: Int32
        var line: Int32
        var column: Int32
        var kind: Use.Kind
        var positional: UInt8
        var named: UInt8
    }

    private let rows: [Row]
    /// Of all uses, one after the other: positional ones, then those with a name.
    private let arguments: [Argument]
    private let names: [String]

    /// Of a call with more than 255 arguments the rest is left out.
    init(_ uses: [Use]) {
        var rows: [Row] = []
        var arguments: [Argument] = []
        var names: [String] = []
        rows.reserveCapacity(uses.count)
        arguments.reserveCapacity(uses.reduce(0) { $0 + $1.arguments.count + $1.named.count })
        for use in uses {
            let positional = use.arguments.prefix(255)
            let named = use.named.prefix(255)
            arguments += positional
            for (name, value) in named {
                names.append(name)
                arguments.append(value)
            }
            rows.append(
                Row(
                    symbol: use.symbol, function: use.function, offset: use.offset, line: use.line, column: use.column,
                    kind: use.kind, positional: UInt8(positional.count), named: UInt8(named.count)))
        }
        self.rows = rows
        self.arguments = arguments
        self.names = Array(names)
    }

    struct Iterator: IteratorProtocol {
        fileprivate let uses: KeptUses
        private var row = 0
        private var argument = 0
        private var name = 0

        fileprivate init(_ uses: KeptUses) { self.uses = uses }

        mutating func next() -> Use? {
            guard row < uses.rows.count else { return nil }
            let kept = uses.rows[row]
            row += 1
            var use = Use(
                symbol: kept.symbol, kind: kept.kind, offset: kept.offset, line: kept.line, column: kept.column,
                function: kept.function)
            if kept.positional > 0 {
                use.arguments = Array(uses.arguments[argument..<argument + Int(kept.positional)])
                argument += Int(kept.positional)
            }
            for _ in 0..<kept.named {
                use.named[uses.names[name]] = uses.arguments[argument]
                name += 1
                argument += 1
            }
            return use
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
}
