import Signatures
import Testing

@Suite struct SHA256Tests {
    @Test(
        "The published test vectors hold (FIPS 180-4 examples and NIST CAVP)",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func vectors(text: String, digest: String) { #expect(SHA256.hex(Array(text.utf8)) == digest) }

    @Test("A million times the letter a (FIPS 180-4), in pieces that do not fit the block")
    func million() {
        var hash = SHA256()
        for _ in 0..<1000 { hash.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)) }
        #expect(hash.finish().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("Every length round the block's end gives the same in one piece and byte by byte", arguments: 54...130)
    func lengths(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var hash = SHA256()
        for byte in bytes { hash.update([byte]) }
        let digest = SHA256.digest(bytes)
        #expect(hash.finish() == digest && digest != .zero)
        #expect(SHA256.Digest(hex: digest.hex.utf8) == digest && Hex.bytes(digest.hex) == digest.bytes)
    }

    @Test(
        "Only 64 lower-case digits are a digest",
        arguments: [
            String(repeating: "0", count: 63), String(repeating: "0", count: 65), String(repeating: "A", count: 64),
            String(repeating: "0", count: 63) + "g", String(repeating: "0", count: 63) + " ", "",
        ])
    func noDigest(text: String) { #expect(SHA256.Digest(hex: text.utf8) == nil) }
}
