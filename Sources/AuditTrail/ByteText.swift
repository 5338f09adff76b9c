/// Building text out of bytes, without a string for each piece.
extension [UInt8] {
    @inline(__always)
    mutating func append(_ text: StaticString) {
        // A literal's bytes are there for as long as the program runs.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a whole number in decimal digits, with zeros before it up to `width`.
    @inline(__always)
    mutating func append(decimal number: UInt64, width: Int = 1) {
        // 20 digits at most, from the last to the first; a width is a literal below that.
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number, at = 20
            while rest > 0 || 20 - at < width {
                at -= 1
                unsafe digits[at] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: digits[at...]))
        }
    }
}
