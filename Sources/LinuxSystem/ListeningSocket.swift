internal import Glibc
internal import SystemPackage

/// A TCP socket of this network that listens, as /proc/net/tcp tells. proc_pid_net(5)
public struct ListeningSocket: Hashable, Sendable {
    /// 4 or 16 bytes, as the kernel has them.
    public let address: [UInt8]
    public let port: UInt16
    /// The socket's own number, which ``FileStatus`` of its descriptor has too.
    public let inode: UInt64

    /// All of both families; `nil` when they are too many to tell, or cannot be told.
    public static func all() -> [ListeningSocket]? {
        var found: [ListeningSocket] = []
        for table in ["tcp", "tcp6"] {
            let limit = 8 << 20
            guard let text = try? readFile(FilePath("/proc/thread-self/net/\(table)"), limit: limit) else {
                if table == "tcp6" { continue }  // a kernel without IPv6
                return nil
            }
            let lines = text.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast(text.count > limit ? 1 : 0)
            // Listening sockets come first, and connections after them may be many.
            let listening = lines.lazy.map { ListeningSocket(line: String(decoding: $0, as: UTF8.self)) }
                .prefix { $0 != nil }.compactMap(\.self)
            if text.count > limit && listening.count == lines.count { return nil }
            found += listening
        }
        return found
    }

    /// `sl address:port peer state queues timer retransmits uid timeout inode`; `nil` for any other state than listening.
    init?(line: String) {
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", let inode = UInt64(fields[9]) else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, let port = UInt16(local[1], radix: 16) else { return nil }
        // Words of four bytes in the machine's own order, the lowest byte first.
        let digits = Array(local[0].utf8)
        var address: [UInt8] = []
        for word in stride(from: 0, to: digits.count - 7, by: 8) {
            guard let value = UInt32(String(decoding: digits[word..<word + 8], as: UTF8.self), radix: 16) else {
                return nil
            }
            address += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        guard address.count == 4 || address.count == 16 else { return nil }
        self.address = address
        self.port = port
        self.inode = inode
    }
}
