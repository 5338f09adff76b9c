import Foundation
import Glibc
import TestSupport
import Testing

/// Displays and sound servers: real programs on real servers, granted and not.
@Suite(
    "Displays and sound: clipboard, screen, microphone, speaker",
    .enabled(
        if: Products.launcherExists && Session.has("Xvfb", "xauth", "xclip", "xwd", "sway", "wl-copy", "grim"),
        "xvfb, xauth, xclip, x11-apps, sway, wl-clipboard or grim is missing"))
struct DisplayTests {
    private static let none = ["filesystem.read"]
    private static let paste = ["xclip", "-selection", "clipboard", "-o"]
    private static let copy = ["xclip", "-quiet", "-loops", "1", "-selection", "clipboard", "-i"]

    @Test("clipboard.read and clipboard.write: X11's clipboard, when granted", arguments: Setting.all)
    func clipboardX11(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.x11()
        #expect(try session.outside(["xclip", "-selection", "clipboard", "-i"], input: "from outside").code == 0)
        #expect(try session.outside(Self.paste).text == "from outside")
        for permission in ["clipboard.read", "clipboard.write", "peripheral.screen.capture"] {
            let ended = try session.boxed([permission], Self.paste, setting.mode)
            #expect(ended.code == 0 && ended.text == "from outside", "\(permission): \(ended.errors)")
        }
        let refused = try session.boxed(Self.none, Self.paste, setting.mode)
        #expect(refused.code == 1 && refused.errors.contains("Can't open display"), "\(refused.errors)")

        let box = try session.running(["clipboard.write"], Self.copy, setting.mode)
        box.send("from the box")
        box.closeInput()
        #expect(eventually { (try? session.outside(Self.paste).text) == "from the box" || !box.isRunning })
        #expect(box.finish().code == 0, "\(box.errorsSoFar)")
    }

    @Test("peripheral.screen.capture: a picture of X11's root window, when granted", arguments: Setting.all)
    func screenX11(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.x11()
        let capture = ["xwd", "-root", "-silent"]
        let outside = try session.outside(capture).output
        #expect(outside.count > 64 * 48 * 4)
        let granted = try session.boxed(["peripheral.screen.capture"], capture, setting.mode)
        #expect(granted.code == 0 && granted.output == outside, "\(granted.errors)")
        #expect(try session.boxed(Self.none, capture, setting.mode).code == 1)
    }

    @Test(
        "L12: a display that is not granted, by its socket's path and abstract name, with its cookie",
        arguments: Setting.all)
    func refusedX11(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.x11()
        try session.wayland()
        for (path, plain, hidden) in [
            (session.x11Path, EACCES, ENOENT), ("@" + session.x11Path, EACCES, EACCES),
            (session.waylandPath, EACCES, ENOENT),
        ] {
            let act = [Products.victim, "unix_connect", path]
            #expect(try session.outside(act).code == 0, "\(path)")
            for permissions in [Self.none, ["network.client"]] {
                let ended = try session.boxed(permissions, act, setting.mode)
                #expect(ended.code == (setting.mode == .plain ? plain : hidden), "\(path): \(ended.errors)")
            }
        }
        let ended = try session.boxed(
            ["system.env.read", "network.client"], ["--env", "DISPLAY", "--env", "XAUTHORITY"], Self.paste, setting.mode
        )
        #expect(ended.code == 1 && ended.errors.contains("Can't open display"), "\(ended.errors)")
    }

    @Test("L13: X11 beside Wayland, where the compositor's socket alone is given", arguments: Setting.all)
    func waylandFirst(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.x11()
        try session.wayland()
        let both = ["clipboard.read", "system.env.read"]
        let act = { (path: String) in [Products.victim, "unix_connect", path] }
        #expect(try session.boxed(both, act(session.waylandPath), setting.mode).code == 0)
        let code = try session.boxed(both, act(session.x11Path), setting.mode).code
        #expect(code == (setting.mode == .plain ? EACCES : ENOENT))
        let variables = try session.boxed(both, [Products.victim, "environment"], setting.mode).text
        #expect(variables.contains("WAYLAND_DISPLAY=" + session.waylandPath), "\(variables)")
        #expect(!variables.contains("\nDISPLAY=") && !variables.contains("XAUTHORITY"))
    }

    @Test("clipboard.read and clipboard.write: Wayland's clipboard, when granted", arguments: Setting.all)
    func clipboardWayland(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.wayland()
        #expect(try session.outside(["wl-copy", "from outside"]).code == 0)
        #expect(try session.outside(["wl-paste", "-n"]).text == "from outside")
        let flags = ["--allow-command", "cat"]  // wl-paste starts it to write what it got
        let ended = try session.boxed(["clipboard.read", "system.exec"], flags, ["wl-paste", "-n"], setting.mode)
        #expect(ended.code == 0 && ended.text == "from outside", "\(ended.errors)")
        let refused = try session.boxed(["filesystem.read", "system.exec"], flags, ["wl-paste", "-n"], setting.mode)
        #expect(refused.code == 1, "\(refused.errors)")

        let box = try session.running(
            ["clipboard.write"], ["wl-copy", "--foreground", "--paste-once", "from the box"], setting.mode)
        #expect(eventually { (try? session.outside(["wl-paste", "-n"]).text) == "from the box" || !box.isRunning })
        _ = box.finish()
    }

    @Test("peripheral.screen.capture: a picture of a Wayland output", arguments: Setting.all)
    func screenWayland(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.wayland()
        let capture = ["grim", "-t", "ppm", "-"]
        let outside = try session.outside(capture)
        #expect(outside.code == 0 && outside.output.count > 10_000, "\(outside.errors)")
        let ended = try session.boxed(["peripheral.screen.capture"], capture, setting.mode)
        if setting.mode == .namespaces {
            #expect(ended.code == 0 && ended.output == outside.output, "\(ended.errors)")
        } else {
            // It keeps its pictures in /dev/shm, which in plain mode is everybody's: docs/vocabulary.md.
            #expect(ended.code == 1 && ended.errors.contains("failed to create buffer"), "\(ended.errors)")
        }
        #expect(try session.boxed(Self.none, capture, setting.mode).code == 1)
    }
}

@Suite(
    "Sound: microphone and speaker",
    .enabled(
        if: Products.launcherExists && Session.has("pulseaudio", "pactl", "paplay", "parecord", "pipewire", "pw-cli"),
        "pulseaudio, pulseaudio-utils or pipewire-bin is missing"))
struct SoundTests {
    private func session(_ setting: Setting) throws -> Session {
        let session = try Session(as: setting.account)
        try session.pulseAudio()
        return session
    }

    @Test("peripheral.speaker and microphone: PulseAudio plays and records, when granted", arguments: Setting.all)
    func pulseAudio(setting: Setting) throws {
        let session = try session(setting)
        // A tenth of a second, raw.
        let play = ["pacat", "--playback", "--raw", "--rate=8000", "--channels=1"]
        let tone = String(repeating: "abcdefgh", count: 200)
        #expect(try session.outside(play, input: tone).code == 0)
        let record = ["parecord", "--raw", "--device=null.monitor"]
        for permission in ["peripheral.speaker", "peripheral.microphone"] {
            let ended = try session.boxed([permission], play, setting.mode, input: tone)
            #expect(ended.code == 0, "\(permission): \(ended.errors)")
            let box = try session.running([permission], record, setting.mode)
            #expect(eventually { !box.outputSoFar.isEmpty || !box.isRunning }, "\(permission)")
            #expect(box.isRunning, "\(permission): \(box.errorsSoFar)")
            box.send(signal: SIGTERM)
            _ = box.finish()
        }
        let refused = try session.boxed(["filesystem.read"], play, setting.mode, input: tone)
        #expect(refused.code == 1 && refused.errors.contains("Connection refused"), "\(refused.errors)")
    }

    @Test("peripheral.speaker and microphone: PipeWire, when granted", arguments: Setting.all)
    func pipeWire(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.pipeWire()
        let ask = ["pw-cli", "info", "0"]
        #expect(try session.outside(ask).text.contains("PipeWire:Interface:Core"))
        for permission in ["peripheral.speaker", "peripheral.microphone"] {
            let ended = try session.boxed([permission], ask, setting.mode)
            #expect(ended.text.contains("PipeWire:Interface:Core"), "\(permission): \(ended.errors)")
        }
        for permission in ["filesystem.read", "peripheral.camera"] {
            let refused = try session.boxed([permission], ask, setting.mode)
            #expect(!refused.text.contains("PipeWire:Interface:Core") && refused.code == 255, "\(refused.errors)")
        }
    }

    @Test("L14: sound servers that are not granted, by their sockets' paths", arguments: Setting.all)
    func refused(setting: Setting) throws {
        let session = try session(setting)
        try session.pipeWire()
        for path in [session.pulsePath, session.pipeWirePath] {
            let act = [Products.victim, "unix_connect", path]
            #expect(try session.outside(act).code == 0)
            for permissions in [["filesystem.read"], ["network.client"], ["peripheral.camera"], ["clipboard.read"]] {
                let ended = try session.boxed(permissions, act, setting.mode)
                #expect(ended.code == (setting.mode == .plain ? EACCES : ENOENT), "\(permissions): \(ended.errors)")
            }
        }
    }

    // PulseAudio does so for all its clients, unless it was started with --disallow-module-loading: docs/vocabulary.md.
    @Test("L17: modules of a sound server that is granted, which make files outside", arguments: Setting.all)
    func modules(setting: Setting) throws {
        let session = try session(setting)
        let pipe = session.folder.path + "/home/pipe"
        let attack = ["pactl", "load-module", "module-pipe-sink", "file=" + pipe]
        #expect(try session.boxed(["filesystem.read"], attack, setting.mode).code == 1)
        #expect(!FileManager.default.fileExists(atPath: pipe))
        #expect(try session.boxed(["peripheral.speaker"], attack, setting.mode).code == 0)
        #expect(FileManager.default.fileExists(atPath: pipe))
    }
}
