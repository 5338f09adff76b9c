public import ManifestModel
public import SystemPackage

/// A service of the user's session behind a unix socket, which a permission brings into reach.
public enum SessionService: String, Hashable, Sendable, CaseIterable {
    case x11, wayland, pulseAudio, pipeWire, sessionBus, systemBus

    /// Any of them opens it.
    public var permissions: [Permission] {
        switch self {
        case .x11, .wayland: [.screenCapture, .clipboardRead, .clipboardWrite]
        case .pulseAudio, .pipeWire: [.microphone, .speaker]
        case .sessionBus: [.location, .notifications]
        case .systemBus: [.location]
        }
    }

    /// For people, with what it is all-or-nothing about.
    public var words: String {
        switch self {
        case .x11: "the X11 display: all windows, the clipboard, every key that is typed, and typing into any window"
        case .wayland: "the Wayland display: the clipboard, and what else the compositor lets a program do"
        case .pulseAudio: "the PulseAudio server: recording, playing, what others play, and loading its modules"
        case .pipeWire: "the PipeWire server: microphones, speakers and cameras alike"
        case .sessionBus: "the session bus, through a proxy that lets the named methods pass"
        case .systemBus: "the system bus, through a proxy that lets the named methods pass"
        }
    }

    /// What its bare socket gives, with nothing in between.
    var warning: String {
        switch self {
        case .sessionBus, .systemBus: "every program on the bus, those that start others included"
        case .x11, .wayland, .pulseAudio, .pipeWire: words
        }
    }

    /// What a unix socket's usual place says about it.
    public init?(socket path: FilePath) {
        guard let name = path.lastComponent?.string, let folder = path.removingLastComponent().lastComponent?.string
        else { return nil }
        switch (folder, name) {
        case (".X11-unix", _): self = .x11
        case ("pulse", "native"): self = .pulseAudio
        case ("dbus", "system_bus_socket"): self = .systemBus
        case (_, "bus") where path.starts(with: "/run/user"): self = .sessionBus
        case (_, _) where name.hasPrefix("wayland-"): self = .wayland
        case (_, _) where name.hasPrefix("pipewire-"): self = .pipeWire
        default: return nil
        }
    }
}

/// A service that the box may connect to, with what its clients need to find it and to be let in.
public struct ServiceGrant: Hashable, Sendable {
    public var service: SessionService
    /// The socket's real path.
    public var socket: FilePath
    /// Cookies that clients show, by real path: they may be read.
    public var files: [FilePath]
    /// Set for the server, whatever the launcher has.
    public var variables: [EnvironmentVariable]

    public init(
        _ service: SessionService, socket: FilePath, files: [FilePath] = [], variables: [EnvironmentVariable]
    ) {
        self.service = service
        self.socket = socket
        self.files = files
        self.variables = variables
    }
}

/// A bus that the box may use through a filtering proxy.
public struct BusGrant: Hashable, Sendable {
    /// ``SessionService/sessionBus`` or ``SessionService/systemBus``.
    public var service: SessionService
    /// One D-Bus address: `unix:path=/run/user/1000/bus`.
    public var address: String
    /// The granted permissions that it is for, in the order of the vocabulary.
    public var permissions: [Permission]
    /// The program that stands between: ``BusRules/program``.
    public var proxy: FilePath

    public init(_ service: SessionService, address: String, permissions: [Permission], proxy: FilePath) {
        self.service = service
        self.address = address
        self.permissions = permissions
        self.proxy = proxy
    }

    /// The name of the proxy's socket in the folder of its box.
    public var socketName: FilePath.Component { service == .systemBus ? "system-bus" : "session-bus" }

    /// What clients of the bus look its address up by. Source: D-Bus specification, "Well-known Message Bus Instances".
    public var variable: String { service == .systemBus ? "DBUS_SYSTEM_BUS_ADDRESS" : "DBUS_SESSION_BUS_ADDRESS" }
}

extension EffectivePermissions {
    /// Unix sockets of others that may be connected to, by real path.
    public var reachableSockets: [FilePath] { sockets + services.map(\.socket) }

    /// Files that clients of the services read.
    public var serviceFiles: [FilePath] { services.flatMap(\.files) }

    /// The same permissions with the proxies of ``buses`` in reach, whose sockets are in `folder`.
    public func reachingBuses(in folder: FilePath) -> EffectivePermissions {
        var all = self
        for bus in buses {
            let socket = folder.appending(bus.socketName)
            all.add(
                ServiceGrant(
                    bus.service, socket: socket,
                    variables: [.init(name: bus.variable, value: "unix:path=\(socket)")]))
        }
        return all
    }

    mutating func add(_ service: ServiceGrant) {
        services.append(service)
        let names = service.variables.map(\.name)
        environment.removeAll { names.contains($0.name) }
        environment += service.variables
        environment.sort { $0.name < $1.name }
    }
}
