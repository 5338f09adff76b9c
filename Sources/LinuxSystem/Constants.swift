// Kernel constants that the C library shows only with _GNU_SOURCE, which Swift's overlay does not define.
// Values: asm-generic/fcntl.h, linux/fcntl.h, linux/sched.h (the same on x86-64 and arm64).
public let O_PATH: CInt = 0o10000000
public let O_NOATIME: CInt = 0o1000000
public let AT_EMPTY_PATH: CInt = 0x1000
public let CLONE_FILES: UInt32 = 0x400
public let CLONE_PTRACE: UInt32 = 0x2000
public let CLONE_PARENT: UInt32 = 0x8000
public let CLONE_THREAD: UInt32 = 0x1_0000
public let CLONE_NEWNS: UInt32 = 0x2_0000
public let CLONE_UNTRACED: UInt32 = 0x80_0000
public let CLONE_NEWCGROUP: UInt32 = 0x200_0000
public let CLONE_NEWUTS: UInt32 = 0x400_0000
public let CLONE_NEWIPC: UInt32 = 0x800_0000
public let CLONE_NEWUSER: UInt32 = 0x1000_0000
public let CLONE_NEWPID: UInt32 = 0x2000_0000
public let CLONE_NEWNET: UInt32 = 0x4000_0000
/// Every kind of new namespace that clone(2) can ask for.
public let CLONE_ANY_NAMESPACE: UInt32 = 0x7e02_0000
