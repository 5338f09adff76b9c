import LinuxSystem
import SystemPackage

/// What path rules allow at a place, as text: asked for every open of a box.
struct AccessTable: Sendable {
    /// Each place with a slash behind it.
    private let places: [(prefix: [UInt8], access: FileAccess)]
    private static let slash = UInt8(ascii: "/")

    init(_ rules: [BoxPlan.PathRule]) {
        places = rules.map { rule in
            (rule.path == "/" ? [Self.slash] : Array(rule.path.string.utf8) + [Self.slash], rule.access)
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// All that the rules at the path and above it allow together.
    /// - Parameter path: Real and absolute.
    func access(at path: [UInt8]) -> FileAccess {
        var found: FileAccess = []
        for (prefix, access) in places {
            let last = prefix.count - 1
            // Most places fall out by length or by the one byte.
            guard path.count >= last, last == 0 || path.count == last || path[last] == Self.slash else { continue }
            if prefix.prefix(last).elementsEqual(path.prefix(last)) { found.formUnion(access) }
        }
        return found
    }
}
