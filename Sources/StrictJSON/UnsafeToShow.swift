extension Unicode.Scalar {
    /// Whether it moves the cursor, turns the direction of text (UAX #9) or cannot be seen. Where such a character is shown, or written
    /// for somebody to read, it is escaped.
    public var isUnsafeToShow: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0: true  // C0, DEL, C1
        case 0xad, 0x61c, 0x180e: true  // soft hyphen, Arabic letter mark, Mongolian separator
        case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: true
        case 0xe0000...0xe007f: true  // tags: text that no one sees
        default: false
        }
    }
}
