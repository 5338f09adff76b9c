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
