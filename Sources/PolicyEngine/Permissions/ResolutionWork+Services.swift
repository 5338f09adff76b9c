import ManifestModel
import SystemPackage

// Which display, sound server and bus of the user's session the granted permissions bring into reach. All are found as
// their clients find them: by the launcher's own environment.
extension ResolutionWork {
    /// After the environment, whose variables of these services it sets.
    mutating func resolveServices() {
        resolveDisplay()
        resolveSound()
        resolveBuses()
    }

    private var variables: [String: String] { context.environment.variables }

    /// A name in a runtime folder, or a path of its own.
    private func place(_ name: String?, in folder: String? = nil) -> FilePath? {
        guard let name, !name.isEmpty else { return nil }
        if name.hasPrefix("/") { return FilePath(name) }
        return (folder ?? variables["XDG_RUNTIME_DIR"]).map { FilePath($0).appending(name) }
    }

    private func socket(_ path: FilePath?) -> FilePath? {
        guard let path, path.isAbsolute, let file = try? context.lookup.find(path), file.kind == .socket else {
            return nil
        }
        return file.path
    }

    /// The first of the places that is a file.
    private func file(_ places: [FilePath?]) -> FilePath? {
        for place in places {
            if let place, let file = try? context.lookup.find(place), file.kind == .file { return file.path }
        }
        return nil
    }

    private func granted(of service: SessionService) -> [Permission] {
        service.permissions.filter(isGranted).sorted()
    }

    private func words(_ permissions: [Permission]) -> String {
        permissions.map(\.shortName).joined(separator: ", ")
    }

    // MARK: display

    /// One display. Where there is a Wayland compositor its socket alone: X11 keeps nothing of its clients from each other.
    private mutating func resolveDisplay() {
        let permissions = granted(of: .x11)
        if permissions.isEmpty { return }
        if let socket = socket(place(variables["WAYLAND_DISPLAY"])) {
            result.add(
                ServiceGrant(
                    .wayland, socket: socket, variables: [.init(name: "WAYLAND_DISPLAY", value: socket.string)]))
            return
        }
        guard let display = variables["DISPLAY"], let number = Self.localDisplay(display),
            let socket = socket(FilePath("/tmp/.X11-unix/X\(number)"))
        else {
            warnings.append(
                "\(words(permissions)): neither WAYLAND_DISPLAY nor DISPLAY leads to a display of this machine, so there is none to use"
            )
            return
        }
        var service = ServiceGrant(.x11, socket: socket, variables: [.init(name: "DISPLAY", value: ":\(number)")])
        if let cookie = file([place(variables["XAUTHORITY"]), context.home?.appending(".Xauthority")]) {
            service.files.append(cookie)
            service.variables.append(.init(name: "XAUTHORITY", value: cookie.string))
        }
        result.add(service)
    }

    /// The number in `:0`, `:0.1` or `unix:0`; `nil` for a display that is reached in another way. X(7)
    static func localDisplay(_ display: String) -> String? {
        let parts = display.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].isEmpty || parts[0] == "unix" else { return nil }
        let number = parts[1].prefix { $0 != "." }
        guard !number.isEmpty, number.utf8.count < 6, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return String(number)
    }

    // MARK: sound

    private mutating func resolveSound() {
        // Whoever names devices wants these and not a server that has all.
        let permissions = granted(of: .pulseAudio).filter { !isNarrowedByDevices($0) }
        if permissions.isEmpty { return }
        var isThere = result.devices.contains { !DeviceScopes.isFor([.microphone, .speaker], $0.string).isEmpty }
        let servers = (variables["PULSE_SERVER"] ?? "").split(separator: " ").compactMap(Self.localServer)
        let usual = variables["PULSE_RUNTIME_PATH"].map { FilePath($0).appending("native") } ?? place("pulse/native")
        let places: [FilePath?] = servers.isEmpty ? [usual] : servers
        if let socket = places.compactMap({ socket($0) }).first {
            var service = ServiceGrant(
                .pulseAudio, socket: socket, variables: [.init(name: "PULSE_SERVER", value: "unix:\(socket)")])
            if let cookie = file([
                place(variables["PULSE_COOKIE"]), context.home?.appending(".config/pulse/cookie"),
                context.home?.appending(".pulse-cookie"),
            ]) {
                service.files.append(cookie)
                service.variables.append(.init(name: "PULSE_COOKIE", value: cookie.string))
            }
            result.add(service)
            isThere = true
        }
        if let socket = socket(
            place(variables["PIPEWIRE_REMOTE"] ?? "pipewire-0", in: variables["PIPEWIRE_RUNTIME_DIR"]))
        {
            result.add(
                ServiceGrant(
                    .pipeWire, socket: socket, variables: [.init(name: "PIPEWIRE_REMOTE", value: socket.string)]))
            isThere = true
        }
        if !isThere {
            warnings.append(
                "\(words(permissions)): neither a sound server nor a device was found, so there is none to use")
        }
    }

    /// The path in `unix:/path`, `/path` or `{machine}unix:/path`. pulse-client.conf(5), default-server
    static func localServer(_ server: Substring) -> FilePath? {
        var server = server
        if server.first == "{", let end = server.firstIndex(of: "}") { server = server[server.index(after: end)...] }
        if server.hasPrefix("unix:") { server = server.dropFirst(5) }
        return server.hasPrefix("/") ? FilePath(String(server)) : nil
    }

    // MARK: buses

    private mutating func resolveBuses() {
        if !isGranted(.location) && !isGranted(.notifications) { return }
        let runtime = socket(place("bus")).map { "unix:path=\($0)" }
        let system = (socket("/run/dbus/system_bus_socket") ?? socket("/var/run/dbus/system_bus_socket"))
            .map { "unix:path=\($0)" }
        for (service, named, usual) in [
            (SessionService.sessionBus, variables["DBUS_SESSION_BUS_ADDRESS"], runtime),
            (.systemBus, variables["DBUS_SYSTEM_BUS_ADDRESS"], system),
        ] {
            let permissions = granted(of: service)
            if permissions.isEmpty { continue }
            guard let address = named.map(Self.localBus) ?? usual else { continue }
            guard let proxy = file(BusRules.places.map { FilePath($0) }) else {
                refuse(
                    words(permissions), .byDefault("\(service == .systemBus ? "the system" : "the session") bus"),
                    "nothing but xdg-dbus-proxy keeps the rest of the bus closed, and it is not at \(BusRules.places[0])",
                    next:
                        "install the package xdg-dbus-proxy, or start without: --deny \(permissions[0].shortName)")
                return
            }
            result.buses.append(BusGrant(service, address: address, permissions: permissions, proxy: proxy))
        }
        for permission in [Permission.location, .notifications] where isGranted(permission) {
            if !result.buses.contains(where: { $0.permissions.contains(permission) }) {
                warnings.append("\(permission.shortName): no bus of this machine was found, so there is none to use")
            }
        }
    }

    /// The first address of a list that names a unix socket. One that would start a program or go through TCP is none.
    static func localBus(_ addresses: String) -> String? {
        addresses.split(separator: ";").first { $0.hasPrefix("unix:path=/") || $0.hasPrefix("unix:abstract=") }
            .map(String.init)
    }
}
