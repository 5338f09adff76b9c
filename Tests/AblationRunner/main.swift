// AblationRunner KEY=VALUE... -- COMMAND...: a box with one layer missing. For tests only, and no part of the product:
// the executable has no way to leave a layer out.
//
// Keys: without, isolation, read, write, command, connect, directory, scratch.
import AgentBox
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// Nobody watches: these boxes are made to leak.
struct NoWitness: BoxWitness {
    func record(_ event: BoxEvent) -> Bool { true }
}

func fail(_ words: String) -> Never {
    try? SharedDescriptor(rawValue: dup(2)).writeAll(Array("\(words)\n".utf8))
    exit(125)
}

let own = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
let command = Array(CommandLine.arguments.dropFirst(own.count + 2))
var values: [String: [String]] = [:]
for word in own {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    values[parts[0], default: []].append(parts[1])
}

var granted = EffectivePermissions()
granted.granted = [.filesystemRead, .filesystemWrite]
granted.readPaths = values["read", default: []].map { FilePath($0) }
granted.writePaths = values["write", default: []].map { FilePath($0) }
granted.commands = values["command", default: []].map { FilePath($0) }
if !granted.commands.isEmpty { granted.granted.insert(.exec) }
for host in values["connect", default: []] {
    granted.granted.insert(.networkClient)
    guard let rule = try? HostRule(parsing: host) else { fail("no host: \(host)") }
    granted.hosts = HostRules(allowed: [rule])
}

guard let isolation = Isolation(rawValue: values["isolation"]?.first ?? "") else { fail("isolation=namespaces|plain") }
let directory = FilePath(values["directory"]?.first ?? "/")
let scratch = FilePath(values["scratch"]?.first ?? "/tmp")
var options = BoxOptions()
options.withoutLayers = Set(values["without", default: []].compactMap { BoxLayer(rawValue: $0) })

var clock = timespec()
_ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &clock)
var surroundings = BoxSurroundings(start: Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec))
surroundings.grace = .milliseconds(200)
do {
    let chains = try ([command] + granted.commands.map { [$0.string] }).map {
        try LaunchChain(argv: $0, path: [], folder: directory, environment: [:], files: HostFiles())
    }
    let base = RuntimeBase(files: HostFiles())
    let facts = HostSurvey.facts(
        for: granted, launches: chains, base: base, kernel: KernelFeatures.current(quick: true), directory: directory,
        home: directory, scratch: scratch, user: nil, isolation: isolation)
    let plan = BoxPlan(
        BoxRequest(
            granted: granted, launch: chains[0], commands: Array(chains.dropFirst()), base: base, host: facts,
            isolation: isolation, options: options))
    exit(try Box.run(plan, surroundings: surroundings, witness: NoWitness()).exitCode)
} catch { fail("\(error)") }
