import SystemPackage

/// What the loader reads from an ELF file before the program runs. Every number in it is the file's own, and checked.
struct ElfImage: Hashable {
    /// PT_INTERP: the loader's path as the file has it; `nil` for a static program.
    var interpreter: String?
    /// DT_NEEDED: names of libraries.
    var needed: [String] = []
    /// DT_RPATH and DT_RUNPATH, split at colons, `$ORIGIN` not replaced.
    var searchFolders: [String] = []

    enum Failure: Error { case notElf, wrongMachine, malformed }

    #if arch(x86_64)
        private static let machine = 62  // EM_X86_64
    #elseif arch(arm64)
        private static let machine = 183  // EM_AARCH64
    #endif

    private static let headerSize = 64, programHeaderSize = 56, dynamicEntrySize = 16
    private static let load = 1, dynamic = 2, interpreterSegment = 3

    /// Reads headers, the interpreter's name and the dynamic section: at most 300 kB.
    /// - Parameter read: Up to `count` bytes of the file from an offset.
    init(read: (_ offset: Int, _ count: Int) -> [UInt8]?) throws(Failure) {
        guard let header = read(0, Self.headerSize), header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw .notElf
        }
        guard header.count == Self.headerSize else { throw .malformed }
        // Class 2 is 64 bit, data 1 is little-endian: all that our machines run.
        guard header[4] == 2, header[5] == 1, header.number(at: 18, size: 2) == Self.machine else {
            throw .wrongMachine
        }
        let count = header.number(at: 56, size: 2)
        guard header.number(at: 54, size: 2) == Self.programHeaderSize, count <= 512 else { throw .malformed }
        let table = try Self.exactly(header.number(at: 32, size: 8), count * Self.programHeaderSize, read)
        let segments = (0..<count).map { Segment(table, at: $0 * Self.programHeaderSize) }
        if let segment = segments.first(where: { $0.type == Self.interpreterSegment }) {
            guard (2...4096).contains(segment.fileSize) else { throw .malformed }  // as load_elf_binary has it
            let name = try Self.exactly(segment.offset, segment.fileSize, read)
            guard name.last == 0 else { throw .malformed }
            interpreter = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let segment = segments.first(where: { $0.type == Self.dynamic }) {
            try readDynamic(segment, loaded: segments.filter { $0.type == Self.load }, read)
        }
    }

    private mutating func readDynamic(
        _ segment: Segment, loaded: [Segment], _ read: (Int, Int) -> [UInt8]?
    ) throws(Failure) {
        guard segment.fileSize <= 1 << 16 else { throw .malformed }
        let table = try Self.exactly(segment.offset, segment.fileSize, read)
        var names: [Int] = []
        var folders: [Int] = []
        var textAddress = 0
        var textSize = 0
        for start in stride(from: 0, to: table.count - Self.dynamicEntrySize + 1, by: Self.dynamicEntrySize) {
            let value = table.number(at: start + 8, size: 8)
            switch table.number(at: start, size: 8) {
            case 1: names.append(value)  // DT_NEEDED
            case 5: textAddress = value  // DT_STRTAB
            case 10: textSize = value  // DT_STRSZ
            case 15, 29: folders.append(value)  // DT_RPATH, DT_RUNPATH
            default: break
            }
        }
        // The address is one in memory; the segment that holds it says where that is in the file.
        guard let holder = loaded.first(where: { $0.address <= textAddress && textAddress - $0.address < $0.fileSize })
        else { return }
        // Large programs keep all symbol names here; what the loader needs is at known places in it.
        let text = holder.offset + (textAddress - holder.address)
        func string(_ index: Int) -> String? {
            guard index >= 0, index < textSize, let bytes = read(text + index, min(4096, textSize - index)),
                let end = bytes.firstIndex(of: 0)
            else { return nil }
            return String(decoding: bytes[..<end], as: UTF8.self)
        }
        needed = names.prefix(256).compactMap(string)
        searchFolders = folders.prefix(4).compactMap(string).flatMap { $0.split(separator: ":").map(String.init) }
    }

    private static func exactly(_ offset: Int, _ count: Int, _ read: (Int, Int) -> [UInt8]?) throws(Failure) -> [UInt8]
    {
        guard offset >= 0, count >= 0, offset <= 1 << 40, let bytes = read(offset, count), bytes.count == count else {
            throw .malformed
        }
        return bytes
    }

    private struct Segment {
        var type, offset, address, fileSize: Int

        init(_ table: [UInt8], at start: Int) {
            type = table.number(at: start, size: 4)
            offset = table.number(at: start + 8, size: 8)
            address = table.number(at: start + 16, size: 8)
            fileSize = table.number(at: start + 32, size: 8)
        }
    }
}

extension [UInt8] {
    /// A little-endian number; what does not fit a positive `Int` becomes `Int.max >> 2`, which no file reaches.
    fileprivate func number(at start: Int, size: Int) -> Int {
        var value: UInt64 = 0
        for index in (start..<start + size).reversed() { value = value << 8 | UInt64(self[index]) }
        return value > UInt64(Int.max >> 2) ? Int.max >> 2 : Int(value)
    }
}
