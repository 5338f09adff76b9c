import Glibc
import LinuxSystem
import SystemPackage

/// The calls that wait for the disk; tests put others in their place.
struct JournalDisk: Sendable {
    /// fdatasync(2)
    var sync: @Sendable (CInt) -> CInt = { fdatasync($0) }
    /// Bytes, their place, the file. Whether the disk confirmed them all.
    var writeThrough: @Sendable (ArraySlice<UInt8>, Int, CInt) -> Bool = { bytes, place, file in
        (try? LinuxSystem.writeThrough(bytes, at: place, of: file)) == bytes.count
    }
}

/// What is to be done for the disk to have all that was appended so far.
struct JournalSync: ~Copyable, Sendable {
    /// Of the journal, or of its head file: copies, so that others append meanwhile.
    let file: OwnedDescriptor
    /// How many writes are on the disk then.
    let writes: UInt64
    /// What goes to the ring, and its place in the journal; `nil`: the journal itself is synced.
    let ring: (bytes: [UInt8], place: Int)?

    /// - Throws: ``SyscallError``; of the ring any, since the journal can still be synced.
    func run(_ disk: JournalDisk) throws(SyscallError) {
        let number = file.rawValue
        guard let ring else {
            try syscall("fdatasync") { disk.sync(number) }
            return
        }
        for (piece, place) in JournalRing.pieces(of: ring.place..<(ring.place + ring.bytes.count)) {
            let bytes = ring.bytes[(piece.lowerBound - ring.place)..<(piece.upperBound - ring.place)]
            guard disk.writeThrough(bytes, place, number) else { throw SyscallError(call: "pwritev2", errno: .ioError) }
        }
    }
}
