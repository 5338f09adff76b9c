import Glibc
import LinuxSystem
import PolicyEngine

/// A limit that a box ran into, as far as its end and its control group tell.
public enum LimitReached: Hashable, Sendable {
    /// The kernel killed so many of its processes; the server itself or others.
    case memory(UInt64, killed: UInt64, server: Bool)
    /// Forks were refused; the box went on.
    case processes(UInt64)
    /// Seconds; the server was killed.
    case cpu(UInt64)
    case fileSize(UInt64)

    /// - Parameter events: `nil` for a box without a group of its own.
    static func all(_ ending: BoxEnding, _ limits: ResourceLimits, _ events: ControlGroup.Events?) -> [LimitReached] {
        var reached: [LimitReached] = []
        if let limit = limits.memory, let killed = events?.killedForMemory, killed > 0 {
            reached.append(.memory(limit, killed: killed, server: ending == .killed(signal: SIGKILL)))
        }
        if let limit = limits.processes, let events, events.refusedForks > 0 { reached.append(.processes(limit)) }
        if let limit = limits.cpu, ending == .killed(signal: SIGXCPU) { reached.append(.cpu(limit)) }
        if let limit = limits.fileSize, ending == .killed(signal: SIGXFSZ) { reached.append(.fileSize(limit)) }
        return reached
    }

    /// As the flag has it: `memory=256M`.
    public var limit: String {
        switch self {
        case .memory(let bytes, _, _): "memory=\(Self.bytes(bytes))"
        case .processes(let count): "processes=\(count)"
        case .cpu(let seconds): "cpu=\(seconds)s"
        case .fileSize(let bytes): "fileSize=\(Self.bytes(bytes))"
        }
    }

    public var words: String {
        switch self {
        case .memory(_, _, true): "the server was killed: it used more than \(limit)"
        case .memory(_, let killed, false):
            "\(killed) \(killed == 1 ? "process" : "processes") of the box killed: together they used more than \(limit)"
        case .processes: "the server could start no more processes or threads than \(limit)"
        case .cpu: "the server was killed: it used more processor time than \(limit)"
        case .fileSize: "the server was killed: it wrote a larger file than \(limit)"
        }
    }

    /// Twice as much.
    public var flag: String {
        let higher: LimitReached =
            switch self {
            case .memory(let bytes, let killed, let server): .memory(bytes << 1, killed: killed, server: server)
            case .processes(let count): .processes(count << 1)
            case .cpu(let seconds): .cpu(seconds << 1)
            case .fileSize(let bytes): .fileSize(bytes << 1)
            }
        return "--limit \(higher.limit)"
    }

    var event: BoxEvent {
        BoxEvent(.deny, nil, act: BoxEvent.limitAct, subject: limit, reason: words, layer: .limits, flag: flag)
    }

    /// With the largest unit that leaves no rest.
    private static func bytes(_ count: UInt64) -> String {
        for (shift, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "K")] as [(UInt64, String)]
        where count > 0 && count & ((1 << shift) - 1) == 0 { return "\(count >> shift)\(unit)" }
        return "\(count)"
    }
}

extension BoxEvent {
    /// The ``act`` of events about limits, which end a server or hold it up instead of refusing one call.
    public static let limitAct = "limit"

    /// The server was asked to end, and did not.
    static func late(after grace: Duration) -> BoxEvent {
        let tenths = grace / .milliseconds(100)
        let seconds = tenths.rounded() == tenths && Int(tenths) % 10 == 0 ? "\(Int(tenths) / 10)" : "\(tenths / 10)"
        return BoxEvent(
            .deny, nil, act: limitAct, subject: "grace",
            reason: "the server was killed: it had not ended \(seconds) s after it was asked to", layer: .limits,
            flag: "--grace SECONDS")
    }
}
