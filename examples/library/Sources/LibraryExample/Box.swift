import AgentBox
import LinuxSystem
import PolicyEngine
import Synchronization
import SystemPackage

/// Keeps what a box reports. A record that fails would turn an allowed call into a refused one.
final class Notebook: BoxWitness {
    private let events = Mutex<[BoxEvent]>([])

    func record(_ event: BoxEvent) -> Bool {
        events.withLock { $0.append(event) }
        return true
    }

    var denials: [String] {
        events.withLock { $0.filter { $0.decision == .deny }.map { "\($0.subject): \($0.reason)" } }
    }
}

/// Starts `command` with no permissions at all and waits for its end.
func runWithNothing(_ command: [String], now: Int64) throws -> (BoxEnding, [String]) {
    let folder: FilePath = "/usr"
    let launch = try LaunchChain(
        argv: command, path: ["/usr/bin", "/bin"], folder: folder, environment: [:], files: HostFiles())
    let context = ResolutionContext(
        workingDirectory: folder, home: nil, environment: InheritedEnvironment([:]), userID: 1_000,
        lookup: OneFolder(folder: folder))
    let granted = try PermissionResolver.resolve(DeclaredPermissions(required: []), Overrides(), in: context)
        .permissions
    let kernel = KernelFeatures.current(quick: true)
    let base = RuntimeBase(files: HostFiles(), network: false)
    let facts = HostSurvey.facts(
        for: granted, launches: [launch], base: base, kernel: kernel, directory: folder, home: "/",
        scratch: "/tmp", user: nil, isolation: .namespaces)
    // Pure: the plan can be looked at, and compared, before anything happens.
    let plan = BoxPlan(
        BoxRequest(granted: granted, launch: launch, commands: [], base: base, host: facts, isolation: .namespaces))
    let notebook = Notebook()
    let ending = try Box.run(plan, surroundings: BoxSurroundings(start: now), witness: notebook)
    return (ending, notebook.denials)
}
