/// Takes secrets out of text before it is written down: known token shapes, values behind secret-sounding names,
/// user information in URLs, private keys. One pass over the bytes, in time that grows with the length alone.
/// It is a net with holes: a secret that looks like a word and has no name beside it passes.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mark = "[redacted]"

    /// `text` without the secrets that were recognised.
    /// - Parameter wasCut: The text goes on beyond its end, so a token that reaches the end counts as long enough.
    public static func redact(_ text: String, wasCut: Bool = false) -> String {
        let text = KnownSecrets.hide(text)
        var scanner = Scanner(Array(text.utf8), wasCut: wasCut)
        return scanner.run() ? String(decoding: scanner.output, as: UTF8.self) : text
    }

    /// Whether a value with this name is secret whatever it looks like: `GITHUB_TOKEN`, `--api-key`, `Authorization`.
    public static func isSecretName(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { unsafe endsInSecretName($0) }
    }

    /// Whether there is surely nothing to take out and nothing to escape: printable ASCII without quotes and backslashes,
    /// and without what a secret could begin with. A quick look, for the texts that every event has.
    static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
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

// MARK: - The table

/// A token that is known by how it starts.
private struct TokenShape {
    let prefix: [UInt8]
    /// How many more bytes of `alphabet` make it one.
    let minimum: Int
    let alphabet: Alphabet
    init(_ prefix: String, _ minimum: Int, _ alphabet: Alphabet) {
        self.prefix = Array(prefix.utf8)
        self.minimum = minimum
        self.alphabet = alphabet
    }
}

private enum Alphabet {
    case upperAndDigits, word, base64URL
    func contains(_ byte: UInt8) -> Bool {
        switch (self, byte) {
        case (_, 0x30...0x39), (_, 0x41...0x5a): true
        case (.upperAndDigits, _): false
        case (_, 0x61...0x7a), (_, UInt8(ascii: "_")): true
        case (.base64URL, UInt8(ascii: "-")): true
        default: false
        }
    }
}

/// Shapes that their issuers publish for secret scanners.
private let tokenShapes: [TokenShape] = [
    TokenShape("AKIA", 16, .upperAndDigits), TokenShape("ASIA", 16, .upperAndDigits),
    TokenShape("ghp_", 20, .word), TokenShape("gho_", 20, .word), TokenShape("ghu_", 20, .word),
    TokenShape("ghs_", 20, .word), TokenShape("ghr_", 20, .word), TokenShape("github_pat_", 20, .word),
    TokenShape("glpat-", 20, .base64URL), TokenShape("npm_", 20, .word), TokenShape("pypi-", 20, .base64URL),
    TokenShape("sk-", 20, .base64URL), TokenShape("sk_live_", 16, .word), TokenShape("rk_live_", 16, .word),
    TokenShape("xoxb-", 10, .base64URL), TokenShape("xoxp-", 10, .base64URL), TokenShape("xoxa-", 10, .base64URL),
    TokenShape("xoxr-", 10, .base64URL), TokenShape("xoxs-", 10, .base64URL), TokenShape("xapp-", 10, .base64URL),
    TokenShape("AIza", 30, .base64URL), TokenShape("hf_", 20, .word),
]

/// Ends of names, in lower case without `-` and `_`, whose values are secret.
private let secretNames: [[UInt8]] = [
    "token", "password", "passwd", "passphrase", "pwd", "secret", "secretkey", "apikey", "accesskey", "privatekey",
    "credential", "credentials", "authorization", "cookie", "auth", "signature",
].map { Array($0.utf8) }

/// Words before a credential in an HTTP header.
private let schemes: [[UInt8]] = ["bearer", "basic", "token", "digest"].map { Array($0.utf8) }

private let pemStart = Array("-----BEGIN ".utf8)
private let pemEnd = Array("-----END ".utf8)

private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

private func isNameByte(_ byte: UInt8) -> Bool { Alphabet.base64URL.contains(byte) }

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// Looks at the last 20 bytes that count, so a long name costs no more than a short one.
private func endsInSecretName(_ name: ArraySlice<UInt8>) -> Bool {
    unsafe name.withUnsafeBufferPointer { unsafe endsInSecretName($0) }
}

private func endsInSecretName(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    // All indices are below the number of bytes taken, and that is at most 20.
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { tail in
        var count = 0, at = name.count
        while at > 0, count < 20 {
            at -= 1
            let byte = unsafe name[at]
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") { continue }
            if count == 0, !secretNameEnds.contains(lower(byte)) { return false }
            unsafe tail[count] = lower(byte)
            count += 1
        }
        return secretNamesBackward.contains { word in
            guard word.count <= count else { return false }
            for index in word.indices where unsafe tail[index] != word[index] { return false }
            // `auth` ends no longer word: `oauth` is a protocol, `auth` alone a header.
            return
                unsafe !(word.count == 4 && count > 4 && word[0] == UInt8(ascii: "h") && tail[4] == UInt8(ascii: "o"))
        }
    }
}

private let secretNamesBackward: [[UInt8]] = secretNames.map { $0.reversed() }
private let secretNameEnds = Set(secretNames.map { $0.last! })

// MARK: - The quick look

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
        guard index > 0, unsafe isNameByte(text[index - 1]) else { return false }
        return unsafe endsInSecretName(UnsafeBufferPointer(rebasing: text[..<index]))
    }
    switch unsafe text[index] {
    case UInt8(ascii: "A"), UInt8(ascii: "e"): return letterStarts.contains(where: follows)
    case UInt8(ascii: "_"): return signStarts.contains { endsBefore(index + 1, $0) }
    case UInt8(ascii: "-"): return signStarts.contains { endsBefore(index + 1, $0) } || follows(pemStart)
    case UInt8(ascii: ":"): return follows([0x3a, 0x2f, 0x2f]) || isBehindSecretName()
    case UInt8(ascii: " "):
        return isBehindSecretName() || schemes.prefix(2).contains { endsBefore(index, $0, ignoringCase: true) }
    default: return isBehindSecretName()
    }
}

private let letterStarts: [[UInt8]] =
    [[0x65, 0x79, 0x4a]] + tokenShapes.map(\.prefix).filter { $0[0] == UInt8(ascii: "A") }
private let signStarts: [[UInt8]] = tokenShapes.map(\.prefix).filter { $0[0] != UInt8(ascii: "A") }

// MARK: - The scanner

private struct Scanner {
    private let input: [UInt8]
    private let wasCut: Bool
    private var at = 0
    private var changed = false
    /// Where the run of base64url bytes that was measured last ends: nothing is measured twice.
    private var runEnd = 0
    private(set) var output: [UInt8] = []

    init(_ input: [UInt8], wasCut: Bool) {
        self.input = input
        self.wasCut = wasCut
        output.reserveCapacity(input.count)
    }

    /// - Returns: Whether anything was taken out.
    mutating func run() -> Bool {
        while at < input.count {
            let atWordStart = at == 0 || !Alphabet.word.contains(input[at - 1])
            if takePrivateKey() || takeUserInformation() { continue }
            if atWordStart {
                if takeToken() || takeWebToken() || takeScheme() { continue }
                if at == 0 || !isNameByte(input[at - 1]), takeNamedValue() { continue }
            }
            output.append(input[at])
            at += 1
        }
        return changed
    }

    private mutating func replace(upTo end: Int) {
        output += Array(Redaction.mark.utf8)
        at = end
        changed = true
    }

    private mutating func copy(upTo end: Int) {
        output += input[at..<end]
        at = end
    }

    private func matches(_ word: [UInt8], at start: Int, ignoringCase: Bool = false) -> Bool {
        guard start + word.count <= input.count else { return false }
        for index in word.indices {
            let byte = input[start + index]
            if (ignoringCase ? lower(byte) : byte) != word[index] { return false }
        }
        return true
    }

    private func end(of alphabet: Alphabet, from start: Int) -> Int {
        var end = start
        while end < input.count, alphabet.contains(input[end]) { end += 1 }
        return end
    }

    private func isEnough(_ length: Int, _ minimum: Int, end: Int) -> Bool {
        length >= minimum || (wasCut && end == input.count)
    }

    private mutating func takeToken() -> Bool {
        for shape in tokenShapes where matches(shape.prefix, at: at) {
            let start = at + shape.prefix.count
            // No further than the minimum, unless it is a token: a run that is no token is short.
            let end = end(of: shape.alphabet, from: start)
            guard isEnough(end - start, shape.minimum, end: end) else { continue }
            replace(upTo: end)
            return true
        }
        return false
    }

    /// `eyJ….….…`: a signed JSON web token.
    private mutating func takeWebToken() -> Bool {
        guard matches([0x65, 0x79, 0x4a], at: at) else { return false }
        if runEnd <= at { runEnd = end(of: .base64URL, from: at) }
        let first = runEnd
        guard first - at >= 8, first < input.count, input[first] == UInt8(ascii: ".") else {
            guard wasCut, first == input.count else { return false }
            replace(upTo: first)
            return true
        }
        let second = end(of: .base64URL, from: first + 1)
        guard isEnough(second - first - 1, 4, end: second) else { return false }
        let hasThird = second < input.count && input[second] == UInt8(ascii: ".")
        replace(upTo: hasThird ? end(of: .base64URL, from: second + 1) : second)
        return true
    }

    /// `Bearer x`, `Basic x`: the word stays, the credential goes.
    private mutating func takeScheme() -> Bool {
        for scheme in schemes.prefix(2) where matches(scheme, at: at, ignoringCase: true) {
            let after = at + scheme.count
            guard after < input.count, isSpace(input[after]) else { continue }
            let start = skipSpaces(from: after)
            let end = endOfValue(from: start)
            guard isEnough(end - start, 8, end: end) else { continue }
            copy(upTo: start)
            replace(upTo: end)
            return true
        }
        return false
    }

    /// `--token=x`, `--token x`, `PASSWORD=x`, `"apiKey": "x"`, `Authorization: Bearer x`.
    private mutating func takeNamedValue() -> Bool {
        let nameEnd = end(of: .base64URL, from: at)
        guard nameEnd > at, endsInSecretName(input[at..<nameEnd]) else { return false }
        let isFlag = input[at] == UInt8(ascii: "-")
        var start = nameEnd
        if start < input.count, isQuote(input[start]) { start += 1 }
        start = skipSpaces(from: start)
        if start < input.count, input[start] == UInt8(ascii: "=") || input[start] == UInt8(ascii: ":") {
            start = skipSpaces(from: start + 1)
        } else if !(isFlag && start > nameEnd) {
            return false
        }
        var end: Int
        if start < input.count, isQuote(input[start]) {
            let quote = input[start]
            start += 1
            end = start
            while end < input.count, input[end] != quote {
                end += input[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            end = min(end, input.count)
        } else {
            end = endOfValue(from: start)
            let isScheme = schemes.contains { $0.count == end - start && matches($0, at: start, ignoringCase: true) }
            if isScheme, end < input.count, isSpace(input[end]) {
                start = skipSpaces(from: end)
                end = endOfValue(from: start)
            }
        }
        guard end > start else { return false }
        copy(upTo: start)
        replace(upTo: end)
        return true
    }

    /// `scheme://user:password@host`: what stands before the `@` goes.
    private mutating func takeUserInformation() -> Bool {
        guard matches([0x3a, 0x2f, 0x2f], at: at) else { return false }
        let start = at + 3
        var end = start
        var sign: Int?
        scan: while end < input.count {
            switch input[end] {
            case UInt8(ascii: "@"): sign = end
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20, UInt8(ascii: "\""),
                UInt8(ascii: "'"):
                break scan
            default: break
            }
            end += 1
        }
        guard let sign, sign > start else { return false }
        copy(upTo: start)
        replace(upTo: sign)
        return true
    }

    private mutating func takePrivateKey() -> Bool {
        guard input[at] == UInt8(ascii: "-"), matches(pemStart, at: at) else { return false }
        var end = at + pemStart.count
        while end < input.count, !matches(pemEnd, at: end) { end += 1 }
        // To the end of the closing line, or of the text when there is none.
        end = min(end + pemEnd.count, input.count)
        while end < input.count, input[end] != UInt8(ascii: "-"), input[end] != 0x0a { end += 1 }
        while end < input.count, input[end] == UInt8(ascii: "-") { end += 1 }
        replace(upTo: end)
        return true
    }

    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private func skipSpaces(from start: Int) -> Int {
        var end = start
        while end < input.count, isSpace(input[end]) { end += 1 }
        return end
    }

    private func endOfValue(from start: Int) -> Int {
        var end = start
        scan: while end < input.count {
            switch input[end] {
            case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""),
                UInt8(ascii: "'"):
                break scan
            default: end += 1
            }
        }
        return end
    }
}
