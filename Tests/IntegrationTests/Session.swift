import Foundation
import TestSupport
import Testing

/// A user's session of its own: buses with services on them, a display, a sound server, all real programs that belong to the
/// account that acts. Each part is started when it is asked for, and ended by its number.
final class Session {
    let folder: TemporaryFolder
    let account: Account
    private(set) var environment: [String: String]
    private var programs: [RunningProgram] = []

    init(as account: Account) throws {
        self.account = account
        folder = try TemporaryFolder("agentbound-session")
        environment = TestEnvironment.plain
        environment["XDG_RUNTIME_DIR"] = folder.path + "/run"
        environment["HOME"] = folder.path + "/home"
        environment["XDG_STATE_HOME"] = folder.path + "/state"
        for name in ["run", "home", "work"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: false)
        }
        try setMode(0o700, of: folder.path + "/run")
        if let owner = account.owner { _ = try run(["chown", "-R", owner, folder.path]) }
    }

    deinit {
        for program in programs.reversed() {
            program.send(signal: SIGTERM)
            _ = program.finish()
        }
    }

    /// The tests' own programs.
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/session").path

    private func start(_ command: [String], as account: Account? = nil, _ more: [String: String] = [:]) throws
        -> RunningProgram
    {
        let program = try RunningProgram(
            (account ?? self.account).prefix + command, environment: environment.merging(more) { $1 },
            folder: folder.path)
        programs.append(program)
        return program
    }

    private struct NotThere: Error { let what: String, said: String }

    /// Waits for a file that a program makes when it is ready.
    private func await(_ path: String, _ program: RunningProgram) throws {
        let isThere = eventually { FileManager.default.fileExists(atPath: path) || !program.isRunning }
        guard isThere, program.isRunning else { throw NotThere(what: path, said: program.errorsSoFar) }
    }

    // MARK: buses

    /// Starts a bus with one process that owns all the names.
    /// - Parameter isAbstract: It listens at an abstract name instead of a path.
    /// - Returns: That process, whose output tells the calls that reached it.
    func bus(system: Bool = false, isAbstract: Bool = false, owning names: [String]) throws -> RunningProgram {
        let path = folder.path + (system ? "/run/system-bus" : "/run/bus")
        let address = "unix:\(isAbstract ? "abstract" : "path")=\(path)"
        let daemon = try start([
            "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
            "--address=" + address,
        ])
        guard daemon.says("guid=") else { throw NotThere(what: "dbus-daemon", said: daemon.errorsSoFar) }
        environment[system ? "DBUS_SYSTEM_BUS_ADDRESS" : "DBUS_SESSION_BUS_ADDRESS"] = address
        let services = try start(["/usr/bin/python3", Self.fixtures + "/services.py", address] + names)
        guard services.says("ready") else { throw NotThere(what: "services", said: services.errorsSoFar) }
        return services
    }

    var busPath: String { folder.path + "/run/bus" }

    // MARK: display

    /// A display that only clients with its cookie may use. The first window of it is empty.
    func x11() throws {
        let cookie = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
        let file = folder.path + "/home/xauthority"
        environment["XAUTHORITY"] = file
        // Only root, or whoever is first, may make it.
        try? FileManager.default.createDirectory(atPath: "/tmp/.X11-unix", withIntermediateDirectories: false)
        try? setMode(0o1777, of: "/tmp/.X11-unix")
        func add(_ display: String) throws {
            _ = try run(
                account.prefix + ["xauth", "-q", "-f", file, "add", display, ".", cookie], environment: environment)
        }
        try add(":0")
        let server = try start(["Xvfb", "-displayfd", "1", "-auth", file, "-screen", "0", "64x48x24"])
        guard server.says("\n") else { throw NotThere(what: "Xvfb", said: server.errorsSoFar) }
        let number = server.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)
        try add(":" + number)
        environment["DISPLAY"] = ":" + number
    }

    var x11Path: String { "/tmp/.X11-unix/X" + (environment["DISPLAY"]?.dropFirst() ?? "") }
    var waylandPath: String { environment["WAYLAND_DISPLAY"] ?? "" }

    /// A compositor. It does not run as root, so root's is one of nobody's that lets everybody in.
    func wayland() throws {
        let runtime = folder.path + "/wayland"
        try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: false)
        try setMode(0o777, of: runtime)
        let compositor = try start(
            ["sway", "--config", "/dev/null"], as: account.isRoot ? .nobody : account,
            [
                "XDG_RUNTIME_DIR": runtime, "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman",
                "WLR_LIBINPUT_NO_DEVICES": "1",
            ])
        try self.await(runtime + "/wayland-1", compositor)
        try setMode(0o777, of: runtime + "/wayland-1")
        environment["WAYLAND_DISPLAY"] = runtime + "/wayland-1"
        // Its socket is there before its seat is, without which there is no clipboard.
        guard try eventually({ try outside(["wl-copy", "--clear"]).code == 0 }) else {
            throw NotThere(what: "a clipboard", said: compositor.errorsSoFar)
        }
    }

    // MARK: sound

    func pulseAudio() throws {
        let server = try start([
            "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
            "-L", "module-native-protocol-unix", "-L", "module-null-sink sink_name=null",
        ])
        try self.await(pulsePath, server)
    }

    var pulsePath: String { folder.path + "/run/pulse/native" }
    var pipeWirePath: String { folder.path + "/run/pipewire-0" }

    func pipeWire() throws { try self.await(pipeWirePath, start(["pipewire"])) }

    // MARK: programs

    /// Outside the box, in the session.
    func outside(_ command: [String], input: String = "") throws -> Finished {
        try run(account.prefix + command, input: input, environment: environment, folder: folder.path + "/work")
    }

    func command(
        _ permissions: [String], _ flags: [String], _ server: [String], _ mode: Isolation
    ) throws -> [String] {
        let manifest = folder.path + "/manifest-\(permissions.joined(separator: "-")).json"
        let list = permissions.map { "\"mcp.ac.\($0)\"" }.joined(separator: ", ")
        try Data("{\"description\": \"a test\", \"permissions\": [\(list)]}".utf8).write(
            to: URL(fileURLWithPath: manifest))
        return account.prefix + [
            Products.agentbound, "run", manifest, "--yes", "--no-audit", "--isolation", mode.rawValue, "--grace", "30",
        ] + flags + ["--"] + server
    }

    func boxed(_ permissions: [String], _ server: [String], _ mode: Isolation, input: String = "") throws -> Finished {
        try boxed(permissions, [], server, mode, input: input)
    }

    func running(_ permissions: [String], _ server: [String], _ mode: Isolation) throws -> RunningProgram {
        try RunningProgram(
            command(permissions, [], server, mode), environment: environment, folder: folder.path + "/work")
    }

    /// In a box with these permissions, in the session.
    func boxed(
        _ permissions: [String], _ flags: [String], _ server: [String], _ mode: Isolation, input: String = ""
    ) throws -> Finished {
        try run(
            command(permissions, flags, server, mode), input: input, environment: environment,
            folder: folder.path + "/work")
    }

    static func has(_ programs: String...) -> Bool {
        programs.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0) }
    }
}
