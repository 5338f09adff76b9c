import LinearRegex
import StrictJSON
import Synchronization
import SystemPackage

/// The paths, hosts or programs that a rule names.
public struct FactList: Sendable {
    public let fact: CallFact
    /// As written.
    public let entries: [String]
    private let hosts: [HostRule]
    private let programs: [NamePattern]
    private let foldedPrograms: [NamePattern]
    private let expressions: [LinearRegex]
    private let places: PlaceCache

    /// - Parameter fail: Told of each entry that cannot be read, by its place in the list.
    public init(_ fact: CallFact, _ entries: [String], fail: (Int, String) -> Void) {
        self.fact = fact
        self.entries = entries
        var hosts: [HostRule] = []
        var programs: [NamePattern] = []
        var expressions: [LinearRegex] = []
        for (index, entry) in entries.enumerated() {
            switch fact {
            case .path: if let problem = PathList.problem(of: entry) { fail(index, problem) }
            case .host: do { hosts.append(try HostRule(parsing: entry)) } catch { fail(index, error.description) }
            case .text:
                do { expressions.append(try LinearRegex(entry, ignoresCase: true)) } catch {
                    fail(index, error.description)
                }
            case .command: do { programs.append(try NamePattern(entry)) } catch { fail(index, error.description) }
            }
        }
        self.hosts = hosts
        self.programs = programs
        foldedPrograms = programs.map(\.folded)
        self.expressions = expressions
        places = PlaceCache()
    }

    func paths(at work: borrowing DecisionWork) -> PathList { places.list(entries, work.moment) }

    /// Whether an entry may close the host.
    func mayClose(_ host: NamedHost) -> Bool {
        let onPort = hosts.filter { $0.port == nil || host.port == nil || $0.port == host.port }
        guard let name = host.host else { return false }
        if HostText.isAddress(name[...]) {
            guard let address = try? HostText.address(name[...]) else { return false }
            return onPort.contains { $0.closes(address) }
        }
        guard let canonical = try? HostText.name(name[...]) else { return false }
        return onPort.contains { $0.closes(canonical) || $0.target == .anyPublic }
    }

    /// Whether an entry surely opens it.
    func opens(_ host: NamedHost) -> Bool {
        let onPort = hosts.filter { $0.port == nil || $0.port == host.port }
        guard let name = host.host else { return false }
        if HostText.isAddress(name[...]) {
            guard let address = try? HostText.address(name[...]) else { return false }
            return onPort.contains { $0.opens(address) }
        }
        guard let canonical = try? HostText.name(name[...]) else { return false }
        return onPort.contains { $0.opens(canonical) }
    }

    /// Whether an expression is found in a text of the arguments, keys included, as it is or folded; also inside of texts that are JSON.
    /// - Returns: `nil` when one of these cannot be looked through, and nothing was found in the others.
    func isFound(in element: JSONElement) -> Bool? {
        var found: Bool? = false
        find(in: element, 0, &found)
        return found
    }

    private func find(in element: JSONElement, _ depth: Int, _ found: inout Bool?) {
        if found == true { return }
        switch element.kind {
        case .null, .bool, .number: break
        case .string:
            var isJSON = false
            // The buffer lives for the closure.
            unsafe element.withStringBytes {
                if unsafe isFound(in: $0) { found = true } else { isJSON = unsafe NestedJSON.begins($0) }
            }
            if isJSON { find(inside: element.string ?? "", depth, &found) }
        case .array: element.forEachElement { find(in: $0, depth, &found) }
        case .object:
            element.forEachMember {
                find(in: $0, depth, &found)
                find(in: $1, depth, &found)
            }
        }
    }

    private func find(inside text: String, _ depth: Int, _ found: inout Bool?) {
        guard found != true, let nested = NestedJSON.read(text) else { return }
        if depth == CallFacts.mostNested {
            found = nil
            return
        }
        switch nested {
        case .value(let element): find(in: element, depth + 1, &found)
        case .strings(let texts):
            for text in texts where found != true {
                if isFound(in: text) { found = true } else { find(inside: text, depth + 1, &found) }
            }
        case .tooMany: found = nil
        }
    }

    func isFound(in text: String) -> Bool {
        var text = text
        // As above.
        return text.withUTF8 { unsafe isFound(in: $0) }
    }

    private func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if expressions.contains(where: { unsafe $0.matches(text) }) { return true }
        // Characters that nobody sees would break a word in two.
        if unsafe text.allSatisfy({ $0 < 0x80 }) { return false }
        // Of case the expressions take care themselves.
        let composed = unsafe FoldedText.composed(String(decoding: text, as: UTF8.self))
        // The array lives for the closure.
        return unsafe composed.withUnsafeBufferPointer { text in expressions.contains { unsafe $0.matches(text) } }
    }

    /// Whether the words of a command name a program of the list, in any folder and case.
    func mayStart(_ command: String) -> Bool {
        CommandText.words(of: command).contains { word in
            let name = FoldedText.fold(word.split(separator: "/").last.map(String.init) ?? word)
            let bare = String(name.drop { $0 == "\\" })
            return foldedPrograms.contains { $0.matches(name) || name != bare && $0.matches(bare) }
        }
    }

    /// Whether the program is one of the list, as written: `./git` is not `git`.
    func holds(program: String) -> Bool { programs.contains { $0.matches(program) } }
}

/// Path entries with `~` and relative paths filled in.
struct PathList: Sendable {
    /// Of rules that open something: byte by byte.
    private var exact: [(pattern: PathPattern, all: Bool)] = []
    /// Of rules that close something.
    private var folded: [PathPattern] = []
    /// Patterns for the last part of a path in the working directory.
    private var names: [Name] = []
    private var isEveryName = false
    /// Why some entry cannot be read here.
    private(set) var problem: String?

    private struct Name: Sendable {
        let bytes: [UInt8]
        /// The last byte that a name has to have; `nil` when it may be any.
        let last: UInt8?
    }

    static func problem(of entry: String) -> String? {
        if entry.isEmpty { return "an empty path" }
        if entry.utf8.count > PathReader.longest { return "a path of more than \(PathReader.longest) bytes" }
        if entry.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "a path with control characters" }
        if entry.hasPrefix("~"), entry != "~", !entry.hasPrefix("~/") { return "`~name` is not known here" }
        if entry.utf8.contains(UInt8(ascii: "$")) {
            let rest = entry.replacing("${HOME}", with: "").replacing("$HOME", with: "")
            if rest.utf8.contains(UInt8(ascii: "$")) { return "only $HOME is known here" }
        }
        if entry.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }),
            isPattern(entry)
        {
            return "a pattern cannot go up with `..`"
        }
        return nil
    }

    static func isPattern(_ entry: String) -> Bool {
        entry.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    init(_ entries: [String], _ moment: PolicyMoment) {
        for entry in entries {
            var text = entry
            if text.hasPrefix("~") || text.contains("$HOME") || text.contains("${HOME}") {
                guard let home = moment.home else {
                    problem = "`\(printable(entry))` needs a home folder, and there is none"
                    continue
                }
                if text.hasPrefix("~") { text = home + text.dropFirst() }
                text = text.replacing("${HOME}", with: home).replacing("$HOME", with: home)
            }
            add(text, moment)
        }
        // Bare words lie in the working directory: which entries can be about them?
        let folder = PathReadings.Place(bytes: PathReader.normal(Array(moment.workingDirectory.utf8))).foldedParts
        isEveryName = folded.contains { $0.matches(folder) }
        for pattern in folded {
            guard let last = pattern.lastPart, pattern.fits(folder) else { continue }
            let end = last.last ?? 0
            names.append(Name(bytes: last, last: "*?".utf8.contains(end) ? nil : end))
        }
    }

    private mutating func add(_ text: String, _ moment: PolicyMoment) {
        let hasSlash = text.utf8.contains(UInt8(ascii: "/"))
        let isPattern = Self.isPattern(text)
        let isAnywhere = isPattern && (!hasSlash || text.hasPrefix("**/"))
        let absolute =
            isAnywhere ? "/**/" + text : text.hasPrefix("/") ? text : moment.workingDirectory + "/" + text
        let normal = PathReadings.Place(bytes: PathReader.normal(Array(absolute.utf8))).text
        if isPattern { return insert(normal, isPattern: true) }
        // A bare name is closed wherever it is, and open where relative paths begin.
        insert(normal, closing: hasSlash || text == "." || text == ".." ? normal : "/**/" + text)
        if let real = moment.resolve?(text.utf8Contains("..") ? absolute : normal) {
            insert(PathReadings.Place(bytes: PathReader.normal(Array(real.utf8))).text)
        }
    }

    private mutating func insert(_ path: String, isPattern: Bool = false, closing: String? = nil) {
        let pattern = PathPattern(path)
        // A pattern opens what it fits, unless it ends in `**`; a name, also what is below.
        let all = isPattern && pattern.lastPart != nil
        if !exact.contains(where: { $0 == (pattern, all) }) { exact.append((pattern, all)) }
        let parts = PathReadings.Place(bytes: Array((closing ?? path).utf8)).foldedParts
        let small = PathPattern(parts.map { "/" + String(decoding: $0, as: UTF8.self) }.joined())
        if !folded.contains(small) { folded.append(small) }
    }

    /// Whether the place is surely in the list.
    func opens(_ place: PathReadings.Place) -> Bool {
        exact.contains { $0.pattern.matches(place.parts, all: $0.all) }
    }

    /// Whether it is, in any spelling.
    func closes(_ place: PathReadings.Place) -> Bool {
        let parts = place.foldedParts
        return folded.contains { $0.matches(parts) }
    }

    /// The same for a bare word of letters, digits, `.`, `_` and `-` in the working directory; there can be very many.
    func closes(name: String) -> Bool {
        if isEveryName { return true }
        let ends = { (byte: UInt8) in byte != UInt8(ascii: ".") && byte > 0x20 }
        // Nearly always the very last one.
        guard var end = name.utf8.last else { return false }
        if !ends(end) {
            guard let last = name.utf8.last(where: ends) else { return false }
            end = last
        }
        let last = PathReadings.Place.lowercase(end)
        if !names.contains(where: { $0.last == nil || $0.last == last }) { return false }
        var bytes = name.utf8.map(PathReadings.Place.lowercase)
        while bytes.last == UInt8(ascii: ".") || bytes.last == 0x20 { bytes.removeLast() }
        return names.contains { ($0.last == nil || $0.last == last) && PathPattern.matchesPart($0.bytes, bytes[...]) }
    }
}

/// The list of one rule, made when it is first asked for. A gateway has one home and one working directory.
private final class PlaceCache: Sendable {
    private struct Key: Equatable {
        let home: String?
        let folder: String
    }
    private let made = Mutex<(key: Key, list: PathList)?>(nil)

    func list(_ entries: [String], _ moment: PolicyMoment) -> PathList {
        let key = Key(home: moment.home, folder: moment.workingDirectory)
        if let made = made.withLock({ $0 }), made.key == key { return made.list }
        let list = PathList(entries, moment)
        made.withLock { $0 = (key, list) }
        return list
    }
}
