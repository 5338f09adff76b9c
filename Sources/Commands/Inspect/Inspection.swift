import AgentBox
import AuditTrail
import LinuxSystem
import ManifestModel
import PolicyEngine
import Signatures
import StrictJSON
import SystemPackage

/// All that `inspect` shows, gathered once; text and JSON are views of it.
struct Inspection {
    let manifest: LoadedManifest
    let resolution: Resolution
    let kernel: KernelFeatures
    let isolation: Isolation
    /// Only where a command was given.
    let plan: (preparation: RunPreparation, box: BoxPlan)?
    /// Where the command's package is still to be installed: then there is no plan yet.
    let package: PackageOutlook?
    let gateway: GateOutlook?

    init(_ arguments: RunArguments) throws(Refusal) {
        // Namespaces are tried for real: this is to say what will hold, not what might.
        let kernel = KernelFeatures.current(quick: false)
        let isPlain = if case .refused = kernel.namespaces { true } else { false }
        self.kernel = kernel
        isolation = arguments.isolation ?? (isPlain ? .plain : .namespaces)
        gateway = try GateOutlook(arguments.gate)
        if arguments.command.isEmpty {
            (manifest, resolution) = try RunPreparation.permissions(arguments)
            (plan, package) = (nil, nil)
            return
        }
        let preparation: RunPreparation
        do throws(Refusal) { preparation = try RunPreparation(arguments, RunOpening(arguments)) } catch {
            guard let runner = error.missing else { throw error }
            package = try PackageOutlook(
                runner, InheritedEnvironment(strings: ProcessEnvironment.strings).variables)
            (manifest, resolution) = try RunPreparation.permissions(arguments)
            plan = nil
            return
        }
        manifest = preparation.manifest
        resolution = preparation.resolution
        plan = (preparation, preparation.plan(isolation, scratch: Scratch.sample))
        package = nil
    }

    var reviews: [PermissionReview] {
        PermissionReview.all(manifest.manifest, resolution, on: (kernel, isolation))
    }

    /// Of the plan where there is one; else what the permissions alone tell.
    var gaps: [Gap] {
        if let plan { return plan.box.gaps }
        return reviews.compactMap(\.hold?.gap).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    var text: String {
        let about = manifest.manifest
        var text = "manifest   \(manifest.path.terminalSafe)"
        text += about.name.map { " (\($0.terminalSafe)\(about.version.map { " \($0.terminalSafe)" } ?? ""))\n" } ?? "\n"
        text += "says       \(about.description.terminalSafe)\n"
        text += "sha256     \(SHA256.hex(manifest.bytes))\n"
        text += "kernel     Linux \(kernel.release) \(kernel.machine), isolation \(isolation.rawValue)\n"
        text += (gateway?.text ?? "") + "\n"
        text += PlanText.permissions(reviews, resolution)
        let optional = Set(about.optionalPermissions).subtracting(resolution.permissions.granted)
        if !optional.isEmpty {
            text += "\noptional, not granted (--grant-optional)\n"
            text += optional.sorted().map { "  \($0.shortName): \($0.facts.summary)\n" }.joined()
        }
        text += PlanText.closed(resolution.permissions)
        if let plan {
            text += PlanText.program(plan.box, plan.preparation)
            text += PlanText.layers(plan.box)
        }
        if let package { text += package.text }
        text += PlanText.gaps(gaps)
        let notes =
            manifest.warnings.map { "\($0.position): \($0.message)" } + resolution.warnings
            + (plan.map { $0.preparation.notes + LimitHold($0.box).notes } ?? [])
        text += notes.map { "\nnote: \($0.terminalSafe)\n" }.joined()
        return String(text.dropLast())
    }

    var json: JSONValue {
        let about = manifest.manifest
        let missing = Set(about.optionalPermissions).subtracting(resolution.permissions.granted).sorted()
        return [
            "version": 1, "manifest": .string(manifest.path), "sha256": .string(SHA256.hex(manifest.bytes)),
            "name": about.name.map { .string($0) } ?? .null, "description": .string(about.description),
            "kernel": .string(kernel.release), "isolation": .string(isolation.rawValue),
            "permissions": .array(reviews.map(\.json)), "optionalNotGranted": .strings(missing.map(\.rawValue)),
            "proposed": PermissionReview.proposalsJSON(resolution),
            "closed": .array(
                resolution.permissions.denied.map {
                    [
                        "pattern": .string($0.pattern), "access": .string($0.access.rawValue),
                        "origin": .string($0.origin.rawValue),
                    ]
                }),
            "gaps": .array(
                gaps.map { ["id": .string($0.id), "explanation": .string($0.explanation), "next": .string($0.next)] }),
            "warnings": .strings(manifest.warnings.map(\.message) + resolution.warnings),
            "package": package?.json ?? .null,
            "gateway": gateway?.json ?? .null,
            "plan": plan.map { PlanJSON.value($0.box, $0.preparation, gateway) } ?? .null,
        ]
    }
}
