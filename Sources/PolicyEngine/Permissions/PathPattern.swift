public import SystemPackage

/// An absolute path pattern: `*` is any text within a component, `?` one character of it, `**` any number of components.
/// It matches a path and all that is below. Case counts. No input makes it backtrack more than once a component.
public struct PathPattern: Hashable, Sendable {
    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case anyDepth
        case literal([UInt8])
        case glob([UInt8])

        var text: String {
            switch self {
            case .anyDepth: "**"
            case .literal(let bytes), .glob(let bytes): String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    public init(_ text: some StringProtocol) {
        parts = text.utf8.split(separator: UInt8(ascii: "/")).map { part in
            if part.elementsEqual("**".utf8) { return .anyDepth }
            let isGlob = part.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
            return isGlob ? .glob(Array(part)) : .literal(Array(part))
        }
    }

    /// Whether `path`, or a folder that it is in, is what the pattern describes.
    /// - Parameter path: Absolute, without `.` and `..`.
    public func matches(_ path: FilePath) -> Bool { matches(Self.components(of: path)) }

    static func components(of path: FilePath) -> [ArraySlice<UInt8>] {
        Array(path.string.utf8)[...].split(separator: UInt8(ascii: "/"))
    }

    /// Greedy with one point to go back to, the last `**`: an earlier `**` never has to take more than it took.
    /// - Parameter all: Whether it has to be the path itself, and not a folder that it is in.
    func matches(_ components: [ArraySlice<UInt8>], all: Bool = false) -> Bool {
        var part = 0
        var place = 0
        var retry: (part: Int, place: Int)?
        while part < parts.count || all && place < components.count {
            if part < parts.count, parts[part] == .anyDepth {
                retry = (part + 1, place)
                part += 1
            } else if part < parts.count, place < components.count, Self.matches(parts[part], components[place]) {
                part += 1
                place += 1
            } else if let last = retry, last.place < components.count {
                retry = (last.part, last.place + 1)
                (part, place) = (last.part, last.place + 1)
            } else {
                return false
            }
        }
        return true  // what is left of the path is below
    }

    /// Whether the pattern can describe something in `folder`, or the folder itself or one that it is in.
    public func canLie(in folder: FilePath) -> Bool {
        for (part, component) in zip(parts, Self.components(of: folder)) {
            if part == .anyDepth { return true }
            if !Self.matches(part, component) { return false }
        }
        return true
    }

    /// Whether a folder of this path can be one that the pattern names on the way to what it describes: `.git` for
    /// `**/.git/hooks`. A link there would lead the rest of the pattern elsewhere.
    func leads(through components: [ArraySlice<UInt8>]) -> Bool {
        places(behind: components).contains {
            $0 > 0 && $0 < parts.count && parts[$0 - 1] != .anyDepth && parts[$0] != .anyDepth
        }
    }

    /// How many parts may be used up by all of these components. A `**` that may take more is not.
    private func places(behind components: [ArraySlice<UInt8>]) -> [Int] {
        var places = [0]
        for component in components {
            var next: [Int] = []
            func reach(_ place: Int) { if !next.contains(place) { next.append(place) } }
            for place in places where place < parts.count {
                if parts[place] == .anyDepth {
                    reach(place)
                    if place + 1 < parts.count, Self.matches(parts[place + 1], component) { reach(place + 2) }
                } else if Self.matches(parts[place], component) {
                    reach(place + 1)
                }
            }
            places = next
            if places.isEmpty { break }
        }
        return places
    }

    /// What the pattern goes on with behind a folder of this path, when that is a link: `hooks` behind `.git` for `**/.git/hooks`.
    /// - Parameter target: Where it leads. What the pattern describes there without the link is left out.
    func rests(behind components: [ArraySlice<UInt8>], leadingTo target: [ArraySlice<UInt8>]) -> [String] {
        places(behind: components).compactMap { place in
            guard place > 0, place < parts.count else { return nil }
            if parts[place] == .anyDepth, PathPattern(parts: parts[..<place]).matches(target) { return nil }
            return parts[place...].map(\.text).joined(separator: "/")
        }
    }

    /// The names of folders on the way, where they are fixed.
    var folderNames: [String] {
        parts.dropLast().compactMap {
            if case .literal(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    /// The folder that the first `**` begins in, where there is one and no glob before it.
    var base: FilePath? {
        guard let depth = parts.firstIndex(of: .anyDepth) else { return nil }
        var path = "/"
        for part in parts[..<depth] {
            guard case .literal(let name) = part else { return nil }
            path += String(decoding: name, as: UTF8.self) + "/"
        }
        return FilePath(path)
    }

    var hasDepth: Bool { parts.contains(.anyDepth) }

    /// Whether a link of any name may be on the way: a folder's name is a glob, or `**` comes a second time.
    var goesOnBehindAnyLink: Bool {
        parts.count { $0 == .anyDepth } > 1 || hasFolderGlob
    }

    private var hasFolderGlob: Bool { parts.dropLast().contains { if case .glob = $0 { true } else { false } } }

    /// The fixed name that comes behind the first `**`, which every link that the second takes up has in its path.
    var nameBehindDepth: [UInt8]? {
        guard !hasFolderGlob, let depth = parts.firstIndex(of: .anyDepth), depth + 1 < parts.count,
            case .literal(let name) = parts[depth + 1]
        else { return nil }
        return name
    }

    /// What the last component has to be like, as a glob; `nil` when it may be anything.
    var lastPart: [UInt8]? {
        switch parts.last {
        case .literal(let bytes), .glob(let bytes): bytes
        case .anyDepth, nil: nil
        }
    }

    /// Whether all but the last component fits the whole of `folder`.
    func fits(_ folder: [ArraySlice<UInt8>]) -> Bool {
        let head = PathPattern(parts: parts.dropLast())
        // A component that nothing is called: what fits it fits no more than the folder.
        return head.parts.contains(.anyDepth)
            ? head.matches(folder) : head.parts.count == folder.count && head.matches(folder)
    }

    private init(parts: some Sequence<Part>) { self.parts = Array(parts) }

    /// Whether a single component fits a glob.
    static func matchesPart(_ glob: [UInt8], _ component: ArraySlice<UInt8>) -> Bool { matches(glob[...], component) }

    /// How many components a path has at least that the pattern matches.
    var leastDepth: Int { parts.count { $0 != .anyDepth } }

    private static func matches(_ part: Part, _ component: ArraySlice<UInt8>) -> Bool {
        switch part {
        case .anyDepth: true
        case .literal(let bytes): component.elementsEqual(bytes)
        case .glob(let bytes): matches(bytes[...], component)
        }
    }

    private static func matches(_ glob: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var (g, t) = (glob.startIndex, text.startIndex)
        var retry: (g: Int, t: Int)?
        while t < text.endIndex {
            if g < glob.endIndex, glob[g] == UInt8(ascii: "*") {
                g += 1
                retry = (g, t)
            } else if g < glob.endIndex, glob[g] == UInt8(ascii: "?") {
                g += 1
                t = character(after: t, in: text)
            } else if g < glob.endIndex, glob[g] == text[t] {
                g += 1
                t += 1
            } else if let last = retry {
                t = last.t + 1
                retry = (last.g, t)
                g = last.g
            } else {
                return false
            }
        }
        return glob[g...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Past one UTF-8 character: its first byte and the bytes 10xxxxxx behind it.
    private static func character(after start: Int, in text: ArraySlice<UInt8>) -> Int {
        var next = start + 1
        while next < text.endIndex, text[next] & 0xc0 == 0x80 { next += 1 }
        return next
    }
}

extension FilePath {
    /// Whether it is absolute and free of `.` and `..`, as every path that is judged must be.
    var isResolved: Bool {
        isAbsolute && !components.contains { $0.kind != .regular }
    }

    /// Whether this path is `folder` or below it, by component.
    func lies(in folder: FilePath) -> Bool { starts(with: folder) }
}
