/// SHA-256 (FIPS 180-4), written out here because it is on the path of every server start: the usual packages bring
/// Foundation's loader cost with them, and a hash without secrets needs no hardened implementation.
public struct SHA256: Sendable {
    /// 32 bytes.
    public typealias Digest = [UInt8]

    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    )
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    public init() {}

    /// The digest of `bytes`.
    public static func digest(_ bytes: some Collection<UInt8>) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    public static func hex(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: hexDigits(digest(bytes)), as: UTF8.self)
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        length &+= UInt64(bytes.count)
        pending.append(contentsOf: bytes)
        let whole = pending.count & ~63
        guard whole > 0 else { return }
        unsafe pending.withUnsafeBufferPointer { buffer in
            // `whole` is within the buffer, and the buffer outlives the loop.
            var at = 0
            while at < whole {
                unsafe compress(&state, buffer, at)
                at += 64
            }
        }
        pending.removeFirst(whole)
    }

    /// The digest of all that was added.
    public consuming func finish() -> Digest {
        let bits = length &* 8
        var padding: [UInt8] = [0x80]
        while (pending.count + padding.count) % 64 != 56 { padding.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            padding.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        update(padding)
        let words = [state.0, state.1, state.2, state.3, state.4, state.5, state.6, state.7]
        return words.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }
}

/// `bytes` as lower-case hexadecimal digits, in ASCII.
func hexDigits(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return text
}

private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

/// One round of the hash over the 64 bytes at `start`.
private func compress(_ state: inout State, _ input: UnsafeBufferPointer<UInt8>, _ start: Int) {
    // The schedule and the constants stay on the stack: 64 words each, indices below 64 by construction.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for index in 0..<16 {
            let at = start + index * 4
            unsafe schedule[index] =
                UInt32(input[at]) << 24 | UInt32(input[at + 1]) << 16 | UInt32(input[at + 2]) << 8
                | UInt32(input[at + 3])
        }
        for index in 16..<64 {
            let near = unsafe schedule[index - 15]
            let far = unsafe schedule[index - 2]
            let low = right(near, 7) ^ right(near, 18) ^ (near >> 3)
            let high = right(far, 17) ^ right(far, 19) ^ (far >> 10)
            unsafe schedule[index] = schedule[index - 16] &+ low &+ schedule[index - 7] &+ high
        }
        var (a, b, c, d, e, f, g, h) = state
        unsafe roundConstants.withUnsafeBufferPointer { constants in
            for index in 0..<64 {
                let choice = (e & f) ^ (~e & g)
                let first =
                    unsafe h &+ (right(e, 6) ^ right(e, 11) ^ right(e, 25)) &+ choice &+ constants[index]
                    &+ schedule[index]
                let majority = (a & b) ^ (a & c) ^ (b & c)
                let second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) &+ majority
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
            }
        }
        state = (
            state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e, state.5 &+ f, state.6 &+ g,
            state.7 &+ h
        )
    }
}

@inline(__always)
private func right(_ word: UInt32, _ bits: UInt32) -> UInt32 { (word >> bits) | (word << (32 &- bits)) }

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes. FIPS 180-4, 4.2.2.
private let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
