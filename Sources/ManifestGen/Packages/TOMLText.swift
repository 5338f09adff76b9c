import StrictJSON

/// Reads as much of TOML as package metadata uses: tables, arrays of tables, strings, arrays and inline tables. What it does
/// not know becomes text; it never fails. Source: toml.io, version 1.0.
struct TOMLText {
    private let bytes: [UInt8]
    private var i = 0

    private final class Table {
        var keys: [String] = []
        var values: [String: Node] = [:]
        subscript(key: String) -> Node? {
            get { values[key] }
            set {
                if values[key] == nil { keys.append(key) }
                values[key] = newValue
            }
        }
        func child(_ key: String) -> Table {
            if case .table(let table)? = values[key] { return table }
            if case .tables(let tables)? = values[key], let last = tables.last { return last }
            let table = Table()
            self[key] = .table(table)
            return table
        }
        var json: JSONValue { .object(keys.map { JSONMember($0, values[$0]!.json) }) }
    }

    private enum Node {
        case value(JSONValue), table(Table), tables([Table])
        var json: JSONValue {
            switch self {
            case .value(let value): value
            case .table(let table): table.json
            case .tables(let tables): .array(tables.map(\.json))
            }
        }
    }

    static func read(_ bytes: [UInt8]) -> JSONValue {
        var reader = TOMLText(bytes)
        return reader.document()
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func document() -> JSONValue {
        let root = Table()
        var current = root
        while i < bytes.count {
            skipBlank(lines: true)
            guard i < bytes.count else { break }
            if bytes[i] == 0x5B {
                let isArray = i + 1 < bytes.count && bytes[i + 1] == 0x5B
                i += isArray ? 2 : 1
                let keys = key(until: 0x5D)
                i += isArray ? 2 : 1
                current = root
                for (index, part) in keys.enumerated() {
                    if isArray, index == keys.count - 1 {
                        let table = Table()
                        if case .tables(let known)? = current[part] {
                            current[part] = .tables(known + [table])
                        } else {
                            current[part] = .tables([table])
                        }
                        current = table
                    } else {
                        current = current.child(part)
                    }
                }
                skipLine()
            } else {
                pair(into: current)
                skipLine()
            }
        }
        return root.json
    }

    private mutating func pair(into table: Table) {
        var keys = key(until: 0x3D)
        guard i < bytes.count, bytes[i] == 0x3D, let last = keys.popLast() else { return }
        i += 1
        var table = table
        for part in keys { table = table.child(part) }
        table[last] = .value(value(0))
    }

    private mutating func key(until end: UInt8) -> [String] {
        var keys: [String] = []
        while i < bytes.count, bytes[i] != end, bytes[i] != 0x0A {
            skipBlank(lines: false)
            guard i < bytes.count else { break }
            if bytes[i] == 0x22 || bytes[i] == 0x27 {
                keys.append(string())
            } else {
                let start = i
                while i < bytes.count, ![0x2E, 0x20, 0x09, 0x0A, end].contains(bytes[i]) { i += 1 }
                if i > start { keys.append(String(decoding: bytes[start..<i], as: UTF8.self)) }
            }
            skipBlank(lines: false)
            if i < bytes.count, bytes[i] == 0x2E { i += 1 }
        }
        return keys
    }

    private mutating func value(_ depth: Int) -> JSONValue {
        skipBlank(lines: false)
        guard i < bytes.count, depth < 32 else { return .null }
        switch bytes[i] {
        case 0x22, 0x27: return .string(string())
        case 0x5B:
            i += 1
            var items: [JSONValue] = []
            while true {
                skipBlank(lines: true)
                guard i < bytes.count, bytes[i] != 0x5D else { break }
                let before = i
                items.append(value(depth + 1))
                skipBlank(lines: true)
                if i < bytes.count, bytes[i] == 0x2C { i += 1 }
                if i == before { i += 1 }
            }
            i += 1
            return .array(items)
        case 0x7B:
            i += 1
            let table = Table()
            while true {
                skipBlank(lines: true)
                guard i < bytes.count, bytes[i] != 0x7D else { break }
                let before = i
                pair(into: table)
                skipBlank(lines: true)
                if i < bytes.count, bytes[i] == 0x2C { i += 1 }
                if i == before { i += 1 }
            }
            i += 1
            return table.json
        default:
            let start = i
            while i < bytes.count, ![0x2C, 0x5D, 0x7D, 0x0A, 0x23].contains(bytes[i]) { i += 1 }
            var end = i
            while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
            let word = String(decoding: bytes[start..<end], as: UTF8.self)
            return word == "true" ? .bool(true) : word == "false" ? .bool(false) : .string(word)
        }
    }

    private mutating func string() -> String {
        let quote = bytes[i]
        let isLong = i + 2 < bytes.count && bytes[i + 1] == quote && bytes[i + 2] == quote
        i += isLong ? 3 : 1
        var text: [UInt8] = []
        while i < bytes.count {
            if bytes[i] == quote, !isLong || (i + 2 < bytes.count && bytes[i + 1] == quote && bytes[i + 2] == quote) {
                break
            }
            if bytes[i] == 0x0A, !isLong { break }
            if bytes[i] == 0x5C, quote == 0x22, i + 1 < bytes.count {
                i += 1
                text.append(bytes[i] == 0x6E ? 0x0A : bytes[i] == 0x74 ? 0x09 : bytes[i])
            } else {
                text.append(bytes[i])
            }
            i += 1
        }
        i = min(i + (isLong ? 3 : 1), bytes.count)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipBlank(lines: Bool) {
        while i < bytes.count {
            switch bytes[i] {
            case 0x20, 0x09, 0x0D: i += 1
            case 0x0A where lines: i += 1
            case 0x23 where lines: while i < bytes.count, bytes[i] != 0x0A { i += 1 }
            default: return
            }
        }
    }

    private mutating func skipLine() {
        while i < bytes.count, bytes[i] != 0x0A { i += 1 }
    }
}
