public import SystemPackage

/// A restriction that no layer can hold on this kernel. A box with gaps does not start unless the operator accepts them.
public enum Gap: Hashable, Sendable {
    /// No Landlock: nothing holds files.
    case files
    /// No user notification, or no pidfd_getfd: nothing judges addresses, and renames cannot be carried out.
    case supervisor
    /// Tracing is refused (Yama 2 or 3, a container): orphans could outlive the launcher, and a command list is held by path only.
    case tracer
    /// A refused place inside a granted folder, which needs a supervisor or mounts of the box's own.
    case denyInsideGrant(FilePath)
    /// A granted folder of which nobody knows what it holds: protected files that were not found are open.
    case unsearchedGrant(FilePath)

    /// The stable id that `explain` knows.
    public var id: String {
        switch self {
        case .files: "gap-files"
        case .supervisor: "gap-supervisor"
        case .tracer: "gap-tracer"
        case .denyInsideGrant: "gap-deny-inside-grant"
        case .unsearchedGrant: "gap-unsearched-grant"
        }
    }

    /// What it is about, where it is not the kernel as a whole.
    public var path: FilePath? {
        switch self {
        case .denyInsideGrant(let path), .unsearchedGrant(let path): path
        case .files, .supervisor, .tracer: nil
        }
    }

    public var explanation: String {
        switch self {
        case .files: "this kernel has no Landlock, so nothing would hold files (Linux 5.13 and later can have it)"
        case .supervisor:
            "this kernel or container refuses seccomp notifications or pidfd_getfd, so nothing would judge addresses. Started all the same, the server has no connections, name look-ups or unix sockets of its own, removes and renames nothing under write alone, can open protected names in its grants that are made later, changes no owners, modes or times in plain mode, and can start its own program once more; before Landlock ABI 6 it can signal threads of other processes"
        case .tracer:
            "kernel.yama.ptrace_scope or the container refuses tracing, so processes could outlive the server and the launcher, and a command list would be held by path only"
        case .denyInsideGrant(let path):
            "\(path) lies inside a granted folder, and without a supervisor or namespaces it cannot be kept closed there"
        case .unsearchedGrant(let path):
            "\(path) could not be searched to its end for protected files: it has too many entries, or a folder in it cannot be listed. Without a supervisor, what was not found there would be open"
        }
    }

    public var next: String {
        switch self {
        case .files: "use a kernel with Landlock; `agentbound doctor` shows what this one has"
        case .supervisor: "allow these calls in the container's profile, or run outside it"
        case .tracer:
            "use --isolation namespaces without --allow-command, set kernel.yama.ptrace_scope=1, or allow ptrace in the container's profile"
        case .denyInsideGrant(let path):
            "allow seccomp notifications and pidfd_getfd, use --isolation namespaces, grant narrower folders or move it elsewhere; a protected one opens when it is named: --read-path \(path), or --write-path"
        case .unsearchedGrant:
            "grant narrower folders; make folders that cannot be listed readable, or keep them out of the grants"
        }
    }
}
