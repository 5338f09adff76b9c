import Glibc

/// The supervisor as the target. Each act ends with an ordinary call: what matters is that it is still answered, and rightly.
extension AttackTable {
    private static func served(_ id: String, _ title: String, _ act: String..., grants: Grants = .network) -> AttackCase
    {
        AttackCase(id, "\(title); what is allowed goes on", grants, act, inside: 0)
    }

    static let supervisor: [AttackCase] = [
        served("F12", "Calls whose pointers and lengths make no sense", "odd_calls", "{good}"),
        served("F13", "Threads that ask without a pause for what is refused", "flood", "{good}", "{bad}"),
        served("K11", "A thousand processes at once", "crowd", "1000", "{good}"),
        served(
            "K30", "Memory that comes, goes and changes while each mediated call reads it", "changing_memory", "{good}"),
        served("K31", "No descriptor left for a socket", "full_table", "{good}"),
        // 198.51.100.0/24 is for documentation: nobody answers there.
        served(
            "F14", "Callers that are killed while they wait", "die_waiting", "198.51.100.1", "{good}",
            grants: .network.with(["--allow-host", "198.51.100.1"])),
        served("K12", "All descriptors closed", "close_all", "127.0.0.1", "{good}"),
        AttackCase(
            "K13", "Signals at whoever started it", .network, ["signal_storm", "parent"], inside: EPERM),
    ]
}
