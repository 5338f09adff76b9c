import CNettle

/// PBKDF2 with HMAC-SHA256 (RFC 8018, 5.2), of Nettle: a key of 32 bytes from a password, slow to guess.
/// - Parameter rounds: At least one.
public func pbkdf2(_ password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    let rounds = CUnsignedInt(clamping: max(1, rounds))
    // The arrays have the lengths that are said.
    unsafe nettle_pbkdf2_hmac_sha256(password.count, password, rounds, salt.count, salt, key.count, &key)
    return key
}
