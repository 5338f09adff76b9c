import Foundation
import Glibc
import TestSupport
import Testing

/// Notifications and location: real clients, a real bus and the real proxy.
@Suite(
    "Buses: notifications and location",
    .enabled(
        if: Products.launcherExists
            && Session.has("dbus-daemon", "dbus-send", "dbus-monitor", "xdg-dbus-proxy", "notify-send"),
        "dbus, xdg-dbus-proxy or libnotify-bin is missing"))
struct BusTests {
    private static let names = [
        "org.freedesktop.Notifications", "org.freedesktop.secrets", "org.freedesktop.systemd1", "org.gnome.Shell",
    ]

    private func session(_ setting: Setting) throws -> (Session, RunningProgram) {
        let session = try Session(as: setting.account)
        return (session, try session.bus(owning: Self.names))
    }

    /// A call by dbus-send, which waits for the answer.
    private func call(
        _ name: String, _ path: String, _ method: String, _ arguments: [String] = [], bus: String = "--session"
    )
        -> [String]
    {
        ["dbus-send", bus, "--print-reply", "--reply-timeout=60000", "--dest=" + name, path, method] + arguments
    }

    @Test(
        "notifications.post: a notification arrives when it is granted, and none does otherwise", arguments: Setting.all
    )
    func notifications(setting: Setting) throws {
        let (session, services) = try session(setting)
        #expect(try session.outside(["notify-send", "from outside"]).code == 0)
        #expect(services.outputSoFar.contains("'from outside'"))
        let granted = try session.boxed(["notifications.post"], ["notify-send", "from the box", "body"], setting.mode)
        #expect(granted.code == 0, "\(granted.errors)")
        #expect(services.outputSoFar.contains("'from the box', 'body'"), "\(granted.errors)")
        let refused = try session.boxed(["filesystem.read"], ["notify-send", "not granted"], setting.mode)
        #expect(refused.code == 1, "\(refused.errors)")
        #expect(!services.outputSoFar.contains("not granted"))
    }

    @Test("A box with other rights as well has its notifications", arguments: Setting.all)
    func beside(setting: Setting) throws {
        let (session, services) = try session(setting)
        // With network.client, plain mode sends every message on the server's behalf.
        let ended = try session.boxed(
            ["notifications.post", "network.client", "system.exec", "filesystem.write"], ["notify-send", "beside"],
            setting.mode)
        #expect(ended.code == 0, "\(ended.ending) \(ended.errors)")
        #expect(services.outputSoFar.contains("'beside'"))
    }

    @Test(
        "location: the location service answers when it is granted, and is out of reach otherwise",
        arguments: Setting.all)
    func location(setting: Setting) throws {
        let session = try Session(as: setting.account)
        let services = try session.bus(system: true, owning: ["org.freedesktop.GeoClue2", "org.freedesktop.login1"])
        let client = "org.freedesktop.GeoClue2", manager = "/org/freedesktop/GeoClue2/Manager"
        let ask = call(client, manager, client + ".Manager.GetClient", bus: "--system")
        #expect(try session.outside(ask).code == 0)
        let granted = try session.boxed(["location"], ask, setting.mode)
        #expect(granted.code == 0 && granted.text.contains("GeoClue2/Client/1"), "\(granted.errors)")
        let start = call(client, "/org/freedesktop/GeoClue2/Client/1", client + ".Client.Start", bus: "--system")
        #expect(try session.boxed(["location"], start, setting.mode).code == 0)
        #expect(services.outputSoFar.contains("Client.Start"))
        let refused = try session.boxed(["notifications.post"], ask, setting.mode)
        #expect(refused.code == 1, "\(refused.errors)")
        let log = services.outputSoFar
        let other = call("org.freedesktop.login1", "/", "org.freedesktop.login1.Manager.PowerOff", bus: "--system")
        #expect(try session.boxed(["location"], other, setting.mode).code == 1)
        #expect(services.outputSoFar == log)
    }

    @Test("L1: other services on the bus: secrets, starting programs, the desktop's shell", arguments: Setting.all)
    func otherNames(setting: Setting) throws {
        let (session, services) = try session(setting)
        for (name, method) in [
            ("org.freedesktop.secrets", "org.freedesktop.Secret.Service.SearchItems"),
            ("org.freedesktop.systemd1", "org.freedesktop.systemd1.Manager.StartTransientUnit"),
            ("org.gnome.Shell", "org.gnome.Shell.Eval"),
        ] {
            #expect(try session.outside(call(name, "/", method)).code == 0)
            let log = services.outputSoFar
            let ended = try session.boxed(["notifications.post"], call(name, "/", method), setting.mode)
            #expect(
                ended.code == 1 && ended.errors.contains("org.freedesktop.DBus.Error.ServiceUnknown"), "\(ended.errors)"
            )
            #expect(services.outputSoFar == log, "\(name) was reached")
        }
    }

    @Test(
        "L2: other methods of the process that shows notifications, and the same ones elsewhere", arguments: Setting.all
    )
    func otherMethods(setting: Setting) throws {
        let (session, services) = try session(setting)
        let name = "org.freedesktop.Notifications", place = "/org/freedesktop/Notifications"
        let own = call(name, place, "org.freedesktop.Notifications.GetCapabilities")
        for attack in [
            call(name, place, "org.gnome.Shell.Eval"), call(name, "/org/gnome/Shell", "org.gnome.Shell.Eval"),
            call(name, "/", "org.freedesktop.Notifications.Notify"),
            call(name, place, "org.freedesktop.Notifications.Inhibit"),
            call(name, place, "org.freedesktop.DBus.Properties.Set"),
        ] {
            #expect(try session.outside(attack).code == 0)
            let log = services.outputSoFar
            let ended = try session.boxed(["notifications.post"], attack, setting.mode)
            #expect(
                ended.code == 1 && ended.errors.contains("org.freedesktop.DBus.Error.AccessDenied"),
                "\(ended.ending) \(ended.errors)")
            #expect(services.outputSoFar == log, "\(attack)")
            // What is granted is no key to the rest of the same peer.
            #expect(try session.boxed(["notifications.post"], own, setting.mode).code == 0)
        }
    }

    @Test("L3, L5, L6: watching others, taking a name, and setting what services start with", arguments: Setting.all)
    func busItself(setting: Setting) throws {
        let (session, _) = try session(setting)
        let bus = "org.freedesktop.DBus", path = "/org/freedesktop/DBus"
        for (method, arguments) in [
            ("org.freedesktop.DBus.Monitoring.BecomeMonitor", ["array:string:", "uint32:0"]),
            (bus + ".AddMatch", ["string:eavesdrop=true"]),
            (bus + ".AddMatch", ["string:type='method_call',eavesdrop='true'"]),
            (bus + ".RequestName", ["string:org.example.Own", "uint32:0"]),
            (bus + ".UpdateActivationEnvironment", ["dict:string:string:LD_PRELOAD,/tmp/evil.so"]),
        ] {
            let attack = call(bus, path, method, arguments)
            #expect(try session.outside(attack).code == 0, "\(method)")
            let ended = try session.boxed(["notifications.post"], attack, setting.mode)
            #expect(ended.code == 1, "\(method): \(ended.text)")
            #expect(
                ended.errors.contains("AccessDenied") || ended.errors.contains("ServiceUnknown"),
                "\(ended.ending) \(ended.errors)")
        }
        let list = try session.boxed(["notifications.post"], call(bus, path, bus + ".ListNames"), setting.mode)
        #expect(list.text.contains("org.freedesktop.Notifications") && !list.text.contains("org.freedesktop.secrets"))
    }

    @Test("L4: the bus itself, by its path, its abstract name and by way of /proc", arguments: Setting.all)
    func realBus(setting: Setting) throws {
        for isAbstract in [false, true] {
            let session = try Session(as: setting.account)
            let services = try session.bus(isAbstract: isAbstract, owning: ["org.freedesktop.Notifications"])
            let path = (isAbstract ? "@" : "") + session.busPath
            #expect(try session.outside([Products.victim, "unix_connect", path]).code == 0)
            let ended = try session.boxed(["notifications.post"], ["notify-send", "by the proxy"], setting.mode)
            #expect(ended.code == 0 && services.outputSoFar.contains("by the proxy"), "\(ended.ending) \(ended.errors)")
            // The supervisor, which has no capabilities, sees no more of root's processes than of anybody's.
            let byProcess = setting.account.isRoot ? EACCES : EXDEV
            let attempts: [(String, CInt, CInt)] =
                isAbstract
                ? [(path, EACCES, EACCES)]
                : [
                    (path, EACCES, ENOENT), ("/proc/self/root" + path, EXDEV, ENOENT),
                    ("/proc/\(services.id)/root" + path, byProcess, ENOENT),
                ]
            for permissions in [["filesystem.read"], ["notifications.post"], ["notifications.post", "network.client"]] {
                for (name, plain, hidden) in attempts {
                    let ended = try session.boxed(permissions, [Products.victim, "unix_connect", name], setting.mode)
                    #expect(ended.code == (setting.mode == .plain ? plain : hidden), "\(name): \(ended.errors)")
                }
            }
        }
    }

    @Test("L7: all connections that the bus has", arguments: Setting.all)
    func connections(setting: Setting) throws {
        let (session, services) = try session(setting)
        let script = """
            import os, socket
            path, open = os.environ['DBUS_SESSION_BUS_ADDRESS'].split('=')[1], []
            for _ in range(200):
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(1)
                try:
                    s.connect(path)
                    s.sendall(b'\\0AUTH EXTERNAL ' + str(os.getuid()).encode().hex().encode() + b'\\r\\n')
                    if s.recv(100).startswith(b'OK'): open.append(s)
                    else: break
                except OSError: break
            print(len(open), flush=True)
            input()
            """
        let box = try session.running(["notifications.post"], ["/usr/bin/python3", "-c", script], setting.mode)
        #expect(box.says("\n"), "\(box.errorsSoFar)")
        let count = Int(box.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        #expect((1..<40).contains(count), "\(count) connections")
        #expect(try session.outside(["notify-send", "still here"]).code == 0)
        #expect(services.outputSoFar.contains("still here"))
        box.send("\n")
        #expect(box.finish().code == 0)
    }

    /// The proxy of a running box, by its command line, as seen from outside.
    private func proxy(of session: Session) -> Int? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int($0) }.first { id in
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            let text = String(decoding: line, as: UTF8.self)
            return text.contains("xdg-dbus-proxy\0") && text.contains(session.busPath)
        }
    }

    @Test(
        "L8: a proxy that outlives its box, whether the server ends or the launcher is killed", arguments: Setting.all,
        [false, true])
    func end(setting: Setting, isKilled: Bool) throws {
        let (session, _) = try session(setting)
        let box = try session.running(["notifications.post"], [Products.victim, "peer"], setting.mode)
        #expect(box.says("\n"), "\(box.errorsSoFar)")
        let id = try #require(proxy(of: session))
        #expect(kill(pid_t(id), 0) == 0)
        if isKilled { box.send(signal: SIGKILL) } else { box.closeInput() }
        _ = box.finish()
        #expect(eventually { kill(pid_t(id), 0) == -1 && errno == ESRCH })
    }

    @Test("L9: the proxy has no privileges, its own files alone, and no signals from the box", arguments: Setting.all)
    func confined(setting: Setting) throws {
        let (session, _) = try session(setting)
        let script = "input(); import os; os.kill(int(input()), 15)"
        let box = try session.running(["notifications.post"], ["/usr/bin/python3", "-c", script], setting.mode)
        #expect(eventually { proxy(of: session) != nil || !box.isRunning }, "\(box.errorsSoFar)")
        let id = try #require(proxy(of: session))
        let status = String(
            decoding: FileManager.default.contents(atPath: "/proc/\(id)/status") ?? Data(), as: UTF8.self)
        for line in ["NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"]
        where setting.account.isRoot || !line.hasPrefix("CapBnd") {
            #expect(status.contains(line), "\(status)")
        }
        // Three streams that lead to the launcher, and nothing of the client's.
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd")) ?? []
        let open = files.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\($0)")
        }
        #expect(!open.contains { $0.hasPrefix("/tmp") || $0.hasPrefix("pipe:") }, "\(open)")
        box.send("\n\(id)\n")
        let ended = box.finish()
        #expect(
            ended.errors.contains(setting.mode == .plain ? "PermissionError" : "ProcessLookupError"),
            "\(ended.ending) \(ended.errors)")
    }

    @Test("L10: the proxy's socket, replaced or removed by the server", arguments: Setting.all)
    func replaced(setting: Setting) throws {
        let (session, services) = try session(setting)
        let script = """
            import os
            path = os.environ['DBUS_SESSION_BUS_ADDRESS'].split('=')[1]
            def answer(act):
                try: act(); print('done')
                except OSError as error: print(error.errno)
            answer(lambda: os.unlink(path))
            answer(lambda: os.rename(path, path + '2'))
            answer(lambda: os.symlink('\(session.busPath)', os.path.dirname(path) + '/other'))
            """
        let ended = try session.boxed(
            ["notifications.post", "filesystem.write"], ["/usr/bin/python3", "-c", script], setting.mode)
        #expect(ended.code == 0, "\(ended.ending) \(ended.errors)")
        let allowed: Set<String> = setting.mode == .plain ? ["13"] : ["16", "18", "30", "13"]
        #expect(Set(ended.text.split(separator: "\n").map(String.init)).isSubset(of: allowed), "\(ended.text)")
        #expect(try session.boxed(["notifications.post"], ["notify-send", "after"], setting.mode).code == 0)
        #expect(services.outputSoFar.contains("'after'"))
    }

    @Test("L11: answering for the person which programs learn the location", arguments: Setting.all)
    func agent(setting: Setting) throws {
        let session = try Session(as: setting.account)
        let services = try session.bus(system: true, owning: ["org.freedesktop.GeoClue2"])
        let attack = call(
            "org.freedesktop.GeoClue2", "/org/freedesktop/GeoClue2/Manager",
            "org.freedesktop.GeoClue2.Manager.AddAgent", ["string:gnome-shell"], bus: "--system")
        #expect(try session.outside(attack).code == 0)
        let log = services.outputSoFar
        let ended = try session.boxed(["location"], attack, setting.mode)
        #expect(ended.code == 1 && ended.errors.contains("AccessDenied"), "\(ended.ending) \(ended.errors)")
        #expect(services.outputSoFar == log)
    }

    @Test("The variable names the proxy, and is absent where nothing is granted", arguments: Setting.all)
    func variables(setting: Setting) throws {
        let (session, _) = try session(setting)
        let show = [Products.victim, "environment"]
        let without = try session.boxed(["filesystem.read"], show, setting.mode).text
        for name in ["DBUS_", "DISPLAY", "XAUTHORITY", "PULSE_", "PIPEWIRE_", "XDG_RUNTIME_DIR"] {
            #expect(!without.contains(name), "\(without)")
        }
        let with = try session.boxed(
            ["notifications.post", "system.env.read"], ["--env", "DBUS_SESSION_BUS_ADDRESS"], show, setting.mode
        ).text
        #expect(with.contains("DBUS_SESSION_BUS_ADDRESS=unix:path=/tmp/agentbound-"))
        #expect(!with.contains(session.busPath))
    }

    @Test("Without a bus the server starts, and is told that there is none", arguments: Setting.all)
    func noBus(setting: Setting) throws {
        let session = try Session(as: setting.account)
        let ended = try session.boxed(["notifications.post"], [Products.victim, "succeed"], setting.mode)
        #expect(ended.code == 0)
        #expect(
            ended.errors.contains("notifications.post: no bus of this machine was found"),
            "\(ended.ending) \(ended.errors)")
    }
}
