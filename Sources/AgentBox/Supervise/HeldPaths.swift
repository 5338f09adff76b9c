import LinuxSystem
import PolicyEngine
import SystemPackage

/// Who decides about a path of the box: looked up for every open, so it is made of plain bytes.
final class HeldPaths: Sendable {
    private let kept: AccessTable
    private let mediated: AccessTable
    private let denials: DenialFinder

    init(_ plan: BoxPlan) {
        kept = AccessTable(plan.landlock?.rules ?? [])
        mediated = AccessTable(plan.mediated)
        denials = DenialFinder(plan.granted)
    }

    enum Holder {
        /// Landlock lets it through or refuses it.
        case kernel
        /// It lies in a grant, and nothing closes it: the supervisor is to do it.
        case supervisor
        case closed(DeniedPath)
    }

    /// - Parameters:
    ///   - path: Real and absolute, or a name in a real folder.
    ///   - wanted: Rights that the call needs there.
    func holder(of path: [UInt8], for wanted: FileAccess) -> Holder {
        let mine = mediated.access(at: path)
        if mine.isDisjoint(with: wanted) { return .kernel }
        guard mine.union(kept.access(at: path)).isSuperset(of: wanted) else { return .kernel }
        if !wanted.isDisjoint(with: MediatedRules.reading), let entry = denials.denial(of: path, for: .read) {
            return .closed(entry)
        }
        if !wanted.isDisjoint(with: MediatedRules.writing), let entry = denials.denial(of: path, for: .write) {
            return .closed(entry)
        }
        return .supervisor
    }

    /// Whether a path as written leads to no mediated place, unless a link takes it there.
    func isOutside(_ path: [UInt8]) -> Bool {
        path.first == UInt8(ascii: "/") && mediated.access(at: path).isEmpty
    }

    /// What the box may do at a place, whoever holds it; nothing where it is closed.
    func rights(at path: [UInt8]) -> FileAccess {
        var rights = mediated.access(at: path).union(kept.access(at: path))
        if denials.denial(of: path, for: .read) != nil { rights.subtract(MediatedRules.reading) }
        if denials.denial(of: path, for: .write) != nil { rights.subtract(MediatedRules.writing) }
        return rights
    }

    func denial(of path: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        denials.denial(of: path, for: access)
    }

    /// The entry that a link with this name would lead elsewhere: `.git` for `.git/hooks`.
    func entry(through path: FilePath) -> DeniedPath? { denials.entry(through: Array(path.string.utf8)) }

    /// Whether what lies at one place may go to the other: both are closed to the same, and nothing becomes readable.
    func areAlike(_ old: FilePath, _ new: FilePath, isLink: Bool) -> Bool {
        for access in [EffectivePermissions.PathAccess.read, .write]
        where denial(of: old, for: access)?.access != denial(of: new, for: access)?.access { return false }
        return !isLink || entry(through: new) == nil || entry(through: old) != nil
    }

    /// Whether a place may be read that the other may not, as Landlock has it for what is moved.
    func opens(_ old: FilePath, _ new: FilePath) -> Bool {
        let reading = MediatedRules.reading
        return !rights(at: new.bytes).intersection(reading).isSubset(of: rights(at: old.bytes))
    }
}
