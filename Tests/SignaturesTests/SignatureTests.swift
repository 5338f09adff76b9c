import Signatures
import Testing

@Suite struct SignatureTests {
    @Test(
        "RFC 8032's first vectors hold",
        arguments: [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ])
    func ed25519(seed: String, key: String, message: String, signature: String) throws {
        let signing = try #require(Ed25519.SigningKey(seed: Hex.bytes(seed) ?? []))
        let message = try #require(Hex.bytes(message))
        #expect(Hex.text(signing.publicKey.bytes) == key)
        var made = signing.signature(of: message)
        #expect(Hex.text(made) == signature)
        #expect(signing.publicKey.isSignature(made, of: message))
        #expect(!signing.publicKey.isSignature(made, of: message + [0]))
        #expect(!Ed25519.SigningKey().publicKey.isSignature(made, of: message))
        made[63] ^= 0x10  // S at or above the group's order: the same signature in another form
        #expect(!signing.publicKey.isSignature(made, of: message) && !signing.publicKey.isSignature([], of: message))
    }

    @Test("A key of small order, which would sign anything, is refused")
    func smallOrder() throws {
        let key = try #require(Ed25519.VerifyingKey(bytes: [1] + [UInt8](repeating: 0, count: 31)))
        let signature: [UInt8] = [1] + [UInt8](repeating: 0, count: 63)
        #expect(!key.isSignature(signature, of: Array("anything".utf8)))
    }

    @Test("RFC 4231's second and sixth vectors hold for HMAC-SHA256, with keys of any length above the limit")
    func hmac() throws {
        let long = try #require(HMACSHA256(key: [UInt8](repeating: 0xaa, count: 131)))
        let code = long.code(of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
        #expect(Hex.text(code) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(long.isCode(code, of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
        #expect(!long.isCode(Array(code.dropLast()), of: []) && !long.isCode(code, of: []))
        #expect(HMACSHA256(key: [UInt8](repeating: 1, count: 31)) == nil)
    }

    @Test("Keys survive their text, and no text passes for another kind of key")
    func texts() throws {
        let signing = Ed25519.SigningKey(), mac = HMACSHA256()
        #expect(Ed25519.SigningKey(pem: signing.pem)?.publicKey == signing.publicKey)
        #expect(Ed25519.VerifyingKey(pem: signing.publicKey.pem) == signing.publicKey)
        #expect(HMACSHA256(pem: mac.pem)?.id == mac.id)
        for text in [signing.pem, mac.pem, "", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"] {
            #expect(Ed25519.VerifyingKey(pem: text) == nil)
        }
        #expect(HMACSHA256(pem: signing.publicKey.pem) == nil && Ed25519.SigningKey(pem: signing.publicKey.pem) == nil)
        #expect(Ed25519.VerifyingKey(pem: signing.publicKey.pem.replacing("\n", with: "\r\n")) == signing.publicKey)
    }

    @Test(
        "Base 64 for URLs has one text for each value",
        arguments: [("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("_-A", nil)])
    func base64(text: String, value: String?) {
        if let value {
            #expect(Base64.urlText(Array(value.utf8)) == text && Base64.urlBytes(text) == Array(value.utf8))
        } else {
            #expect(Base64.urlBytes(text) == [0xff, 0xe0])
        }
        for wrong in ["Zh", "Zg==", "Zg ", "Z", "Zm9v\n", "Zm9+"] { #expect(Base64.urlBytes(wrong) == nil, "\(wrong)") }
    }

    @Test("Comparing in constant time compares")
    func comparing() {
        #expect(isEqualInConstantTime([], []) && isEqualInConstantTime([1, 2], [1, 2]))
        #expect(!isEqualInConstantTime([1], [1, 2]) && !isEqualInConstantTime([1, 3], [1, 2]))
    }
}
