import Foundation
import Glibc
import TestSupport
import Testing

/// Devices, processes and the environment. Device nodes stand in for cameras and sound cards, which the machine may lack: what
/// is judged is their names.
@Suite("Devices, processes and the environment", .enabled(if: Products.launcherExists))
struct DeviceTests {
    /// A /dev of the test's own, in mounts of its own. The nodes lead to /dev/zero and /dev/null.
    private static let devices = """
        set -e
        dev=$(mktemp -d /tmp/agentbound-dev-XXXXXX)
        mount -t tmpfs -o mode=755 dev "$dev"
        for node in null zero full random urandom; do cp -a /dev/$node "$dev"; done
        mkdir "$dev/snd" "$dev/shm"
        mknod "$dev/video0" c 1 5; mknod "$dev/video1" c 1 5; mknod "$dev/sda-like" c 1 5
        mknod "$dev/snd/pcmC0D0c" c 1 5; mknod "$dev/snd/pcmC0D0p" c 1 3; mknod "$dev/snd/controlC0" c 1 3
        mknod "$dev/snd/seq" c 1 3
        chmod 666 "$dev"/* "$dev"/snd/*; chmod 755 "$dev/snd"; chmod 1777 "$dev/shm"
        mount --move "$dev" /dev
        rmdir "$dev"
        exec "$@"
        """

    private static let wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-c", devices, "sh"]

    private func series(_ session: Session, _ command: [String]) throws -> Series {
        try Series(
            Self.wrapper + command, environment: session.environment, folder: session.folder.path + "/work")
    }

    private func run(_ session: Session, _ command: [String]) throws -> Finished {
        try TestSupport.run(
            Self.wrapper + command,
            environment: session.environment, folder: session.folder.path + "/work")
    }

    @Test(
        "L15: peripheral.camera, microphone and speaker open their own devices and no others",
        .enabled(if: getuid() == 0, "device nodes are root's to make"), arguments: Setting.all)
    func devices(setting: Setting) throws {
        let session = try Session(as: setting.account)
        let camera = "/dev/video0", other = "/dev/video1", recorder = "/dev/snd/pcmC0D0c", player = "/dev/snd/pcmC0D0p"
        let control = "/dev/snd/controlC0", sequencer = "/dev/snd/seq", disk = "/dev/sda-like"
        let all = [camera, other, recorder, player, control, sequencer, disk]
        let outside = try series(session, setting.account.prefix + [Products.victim, "series"])
        for path in all {
            for act in ["open_read", "open_write"] { #expect(outside.act([act, path], in: "/") == 0, "\(path)") }
        }
        for (permission, flags, opened) in [
            ("filesystem.read", [], []), ("peripheral.camera", [], [camera, other]),
            ("peripheral.microphone", [], [recorder, control]), ("peripheral.speaker", [], [player, control]),
            ("peripheral.camera", ["--device", other], [other]),
            ("peripheral.speaker", ["--device", player], [player]),
            ("peripheral.speaker", ["--device", sequencer], [sequencer]),
        ] as [(String, [String], [String])] {
            let box = try series(
                session, session.command([permission], flags, [Products.victim, "series"], setting.mode))
            for path in all {
                for act in ["open_read", "open_write"] {
                    let code = box.act([act, path], in: "/")
                    let refused = setting.mode == .plain ? EACCES : ENOENT
                    #expect(code == (opened.contains(path) ? 0 : refused), "\(permission) \(flags) \(act) \(path)")
                }
            }
        }
        // Another permission's device is no scope of this one.
        let ended = try run(
            session,
            session.command(["peripheral.camera"], ["--device", player], [Products.victim, "succeed"], setting.mode))
        #expect(ended.code == refusedToStart, "\(ended.errors)")
    }

    @Test(
        "L16: a named device instead of the sound server that has all of them",
        .enabled(if: getuid() == 0 && Session.has("pulseaudio"), "device nodes are root's to make"),
        arguments: Setting.all)
    func narrowed(setting: Setting) throws {
        let session = try Session(as: setting.account)
        try session.pulseAudio()
        let act = [Products.victim, "unix_connect", session.pulsePath]
        #expect(try run(session, session.command(["peripheral.speaker"], [], act, setting.mode)).code == 0)
        let flags = ["--device", "/dev/snd/pcmC0D0p"]
        let ended = try run(session, session.command(["peripheral.speaker"], flags, act, setting.mode))
        #expect(ended.code == (setting.mode == .plain ? EACCES : ENOENT), "\(ended.errors)")
    }

    @Test(
        "system.process: a process outside gets a signal when it is granted, and none otherwise", arguments: Setting.all
    )
    func processes(setting: Setting) throws {
        let scene = try Scene(hasPeer: true, as: setting.account)
        func act(_ grants: Grants) throws -> CInt? {
            try Boxed(scene: scene, grants: grants, mode: setting.mode).run(["kill", "{peer}"]).code
        }
        #expect(try act(.nothing) == (setting.mode == .plain ? EPERM : ESRCH))
        #expect(scene.signalsToPeer.isEmpty)
        #expect(try act(.nothing.adding(["system.process"], [])) == 0)
        #expect(eventually { !scene.signalsToPeer.isEmpty })
    }

    @Test(
        "system.env.write: a server changes its own environment, granted or not, and nobody else's",
        arguments: Setting.all)
    func environment(setting: Setting) throws {
        let session = try Session(as: setting.account)
        let script = "import os; os.environ['HOME'] = '/changed'; print(os.environ['HOME'])"
        for permissions in [["system.env.write"], ["filesystem.read"]] {
            let ended = try session.boxed(permissions, ["/usr/bin/python3", "-c", script], setting.mode)
            #expect(ended.text == "/changed\n", "\(ended.errors)")
        }
        #expect(try session.outside(["sh", "-c", "echo $HOME"]).text == session.folder.path + "/home\n")
    }
}
