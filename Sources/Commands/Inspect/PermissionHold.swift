import AgentBox
import LinuxSystem
import ManifestModel

/// What holds one permission's limits on one kernel: enforcement, not intention.
enum PermissionHold: Hashable, Sendable {
    case layers([String])
    /// Nothing here can.
    case gap(Gap)
    /// There is nothing that would need holding.
    case nothing(String)

    /// Pure: any kernel can be asked about.
    /// - Parameter hasCommands: Whether a command list is granted, which the tracer holds.
    init(_ permission: Permission, isolation: Isolation, hasCommands: Bool, on kernel: KernelFeatures) {
        let isIsolated = isolation == .namespaces
        let hasSupervisor = kernel.canSupervise
        let landlock = "Landlock ABI \(kernel.landlockABI)"
        switch permission {
        case .filesystemRead, .filesystemWrite, .filesystemDelete:
            guard kernel.landlockABI > 0 else {
                self = .gap(.files)
                return
            }
            if permission != .filesystemRead && !hasSupervisor {
                self = .gap(.supervisor)
                return
            }
            self = .layers(
                [landlock] + (permission == .filesystemRead ? [] : ["supervisor (rename and removal)"])
                    + (isIsolated ? ["mount namespace"] : []))
        case .environmentRead: self = .layers(["the environment it is started with"])
        case .environmentWrite: self = .nothing("it happens inside the process and reaches nobody else")
        case .exec:
            guard kernel.landlockABI > 0 else {
                self = .gap(.files)
                return
            }
            if hasCommands && !kernel.canTrace {
                self = .gap(.tracer)
                return
            }
            self = .layers([landlock, hasCommands ? "tracer" : "supervisor"])
        case .process: self = .nothing("granted, other processes are in reach as far as the user's own rights go")
        case .networkClient, .networkServer:
            guard hasSupervisor else {
                self = .gap(.supervisor)
                return
            }
            self = .layers(
                (kernel.landlockABI >= 4 ? ["\(landlock) (no TCP of its own)"] : []) + ["supervisor"]
                    + (permission == .networkClient ? ["name stub"] : []) + (isIsolated ? ["network namespace"] : []))
        case .bluetooth: self = .layers(["filter (AF_BLUETOOTH)"])
        case .camera: self = kernel.landlockABI > 0 ? .layers(["\(landlock) (device nodes)"]) : .gap(.files)
        case .microphone, .speaker, .screenCapture:
            guard kernel.landlockABI > 0 else {
                self = .gap(.files)
                return
            }
            self = hasSupervisor ? .layers(["\(landlock) (device nodes)", "supervisor (sockets)"]) : .gap(.supervisor)
        case .location, .notifications:
            self = hasSupervisor ? .layers(["supervisor (sockets)", "xdg-dbus-proxy (methods)"]) : .gap(.supervisor)
        case .clipboardRead, .clipboardWrite:
            self = hasSupervisor ? .layers(["supervisor (sockets)"]) : .gap(.supervisor)
        }
    }

    var words: String {
        switch self {
        case .layers(let layers): layers.joined(separator: ", ")
        case .gap(let gap): "nothing on this kernel (\(gap.id))"
        case .nothing(let why): "nothing: \(why)"
        }
    }

    var layers: [String] { if case .layers(let layers) = self { layers } else { [] } }
    var gap: Gap? { if case .gap(let gap) = self { gap } else { nil } }
}
