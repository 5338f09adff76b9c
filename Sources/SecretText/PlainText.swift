extension SecretRemoval {
    /// Whether there is surely nothing to take out and nothing to escape: printable ASCII without quotes and backslashes,
    /// and without what a secret could begin with. A quick look, for the texts that every event has.
    public static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe classes.withUnsafeBufferPointer { classes in
            for index in text.indices {
                switch unsafe classes[Int(text[index])] {
                case .plain: continue
                case .other: return false
                case .sign: if unsafe mayBeginSecret(text, at: index) { return false }
                }
            }
            return true
        }
    }
}

private enum ByteClass: UInt8 {
    case plain
    /// To be escaped, or not looked at here.
    case other
    /// A secret can begin here, or before it.
    case sign
}

private let classes: [ByteClass] = (0...255).map { byte in
    switch byte {
    case 0..<0x20, 0x7f..., 0x22, 0x5c: .other
    case 0x20, 0x27, 0x2d, 0x3a, 0x3d, 0x41, 0x5f, 0x65: .sign  // blank ' - : = A _ e
    default: .plain
    }
}

/// May say yes where there is none, never no where there is one. Held against the scanner by a test.
private func mayBeginSecret(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    func follows(_ word: [UInt8]) -> Bool {
        guard index + word.count <= text.count else { return false }
        for offset in word.indices where unsafe text[index + offset] != word[offset] { return false }
        return true
    }
    func endsBefore(_ end: Int, _ word: [UInt8], ignoringCase: Bool = false) -> Bool {
        guard word.count <= end else { return false }
        for offset in word.indices {
            let byte = unsafe text[end - word.count + offset]
            if (ignoringCase ? lower(byte) : byte) != word[offset] { return false }
        }
        return true
    }
    /// The name that ends before the byte.
    func isBehindSecretName() -> Bool {
        guard index > 0, unsafe TokenAlphabet.base64URL.contains(text[index - 1]) else { return false }
        return unsafe SecretName.matches(UnsafeBufferPointer(rebasing: text[..<index]))
    }
    switch unsafe text[index] {
    case UInt8(ascii: "A"), UInt8(ascii: "e"): return letterStarts.contains(where: follows)
    case UInt8(ascii: "_"): return signStarts.contains { endsBefore(index + 1, $0) }
    case UInt8(ascii: "-"): return signStarts.contains { endsBefore(index + 1, $0) } || follows(SecretWords.pemStart)
    case UInt8(ascii: ":"): return follows([0x3a, 0x2f, 0x2f]) || isBehindSecretName()
    case UInt8(ascii: " "):
        return isBehindSecretName()
            || SecretWords.schemes.prefix(2).contains { endsBefore(index, $0, ignoringCase: true) }
    default: return isBehindSecretName()
    }
}

private let letterStarts: [[UInt8]] =
    [[0x65, 0x79, 0x4a]] + TokenShape.all.map(\.prefix).filter { $0[0] == UInt8(ascii: "A") }
private let signStarts: [[UInt8]] = TokenShape.all.map(\.prefix).filter { $0[0] != UInt8(ascii: "A") }
