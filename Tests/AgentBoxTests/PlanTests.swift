import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@testable import AgentBox

@Suite struct PlanTests {
    @Test(
        "Plans of ordinary manifests are as kept, on the kernels that people have",
        arguments: PlanScene.kernels.map(\.name))
    func snapshots(kernel: String) throws {
        let plans = PlanScene.plans.filter { $0.name.hasPrefix(kernel + " ") }
        #expect(plans.count >= OrdinaryManifest.allCases.count)
        try Snapshot.expect(
            plans.map { "# \($0.name)\n\(PlanListing.text($0.plan))" }.joined(separator: "\n"), is: "plans-\(kernel)")
    }

    @Test("Filters of ordinary manifests are as kept", arguments: Architecture.allCases)
    func filters(architecture: Architecture) throws {
        let first = PlanScene.filters[0]
        var text = "# \(first.name)\n" + FilterListing.lines(first.filter, architecture).joined(separator: "\n") + "\n"
        let common = Set(FilterListing.lines(first.filter, architecture))
        for (name, filter) in PlanScene.filters.dropFirst() {
            let lines = FilterListing.lines(filter, architecture)
            text += "\n# \(name), where it differs from the first\n"
            text += lines.filter { !common.contains($0) }.joined(separator: "\n") + "\n"
        }
        try Snapshot.expect(text, is: "filter-\(architecture.rawValue)")
    }

    @Test("Ordinary manifests have no gap on kernels that people have", arguments: PlanScene.plans.map(\.name))
    func noGaps(name: String) throws {
        let plan = try #require(PlanScene.plans.first { $0.name == name }).plan
        if name.hasPrefix("container") {
            // Nothing stands in for pidfd_getfd: the supervisor can neither take its listener nor a caller's socket.
            #expect(plan.gaps == [.supervisor])
        } else {
            #expect(plan.gaps.isEmpty)
        }
    }

    @Test(
        "What a kernel lacks is a gap of its own name",
        arguments: [
            (lacking { $0.landlockABI = 0 }, Isolation.namespaces, [Gap.files]),
            (lacking { $0.userNotification = false }, .namespaces, [.supervisor]),
            (lacking { $0.pidfdGetfd = false }, .namespaces, [.supervisor]),
            (lacking { $0.ptrace = false }, .plain, [.tracer]),
            (lacking { $0.ptraceScope = 2 }, .namespaces, []),  // not traced: init and the pid namespace hold the tree
            (lacking { $0.ptraceScope = 2 }, .plain, [.tracer]),
            (lacking { $0.ptraceScope = 1 }, .plain, []),
        ])
    func gaps(kernel: KernelFeatures, isolation: Isolation, gaps: [Gap]) {
        #expect(BoxPlan(PlanScene.request(OrdinaryManifest.read.granted, on: kernel, isolation)).gaps == gaps)
    }

    @Test(
        "Where nobody can judge, what would be judged is refused, and the box starts without what it cannot have",
        arguments: OrdinaryManifest.allCases, [true, false])
    func withoutSupervisor(manifest: OrdinaryManifest, ptrace: Bool) throws {
        var kernel = KernelFeatures.container
        kernel.ptrace = ptrace
        for isolation in Isolation.allCases {
            let plan = BoxPlan(PlanScene.request(manifest.granted, on: kernel, isolation))
            #expect(plan.gaps == (ptrace ? [.supervisor] : [.supervisor, .tracer]))
            #expect(plan.isTraced == ptrace)
            #expect(!plan.child.stubSockets)
            // One program that may run, besides those that are granted.
            #expect(plan.programs.first == plan.child.program && plan.programs.count == 1 + plan.granted.commands.count)
            let filter = try #require(plan.filter)
            for (name, rule) in filter.rules {
                let actions = [rule.otherwise] + rule.exceptions.map(\.action)
                #expect(!actions.contains(.notify), "\(name)")
            }
            for (name, errno) in [("connect", 13), ("bind", 13), ("listen", 13), ("bpf", 1)] {
                #expect(filter.rules[name] == CallRule(.fail(UInt16(errno))), "\(name)")
            }
            if isolation == .plain {
                for name in FilterTable.metadataCalls { #expect(filter.rules[name] == CallRule(.fail(13)), "\(name)") }
            }
            // With a listener nobody would hold, the start would fail; without one no descriptor is taken.
            #expect(!filter.compiled(for: .x86_64).contains { $0.code == 6 && $0.k == 0x7fc0_0000 })
        }
    }

    private static func lacking(_ change: (inout KernelFeatures) -> Void) -> KernelFeatures {
        var kernel = KernelFeatures.linux618
        change(&kernel)
        return kernel
    }

    /// A folder that may be read and written, and what is closed in it.
    private static func closing(_ kernel: KernelFeatures, _ isolation: Isolation) -> BoxRequest {
        let secret = DeniedPath(pattern: "/srv/work/**/.env*", access: .all, origin: .protected)
        let hooks = DeniedPath(pattern: "/srv/work/**/.git/hooks", access: .write, origin: .protected)
        var granted = OrdinaryManifest.write.granted
        granted.denied = [secret, hooks]
        var request = PlanScene.request(granted, on: kernel, isolation)
        request.host.denied = [
            .init(path: "/srv/work/.env", isFolder: false, rule: secret),
            .init(path: "/srv/work/.git/hooks", isFolder: true, rule: hooks),
        ]
        return request
    }

    @Test("What is closed inside a grant makes the grant the supervisor's, and is covered in namespaces")
    func denied() throws {
        for isolation in Isolation.allCases {
            let plan = BoxPlan(Self.closing(.linux618, isolation))
            #expect(plan.gaps.isEmpty)
            let right = try #require(plan.mediated.first { $0.path == "/srv/work" })
            #expect(right.access.isSuperset(of: [.readFile, .writeFile, .makeRegular]))
            #expect(plan.landlock?.rules.contains { $0.path == "/srv/work" } == false)
            #expect(plan.mediation.opens == .all && plan.mediation.names && plan.mediation.removals)
        }
        let readOnly: MountAttributes = [.readOnly, .noSetuid, .noDevices]
        #expect(
            BoxPlan(Self.closing(.linux618, .namespaces)).child.mounts.suffix(2) == [
                .bind(source: ".refused/file", target: "srv/work/.env", readOnly, identity: nil),
                .bind(source: "/srv/work/.git/hooks", target: "srv/work/.git/hooks", readOnly, identity: nil),
            ])
    }

    @Test("Where nobody can judge, what is closed inside a grant is a gap in plain mode")
    func deniedUnsupervised() {
        #expect(
            BoxPlan(Self.closing(.container, .plain)).gaps.suffix(2)
                == [.denyInsideGrant("/srv/work/.env"), .denyInsideGrant("/srv/work/.git/hooks")])
        #expect(BoxPlan(Self.closing(.container, .plain)).mediated.isEmpty)
    }

    @Test("Only changes are judged where only they are closed, and nothing where nothing is")
    func mediatedOpens() {
        var request = Self.closing(.linux618, .plain)
        request.granted.denied.removeFirst()
        #expect(BoxPlan(request).mediation.opens == .changes)
        request.granted.denied = [DeniedPath(pattern: "/srv/other/**", access: .all, origin: .operator)]
        #expect(BoxPlan(request).mediation.opens == .none && !BoxPlan(request).mediation.names)
        #expect(BoxPlan(request).mediated.isEmpty)
    }

    @Test("A rule around or inside a mediated grant is mediated too, but for the kernel's own files and devices")
    func overlappingRules() {
        var request = Self.closing(.linux618, .plain)
        request.granted.readPaths = ["/"]
        request.granted.denied = [DeniedPath(pattern: "/**/.env*", access: .all, origin: .protected)]
        let plan = BoxPlan(request)
        let reading = plan.landlock?.rules.filter { !$0.access.isDisjoint(with: [.readFile, .readDirectory]) } ?? []
        for rule in reading where !rule.access.contains(.execute) {
            #expect(MediatedRules.direct.contains { rule.path.starts(with: $0) }, "\(rule.path)")
        }
    }

    @Test("A grant that was not searched to its end is a gap where nobody can judge", arguments: Isolation.allCases)
    func unsearched(isolation: Isolation) {
        var request = PlanScene.request(OrdinaryManifest.write.granted, on: .container, isolation)
        request.host.unsearched = ["/srv/work"]
        #expect(BoxPlan(request).gaps.contains(.unsearchedGrant("/srv/work")))
        #expect(!BoxPlan(request).searchesLinks)
        request.host.kernel = .linux618
        #expect(BoxPlan(request).gaps.isEmpty)
    }

    @Test(
        "What was not searched before is searched beside the start, where something is judged",
        arguments: Isolation.allCases)
    func searchedLater(isolation: Isolation) {
        var request = Self.closing(.linux618, isolation)
        #expect(!BoxPlan(request).searchesLinks)
        request.host.unsearched = ["/srv/work"]
        #expect(BoxPlan(request).searchesLinks)
        request.granted.denied = []
        #expect(!BoxPlan(request).searchesLinks)
    }

    @Test("A search for links that does not end closes what is granted until it has, and nothing else")
    func endlessSearch() {
        var request = Self.closing(.linux618, .plain)
        request.host.unsearched = ["/srv/work"]
        let held = HeldPaths(BoxPlan(request), patience: 20)
        func holder(_ path: String) -> String {
            switch held.holder(of: Array(path.utf8), for: .readFile) {
            case .kernel: "kernel"
            case .supervisor: "supervisor"
            case .closed(let entry): entry.origin.rawValue
            }
        }
        #expect(holder("/srv/work/a") == "unsearched")
        #expect(holder("/srv/work/.env") == "unsearched")
        #expect(holder("/usr/lib/x") == "kernel")
        held.searchLinks()  // the folder is not there, so nothing is found
        #expect(holder("/srv/work/a") == "supervisor")
        #expect(holder("/srv/work/.env") == "protected")
    }

    @Test("The same request gives the same plan", arguments: OrdinaryManifest.allCases)
    func pure(manifest: OrdinaryManifest) {
        let plans = (0..<3).map { _ in BoxPlan(PlanScene.request(manifest.granted, on: .linux618, .namespaces)) }
        #expect(Set(plans).count == 1)
    }

    @Test("A rule for a place of the box's own names no right that the kernel does not know", arguments: 1...7)
    func innerRules(abi: Int) {
        var kernel = KernelFeatures.linux618
        kernel.landlockABI = abi
        let plan = BoxPlan(PlanScene.request(OrdinaryManifest.everything.granted, on: kernel, .namespaces))
        #expect(!plan.child.innerRules.isEmpty)
        for rule in plan.child.innerRules { #expect(rule.access.isSubset(of: .handled(abi: abi)), "\(rule.path)") }
    }

    @Test("A network of its own lets the box ask its name server, whatever else is granted")
    func datagramsInOwnNetwork() throws {
        var granted = OrdinaryManifest.client.granted
        granted.granted.insert(.process)
        let plan = BoxPlan(PlanScene.request(granted, on: .linux618, .namespaces))
        let program = try #require(plan.filter).compiled(for: .x86_64)
        let udp = CallData(number: 41, architecture: Architecture.x86_64.audit, arguments: [2, 2, 0, 0, 0, 0])
        let ending = try FilterMachine.run(program, on: udp)
        #expect(ending == 0x7fff_0000)
    }
}

/// A plan as text, one fact a line.
enum PlanListing {
    static func text(_ plan: BoxPlan) -> String {
        var lines = [
            "gaps \(plan.gaps.map(\.id))", "traced \(plan.isTraced)", "namespaces \(namespaces(plan.child.namespaces))",
        ]
        lines.append("mediation \(mediation(plan.mediation))")
        lines.append("programs \(plan.programs.map(\.string))")
        lines.append("scratch \(plan.scratch.map(\.string))")
        lines.append("environment \(plan.child.environment)")
        lines.append("filter \(plan.filter.map { "\($0.rules.count) rules" } ?? "none")")
        lines.append(
            "landlock \(plan.landlock.map { "ABI \($0.abi), signals \($0.scopeSignals ? "scoped" : "free")" } ?? "none")"
        )
        lines += (plan.landlock?.rules ?? []).map { "  \($0.path) \(access($0.access)) (\($0.reason))" }
        lines += plan.mediated.map { "  supervisor: \($0.path) \(access($0.access)) (\($0.reason))" }
        lines += plan.child.innerRules.map { "  own root: \($0.path) \(access($0.access))" }
        lines += plan.child.mounts.map { "  \(step($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func namespaces(_ flags: UInt32) -> String {
        let names: [(UInt32, String)] = [
            (CLONE_NEWUSER, "user"), (CLONE_NEWNS, "mount"), (CLONE_NEWPID, "pid"), (CLONE_NEWNET, "net"),
            (CLONE_NEWIPC, "ipc"),
            (CLONE_NEWUTS, "uts"),
        ]
        let found = names.filter { flags & $0.0 != 0 }.map(\.1)
        return found.isEmpty ? "none" : found.joined(separator: " ")
    }

    private static func mediation(_ mediation: Mediation) -> String {
        let parts: [(Bool, String)] = [
            (mediation.tcpSockets, "tcpSockets"), (mediation.datagrams, "datagrams"), (mediation.removals, "removals"),
            (mediation.metadata, "metadata"), (mediation.refuseExec, "refuseExec"), (mediation.signals, "signals"),
            (mediation.observeFiles, "observeFiles"), (mediation.names, "names"),
            (mediation.opens == .changes, "opens for changes"), (mediation.opens == .all, "opens"),
        ]
        return parts.filter(\.0).map(\.1).joined(separator: " ")
    }

    private static func access(_ access: FileAccess) -> String {
        let names: [(FileAccess, String)] = [
            (.execute, "execute"), (.writeFile, "write"), (.readFile, "read"), (.readDirectory, "list"),
            (.removeDirectory, "rmdir"), (.removeFile, "remove"), (.makeDirectory, "mkdir"), (.makeRegular, "create"),
            (.makeSocket, "socket"), (.makeFifo, "fifo"), (.makeSymlink, "symlink"), (.refer, "refer"),
            (.truncate, "truncate"),
            (.ioctlDevice, "ioctl"),
        ]
        return names.filter { access.contains($0.0) }.map(\.1).joined(separator: ",")
    }

    private static func step(_ step: MountStep) -> String {
        switch step {
        case .directory(let target, let mode): "folder \(target) \(String(mode, radix: 8))"
        case .tmpfs(let target, let options): "tmpfs \(target) \(options)"
        case .proc(let target): "proc \(target)"
        case .terminals(let target): "terminals \(target)"
        case .symlink(let target, let destination): "link \(target) -> \(destination)"
        case .file(let target, let text, let mode): "file \(target) \(text.utf8.count) bytes \(String(mode, radix: 8))"
        case .bind(let source, let target, let attributes, _):
            "bind \(source) at \(target)\(attributes.contains(.readOnly) ? " read-only" : "")\(attributes.contains(.noDevices) ? "" : " devices")"
        }
    }
}

/// A filter as text: one call a line, in the order of the numbers.
enum FilterListing {
    static func lines(_ filter: SyscallFilter, _ architecture: Architecture) -> [String] {
        let numbered = filter.rules.compactMap { name, rule in
            architecture.number(of: name).map { (number: $0, name: name, rule: rule) }
        }
        let rest = [
            "others \(action(filter.unknown)), foreign architectures kill\(architecture == .x86_64 ? ", x32 kill" : "")"
        ]
        return rest + numbered.sorted { $0.number < $1.number }.map { "\($0.number) \($0.name): \(rule($0.rule))" }
    }

    private static func rule(_ rule: CallRule) -> String {
        (rule.exceptions.map { "\($0.tests.map(test).joined(separator: " and ")) -> \(action($0.action))" } + [
            action(rule.otherwise)
        ])
        .joined(separator: "; ")
    }

    private static func test(_ test: ArgumentTest) -> String {
        switch test {
        case .masked(let argument, .max, let value): "a\(argument) = 0x\(String(value, radix: 16))"
        case .masked(let argument, let mask, let value):
            "a\(argument) & 0x\(String(mask, radix: 16)) = 0x\(String(value, radix: 16))"
        case .notNull(let argument): "a\(argument) not null"
        }
    }

    private static func action(_ action: FilterAction) -> String {
        switch action {
        case .allow: "allow"
        case .fail(let errno): "errno \(errno)"
        case .notify: "supervisor"
        case .kill: "kill"
        }
    }
}
