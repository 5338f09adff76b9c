/// What is taken out of texts.
public struct SecretKinds: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Tokens of known issuers, signed web tokens.
    public static let apiKeys = SecretKinds(rawValue: 1)
    /// Values behind secret-sounding names, credentials in headers and addresses, private keys.
    public static let secrets = SecretKinds(rawValue: 2)
    /// Mail addresses.
    public static let emails = SecretKinds(rawValue: 4)

    /// With ``secrets``: also what stands behind `Bearer` and could be a word. For records, where a word too much may go.
    public static let wordsAsCredentials = SecretKinds(rawValue: 8)

    /// What is taken out of messages.
    public static let all: SecretKinds = [.apiKeys, .secrets, .emails]
}

/// Takes secrets out of text: one pass, in time that grows with the length alone. A net with holes: a secret that looks like a word
/// and has no name beside it passes.
public enum SecretRemoval {
    /// What stands in the place of a secret.
    public static let mark = "[redacted]"

    /// - Parameter wasCut: The text goes on beyond its end, so a token that reaches the end counts as long enough.
    /// - Returns: The text without its secrets; `nil` when none was found.
    public static func remove(
        from text: String, _ kinds: SecretKinds = [.apiKeys, .secrets], wasCut: Bool = false
    ) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            // The buffer is the text's own, for as long as the closure runs.
            var work = unsafe Work(bytes, kinds, wasCut: wasCut)
            work.run()
            return work.result.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The same for UTF-8 bytes.
    public static func remove(from bytes: UnsafeBufferPointer<UInt8>, _ kinds: SecretKinds) -> [UInt8]? {
        var work = unsafe Work(bytes, kinds, wasCut: false)
        work.run()
        return work.result
    }
}

@safe private struct Work {
    private let input: UnsafeBufferPointer<UInt8>
    private let kinds: SecretKinds
    private let wasCut: Bool
    private var at = 0
    /// What is before it has been written to ``output``, or was taken out.
    private var done = 0
    private var output: [UInt8] = []
    private var isChanged = false
    /// Where the run of token bytes that was measured last ends: nothing is measured twice.
    private var runEnd = 0
    /// Bytes that may still be gone through for brackets that close others, since many may have none.
    private var looks: Int
    private static let sign = Array(SecretRemoval.mark.utf8)

    init(_ input: UnsafeBufferPointer<UInt8>, _ kinds: SecretKinds, wasCut: Bool) {
        unsafe self.input = input
        self.kinds = kinds
        self.wasCut = wasCut
        looks = 4 * input.count
    }

    var result: [UInt8]? {
        guard isChanged else { return nil }
        return unsafe output + input[done...]
    }

    @inline(__always) private func byte(_ index: Int) -> UInt8 {
        unsafe index < input.count && index >= 0 ? input[index] : 0
    }

    mutating func run() {
        let count = unsafe input.count
        while at < count {
            let byte = byte(at)
            if byte == UInt8(ascii: "@"), kinds.contains(.emails), takeEmail() { continue }
            if kinds.contains(.secrets) {
                if byte == UInt8(ascii: "-"), takePrivateKey() { continue }
                if byte == UInt8(ascii: ":"), takeUserInformation() { continue }
            }
            // Words, and what begins with the dash of a flag.
            let before = self.byte(at - 1)
            if TokenAlphabet.base64URL.contains(byte), at == 0 || !TokenAlphabet.word.contains(before) {
                if kinds.contains(.apiKeys), takeToken() || takeWebToken() { continue }
                if kinds.contains(.secrets),
                    takeScheme() || (!TokenAlphabet.base64URL.contains(before) && takeNamedValue())
                {
                    continue
                }
            }
            at += 1
        }
    }

    private mutating func replace(_ from: Int, _ to: Int) {
        unsafe output += input[done..<max(done, from)]
        output += Self.sign
        done = to
        at = to
        isChanged = true
    }

    private func matches(_ word: [UInt8], _ start: Int, ignoringCase: Bool = false) -> Bool {
        guard unsafe start + word.count <= input.count else { return false }
        for index in word.indices {
            let found = byte(start + index)
            if (ignoringCase ? lower(found) : found) != word[index] { return false }
        }
        return true
    }

    private func end(of alphabet: TokenAlphabet, from start: Int) -> Int {
        var end = start
        while unsafe end < input.count, alphabet.contains(byte(end)) { end += 1 }
        return end
    }

    private mutating func takeToken() -> Bool {
        for shape in Self.shapes[Int(byte(at))] where matches(shape.prefix, at) {
            let start = at + shape.prefix.count
            let end = end(of: shape.alphabet, from: start)
            guard isEnough(end - start, shape.minimum, end: end) else { continue }
            replace(at, end)
            return true
        }
        return false
    }

    /// By first byte.
    private static let shapes: [[TokenShape]] = (0...255).map { byte in
        TokenShape.all.filter { Int($0.prefix[0]) == byte }
    }

    /// `eyJ….….…`
    private mutating func takeWebToken() -> Bool {
        guard matches([0x65, 0x79, 0x4a], at) else { return false }
        if runEnd <= at { runEnd = end(of: .base64URL, from: at) }
        let first = runEnd
        guard first - at >= 8, byte(first) == UInt8(ascii: ".") else {
            guard unsafe wasCut && first == input.count else { return false }
            replace(at, first)
            return true
        }
        let second = end(of: .base64URL, from: first + 1)
        guard isEnough(second - first - 1, 4, end: second) else { return false }
        replace(at, byte(second) == UInt8(ascii: ".") ? end(of: .base64URL, from: second + 1) : second)
        return true
    }

    /// `Bearer x`, `Basic x`: the word stays, the credential goes.
    private mutating func takeScheme() -> Bool {
        guard byte(at) | 0x20 == UInt8(ascii: "b") else { return false }
        for scheme in SecretWords.schemes.prefix(2) where matches(scheme, at, ignoringCase: true) {
            let after = at + scheme.count
            guard isSpace(byte(after)) else { continue }
            let start = skipSpaces(from: after), end = endOfValue(from: start)
            guard isEnough(end - start, 8, end: end), kinds.contains(.wordsAsCredentials) || !isWord(start..<end) else {
                continue
            }
            replace(start, end)
            return true
        }
        return false
    }

    /// A credential is no word of a sentence: that has no digits and no capitals.
    private func isWord(_ range: Range<Int>) -> Bool {
        !range.contains { byte($0) &- 0x30 < 10 || byte($0) &- 0x41 < 26 }
    }

    private func isEnough(_ length: Int, _ minimum: Int, end: Int) -> Bool {
        unsafe length >= minimum || (wasCut && end == input.count)
    }

    /// `--token=x`, `--token x`, `PASSWORD=x`, `"apiKey": "x"`, `Authorization: Bearer x`.
    private mutating func takeNamedValue() -> Bool {
        let nameEnd = end(of: .base64URL, from: at)
        // A cheap look before the name is compared.
        var start = nameEnd
        if isQuote(byte(start)) { start += 1 }
        start = skipSpaces(from: start)
        let sign = byte(start)
        let isFlag = byte(at) == UInt8(ascii: "-") && start > nameEnd
        guard sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":") || isFlag,
            unsafe SecretName.matches(UnsafeBufferPointer(rebasing: input[at..<nameEnd]))
        else { return false }
        if sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":") { start = skipSpaces(from: start + 1) }
        var end: Int
        if isQuote(byte(start)) {
            let quote = byte(start)
            start += 1
            end = start
            while unsafe end < input.count, byte(end) != quote { end += byte(end) == UInt8(ascii: "\\") ? 2 : 1 }
            end = unsafe min(end, input.count)
        } else if byte(start) == UInt8(ascii: "[") || byte(start) == UInt8(ascii: "{") {
            end = endOfGroup(from: start)
        } else {
            end = endOfValue(from: start)
            if SecretWords.schemes.contains(where: { $0.count == end - start && matches($0, start, ignoringCase: true) }
            ),
                isSpace(byte(end))
            {
                start = skipSpaces(from: end)
                end = endOfValue(from: start)
            }
        }
        guard end > start else { return false }
        replace(start, end)
        return true
    }

    /// `://user:password@host`: what stands before the `@` goes.
    private mutating func takeUserInformation() -> Bool {
        guard matches([0x3a, 0x2f, 0x2f], at) else { return false }
        let start = at + 3
        var end = start, sign: Int?
        scan: while unsafe end < input.count {
            switch byte(end) {
            case UInt8(ascii: "@"): sign = end
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20, UInt8(ascii: "\""),
                UInt8(ascii: "'"):
                break scan
            default: break
            }
            end += 1
        }
        guard let sign, sign > start else { return false }
        replace(start, sign)
        return true
    }

    private mutating func takePrivateKey() -> Bool {
        guard matches(SecretWords.pemStart, at) else { return false }
        let head = at
        var end = at + SecretWords.pemStart.count
        while unsafe end < input.count, !matches(SecretWords.pemEnd, end) { end += 1 }
        end = unsafe min(end + SecretWords.pemEnd.count, input.count)
        while unsafe end < input.count, byte(end) != UInt8(ascii: "-"), byte(end) != 0x0a { end += 1 }
        while unsafe end < input.count, byte(end) == UInt8(ascii: "-") { end += 1 }
        replace(head, end)
        return true
    }

    /// At an `@`: what is before it goes no further back than such names are long.
    private mutating func takeEmail() -> Bool {
        var from = at
        while from > done, at - from < 64, isMailName(byte(from - 1)) { from -= 1 }
        var end = at + 1, dot: Int?
        while end < at + 254, TokenAlphabet.base64URL.contains(byte(end)) || byte(end) == UInt8(ascii: ".") {
            if byte(end) == UInt8(ascii: ".") { dot = end }
            end += 1
        }
        if let last = dot, last == end - 1 {
            // The end of a sentence.
            end = last
            dot = unsafe input[at..<last].lastIndex(of: UInt8(ascii: "."))
        }
        guard from < at, let dot, end - dot > 2, dot > at + 1 else { return false }
        replace(from, end)
        return true
    }

    private func isMailName(_ byte: UInt8) -> Bool {
        TokenAlphabet.base64URL.contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "%")
    }
    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func skipSpaces(from start: Int) -> Int {
        var end = start
        while unsafe end < input.count, isSpace(byte(end)) { end += 1 }
        return end
    }

    /// Behind the bracket that closes the one at `start`, and what is written onto it: of `["a", "b"]`, `{'x': {}}`. Without one the line's
    /// end.
    private mutating func endOfGroup(from start: Int) -> Int {
        var depth = 0, end = start, quote: UInt8 = 0
        while unsafe end < input.count, looks > 0 {
            looks -= 1
            let byte = byte(end)
            switch byte {
            case UInt8(ascii: "\\") where quote != 0: end += 1
            case quote where quote != 0: quote = 0
            case _ where quote != 0: break
            case UInt8(ascii: "\""): quote = byte
            // No apostrophe.
            case UInt8(ascii: "'") where "[{,:( ".utf8.contains(self.byte(end - 1)): quote = byte
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return endOfValue(from: end + 1, inGroup: true) }
            default: break
            }
            end += 1
        }
        if wasCut { return unsafe input.count }
        end = start
        while unsafe end < input.count, byte(end) != 0x0a { end += 1 }
        return end
    }

    private func endOfValue(from start: Int, inGroup: Bool = false) -> Int {
        var end = start
        scan: while unsafe end < input.count {
            switch byte(end) {
            case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""),
                UInt8(ascii: "'"):
                break scan
            case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"):
                if inGroup { break scan }
                end += 1
            default: end += 1
            }
        }
        return end
    }
}
