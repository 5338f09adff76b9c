/// A number as it was written. Two numbers are equal when their texts are: `1` and `1.0` differ.
public struct JSONNumber: Hashable, Sendable {
    /// The exact text, always valid JSON.
    public let text: String

    /// For the reader, which has checked the grammar.
    init(checked text: String) { self.text = text }

    public init<T: BinaryInteger>(_ value: T) { text = value.description }

    /// Without the generic way, whose types have to be made first.
    public init(_ value: Int) { text = value.description }

    /// - Returns: `nil` for infinities and NaN, which JSON cannot write.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// The value, if it was written without fraction and exponent and fits in 64 bits.
    public var int64: Int64? { Int64(text) }

    /// The nearest double. The reader refuses numbers beyond its range.
    public var double: Double { Double(text) ?? .nan }
}
