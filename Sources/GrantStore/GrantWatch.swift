import Glibc
public import LinuxSystem
public import SystemPackage

/// Says when the store changed: a descriptor to wait on. inotify(7)
public struct GrantWatch: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// For poll(2): readable once something changed.
    public var rawValue: CInt { descriptor.rawValue }

    public init(_ folder: FilePath) throws(SyscallError) {
        let number = try syscall("inotify_init1") {
            inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
        }
        let watch = OwnedDescriptor(rawValue: number)
        // A new state comes by renaming. The path lives for the call.
        try syscall("inotify_add_watch", folder) {
            unsafe folder.withPlatformString { unsafe inotify_add_watch(number, $0, UInt32(IN_MOVED_TO)) }
        }
        descriptor = watch
    }

    /// Forgets what was reported.
    public func drain() {
        let number = descriptor.rawValue
        unsafe withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { buffer in
            // read writes at most what the buffer holds; it does not block.
            while unsafe Glibc.read(number, buffer.baseAddress!, buffer.count) > 0 {}
        }
    }
}
