internal import CZlib

/// Why a package file cannot be read.
public enum ArchiveError: Error, Hashable, Sendable {
    /// Neither a gzip, a tar nor a zip file.
    case unknownFormat
    /// It breaks off, or contradicts itself.
    case damaged
}

/// A package file's contents, unpacked in memory only as far as they are read. Nothing touches the disk, so names that
/// lead elsewhere lead nowhere.
public struct ArchiveTree: SourceTree {
    /// Of the package file itself.
    public static let maxBytes = 256 << 20

    struct Member {
        var path: String
        var contents: Contents
    }
    enum Contents {
        case plain(Range<Int>)
        case deflated(Range<Int>, size: Int)
    }

    public private(set) var paths: [String] = []
    public private(set) var omissions = Omissions()
    private var members: [Member] = []
    private let bytes: [UInt8]
    private let limits: TreeLimits
    private var readBytes = 0

    /// - Throws: ``ArchiveError``.
    public init(_ bytes: [UInt8], limits: TreeLimits = TreeLimits()) throws(ArchiveError) {
        guard bytes.count <= Self.maxBytes else { throw .damaged }
        self.limits = limits
        var members: [Member]
        if bytes.starts(with: [0x1F, 0x8B]) {
            let inflated = try Inflater.gzip(bytes, limit: limits.totalBytes)
            self.bytes = inflated.bytes
            if inflated.isCut { omissions.bytesBeyondLimit += 1 }
            members = try TarReader.members(of: inflated.bytes, isCut: inflated.isCut)
        } else if bytes.starts(with: Array("PK".utf8)) {
            self.bytes = bytes
            members = try ZipReader.members(of: bytes)
        } else if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
            self.bytes = bytes
            members = try TarReader.members(of: bytes, isCut: false)
        } else {
            throw .unknownFormat
        }
        if members.count > limits.files {
            omissions.filesBeyondLimit = members.count - limits.files
            members.removeLast(members.count - limits.files)
        }
        accept(members)
    }

    private mutating func accept(_ found: [Member]) {
        var named: [String: Member] = [:]
        for member in found {
            let path = PathText.normal(member.path)
            if path.isEmpty || path.hasPrefix("../") { continue }
            let parts = path.split(separator: "/")
            if parts.count > limits.depth {
                omissions.tooDeepFolders += 1
                continue
            }
            if parts.dropLast().contains(where: { IgnoredFolders.names.contains(String($0)) }) { continue }
            named[path] = member  // as unpacking would: the last one stays
        }
        // npm's `package/`, and the `name-1.0/` of source distributions.
        let firsts = Set(named.keys.map { $0.split(separator: "/", maxSplits: 1)[0] })
        let root = firsts.count == 1 && named.keys.allSatisfy { $0.contains("/") } ? firsts.first!.utf8.count + 1 : 0
        for path in named.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            paths.append(String(path.utf8.dropFirst(root))!)
            members.append(named[path]!)
        }
    }

    public mutating func read(_ index: Int) -> [UInt8]? {
        guard readBytes < limits.totalBytes else {
            omissions.bytesBeyondLimit += 1
            return nil
        }
        let found: [UInt8]?
        switch members[index].contents {
        case .plain(let range):
            guard range.count <= limits.fileBytes else { return tooLarge(index) }
            found = Array(bytes[range])
        case .deflated(let range, let size):
            // The size that the file claims is not relied on: a small file may unpack to a very large one.
            guard size <= limits.fileBytes else { return tooLarge(index) }
            let inflated = try? Inflater.raw(bytes[range], limit: limits.fileBytes)
            if inflated?.isCut == true { return tooLarge(index) }
            found = inflated?.bytes
        }
        guard let found else {
            omissions.unreadableFiles.append(paths[index])
            return nil
        }
        readBytes += found.count
        return found
    }

    private mutating func tooLarge(_ index: Int) -> [UInt8]? {
        omissions.tooLargeFiles.append(paths[index])
        return nil
    }
}

/// tar: ustar, with the long names of GNU and the path records of pax. Source: pax(1) of POSIX.1-2017.
enum TarReader {
    static func members(of bytes: [UInt8], isCut: Bool) throws(ArchiveError) -> [ArchiveTree.Member] {
        var members: [ArchiveTree.Member] = []
        var at = 0
        var longName: String?
        while at + 512 <= bytes.count {
            let header = bytes[at..<at + 512]
            if header.allSatisfy({ $0 == 0 }) { break }
            guard let size = number(header.dropFirst(124).prefix(12)), size >= 0 else { throw .damaged }
            let start = at + 512
            guard size <= bytes.count - start else {
                if isCut { break }
                throw .damaged
            }
            let data = start..<start + size
            switch header[header.startIndex + 156] {
            case 0x4C: longName = text(bytes[data])  // L: a long name for the next one
            case 0x78: longName = paxPath(bytes[data]) ?? longName  // x: records for the next one
            case 0x30, 0x00, 0x37:
                members.append(.init(path: longName ?? name(header), contents: .plain(data)))
                longName = nil
            default: longName = nil  // links, folders and devices are no files
            }
            at = start + (size + 511) / 512 * 512
        }
        return members
    }

    private static func name(_ header: ArraySlice<UInt8>) -> String {
        let name = text(header.prefix(100)), prefix = text(header.dropFirst(345).prefix(155))
        let isUstar = header.dropFirst(257).prefix(5).elementsEqual("ustar".utf8)
        return isUstar && !prefix.isEmpty ? prefix + "/" + name : name
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or a binary number when the first bit is set.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            return field.dropFirst().reduce(Int(first & 0x7F) as Int?) { sum, byte in
                guard let sum, sum < 1 << 48 else { return nil }
                return sum << 8 | Int(byte)
            }
        }
        var value = 0
        for byte in field where byte != 0x20 && byte != 0 {
            guard (0x30...0x37).contains(byte), value < 1 << 48 else { return nil }
            value = value * 8 + Int(byte - 0x30)
        }
        return value
    }

    /// `27 path=some/long/name` and a line end
    private static func paxPath(_ bytes: ArraySlice<UInt8>) -> String? {
        for line in bytes.split(separator: 0x0A) {
            guard let blank = line.firstIndex(of: 0x20) else { continue }
            let record = line[(blank + 1)...]
            if record.starts(with: Array("path=".utf8)) { return text(record.dropFirst(5)) }
        }
        return nil
    }
}

/// zip, by its central directory. Source: APPNOTE.TXT 6.3.10 of PKWARE.
enum ZipReader {
    static func members(of bytes: [UInt8]) throws(ArchiveError) -> [ArchiveTree.Member] {
        guard bytes.count >= 22 else { throw .damaged }
        // The end record is last but for a comment of at most 65,535 bytes.
        var end = bytes.count - 22
        let lowest = max(0, end - 65_535)
        while end >= lowest, !matches(bytes, end, [0x50, 0x4B, 0x05, 0x06]) { end -= 1 }
        guard end >= lowest else { throw .damaged }
        var at = word(bytes, end + 16)
        let count = half(bytes, end + 10)
        var members: [ArchiveTree.Member] = []
        for _ in 0..<count {
            guard at >= 0, at + 46 <= bytes.count, matches(bytes, at, [0x50, 0x4B, 0x01, 0x02]) else { throw .damaged }
            let method = half(bytes, at + 10), packed = word(bytes, at + 20), size = word(bytes, at + 24)
            let nameLength = half(bytes, at + 28), extra = half(bytes, at + 30), comment = half(bytes, at + 32)
            let attributes = word(bytes, at + 38), local = word(bytes, at + 42)
            guard at + 46 + nameLength <= bytes.count else { throw .damaged }
            let path = String(decoding: bytes[at + 46..<at + 46 + nameLength], as: UTF8.self)
            at += 46 + nameLength + extra + comment
            let isLink = (attributes >> 16) & 0o170000 == 0o120000
            if path.hasSuffix("/") || isLink { continue }
            guard local + 30 <= bytes.count, matches(bytes, local, [0x50, 0x4B, 0x03, 0x04]) else { throw .damaged }
            let start = local + 30 + half(bytes, local + 26) + half(bytes, local + 28)
            guard start + packed <= bytes.count else { throw .damaged }
            let range = start..<start + packed
            switch method {
            case 0: members.append(.init(path: path, contents: .plain(range)))
            case 8: members.append(.init(path: path, contents: .deflated(range, size: size)))
            default:
                // An unknown method: nothing to inflate, so reading it fails and is counted.
                members.append(.init(path: path, contents: .deflated(start..<start, size: size)))
            }
        }
        return members
    }

    private static func half(_ bytes: [UInt8], _ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    private static func word(_ bytes: [UInt8], _ at: Int) -> Int { half(bytes, at) | half(bytes, at + 2) << 16 }
    private static func matches(_ bytes: [UInt8], _ at: Int, _ mark: [UInt8]) -> Bool {
        bytes[at..<at + 4].elementsEqual(mark)
    }
}

/// zlib's inflate, with a bound on what comes out.
enum Inflater {
    static func gzip(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> (bytes: [UInt8], isCut: Bool) {
        try inflate(bytes[...], windowBits: 15 + 16, limit: limit)
    }

    static func raw(_ bytes: ArraySlice<UInt8>, limit: Int) throws(ArchiveError) -> (bytes: [UInt8], isCut: Bool) {
        try inflate(bytes, windowBits: -15, limit: limit)
    }

    private static func inflate(
        _ input: ArraySlice<UInt8>, windowBits: CInt, limit: Int
    ) throws(ArchiveError) -> (bytes: [UInt8], isCut: Bool) {
        var stream = unsafe z_stream()
        guard unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged
        }
        defer { unsafe inflateEnd(&stream) }
        var input = Array(input)
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var result = Z_OK
        let count = input.count
        // Both arrays stay in place while zlib works on them.
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = UInt32(count)
            while result == Z_OK, output.count <= limit {
                let produced = unsafe chunk.withUnsafeMutableBufferPointer { target in
                    unsafe stream.next_out = target.baseAddress
                    unsafe stream.avail_out = UInt32(target.count)
                    result = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                    return unsafe target.count - Int(stream.avail_out)
                }
                output += chunk[..<produced]
            }
        }
        if output.count > limit { return (Array(output.prefix(limit)), true) }
        guard result == Z_STREAM_END else { throw .damaged }
        return (output, false)
    }
}
