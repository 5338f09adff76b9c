import CSodium

/// Of the system's generator: getrandom(2).
public func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // The array has as many.
    unsafe randombytes_buf(&bytes, count)
    return bytes
}
