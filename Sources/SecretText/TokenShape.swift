/// A token that is known by how it starts.
public struct TokenShape: Sendable {
    /// How it starts; case counts.
    public let prefix: [UInt8]
    /// How many more bytes of `alphabet` make it one.
    public let minimum: Int
    public let alphabet: TokenAlphabet

    init(_ prefix: String, _ minimum: Int, _ alphabet: TokenAlphabet) {
        self.prefix = Array(prefix.utf8)
        self.minimum = minimum
        self.alphabet = alphabet
    }

    /// Shapes that their issuers publish for secret scanners.
    public static let all: [TokenShape] = [
        TokenShape("AKIA", 16, .upperAndDigits), TokenShape("ASIA", 16, .upperAndDigits),
        TokenShape("ghp_", 20, .word), TokenShape("gho_", 20, .word), TokenShape("ghu_", 20, .word),
        TokenShape("ghs_", 20, .word), TokenShape("ghr_", 20, .word), TokenShape("github_pat_", 20, .word),
        TokenShape("glpat-", 20, .base64URL), TokenShape("npm_", 20, .word), TokenShape("pypi-", 20, .base64URL),
        TokenShape("sk-", 20, .base64URL), TokenShape("sk_live_", 16, .word), TokenShape("rk_live_", 16, .word),
        TokenShape("xoxb-", 10, .base64URL), TokenShape("xoxp-", 10, .base64URL),
        TokenShape("xoxa-", 10, .base64URL), TokenShape("xoxr-", 10, .base64URL),
        TokenShape("xoxs-", 10, .base64URL), TokenShape("xapp-", 10, .base64URL),
        TokenShape("AIza", 30, .base64URL), TokenShape("hf_", 20, .word),
    ]
}

/// What the rest of a token is made of.
public enum TokenAlphabet: Sendable {
    case upperAndDigits, word, base64URL

    @inline(__always)
    public func contains(_ byte: UInt8) -> Bool {
        switch (self, byte) {
        case (_, 0x30...0x39), (_, 0x41...0x5a): true
        case (.upperAndDigits, _): false
        case (_, 0x61...0x7a), (_, UInt8(ascii: "_")): true
        case (.base64URL, UInt8(ascii: "-")): true
        default: false
        }
    }
}

/// Names whose values are secret, whatever they look like.
public enum SecretName {
    /// Ends of names, in lower case without `-` and `_`.
    private static let ends: [[UInt8]] = [
        "token", "password", "passwd", "passphrase", "pwd", "secret", "secretkey", "apikey", "accesskey",
        "privatekey", "credential", "credentials", "authorization", "cookie", "signature", auth,
    ].map { Array($0.utf8) }
    private static let auth = "auth"

    /// `GITHUB_TOKEN`, `--api-key`, `Authorization`.
    public static func matches(_ name: String) -> Bool { matches(Array(name.utf8)[...]) }

    /// Looks at the last 20 bytes that count, so a long name costs no more than a short one.
    static func matches(_ name: ArraySlice<UInt8>) -> Bool {
        var tail: [UInt8] = []
        for byte in name.reversed() {
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") { continue }
            tail.append(lower(byte))
            if tail.count == 20 { break }
        }
        return ends.contains { tail.starts(with: $0.reversed()) && !isHarmless(tail, $0) }
    }

    /// `auth` ends no longer word: `oauth` is a protocol, `auth` alone a header.
    private static func isHarmless(_ reversedTail: [UInt8], _ word: [UInt8]) -> Bool {
        word == Array(auth.utf8) && reversedTail.count > word.count && reversedTail[word.count] == UInt8(ascii: "o")
    }
}

@inline(__always)
func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
