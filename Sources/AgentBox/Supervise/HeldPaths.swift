import Glibc
import LinuxSystem
import PolicyEngine
import Synchronization
import SystemPackage

/// Who decides about a path of the box: looked up for every open, so it is made of plain bytes.
final class HeldPaths: Sendable {
    private let kept: AccessTable
    private let mediated: AccessTable
    private let denials: LateDenials

    /// - Parameter patience: Milliseconds that a question waits for the search for links at most.
    init(_ plan: BoxPlan, patience: CInt = 60_000) {
        kept = AccessTable(plan.landlock?.rules ?? [])
        mediated = AccessTable(plan.mediated)
        denials = LateDenials(plan, patience)
    }

    /// Looks for links with denied names, where that has not been done. Whoever asks about a granted place meanwhile waits.
    func searchLinks() { denials.search() }

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
        if !wanted.isDisjoint(with: MediatedRules.reading), let entry = closing(path, for: .read) {
            return .closed(entry)
        }
        if !wanted.isDisjoint(with: MediatedRules.writing), let entry = closing(path, for: .write) {
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
        if closing(path, for: .read) != nil { rights.subtract(MediatedRules.reading) }
        if closing(path, for: .write) != nil { rights.subtract(MediatedRules.writing) }
        return rights
    }

    func denial(of path: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        denials.ask { $0.denial(of: path, for: access) }
    }

    private func closing(_ path: [UInt8], for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        denials.ask { $0.denial(of: path, for: access) }
    }

    /// The entry that a link with this name would lead elsewhere: `.git` for `.git/hooks`.
    func entry(through path: FilePath) -> DeniedPath? {
        denials.ask { $0.entry(through: Array(path.string.utf8)) }
    }

    /// The entry that a file with this name would get round: git takes `.git/hooks` from where a file `.git` says.
    func entry(behindFile path: FilePath) -> DeniedPath? {
        path.lastComponent?.string == ".git" ? entry(through: path) : nil
    }

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

/// What is denied, and what links with denied names lead to: finding those takes a while in a large tree, so it is done
/// beside the server's start. Whoever asks meanwhile waits, but not for ever: a file system that does not answer would hold
/// up all else that the box asks for. Until the search has ended, and when it cannot, everything in the grants is closed.
private final class LateDenials: Sendable {
    private let granted: EffectivePermissions
    private let state: Mutex<State>
    /// Hangs up when the search has ended; `nil` where none is needed.
    private let bell: SharedDescriptor?
    private let ringer: Mutex<SharedDescriptor?>
    private let patience: CInt

    private struct State: Sendable {
        var finder: DenialFinder
        /// Whether there is nothing to wait for: the search has ended, or somebody waited too long for it.
        var isSettled: Bool
    }

    init(_ plan: BoxPlan, _ patience: CInt) {
        granted = plan.granted
        self.patience = patience
        let pipe = plan.searchesLinks ? try? makePipe() : nil
        bell = pipe?.reading
        ringer = Mutex(pipe?.writing)
        state = Mutex(
            plan.searchesLinks
                ? State(finder: DenialFinder(granted.closingGrants()), isSettled: pipe == nil)
                : State(finder: DenialFinder(granted), isSettled: true))
    }

    func search() {
        var search = DeniedSearch(granted, budget: DeniedSearch.mostLinks, linksOnly: true)
        search.run()
        let finder = search.isCut ? nil : DenialFinder(granted.closing(search.found))
        state.withLock {
            if let finder { $0.finder = finder }
            $0.isSettled = true
        }
        ringer.withLock { $0 = nil }
    }

    func ask<Answer: Sendable>(_ question: (DenialFinder) -> Answer) -> Answer {
        while true {
            let answer: Answer? = state.withLock { $0.isSettled ? question($0.finder) : nil }
            if let answer { return answer }
            var wait = pollfd(fd: bell?.rawValue ?? -1, events: Int16(POLLIN), revents: 0)
            let ended = unsafe poll(&wait, 1, patience)
            if ended == 0 { state.withLock { $0.isSettled = true } }
        }
    }
}

extension EffectivePermissions {
    /// With all that is granted closed, but for what was named itself.
    fileprivate func closingGrants() -> EffectivePermissions {
        var closed = self
        closed.denied += (readPaths + writePaths + deletePaths).map {
            DeniedPath(pattern: $0.string, access: .all, origin: .unsearched)
        }
        return closed
    }
}
