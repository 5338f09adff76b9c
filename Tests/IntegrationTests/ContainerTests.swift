import Foundation
import Glibc
import TestSupport
import Testing

/// The launcher below a filter as containers have it: what it needs is refused with EPERM, whatever the kernel could do.
@Suite("In a container", .serialized, .enabled(if: Products.launcherExists))
struct ContainerTests {
    /// The launcher's command line below a filter that refuses these calls.
    private func contained(_ calls: String, _ boxed: Boxed, _ act: [String], _ extra: [String] = []) throws -> Finished
    {
        let command = try boxed.command([Products.victim] + boxed.scene.resolve(act), extra: extra)
        let prefix = boxed.scene.account.prefix
        return try run(
            prefix + [Products.victim, "contained", calls] + command.dropFirst(prefix.count),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
    }

    @Test("G19: a restriction that is missing there stops the start, by its name", arguments: Account.available)
    func gaps(account: Account) throws {
        for (calls, gaps) in [
            ("pidfd_getfd", ["gap-supervisor"]), ("ptrace", ["gap-tracer"]),
            ("pidfd_getfd,ptrace,unshare,namespaces", ["gap-supervisor", "gap-tracer"]), ("unshare,namespaces", []),
        ] {
            let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: .plain)
            let ended = try contained(calls, boxed, ["exit", "3"])
            #expect(ended.ending == .exited(gaps.isEmpty ? 3 : 125), "\(calls): \(ended.errors)")
            for gap in ["gap-supervisor", "gap-tracer"] {
                #expect(ended.errors.contains(gap) == gaps.contains(gap), "\(calls): \(ended.errors)")
            }
            // Accepted, it starts, and says what it is without.
            let accepted = try contained(calls, boxed, ["exit", "3"], ["--accept-gaps"])
            #expect(accepted.ending == .exited(3), "\(calls): \(accepted.errors)")
            for gap in gaps { #expect(accepted.errors.contains("in spite of \(gap)"), "\(accepted.errors)") }
        }
    }

    @Test(
        "In a user namespace that denies setgroups a box starts, and holds", arguments: Account.available,
        Isolation.allCases)
    func mapped(account: Account, mode: Isolation) throws {
        for (act, code) in [
            (["exit", "3"], 3), (["open_read", "{readable}/a.txt"], 0), (["open_read", "{secret}/key"], -1),
        ] {
            let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: mode)
            let command = try boxed.command([Products.victim] + boxed.scene.resolve(act))
            let prefix = account.prefix
            let ended = try run(
                prefix + ["unshare", "--user", "--map-root-user"] + command.dropFirst(prefix.count),
                environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
            let refused = mode == .namespaces ? ENOENT : EACCES
            #expect(ended.ending == .exited(code == -1 ? refused : CInt(code)), "\(ended.errors)")
        }
    }

    @Test("Without a supervisor what it would judge is refused", arguments: Account.available)
    func unsupervised(account: Account) throws {
        for calls in ["pidfd_getfd", "pidfd_getfd,ptrace,unshare,namespaces"] {
            let scene = try Scene(as: account)
            let boxed = Boxed(scene: scene, grants: .network, mode: .plain)
            let before = try scene.untouchable()
            for (act, code) in [
                (["open_read", "{readable}/a.txt"], 0), (["append", "{common}/old.txt"], 0), (["threads"], 0),
                (["open_read", "{secret}/key"], EACCES), (["connect", "127.0.0.1", "{good}"], EACCES),
                (["connect", "127.0.0.1", "{bad}"], EACCES), (["udp_sendto", "127.0.0.1", "{udp}"], EACCES),
                (["unix_connect", "{sockets}/stream"], EACCES), (["unix_connect", "{abstract}"], EACCES),
                (["listen_unbound"], EACCES), (["unlink", "{common}/old.txt"], EACCES),
                (["rename", "{common}/old.txt", "{common}/new.txt"], EACCES), (["chmod", "{readable}/a.txt"], EACCES),
                (["exec", "{tools}/unlisted"], EACCES), (["exec_copy", "{tools}/listed", "{common}/copy"], EACCES),
                (["exec_memory", "{tools}/unlisted"], EPERM), (["own_listener"], EPERM),
                (["ptrace_traceme"], EPERM), (["unshare", "0x10000000"], EPERM),
            ] as [([String], CInt)] {
                let ended = try contained(calls, boxed, act, ["--accept-gaps"])
                #expect(ended.code == code, "\(calls), \(act): \(ended.errors)")
            }
            #expect(scene.reached == 0)
            #expect(before == (try scene.untouchable()))
        }
    }

    @Test("Without namespaces and unshare everything else is as ever", arguments: Account.available)
    func plainAfterAll(account: Account) throws {
        let scene = try Scene(as: account)
        let boxed = Boxed(scene: scene, grants: .network, mode: .plain)
        for (act, code) in [
            (["connect", "127.0.0.1", "{good}"], 0), (["connect", "127.0.0.1", "{bad}"], EACCES),
            (["unix_own_service", "{common}/own"], 0), (["chmod", "{common}/old.txt"], 0),
            (["exec", "{tools}/unlisted"], EACCES),
        ] as [([String], CInt)] {
            // The later --isolation counts: as the launcher chooses by itself.
            let ended = try contained("unshare,namespaces", boxed, act, ["--isolation", "auto"])
            #expect(ended.code == code, "\(act): \(ended.errors)")
            #expect(ended.errors.contains("namespaces cannot be had here"), "\(ended.errors)")
        }
    }
}
