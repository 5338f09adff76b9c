import LinuxSystem
import SystemPackage

/// Which names existed before the box: losing one of those is deletion, losing a name that was born in the box is not.
///
/// A file's birth time (statx(2)) tells its age; a name whose old file was replaced is remembered here, since the new
/// file behind it is young. Bounded: when it is full, nothing old can be replaced any more.
struct NameHistory: Sendable {
    /// Nanoseconds since 1970, before the box's first instruction.
    let start: Int64
    private var replaced: Set<Name> = []
    private let limit: Int

    private struct Name: Hashable {
        let folder: FileIdentity
        let name: FilePath
    }

    init(start: Int64, limit: Int = 65_536) {
        self.start = start
        self.limit = limit
    }

    /// Whether the file came into being inside the box. Birth times have the clock's tick, so equality counts as old.
    func isYoung(_ file: FileStatus) -> Bool { file.birth.map { $0 > start } ?? false }

    /// Whether the name may vanish under *write* alone.
    func wasBornInside(_ name: FilePath, in folder: FileIdentity, _ file: FileStatus) -> Bool {
        isYoung(file) && !replaced.contains(Name(folder: folder, name: name))
    }

    /// Notes that the old file behind a name gives way to another.
    /// - Returns: `false` when there is no room to remember it.
    mutating func replace(_ name: FilePath, in folder: FileIdentity) -> Bool {
        let entry = Name(folder: folder, name: name)
        if replaced.contains(entry) { return true }
        guard replaced.count < limit else { return false }
        replaced.insert(entry)
        return true
    }
}
