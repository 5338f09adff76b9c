import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@Suite("Displays, sound servers and buses are found as their clients find them")
struct ServiceResolutionTests {
    private func resolve(
        _ granted: Set<Permission>, _ variables: [String: String], without missing: [FilePath] = [],
        _ flags: [String] = []
    ) throws -> Resolution {
        var files = FakeFiles.machine
        files.add(
            .socket, "/run/user/1/wayland-1", "/tmp/.X11-unix/X0", "/tmp/.X11-unix/X12", "/run/user/1/pulse/native",
            "/run/user/1/pipewire-0", "/run/user/1/bus", "/run/dbus/system_bus_socket", "/srv/other/native")
        files.add(
            .file, "/home/u/.Xauthority", "/home/u/.config/pulse/cookie", "/srv/cookie", "/usr/bin/xdg-dbus-proxy",
            "/run/user/1/no-socket")
        files.add(.characterDevice, "/dev/snd/pcmC0D0p", "/dev/snd/pcmC0D0c")
        for path in missing { files.entries[path] = nil }
        var context = ResolutionContext(
            workingDirectory: "/home/u/w", home: "/home/u", environment: InheritedEnvironment(variables), userID: 1,
            lookup: files)
        context.systemFolders = []
        var overrides = Overrides()
        var rest = flags[...]
        while let flag = rest.popFirst() {
            #expect(try OverrideFlags.consume(flag, next: { rest.popFirst() }, into: &overrides))
        }
        return try PermissionResolver.resolve(DeclaredPermissions(required: granted), overrides, in: context)
    }

    private let runtime = ["XDG_RUNTIME_DIR": "/run/user/1"]

    private func services(_ granted: Set<Permission>, _ variables: [String: String], _ flags: [String] = []) throws
        -> [String]
    {
        try resolve(granted, variables.merging(runtime) { a, _ in a }, flags).permissions.services.map {
            "\($0.service) \($0.socket)"
        }
    }

    private func resolve(_ granted: Set<Permission>, _ variables: [String: String], _ flags: [String]) throws
        -> Resolution
    {
        try resolve(granted, variables, without: [], flags)
    }

    @Test(
        "Which display is given",
        arguments: [
            (["DISPLAY": ":0"], ["x11 /tmp/.X11-unix/X0"]), (["DISPLAY": ":12.0"], ["x11 /tmp/.X11-unix/X12"]),
            (["DISPLAY": "unix:0"], ["x11 /tmp/.X11-unix/X0"]), (["DISPLAY": "localhost:10.0"], []),
            (["DISPLAY": "far.example:0"], []), (["DISPLAY": ":../../run/user/1/bus"], []), (["DISPLAY": ":3"], []),
            (["WAYLAND_DISPLAY": "wayland-1"], ["wayland /run/user/1/wayland-1"]),
            (["WAYLAND_DISPLAY": "wayland-1", "DISPLAY": ":0"], ["wayland /run/user/1/wayland-1"]),
            (["WAYLAND_DISPLAY": "wayland-9", "DISPLAY": ":0"], ["x11 /tmp/.X11-unix/X0"]),
            (["WAYLAND_DISPLAY": "/run/user/1/wayland-1"], ["wayland /run/user/1/wayland-1"]),
            (["WAYLAND_DISPLAY": "no-socket"], []), ([:], []),
        ] as [([String: String], [String])])
    func display(variables: [String: String], wanted: [String]) throws {
        for permission in [Permission.screenCapture, .clipboardRead, .clipboardWrite] {
            #expect(try services([permission], variables) == wanted)
            let warnings = try resolve([permission], variables.merging(runtime) { a, _ in a }, []).warnings
            #expect(warnings.isEmpty == !wanted.isEmpty, "\(warnings)")
        }
        #expect(try services([.microphone, .networkClient, .exec], variables).allSatisfy { !$0.contains("X11") })
    }

    @Test("X11 comes with its cookie, and the variables that lead to both")
    func cookie() throws {
        let granted = try resolve([.clipboardRead], ["DISPLAY": ":0.1", "XAUTHORITY": "/srv/cookie"]).permissions
        #expect(granted.serviceFiles == ["/srv/cookie"])
        #expect(granted.environment.contains(EnvironmentVariable(name: "DISPLAY", value: ":0")))
        #expect(granted.environment.contains(EnvironmentVariable(name: "XAUTHORITY", value: "/srv/cookie")))
        #expect(try resolve([.clipboardRead], ["DISPLAY": ":0"]).permissions.serviceFiles == ["/home/u/.Xauthority"])
    }

    @Test(
        "Which sound server is given",
        arguments: [
            ([:], ["pulseAudio /run/user/1/pulse/native", "pipeWire /run/user/1/pipewire-0"]),
            (
                ["PULSE_SERVER": "{abc}unix:/srv/other/native tcp:far"],
                ["pulseAudio /srv/other/native", "pipeWire /run/user/1/pipewire-0"]
            ),
            (["PULSE_SERVER": "tcp:far", "PIPEWIRE_REMOTE": "pipewire-9"], ["pulseAudio /run/user/1/pulse/native"]),
            (["PULSE_RUNTIME_PATH": "/srv/other", "PIPEWIRE_REMOTE": "none"], ["pulseAudio /srv/other/native"]),
        ] as [([String: String], [String])])
    func sound(variables: [String: String], wanted: [String]) throws {
        #expect(try services([.microphone], variables) == wanted)
        #expect(try services([.speaker], variables) == wanted)
        #expect(try services([.camera, .clipboardRead], variables).isEmpty)
        #expect(try services([.speaker], variables, ["--device", "/dev/snd/pcmC0D0p"]).isEmpty)
        // What is narrowed for one is not for the other.
        #expect(try services([.speaker, .microphone], variables, ["--device", "/dev/snd/pcmC0D0p"]) == wanted)
    }

    @Test("Buses and what they are for")
    func buses() throws {
        let both = try resolve([.location, .notifications], runtime).permissions.buses
        #expect(both.map(\.address) == ["unix:path=/run/user/1/bus", "unix:path=/run/dbus/system_bus_socket"])
        #expect(both.map(\.permissions) == [[.location, .notifications], [.location]])
        let one = try resolve([.notifications], ["DBUS_SESSION_BUS_ADDRESS": "tcp:host=far;unix:abstract=/x,guid=1"])
        #expect(one.permissions.buses.map(\.address) == ["unix:abstract=/x,guid=1"])
        #expect(try resolve([.clipboardRead, .networkClient], runtime).permissions.buses.isEmpty)
        // An address that starts a program, or leads elsewhere, is none.
        for address in ["unixexec:path=/bin/sh", "tcp:host=far,port=1", "autolaunch:", "unix:tmpdir=/tmp", ""] {
            let found = try resolve([.notifications], ["DBUS_SESSION_BUS_ADDRESS": address])
            #expect(found.permissions.buses.isEmpty && found.warnings.contains { $0.contains("no bus") }, "\(address)")
        }
    }

    @Test("Where the proxy is missing nothing starts, and what to install is said")
    func noProxy() throws {
        do {
            _ = try resolve([.notifications], runtime, without: ["/usr/bin/xdg-dbus-proxy"])
            Issue.record("it was resolved")
        } catch let error as ResolutionError {
            #expect("\(error)".contains("install the package xdg-dbus-proxy") && "\(error)".contains("--deny"))
        }
        // Nobody needs it where there is no bus, or no permission for it.
        #expect(try resolve([.notifications], [:], without: ["/usr/bin/xdg-dbus-proxy"]).permissions.buses.isEmpty)
        #expect(try resolve([.exec], runtime, without: ["/usr/bin/xdg-dbus-proxy"]).warnings.isEmpty)
    }

    @Test("The proxy's sockets are in reach by their own variables, and the bus is not")
    func reaching() throws {
        let granted = try resolve(
            [.location, .notifications, .environmentRead],
            runtime.merging(["DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus"]) { $1 },
            ["--env", "DBUS_SESSION_BUS_ADDRESS"]
        ).permissions.reachingBuses(in: "/tmp/p")
        #expect(granted.reachableSockets == ["/tmp/p/session-bus", "/tmp/p/system-bus"])
        let addresses = granted.environment.filter { $0.name.hasPrefix("DBUS") }.map { "\($0.name) \($0.value)" }
        #expect(
            addresses == [
                "DBUS_SESSION_BUS_ADDRESS unix:path=/tmp/p/session-bus",
                "DBUS_SYSTEM_BUS_ADDRESS unix:path=/tmp/p/system-bus",
            ])
    }

    @Test("Every rule names one method, or one interface's signals, at one place")
    func rules() {
        for service in [SessionService.sessionBus, .systemBus] {
            let options = BusRules.options(service, for: Permission.allCases)
            #expect(options.first == "--filter" && options.count > 5)
            for option in options.dropFirst() {
                #expect(option.hasPrefix("--call=") || option.hasPrefix("--broadcast="), "\(option)")
                #expect(option.contains("@/org/freedesktop/") && !option.contains("=*"), "\(option)")
            }
            #expect(BusRules.options(service, for: [.networkClient]) == ["--filter"])
        }
    }

    @Test(
        "A bare socket of the session is no scope to give without a word",
        arguments: [
            ("/run/user/1/bus", true), ("/tmp/.X11-unix/X0", true), ("/run/user/1/pulse/native", true),
            ("/run/dbus/system_bus_socket", true), ("/run/app.sock", false),
        ])
    func bareSockets(path: String, isTold: Bool) throws {
        let warnings = try resolve([.networkClient], [:], ["--allow-socket", path]).warnings
        #expect(warnings.contains { $0.contains("all of a service") } == isTold, "\(warnings)")
    }
}
