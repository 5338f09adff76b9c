import CRE2

/// Many patterns matched against a text in one pass over it.
@safe public final class LinearRegexSet: Sendable {
    public let count: Int
    // Sealed; libre2 locks what it changes while it matches.
    private nonisolated(unsafe) let set: OpaquePointer

    /// - Parameter memoryLimit: Bytes that the patterns and their automaton may take.
    public init(_ patterns: [String], memoryLimit: Int64 = 16 << 20) throws(PatternError) {
        guard let made = unsafe ab_regex_set_make(memoryLimit) else { throw PatternError(description: "out of memory") }
        var problem: String?
        for var pattern in patterns where problem == nil {
            // The text lives during the call; libre2 copies it.
            let index = pattern.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) {
                    unsafe ab_regex_set_add(made, $0.baseAddress, UInt64($0.count))
                }
            }
            if index < 0 { problem = "not a usable pattern: \(pattern)" }
        }
        if problem == nil, unsafe ab_regex_set_seal(made) != 1 {
            problem = "the patterns take more memory than they may"
        }
        if let problem {
            unsafe ab_regex_set_free(made)
            throw PatternError(description: problem)
        }
        count = patterns.count
        unsafe set = made
    }

    deinit { unsafe ab_regex_set_free(set) }

    /// Which patterns match somewhere in the text, in ascending order; `nil` when the automaton ran out of memory, and nothing
    /// is known.
    public func matches(in text: UnsafeBufferPointer<UInt8>) -> [Int]? {
        var found = [Int32](repeating: 0, count: count)
        // Both buffers outlive the call.
        let number = unsafe text.withMemoryRebound(to: CChar.self) {
            unsafe ab_regex_set_match(set, $0.baseAddress, UInt64($0.count), &found, UInt64(count))
        }
        return number < 0 ? nil : found.prefix(Int(number)).map(Int.init)
    }
}
