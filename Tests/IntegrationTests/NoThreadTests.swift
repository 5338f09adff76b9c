import Glibc
import TestSupport
import Testing

/// A user may have so many processes and threads and no more, and a server of the same user can use them up. The launcher
/// may then start nothing, or refuse a call; it may not fall over, and it may not let the call through.
///
/// Root is not bound by the limit, so a user is needed that nobody else has: only root can become one.
@Suite(
    "No thread to be had", .serialized, .enabled(if: Products.launcherExists, "agentbound is not built"),
    .enabled(if: getuid() == 0, "only root starts as somebody else"))
struct NoThreadTests {
    /// Processes of other tests do not count against this user's limit.
    private func limited(_ count: Int, _ command: [String]) -> [String] {
        ["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups", "--inh-caps=-all"]
            + ["prlimit", "--nproc=\(count):\(count)"] + command
    }

    @Test("A launcher that can have no thread says so and starts nothing", arguments: Isolation.allCases)
    func launcher(mode: Isolation) throws {
        var said: [String] = []
        for count in 1...8 {
            let boxed = Boxed(scene: try Scene(as: .root), grants: .network, mode: mode)
            let ended = try run(
                limited(count, boxed.command([Products.victim, "speak", "started"])), environment: boxed.environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(ended.ending == .exited(125) || ended.ending == .exited(0), "\(count): \(ended.errors)")
            #expect((ended.text == "started") == (ended.ending == .exited(0)), "\(count): \(ended.text)")
            if ended.ending == .exited(125) { said.append(ended.errors) }
        }
        #expect(said.contains { $0.contains("pthread_create") }, "\(said)")
    }

    @Test("A call that needs a thread is refused while there is none", arguments: Isolation.allCases)
    func call(mode: Isolation) throws {
        let boxed = Boxed(scene: try Scene(as: .root), grants: .network, mode: mode)
        let act = boxed.scene.resolve(["crowded_connect", "127.0.0.1", "{good}"])
        let ended = try run(
            limited(40, boxed.command([Products.victim] + act)), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.ending == .exited(EAGAIN), "\(ended.errors)")
        // With room for a thread the same call goes through.
        let calm = try boxed.run(["connect", "127.0.0.1", "{good}"])
        #expect(calm.ending == .exited(0), "\(calm.errors)")
    }
}
