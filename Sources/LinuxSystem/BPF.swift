/// One classic BPF instruction, laid out as the kernel's `struct sock_filter`.
public struct BPFInstruction: Hashable, Sendable, BitwiseCopyable {
    public var code: UInt16
    public var jumpTrue: UInt8
    public var jumpFalse: UInt8
    public var k: UInt32
    public init(_ code: UInt16, _ k: UInt32, jumpTrue: UInt8 = 0, jumpFalse: UInt8 = 0) {
        self.code = code
        self.k = k
        self.jumpTrue = jumpTrue
        self.jumpFalse = jumpFalse
    }
}

extension [BPFInstruction] {
    /// Whether some call is handed to a supervisor: only then does the filter come with a listener. seccomp(2)
    public var notifies: Bool {
        let give: UInt16 = 0x06, notification: UInt32 = 0x7fc0_0000  // BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF
        return contains { $0.code == give && $0.k == notification }
    }
}
