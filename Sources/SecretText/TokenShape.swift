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
    /// Ends of names, in lower case without `-` and `_`, from behind.
    private static let ends: [[UInt8]] = [
        "token", "password", "passwd", "passphrase", "pwd", "secret", "secretkey", "apikey", "accesskey",
        "privatekey", "credential", "credentials", "authorization", "cookie", "signature", "auth",
    ].map { Array($0.utf8.reversed()) }
    private static let lastBytes = Set(ends.map { $0[0] })

    /// `GITHUB_TOKEN`, `--api-key`, `Authorization`.
    public static func matches(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { unsafe matches($0) }
    }

    /// Looks at the last 20 bytes that count, so a long name costs no more than a short one.
    static func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        // All indices are below the number of bytes taken, and that is at most 20.
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { tail in
            var count = 0, at = name.count
            while at > 0, count < 20 {
                at -= 1
                let byte = unsafe name[at]
                if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") { continue }
                if count == 0, !lastBytes.contains(lower(byte)) { return false }
                unsafe tail[count] = lower(byte)
                count += 1
            }
            return ends.contains { word in
                guard word.count <= count else { return false }
                for index in word.indices where unsafe tail[index] != word[index] { return false }
                // `auth` ends no longer word: `oauth` is a protocol, `auth` alone a header.
                return
                    unsafe !(word.count == 4 && count > 4 && word[0] == UInt8(ascii: "h")
                    && tail[4] == UInt8(ascii: "o"))
            }
        }
    }
}

/// Words round secrets.
enum SecretWords {
    /// Before a credential in an HTTP header; the first two also elsewhere.
    static let schemes: [[UInt8]] = ["bearer", "basic", "token", "digest"].map { Array($0.utf8) }
    static let pemStart = Array("-----BEGIN ".utf8), pemEnd = Array("-----END ".utf8)
}

@inline(__always)
func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
