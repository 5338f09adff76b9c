import SystemPackage

/// What a caller's `struct msghdr` says, from a copy of its bytes. Pure: the memory that it points to is read by others.
/// sendmsg(2)
struct MessageHeader: Sendable {
    /// Bytes of a header on 64-bit machines, and of a `struct mmsghdr`, which has the count of sent bytes behind it.
    static let size = 56, sizeWithCount = 64
    /// What a stream may take in one call; it may take less than was offered.
    static let mostBytes = 256 << 10
    static let mostParts = 1_024
    static let mostControl = 4_096
    /// SCM_MAX_FD
    static let mostDescriptors = 253

    /// A place in the caller's memory.
    struct Place: Hashable, Sendable {
        var address: UInt64
        var count: Int
    }

    /// `nil`: none. The length is the caller's own.
    let name: (address: UInt64, length: CInt)?
    /// Of the `struct iovec`s.
    let vector: Place
    /// `nil`: none.
    let control: (address: UInt64, length: UInt64)?

    /// - Parameter bytes: ``size`` of them.
    init(_ bytes: [UInt8]) throws(Errno) {
        guard bytes.count == Self.size else { throw .invalidArgument }
        let length = CInt(truncatingIfNeeded: Self.word(bytes, 8)), parts = Self.word(bytes, 24)
        guard parts <= UInt64(Self.mostParts) else { throw .messageTooLong }
        let address = Self.word(bytes, 0)
        name = address == 0 || length == 0 ? nil : (address, length)
        vector = Place(address: Self.word(bytes, 16), count: Int(parts) * 16)
        let controlLength = Self.word(bytes, 40)
        control = controlLength == 0 ? nil : (Self.word(bytes, 32), controlLength)
    }

    /// What is to be read of the parts, in order: never more than ``mostBytes`` in all.
    /// - Parameters:
    ///   - vector: What lies at ``vector``.
    ///   - isStream: May take less than was offered; a message must go as a whole.
    static func parts(_ vector: [UInt8], isStream: Bool) throws(Errno) -> [Place] {
        var parts: [Place] = [], room = mostBytes
        for at in stride(from: 0, to: vector.count - vector.count % 16, by: 16) {
            let size = word(vector, at + 8)
            guard isStream || size <= UInt64(room) else { throw .messageTooLong }
            let take = Int(min(size, UInt64(room)))
            parts.append(Place(address: word(vector, at), count: take))
            room -= take
            if UInt64(take) < size { break }
        }
        return parts
    }

    /// The descriptors in a control message (SCM_RIGHTS), as the caller numbers them; other kinds of control are dropped.
    static func descriptors(_ control: [UInt8]) throws(Errno) -> [CInt] {
        var found: [CInt] = []
        var at = 0
        while at + 16 <= control.count {
            let size = word(control, at), kind = word(control, at + 8)
            guard size >= 16, size <= UInt64(control.count - at) else { throw .invalidArgument }
            if kind == 1 << 32 | 1 {  // SCM_RIGHTS behind SOL_SOCKET
                for place in stride(from: at + 16, to: at + Int(size) - 3, by: 4) {
                    guard found.count < mostDescriptors else { throw .invalidArgument }
                    found.append(CInt(truncatingIfNeeded: half(control, place)))
                }
            }
            at += (Int(size) + 7) & ~7
        }
        return found
    }

    /// Whether a netlink message asks for something and is all that there is: RTM_GET* of rtnetlink(7).
    static func isRouteQuery(_ data: [UInt8]) -> Bool {
        guard data.count >= 16 else { return false }
        let type = half(data, 4) & 0xffff
        return half(data, 0) >= data.count && type >= 16 && type & 3 == 2
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt64 { half(bytes, at) | half(bytes, at + 4) << 32 }
    private static func half(_ bytes: [UInt8], _ at: Int) -> UInt64 {
        bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
