import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// What a plan's limits really come to: docs/limits.md. Which of them hold differs with the user and the machine.
struct LimitHold {
    private let plan: BoxPlan

    init(_ plan: BoxPlan) { self.plan = plan }

    /// Whether RLIMIT_NPROC says nothing to the kernel: so it is for the machine's own root, and not for that of a
    /// container's user namespace. getrlimit(2)
    private var isUnbound: Bool { (plan.child.user?.uid ?? geteuid()) == 0 && Self.isMachinesRoot }

    /// The limits in use, each with whom it counts.
    var words: [String] {
        let names: [CInt: String] = [0: "cpu", 1: "fileSize", 2: "memory", 4: "core", 6: "processes", 7: "files"]
        let each = plan.child.limits.map { limit in
            "\(names[limit.resource] ?? "?")=\(limit.soft == .max ? "up to \(limit.hard)" : "\(limit.soft)")"
                + remark(limit.resource)
        }
        guard let group = plan.group else { return each }
        let whole = [group.memory.map { "memory=\($0)" }, group.processes.map { "processes=\($0)" }].compactMap(\.self)
        return each + ["for the whole box \(whole.joined(separator: " and ")) by a control group in \(group.parent)"]
    }

    private func remark(_ resource: CInt) -> String {
        switch resource {
        case 2: " for each process"
        case 6 where isUnbound: " (not held)"
        case 6 where plan.child.namespaces & CLONE_NEWUSER == 0: " together with all others of the user"
        default: ""
        }
    }

    /// What was asked for and holds less than it says, for whoever starts the server.
    var notes: [String] {
        if plan.group != nil { return [] }
        let limits = plan.granted.limits
        var notes: [String] = []
        if let memory = limits.memory {
            notes.append("memory=\(memory) is held for each process, not for the box: no control group can be had")
        }
        if let processes = limits.processes, isUnbound {
            notes.append(
                "processes=\(processes) is not held: root, and no control group can be had; --user NAME would")
        }
        return notes
    }

    /// user_namespaces(7): outside of all of them every id is itself.
    private static var isMachinesRoot: Bool {
        let map = String(decoding: (try? readFile("/proc/self/uid_map", limit: 4_096)) ?? [], as: UTF8.self)
        return map.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
    }
}
