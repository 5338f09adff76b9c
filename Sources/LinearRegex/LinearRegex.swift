import CRE2

/// Why a pattern was not taken, in RE2's words.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// A regular expression whose matching takes time linear in the text. The syntax is RE2's: no back-references and no look-around.
///
/// https://github.com/google/re2/wiki/Syntax
@safe public final class LinearRegex: Sendable {
    /// Bytes that a compiled pattern and its automaton may take.
    public static let memoryLimit: Int64 = 4 << 20

    public let pattern: String
    // libre2 locks what it changes while it matches.
    private nonisolated(unsafe) let regex: OpaquePointer

    public init(_ pattern: String, ignoresCase: Bool = false) throws(PatternError) {
        var pattern = pattern
        // The text lives during the call; libre2 copies it.
        let made = pattern.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) {
                unsafe ab_regex_make($0.baseAddress, UInt64($0.count), ignoresCase ? 1 : 0, Self.memoryLimit)
            }
        }
        guard let made = unsafe made else { throw PatternError(description: "out of memory") }
        let reason = unsafe String(cString: ab_regex_error(made))
        if !reason.isEmpty {
            unsafe ab_regex_free(made)
            throw PatternError(description: reason)
        }
        self.pattern = pattern
        unsafe regex = made
    }

    deinit { unsafe ab_regex_free(regex) }

    /// The first match at or after `start`, leftmost first, in bytes of the UTF-8 text.
    public func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Range<Int>? {
        var from: UInt64 = 0, to: UInt64 = 0
        // The caller's buffer outlives the call.
        let found = unsafe text.withMemoryRebound(to: CChar.self) {
            unsafe ab_regex_find(regex, $0.baseAddress, UInt64($0.count), UInt64(start), &from, &to)
        }
        return found == 1 ? Int(from)..<Int(to) : nil
    }

    /// The same in UTF-8.
    public func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { unsafe firstMatch(in: text) != nil }

    /// Whether the pattern matches anywhere in the text.
    public func matches(_ text: String) -> Bool {
        var text = text
        // The text lives during the call.
        return text.withUTF8 { unsafe matches($0) }
    }
}
