/// cgo: what stands above `import "C"`, and in files beside it, is C or Objective-C that becomes part of the program.
extension GoReader {
    /// Takes note of the names in `bytes` that rules for native code know, as used at the token `i`.
    ///
    /// No reader goes over C: a name counts wherever it stands.
    mutating func native(_ bytes: some Collection<UInt8>, at i: Int) {
        let module = base.program.module("cgo", .go)
        var word: [UInt8] = []
        var seen: Set<SymbolID> = []
        func note(_ word: [UInt8]) {
            guard word.count > 3, word.count < 64 else { return }
            let name = base.program.names.intern(String(decoding: word, as: UTF8.self))
            if let symbol = base.program.symbols.find(module, name), seen.insert(symbol).inserted {
                base.use(symbol, .call, i)
            }
        }
        for byte in bytes {
            if byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) {
                word.append(byte)
            } else if !word.isEmpty {
                note(word)
                word.removeAll(keepingCapacity: true)
            }
        }
        note(word)
    }

    /// The comment above `import "C"`, whose text is the token `i`.
    mutating func preamble(_ i: Int) {
        let first = base.is(i - 1, .import) ? i - 1 : i
        let start = first > 0 ? Int(base.tokens[first - 1].end) : 0, end = Int(base.tokens[first].start)
        if start < end { native(base.bytes[start..<min(end, start + (1 << 20))], at: i) }
        for bytes in nativeFiles() { native(bytes, at: i) }
    }
}
