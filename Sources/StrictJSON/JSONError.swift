/// One thing that is wrong with a JSON text, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public let kind: Kind
    /// In bytes from the start.
    public let offset: Int
    public let position: JSONPosition
    /// One clause, without the position.
    public let message: String

    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case syntax, duplicateKey, encoding, number, tooDeep, tooLarge
    }

    public var description: String { "\(position): \(message)" }
}

/// Everything that is wrong with a JSON text, in the order of the text. Never empty.
public struct JSONErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let errors: [JSONError]

    /// One error a line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// A place in a text. Both count from 1; columns count Unicode scalars, lines end with a line feed.
public struct JSONPosition: Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}

/// Turns byte offsets into lines and columns. Reads the text once, when it is made.
public struct LineIndex: Sendable {
    private let bytes: [UInt8]
    private var lineStarts = [0]
    /// How many scalars begin before each multiple of ``stride``, so that one very long line costs no more than many.
    private var scalarsBefore: [Int] = []
    private static let stride = 1024

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var scalars = 0
        for (offset, byte) in bytes.enumerated() {
            if offset % Self.stride == 0 { scalarsBefore.append(scalars) }
            if byte & 0xC0 != 0x80 { scalars += 1 }
            if byte == UInt8(ascii: "\n") { lineStarts.append(offset + 1) }
        }
    }

    /// - Parameter offset: In bytes; what lies beyond the end counts as the end.
    public func position(at offset: Int) -> JSONPosition {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return JSONPosition(line: low + 1, column: scalars(before: offset) - scalars(before: lineStarts[low]) + 1)
    }

    private func scalars(before offset: Int) -> Int {
        guard !scalarsBefore.isEmpty else { return 0 }
        let block = min(offset / Self.stride, scalarsBefore.count - 1)
        return bytes[(block * Self.stride)..<offset].reduce(scalarsBefore[block]) { $1 & 0xC0 != 0x80 ? $0 + 1 : $0 }
    }
}
