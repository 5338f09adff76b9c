/// Lower-case hexadecimal digits.
public enum Hex {
    /// `bytes` as a text.
    ///
    /// Arrays alone: a generic function would have to make the collection's types at its first use, a tenth of a
    /// millisecond of every start.
    public static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the digits of `bytes`, in ASCII.
    @inline(__always)
    public static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
    }

    /// - Returns: `nil` for an odd number of digits, and for any other character, also for capitals.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let high = value(digits[index]), low = value(digits[index + 1])
            if (high | low) > 15 { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Reads twice as many digits as `bytes` holds.
    /// - Returns: Whether all were digits.
    @inline(__always)
    static func read(_ digits: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var all: UInt8 = 0
        unsafe values.withUnsafeBufferPointer { table in
            // The caller gives two digits for each byte; the table has an entry for every byte there is.
            for index in 0..<bytes.count {
                let high = unsafe table[Int(digits[2 * index])], low = unsafe table[Int(digits[2 * index + 1])]
                all |= high | low
                unsafe bytes[index] = high << 4 | (low & 15)
            }
        }
        return all <= 15
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt8 {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: 0xff
        }
    }

    private static let values: [UInt8] = (0...255).map { value(UInt8($0)) }
}
