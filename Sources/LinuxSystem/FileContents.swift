internal import CLinuxShims
import Glibc
public import SystemPackage

extension OwnedDescriptor {
    /// Reads to the end of the file, or until more than `limit` bytes have come.
    /// - Returns: At most `limit + 1` bytes: more than `limit` says that the file is too large.
    /// - Throws: ``SyscallError`` of read(2).
    public borrowing func readAll(limit: Int) throws(SyscallError) -> [UInt8] {
        let number = rawValue
        var bytes: [UInt8] = []
        // Most files read here are small; a longer one gets a longer buffer.
        var chunk = [UInt8](repeating: 0, count: min(limit + 1, 4_096))
        while bytes.count <= limit {
            let want = min(chunk.count, limit + 1 - bytes.count)
            // The buffer is ours for the length of the call.
            let got = try syscall("read") {
                unsafe chunk.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, want) }
            }
            if got == 0 { break }
            bytes += chunk[..<got]
            if got == 4_096 { chunk = [UInt8](repeating: 0, count: 65_536) }
        }
        return bytes
    }

    /// Writes all of `bytes`, in as many calls as it takes.
    /// - Throws: ``SyscallError`` of write(2).
    public borrowing func writeAll(_ bytes: [UInt8]) throws(SyscallError) {
        let number = rawValue
        var done = 0
        while done < bytes.count {
            let from = done
            // The array is not changed during the call.
            done += try syscall("write") {
                unsafe bytes.withUnsafeBytes { unsafe write(number, $0.baseAddress! + from, $0.count - from) }
            }
        }
    }
}

/// A small file's bytes.
/// - Returns: At most `limit + 1` bytes: more than `limit` says that the file is too large.
public func readFile(_ path: FilePath, limit: Int = 1 << 20) throws(SyscallError) -> [UInt8] {
    try OwnedDescriptor.open(path, O_RDONLY).readAll(limit: limit)
}

/// One write(2) to a descriptor that others write to as well, without waiting for room. O_NONBLOCK would change their
/// writes too.
/// - Returns: How many bytes went.
/// - Throws: ``SyscallError``; `resourceTemporarilyUnavailable` when there is no room.
/// - Note: A terminal may still wait, and so may a pipe before Linux 6.4: ask poll(2) first.
public func writeNow(_ bytes: [UInt8], to descriptor: CInt) throws(SyscallError) -> Int {
    do {
        // Both calls read what the array holds, and no more.
        return try syscall("write") { unsafe ab_write_now(descriptor, bytes, bytes.count) }
    } catch {
        var status = stat()
        let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        // A file waits for its disk at most, and says EAGAIN for less than that.
        guard error.errno == .notSupportedOnSocket || isFile else { throw error }
        return try syscall("write") { unsafe write(descriptor, bytes, bytes.count) }
    }
}

/// Writes bytes at a place of a file and waits until the disk has them, as with fdatasync(2) for these bytes alone.
/// - Returns: How many bytes it has.
/// - Throws: ``SyscallError`` of pwritev2(2); `notSupportedOnSocket` where the file system does not know that.
public func writeThrough(
    _ bytes: ArraySlice<UInt8>, at place: Int, of descriptor: CInt
) throws(SyscallError) -> Int {
    // The slice outlives the call.
    try syscall("pwritev2") {
        unsafe bytes.withUnsafeBytes { unsafe ab_write_through(descriptor, $0.baseAddress, $0.count, Int64(place)) }
    }
}

/// What of a part of an array goes without waiting, to a descriptor that others write to as well.
/// - Returns: How many bytes went; 0 when there is no room.
/// - Throws: ``SyscallError`` of write(2).
/// - Note: Where the kernel cannot promise not to wait (a pipe before Linux 6.4), a page is written once
///   poll(2) says that there is room for one.
public func writeNow(_ bytes: [UInt8], _ range: Range<Int>, to descriptor: CInt) throws(SyscallError) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    // Both calls read a part of the array, which is not changed meanwhile.
    do {
        return try syscall("write") {
            unsafe bytes.withUnsafeBytes {
                unsafe ab_write_now(descriptor, $0.baseAddress! + range.lowerBound, range.count)
            }
        }
    } catch {
        if error.errno == .resourceTemporarilyUnavailable { return 0 }
        guard error.errno == .notSupportedOnSocket else { throw error }
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&room, 1, 0) == 1 else { return 0 }
        return try syscall("write") {
            unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress! + range.lowerBound, min(range.count, 4_096))
            }
        }
    }
}

/// Reads once.
/// - Returns: At most as many bytes as `buffer` has; none at the end of the file.
/// - Throws: ``SyscallError`` of read(2).
public func readOnce(_ descriptor: CInt, into buffer: inout [UInt8]) throws(SyscallError) -> Int {
    // The buffer is ours for the length of the call.
    try syscall("read") { unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) } }
}
