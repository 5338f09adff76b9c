/// A text as a path that goes no detours: what `as: straight` compares beside the text itself.
enum StraightText {
    private static let slash = UInt8(ascii: "/"), backslash = UInt8(ascii: "\\")

    /// The text without `.`, `..` and doubled slashes, as it stands and with percent-encoding undone, once and twice.
    /// - Returns: None where it has nothing of that: then it leads where it says.
    static func readings(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 == slash || $0 == backslash || $0 == 0x25 }) else { return [] }
        var found = straight(bytes).map { [$0] } ?? []
        var decoded = bytes
        for _ in 0..<2 {
            guard let next = PathReader.percentDecoded(decoded) else { break }
            decoded = next
            if let path = straight(decoded) { found.append(path) }
        }
        return found.map { String(decoding: $0, as: UTF8.self) }
    }

    /// - Returns: `nil` where the path is straight already.
    private static func straight(_ text: [UInt8]) -> [UInt8]? {
        let isWindows = text.contains(backslash) && goesUp(text)
        let bytes = isWindows ? text.map { $0 == backslash ? slash : $0 } : text
        // What stands before the path of a URL, and behind it, is none of the path.
        let start = root(of: bytes)
        let end = start == 0 ? bytes.count : bytes[start...].firstIndex { "?#".utf8.contains($0) } ?? bytes.count
        let path = bytes[start..<end]
        let isAbsolute = path.first == slash
        var parts: [ArraySlice<UInt8>] = []
        var isFolder = path.last == slash, isChanged = isWindows
        let written = path.split(separator: slash, omittingEmptySubsequences: false)
        for (index, part) in written.enumerated() {
            let isLast = index == written.count - 1
            if part.isEmpty {
                isChanged = isChanged || index > 0 && !isLast
            } else if part.elementsEqual(".".utf8) {
                (isChanged, isFolder) = (true, isFolder || isLast)
            } else if part.elementsEqual("..".utf8) {
                isFolder = isFolder || isLast
                if let last = parts.last, !last.elementsEqual("..".utf8) {
                    parts.removeLast()
                } else if !isAbsolute {
                    parts.append(part)
                    continue
                }
                isChanged = true
            } else {
                parts.append(part)
            }
        }
        guard isChanged else { return nil }
        var result = Array(bytes[..<start])
        if isAbsolute { result.append(slash) }
        result += parts.joined(separator: [slash])
        if isFolder, !parts.isEmpty { result.append(slash) }
        return result + bytes[end...]
    }

    /// Whether a backslash stands beside two dots: else it is commonly no path's.
    private static func goesUp(_ bytes: [UInt8]) -> Bool {
        bytes.split(omittingEmptySubsequences: false) { $0 == slash || $0 == backslash }
            .contains { $0.elementsEqual("..".utf8) }
    }

    /// Where the path of a URL begins; 0 for what is none.
    private static func root(of bytes: [UInt8]) -> Int {
        guard let scheme = PathReader.scheme(of: bytes) else { return 0 }
        let start = scheme.count + 3
        guard bytes[scheme.count...].starts(with: "://".utf8) else { return 0 }
        return bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
    }
}
