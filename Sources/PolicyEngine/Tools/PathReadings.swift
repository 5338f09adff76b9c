/// Every absolute path that a text of a call can stand for. A server may read it in any of these ways, so a rule that opens
/// something asks for all of them, and one that closes something for any.
struct PathReadings {
    var paths: [Place] = []
    /// Why it cannot be told what the text stands for.
    var problem: String?

    /// An absolute path without `.`, `..` and empty parts.
    struct Place {
        /// Its parts, one behind the other, each with a slash before it: `/srv/data`; the root is empty.
        let bytes: [UInt8]
        let parts: [ArraySlice<UInt8>]
        /// Parts in the form that rules which close something compare: small letters, composed, without blanks and dots at the
        /// end. Some file systems take all of these for one name.
        let foldedParts: [ArraySlice<UInt8>]

        init(bytes: [UInt8]) {
            self.bytes = bytes
            parts = bytes.split(separator: UInt8(ascii: "/"))
            foldedParts = Self.folded(bytes, parts)
        }

        var text: String { bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self) }

        private static func folded(_ bytes: [UInt8], _ parts: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
            var parts = parts
            if bytes.contains(where: { $0 >= 0x80 }) {
                parts = parts.map { ArraySlice(FoldedText.fold(String(decoding: $0, as: UTF8.self)).utf8) }
            } else if bytes.contains(where: { (0x41...0x5A).contains($0) }) {
                parts = bytes.map(lowercase).split(separator: UInt8(ascii: "/"))
            }
            let isTrimmed = parts.allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return first > 0x20 && last > 0x20 && last != UInt8(ascii: ".")
            }
            if isTrimmed { return parts }
            return parts.compactMap { part in
                var part = part
                while let last = part.last, last <= 0x20 || last == UInt8(ascii: ".") { part.removeLast() }
                part = part.drop { $0 <= 0x20 }
                return part.isEmpty ? nil : part
            }
        }

        static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    }
}

/// Reads texts as paths. Pure but for the closure that follows links.
struct PathReader {
    private let home: [UInt8]?
    private let folder: [UInt8]
    private let resolve: (@Sendable (String) -> String?)?

    /// Bytes of a path. Source: PATH_MAX of limits.h.
    static let longest = 4_096
    /// Bytes of a text that only may hold paths, and is looked through for them.
    private static let longestTakenApart = 1_024

    init(_ moment: PolicyMoment) {
        home = moment.home.map { Array($0.utf8) }
        folder = Array(moment.workingDirectory.utf8)
        resolve = moment.resolve
    }

    /// Whether it can only be a name in the working directory: letters, digits, `.`, `_` and `-`.
    static func isBareName(_ text: String) -> Bool {
        var dots = 0
        var count = 0
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."): dots += 1
            default: return false
            }
            count += 1
        }
        return dots < count || count == 0
    }

    /// Whether it can be read in one way only.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy(isOrdinary) }

    /// Whether it can only be a file or folder below the working directory: `a/b`.
    static func isBelow(_ text: String) -> Bool {
        isPlain(text) && text.utf8.first != slash && !text.utf8.contains(UInt8(ascii: "~")) && !text.utf8Contains("..")
    }

    /// Whether it can only be a name in the working directory, once blanks and case are set aside: nothing in it is undone.
    static func isPlainName(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            switch $0 {
            case slash, backslash, UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: ":"),
                UInt8(ascii: "'"),
                UInt8(ascii: "\""), UInt8(ascii: "`"):
                false
            default: true
            }
        }
    }

    func readings(of text: String, followingLinks: Bool) -> PathReadings {
        var result = PathReadings()
        let bytes = Array(text.utf8)
        if bytes.count > Self.longest {
            result.problem = "it is longer than \(Self.longest) bytes"
            return result
        }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { result.problem = "it holds a control character" }
        // What is surely about paths may hold several of them, and so may any short text: `cat /x`.
        let (spellings, isCut) = Self.spellings(
            of: bytes, takesApart: followingLinks || bytes.count <= Self.longestTakenApart)
        if isCut { result.problem = "it can be read in too many ways" }
        for spelling in spellings where !Self.isFileURI(spelling) {
            if spelling.contains(where: { $0 >= 0x80 }), String(validating: spelling, as: UTF8.self) == nil {
                result.problem = "its encoded bytes are not UTF-8"
            }
            switch expanded(spelling) {
            case .success(let path): add(path, followingLinks, to: &result)
            case .failure(let problem): result.problem = problem.description
            }
        }
        return result
    }

    /// The path as written and the one that it leads to.
    private func add(_ path: [UInt8], _ followingLinks: Bool, to result: inout PathReadings) {
        let absolute = path.first == Self.slash ? path : folder + [Self.slash] + path
        insert(absolute, into: &result)
        guard followingLinks, let resolve else { return }
        // As written: the kernel goes up from where a link leads. Folded first, as many servers do it.
        let folded = Self.normal(absolute)
        for asked in absolute == folded ? [absolute] : [absolute, folded] {
            guard let real = resolve(asked.isEmpty ? "/" : String(decoding: asked, as: UTF8.self)) else {
                result.problem = "where it leads cannot be told"
                continue
            }
            insert(Array(real.utf8), into: &result)
        }
    }

    private func insert(_ path: [UInt8], into result: inout PathReadings) {
        guard let outside = withoutProc(path) else {
            result.problem = "it names an open file by number"
            return
        }
        if !result.paths.contains(where: { $0.bytes == outside }) { result.paths.append(.init(bytes: outside)) }
    }

    // MARK: Spellings

    private static let mostSpellings = 64

    /// The text itself, and what is left when blanks, quotes, percent-encoding, a scheme or backslashes are undone.
    /// - Parameter takesApart: Whether the paths in `--file=/x`, `a:/x` and `a,/x` are spellings too.
    /// - Returns: Also whether there are more than can be looked at.
    static func spellings(of bytes: [UInt8], takesApart: Bool) -> ([[UInt8]], isCut: Bool) {
        let isOption = takesApart && bytes.first == UInt8(ascii: "-")
        if !isOption, bytes.allSatisfy(isOrdinary) { return ([bytes], false) }
        var all = [bytes]
        var isCut = false
        func add(_ spelling: [UInt8]) {
            if all.contains(spelling) { return }
            if all.count < mostSpellings { all.append(spelling) } else { isCut = true }
        }
        func extend(_ change: ([UInt8]) -> [UInt8]?) {
            for spelling in all { if let changed = change(spelling) { add(changed) } }
        }
        extend(trimmed)
        // Encoded more than once, and once more on the way. A backslash that is a slash is one before `%5c` becomes another.
        for _ in 0..<3 {
            extend(withoutBackslashes)
            extend(percentDecoded)
        }
        extend { withoutCompatibilityForms($0) }
        if takesApart {
            for spelling in all {
                let pieces = pieces(of: spelling)
                isCut = isCut || pieces.count > mostPieces
                for piece in pieces { add(Array(piece)) }
            }
        }
        for isCut in [true, false] {
            extend { withoutScheme($0, droppingHost: false, cutting: isCut) }
            extend { withoutScheme($0, droppingHost: true, cutting: isCut) }
        }
        // A URI is taken apart before it is decoded: in `file:/%2fetc` the slash begins no host.
        for _ in 0..<3 { extend(percentDecoded) }
        extend(withoutBackslashes)
        extend(withoutDrive)
        extend(trimmed)
        return (all, isCut)
    }

    private static let mostPieces = 16

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"),
            UInt8(ascii: "|"), UInt8(ascii: "@"):
            true
        default: false
        }
    }

    /// How many times the paths in it may have to be followed.
    static func pieceCount(of text: String) -> Int {
        min(mostPieces, text.utf8.count(where: isSeparator))
    }

    /// The parts of a list, an option or an assignment that lead somewhere of their own: from the root, from home, or up. Others
    /// lie where the whole text does.
    /// - Returns: One more than ``mostPieces`` at most.
    private static func pieces(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        let mayGoUp = goesUp(bytes[...])
        func add(_ start: Int, _ end: Int) {
            if start >= end || end - start == bytes.count || pieces.count > mostPieces { return }
            if isAbsolute(bytes, start) {
                pieces.append(bytes[start..<end])
                // A name may hold what parts others.
                if start > 0, end < bytes.count { pieces.append(bytes[start...]) }
            } else if mayGoUp, goesUp(bytes[start..<end]) {
                pieces.append(bytes[start..<end])
            }
        }
        var start = 0
        for index in bytes.indices where isSeparator(bytes[index]) {
            // An address is no list.
            if bytes[index] == UInt8(ascii: ":"), index + 2 < bytes.count, bytes[index + 1] == slash,
                bytes[index + 2] == slash
            {
                continue
            }
            // Nor is `file:/x`.
            if bytes[index] == UInt8(ascii: ":"), index == start + 4, bytes[start] | 0x20 == UInt8(ascii: "f"),
                isAbsolute(bytes, start)
            {
                continue
            }
            add(start, index)
            start = index + 1
        }
        add(start, bytes.count)
        // `-o/x`
        if bytes.first == UInt8(ascii: "-"),
            let at = bytes.firstIndex(where: { $0 == slash || $0 == UInt8(ascii: "~") })
        {
            add(at, bytes.count)
        }
        return pieces
    }

    /// By how it begins there: `/x`, `~/x`, `$HOME/x`, `\x`, `file:x`.
    private static func isAbsolute(_ text: [UInt8], _ start: Int) -> Bool {
        switch text[start] {
        case slash, backslash, UInt8(ascii: "~"), UInt8(ascii: "$"): true
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            text[start...].prefix(5).map(PathReadings.Place.lowercase).elementsEqual("file:".utf8)
        default: false
        }
    }

    /// Whether two dots stand in it with nothing or a sign on either side.
    private static func goesUp(_ text: ArraySlice<UInt8>) -> Bool {
        let dot = UInt8(ascii: ".")
        for index in text.indices.dropFirst() where text[index] == dot && text[index - 1] == dot {
            let before = index - 2 < text.startIndex || isEdge(text[index - 2])
            if before, index + 1 == text.endIndex || isEdge(text[index + 1]) { return true }
        }
        return false
    }

    private static func isEdge(_ byte: UInt8) -> Bool { byte == slash || byte == backslash || isSeparator(byte) }

    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    /// Bytes that no spelling changes.
    private static func isOrdinary(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case slash, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8]? {
        let isEdge: (UInt8) -> Bool = { $0 <= 0x20 || $0 == 0x7F || "'\"`".utf8.contains($0) }
        var rest = bytes[...]
        if bytes.contains(where: { $0 >= 0x80 }) {
            rest = ArraySlice(FoldedText.trimmed(String(decoding: bytes, as: UTF8.self)).utf8)
        }
        rest = rest.drop(while: isEdge)
        while let last = rest.last, isEdge(last) { rest.removeLast() }
        return rest.count == bytes.count ? nil : Array(rest)
    }

    static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        var decoded: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count, let high = digit(bytes[at + 1]),
                let low = digit(bytes[at + 2])
            {
                decoded.append(high << 4 | low)
                at += 3
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return decoded.count == bytes.count ? nil : decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// `file:///x`, `file://localhost/x` and `file:/x` as `/x`; of another scheme what stands behind it, as a path.
    /// - Parameter cutting: Whether a query and a fragment go. They stay where a reader takes the scheme off and no more, and where `%23`
    ///   was a part of a name: `file:///x%23/%2e%2e/y` is `/y`.
    private static func withoutScheme(_ bytes: [UInt8], droppingHost: Bool, cutting: Bool) -> [UInt8]? {
        guard let scheme = scheme(of: bytes) else { return nil }
        var rest = bytes[(scheme.count + 1)...]
        let isFile = scheme.elementsEqual("file".utf8)
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            // The host of a file is this machine, whatever it is called; some readers take it for the first folder.
            if isFile, droppingHost { rest = rest.drop { $0 != slash && $0 != backslash } }
        } else if !isFile {
            return nil
        }
        if cutting, let end = rest.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            rest = rest[..<end]
        }
        return (isFile || rest.first == slash ? [] : [slash]) + Array(rest)
    }

    /// `file:/x`: nobody has a folder of that name, and what it is a URI of is a spelling of its own. What goes up may lead out of one all the same.
    private static func isFileURI(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 5, bytes[5] == slash, scheme(of: Array(bytes.prefix(5))) == Array("file".utf8) else {
            return false
        }
        return !goesUp(bytes[...])
    }

    /// The scheme in small letters. Source: RFC 3986, 3.1. One letter is a drive.
    static func scheme(of bytes: [UInt8]) -> [UInt8]? {
        guard let colon = bytes.prefix(32).firstIndex(of: UInt8(ascii: ":")), colon > 1 else { return nil }
        let scheme = bytes[..<colon].map(PathReadings.Place.lowercase)
        let isScheme = scheme.enumerated().allSatisfy { index, byte in
            (0x61...0x7A).contains(byte)
                || index > 0 && ((0x30...0x39).contains(byte) || "+-.".utf8.contains(byte))
        }
        return isScheme ? scheme : nil
    }

    /// Wide letters, and other characters that readers which normalise take for a slash or a dot. Source: Unicode's NFKC.
    private static func withoutCompatibilityForms(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return nil }
        var text = ""
        var isChanged = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            var plain = scalar
            switch scalar.value {
            case 0xFF01...0xFF5E: plain = Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
            case 0x2024, 0xFE52, 0x3002, 0xFF61: plain = "."
            case 0x2025:
                text += "."
                plain = "."
            case _ where isSlash(scalar): plain = "/"
            default: break
            }
            isChanged = isChanged || plain != scalar
            text.unicodeScalars.append(plain)
        }
        return isChanged ? Array(text.utf8) : nil
    }

    /// Whether somebody may take it for a slash.
    static func isSlash(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2044, 0x2215, 0x2216, 0x29F8, 0xFE68, 0xFF0F, 0xFF3C: true
        default: false
        }
    }

    private static func withoutBackslashes(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.contains(backslash) ? bytes.map { $0 == backslash ? slash : $0 } : nil
    }

    private static func withoutDrive(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 2, bytes[1] == UInt8(ascii: ":"), bytes[2] == slash,
            (0x61...0x7A).contains(bytes[0] | 0x20)
        else { return nil }
        return Array(bytes[2...])
    }

    // MARK: Home and variables

    /// `~`, `$HOME`, `${HOME}`, `%HOME%` and `%USERPROFILE%` filled in.
    private func expanded(_ bytes: [UInt8]) -> Result<[UInt8], PatternProblem> {
        var path = bytes
        if path.first == UInt8(ascii: "~") {
            guard path.count == 1 || path[1] == Self.slash else {
                return .failure(PatternProblem("`~name` is not known here"))
            }
            guard let home else { return .failure(PatternProblem("there is no home folder")) }
            path = home + path.dropFirst()
        }
        guard path.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "%") }) else {
            return .success(path)
        }
        for name in Self.homeNames where path.count >= name.count {
            guard let found = Self.find(name, in: path) else { continue }
            guard let home else { return .failure(PatternProblem("there is no home folder")) }
            path = path[..<found.lowerBound] + home + path[found.upperBound...]
        }
        if let dollar = path.firstIndex(of: UInt8(ascii: "$")), dollar + 1 < path.count {
            let next = path[dollar + 1]
            if "{(_".utf8.contains(next) || (0x41...0x5A).contains(next & 0xDF) {
                return .failure(PatternProblem("it holds a variable"))
            }
        }
        return .success(path)
    }

    private static let homeNames = ["$HOME", "${HOME}", "%HOME%", "%USERPROFILE%"].map { Array($0.utf8) }

    /// The variable, where its name ends there.
    private static func find(_ word: [UInt8], in text: [UInt8]) -> Range<Int>? {
        if text.count < word.count { return nil }
        for start in 0...(text.count - word.count) where text[start] == word[0] && text[start...].starts(with: word) {
            let end = start + word.count
            if word.last == UInt8(ascii: "E"), end < text.count {
                let next = text[end]
                if next == 0x5F || (0x30...0x39).contains(next) || (0x41...0x5A).contains(next & 0xDF) { continue }
            }
            return start..<end
        }
        return nil
    }

    // MARK: Normal form

    /// An absolute path without empty parts, `.` and `..`; nothing for the root.
    static func normal(_ path: [UInt8]) -> [UInt8] {
        if isNormal(path) { return path }
        var result: [UInt8] = []
        result.reserveCapacity(path.count)
        for part in path.split(separator: slash) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                result.removeSubrange((result.lastIndex(of: slash) ?? 0)...)
                continue
            }
            result.append(slash)
            result += part
        }
        return result
    }

    /// Whether there is no empty part, none that begins with a dot, and no slash at the end.
    private static func isNormal(_ path: [UInt8]) -> Bool {
        var last: UInt8 = 0
        for byte in path {
            if last == slash, byte == slash || byte == UInt8(ascii: ".") { return false }
            last = byte
        }
        return path.first == slash && last != slash
    }

    /// The normal form with `/proc/self/root/x` as `/x` and `/proc/self/cwd/x` as x in the working directory, part by part as the
    /// kernel goes.
    /// - Returns: `nil` for the descriptors of a process, which may be anything.
    private func withoutProc(_ path: [UInt8]) -> [UInt8]? {
        guard Self.find(Array("proc/".utf8), in: path) != nil || Self.find(Array("dev/fd".utf8), in: path) != nil else {
            return Self.normal(path)
        }
        var done: [ArraySlice<UInt8>] = []
        for part in path.split(separator: Self.slash) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                _ = done.popLast()
                continue
            }
            done.append(part)
            if done.count == 2, done[0].elementsEqual("dev".utf8), done[1].elementsEqual("fd".utf8) { return nil }
            guard done.count > 2, done[0].elementsEqual("proc".utf8), Self.isProcess(done[1]) else { continue }
            guard done.count == 3 || done.count == 5 && done[2].elementsEqual("task".utf8) else { continue }
            if part.elementsEqual("root".utf8) { done = [] }
            if part.elementsEqual("cwd".utf8) { done = Self.normal(folder).split(separator: Self.slash) }
            if part.elementsEqual("fd".utf8) || part.elementsEqual("map_files".utf8) { return nil }
        }
        return done.flatMap { [Self.slash] + $0 }
    }

    private static func isProcess(_ name: ArraySlice<UInt8>) -> Bool {
        name.elementsEqual("self".utf8) || name.elementsEqual("thread-self".utf8)
            || name.allSatisfy { (0x30...0x39).contains($0) }
    }
}
