import Foundation
import Glibc
import TestSupport
import Testing

/// What the box served once is not the box's for ever: another's service in its place is refused like any other.
@Suite("Services in another's place", .enabled(if: Products.launcherExists))
struct OwnServiceTests {
    private static let serving = Grants.network.adding(
        ["network.server"],
        ["--listen-port", "0", "--read-path", "{common}", "--write-path", "{common}"])

    /// Starts the act, waits until it says what it let go, lets `take` have that, and lets the act go on.
    private func outcome(
        _ command: [String], _ scene: Scene, _ environment: [String: String], take: (UInt64) throws -> Void
    ) throws -> Finished {
        let server = try RunningProgram(command, environment: environment, folder: scene.folder.path + "/work")
        #expect(server.says("\n"), "\(server.errorsSoFar)")
        try take(UInt64(server.outputSoFar.split(separator: "\n").first ?? "") ?? 0)
        server.send("\n")
        return server.finish(within: 20)
    }

    @Test("K1: a port that the box let go is another's", arguments: Setting.all)
    func port(setting: Setting) throws {
        for isBoxed in [false, true] {
            let boxed = try setting.boxed(Self.serving)
            let act = [Products.victim, "connect_lost_port"]
            var other: Listener?
            let ended = try outcome(
                isBoxed ? boxed.command(act) : setting.account.prefix + act, boxed.scene, boxed.environment
            ) { other = try Listener(.tcp, port: UInt16($0)) }
            #expect(ended.code == (isBoxed ? EACCES : 0), "\(ended.errors)")
            if isBoxed { #expect(other?.reached == 0) }
            other?.stop()
        }
    }

    @Test("K3: a unix socket with the number that an own one had is another's", arguments: Setting.all)
    func socket(setting: Setting) throws {
        for isBoxed in [false, true] {
            let boxed = try setting.boxed(Self.serving)
            let work = boxed.scene.folder.path + "/work"
            let act = [Products.victim, "unix_connect_later", work + "/own", work + "/other"]
            var other: Listener?
            let ended = try outcome(
                isBoxed ? boxed.command(act) : setting.account.prefix + act, boxed.scene, boxed.environment
            ) { _ in other = try Listener(.stream(work + "/other")) }
            #expect(ended.code == (isBoxed ? EACCES : 0), "\(ended.errors)")
            if isBoxed { #expect(other?.reached == 0) }
            other?.stop()
        }
    }

    @Test(
        "K14: a launcher without a free descriptor lets nothing through, and goes on when it has some",
        arguments: Setting.all)
    func noDescriptors(setting: Setting) throws {
        let words = ["exhaust_descriptors", "{good}", "{bad}"]
        let free = try setting.boxed(.network)
        let outside = try run(setting.account.prefix + [Products.victim] + free.scene.resolve(words))
        #expect(outside.code == ENODATA, "the control did not get through: \(outside.errors)")
        let boxed = try setting.boxed(.network)
        let act = boxed.scene.resolve(words)
        let ended = try run(
            ["prlimit", "--nofile=256:256"] + boxed.command([Products.victim] + act), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work", within: 60)
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(boxed.scene.reached == 0)
    }
}
