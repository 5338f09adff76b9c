import Glibc
import TestSupport
import Testing

/// What the act answers outside the box, where nothing should stand in its way.
enum Control: Hashable, Sendable {
    case succeeds
    /// Success is not to be had without doing harm or without hardware: the kernel's own answer instead.
    case answers(CInt)
    /// The kernel's answer differs between kernels and accounts, but is never the one given inside the box.
    case differs
    /// Outside it is about another process, so its answer says nothing.
    case unrelated
    /// Outside the answer is the same: the row says only that nothing crashes and no grant changes it.
    case same
}

/// What a row needs before it can say anything.
enum Need: String, Hashable, Sendable {
    case root, ordinaryUser, x86
    /// The running kernel may lack it. When the act fails outside with "no such thing", the row is cancelled by name.
    case kernelFeature
}

/// One attack: what is granted, what is tried, and what must come of it outside and in each mode.
///
/// Arguments and flags may name parts of the ``Scene``: `{read}`, `{work}`, `{secret}`, `{peer}`...
struct AttackCase: CustomTestStringConvertible, Sendable {
    let id: String, title: String
    let grants: Grants
    let act: [String]
    let outside: Control
    /// Errno inside the box with namespaces and without; 0 is success.
    let namespaces: CInt, plain: CInt
    let needs: Set<Need>
    /// Success reaches a service outside on purpose, so that the listeners' count is not compared.
    let mayReach: Bool

    init(
        _ id: String, _ title: String, _ grants: Grants, _ act: [String], outside: Control = .succeeds,
        namespaces: CInt, plain: CInt, needs: Set<Need> = [], mayReach: Bool = false
    ) {
        self.id = id
        self.title = title
        self.grants = grants
        self.act = act
        self.outside = outside
        self.namespaces = namespaces
        self.plain = plain
        self.needs = needs
        self.mayReach = mayReach
    }

    /// The same answer in both modes.
    init(
        _ id: String, _ title: String, _ grants: Grants, _ act: [String], outside: Control = .succeeds,
        inside: CInt, needs: Set<Need> = [], mayReach: Bool = false
    ) {
        self.init(
            id, title, grants, act, outside: outside, namespaces: inside, plain: inside, needs: needs,
            mayReach: mayReach)
    }

    var testDescription: String { "\(id) \(title)" }

    func code(in mode: Isolation) -> CInt { mode == .namespaces ? namespaces : plain }

    func canRun(as account: Account) -> Bool {
        #if !arch(x86_64)
            if needs.contains(.x86) { return false }
        #endif
        return !(needs.contains(.root) && !account.isRoot) && !(needs.contains(.ordinaryUser) && account.isRoot)
    }
}

enum Isolation: String, CaseIterable, Sendable { case namespaces, plain }

/// The filter ends the process with SIGSYS.
let killedByFilter: CInt = 128 + SIGSYS
/// The launcher refused to start.
let refusedToStart: CInt = 125

/// A manifest's permissions and the flags that narrow them.
struct Grants: Hashable, Sendable {
    let permissions: [String], flags: [String]

    init(_ permissions: [String], _ flags: [String]) {
        self.permissions = permissions
        self.flags = flags
    }

    static let nothing = Grants(["filesystem.read"], ["--read-path", "{read}", "--read-path", "{tools}"])
    static let reading = nothing
    static let writing = reading.adding(["filesystem.write"], ["--write-path", "{work}", "--read-path", "{work}"])
    static let deleting = writing.adding(["filesystem.delete"], ["--delete-path", "{work}"])
    /// One port on loopback, and the folders of ``writing``.
    static let network = writing.adding(["network.client"], ["--allow-host", "127.0.0.1:{good}"])
    static let server = writing.adding(["network.server"], ["--listen-port", "{free}"])
    /// One program by path.
    static let listed = writing.adding(["system.exec"], ["--allow-command", "{tools}/listed"])

    func adding(_ permissions: [String], _ flags: [String]) -> Grants {
        Grants(self.permissions + permissions, self.flags + flags)
    }
    func with(_ flags: [String]) -> Grants { adding([], flags) }
}
