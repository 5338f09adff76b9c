import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import StrictJSON
import SystemPackage

/// A plan as a person reads it: what is granted and why, and what holds it.
enum PlanText {
    static func text(_ plan: BoxPlan, _ preparation: RunPreparation, _ gateway: GateOutlook?) -> String {
        let manifest = preparation.manifest
        let reviews = PermissionReview.all(
            manifest.manifest, preparation.resolution, on: (preparation.kernel, plan.isolation))
        var text = "server     \(ShellWords.quote(preparation.arguments.command))\n"
        text +=
            "manifest   \(manifest.path.terminalSafe)\(manifest.manifest.name.map { " (\($0.terminalSafe))" } ?? "")\n"
        text += "isolation  \(plan.isolation.rawValue)\(plan.isTraced ? ", traced" : "")\n\(gateway?.text ?? "")\n"
        text += permissions(reviews, preparation.resolution) + closed(plan.granted)
        text += program(plan, preparation) + layers(plan) + gaps(plan.gaps)
        for note in preparation.resolution.warnings + preparation.notes + LimitHold(plan).notes {
            text += "\nnote: \(note.terminalSafe)\n"
        }
        return String(text.dropLast())
    }

    static func permissions(_ reviews: [PermissionReview], _ resolution: Resolution) -> String {
        var text = "permissions\n"
        for review in reviews { text += review.lines().map { "  \($0)\n" }.joined() }
        if reviews.isEmpty { text += "  none\n" }
        text += PermissionReview.whole(reviews).map { "\nall or nothing: \($0)\n" }.joined()
        let others = PermissionReview.others(resolution)
        if !others.isEmpty { text += "\nbesides\n" + others.map { "  \($0)\n" }.joined() }
        return text + PermissionReview.proposals(resolution)
    }

    static func closed(_ granted: EffectivePermissions) -> String {
        let most = 8
        guard !granted.denied.isEmpty else { return "" }
        var text = "\nclosed inside the grants\n"
        for denied in granted.denied.prefix(most) {
            let access = denied.access == .all ? "all access" : "writing"
            text += "  \(denied.pattern.terminalSafe)  (\(access), \(denied.origin.rawValue))\n"
        }
        if granted.denied.count > most { text += "  and \(granted.denied.count - most) more (--json lists them)\n" }
        return text
    }

    /// What is really started, and which files that program needs to be itself.
    static func program(_ plan: BoxPlan, _ preparation: RunPreparation) -> String {
        let launch = preparation.launch
        var text = "\nprogram    \(plan.child.program.string.terminalSafe)\n"
        text += "starts as  \(ShellWords.quote(plan.child.arguments))\n\nreadable for the program itself\n"
        for path in launch.readable + preparation.commands.flatMap(\.readable) {
            text += "  \(path.path.string.terminalSafe)  (\(path.reason.terminalSafe))\n"
        }
        text += "\nmay be started\n"
        for path in launch.executable + plan.programs.filter({ !launch.executable.contains($0) }) {
            text += "  \(path.string.terminalSafe)\n"
        }
        return text
    }

    static func layers(_ plan: BoxPlan) -> String {
        let landlock = plan.landlock.map { "ABI \($0.abi), \($0.rules.count) rules" } ?? "none"
        var text = "\nlayers\n"
        text += "  landlock    \(landlock)\n"
        text += "  filter      \(plan.filter.map { "\($0.rules.count) calls, unknown ones ENOSYS" } ?? "none")\n"
        let isSupervised = !plan.gaps.contains(.supervisor), lacksTracer = plan.gaps.contains(.tracer)
        text += "  supervisor  \(isSupervised ? supervised(plan.mediation) : "none: what it would judge is refused")\n"
        text += "  tracer      \(plan.isTraced ? "every process of the box" : lacksTracer ? "none" : "not needed")\n"
        text += "  namespaces  \(plan.child.namespaces == 0 ? "none" : "\(plan.child.mounts.count) mount steps")\n"
        text += "  limits      \(LimitHold(plan).words.joined(separator: ", "))\n"
        return text
    }

    static func gaps(_ gaps: [Gap]) -> String {
        gaps.map { "\ngap \($0.id): \($0.explanation.terminalSafe)\n  next: \($0.next.terminalSafe)\n" }.joined()
    }

    private static func supervised(_ mediation: Mediation) -> String {
        var parts = ["connect", "bind", "listen"]
        if mediation.refuseExec || mediation.reportExec { parts.append("exec") }
        if mediation.tcpSockets { parts.append("socket") }
        if mediation.datagrams { parts.append("datagrams") }
        if mediation.removals { parts.append("rename and removal") }
        if mediation.opens == .all { parts.append("opens") }
        if mediation.opens == .changes { parts.append("opens for writing") }
        if mediation.names { parts.append("new names") }
        if mediation.metadata { parts.append("metadata") }
        if mediation.signals { parts.append("signals") }
        if mediation.observeFiles { parts.append("opens, names and removals (observed)") }
        return parts.joined(separator: ", ")
    }
}

/// The same as JSON: the layout is versioned.
enum PlanJSON {
    static func value(_ plan: BoxPlan, _ preparation: RunPreparation, _ gateway: GateOutlook?) -> JSONValue {
        let granted = plan.granted
        func strings(_ values: [some CustomStringConvertible]) -> JSONValue {
            .array(values.map { .string($0.description) })
        }
        func text(_ value: String) -> JSONValue { .string(value) }
        var members: [JSONMember] = [
            .init("version", 1), .init("command", strings(preparation.arguments.command)),
            .init("program", text(plan.child.program.string)), .init("arguments", strings(plan.child.arguments)),
            .init("manifest", text(preparation.manifest.path)), .init("directory", text(preparation.directory.string)),
            .init("user", .integer(preparation.user?.uid ?? geteuid())),
            .init("isolation", text(plan.isolation.rawValue)),
            .init("traced", .bool(plan.isTraced)), .init("gateway", gateway?.json ?? .null),
            .init("permissions", strings(granted.granted.sorted().map(\.rawValue))),
        ]
        members.append(
            .init(
                "scopes",
                .array(
                    preparation.resolution.parts.map {
                        .object([
                            .init("key", text($0.key.rawValue)), .init("value", text($0.value)),
                            .init("origin", text("\($0.origin)")),
                        ])
                    })))
        members.append(.init("proposed", PermissionReview.proposalsJSON(preparation.resolution)))
        members.append(
            .init(
                "denied",
                .array(
                    granted.denied.map {
                        .object([
                            .init("pattern", text($0.pattern)), .init("access", text($0.access.rawValue)),
                            .init("origin", text($0.origin.rawValue)),
                        ])
                    })))
        members.append(.init("environment", strings(plan.child.environment.map { String($0.prefix { $0 != "=" }) })))
        members.append(
            .init(
                "files",
                .array(
                    ((plan.landlock?.rules ?? []) + plan.mediated).map {
                        .object([
                            .init("path", text($0.path.string)), .init("access", text(access($0.access))),
                            .init("reason", text($0.reason)),
                        ])
                    })))
        members.append(.init("programs", strings(plan.programs)))
        members.append(
            .init(
                "calls",
                .object(
                    (plan.filter?.rules ?? [:]).sorted { $0.key < $1.key }.map {
                        .init($0.key, text(Self.rule($0.value)))
                    })))
        members.append(.init("mounts", .array(plan.child.mounts.map(mount))))
        members.append(.init("limits", strings(LimitHold(plan).words)))
        members.append(.init("landlockABI", plan.landlock.map { .integer($0.abi) } ?? .null))
        members.append(
            .init(
                "gaps",
                .array(
                    plan.gaps.map {
                        .object([
                            .init("id", text($0.id)), .init("explanation", text($0.explanation)),
                            .init("next", text($0.next)),
                        ])
                    })))
        members.append(
            .init(
                "warnings", strings(preparation.resolution.warnings + preparation.notes + LimitHold(plan).notes))
        )
        return .object(members)
    }

    /// One step of building the box's root; places are in that root.
    private static func mount(_ step: MountStep) -> JSONValue {
        func made(_ kind: String, _ place: String, _ more: [JSONMember] = []) -> JSONValue {
            .object([.init("kind", .string(kind)), .init("place", .string("/" + place))] + more)
        }
        return switch step {
        case .directory(let place, _): made("folder", place)
        case .tmpfs(let place, _): made("tmpfs", place)
        case .bind(let source, let place, let attributes, _):
            made(
                "bind", place,
                [
                    .init("source", .string(source.string)),
                    .init("isReadOnly", .bool(attributes.contains(.readOnly))),
                ])
        case .proc(let place): made("proc", place)
        case .terminals(let place): made("terminals", place)
        case .symlink(let place, let target): made("link", place, [.init("target", .string(target))])
        case .file(let place, _, _): made("file", place)
        }
    }

    private static func access(_ access: FileAccess) -> String {
        let names: [(FileAccess, String)] = [
            (.readFile, "read"), (.writeFile, "write"), (.removeFile, "delete"), (.execute, "execute"),
            (.ioctlDevice, "ioctl"),
        ]
        if access == .readDirectory { return "list" }
        return names.filter { access.contains($0.0) }.map(\.1).joined(separator: ",")
    }

    private static func rule(_ rule: CallRule) -> String {
        func word(_ action: FilterAction) -> String {
            switch action {
            case .allow: "allow"
            case .fail(let errno): "errno \(errno)"
            case .notify: "supervisor"
            case .kill: "kill"
            }
        }
        return word(rule.otherwise) + (rule.exceptions.isEmpty ? "" : " with \(rule.exceptions.count) exceptions")
    }
}
