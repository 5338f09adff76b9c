import Glibc
import TestSupport
import Testing

/// Every attack outside the box, where it must work, and inside, where it must get its exact answer.
@Suite("Attacks", .serialized)
struct AttackTests {
    @Test("Outside the box the act does what its row says", arguments: AttackTable.all, Account.available)
    func control(attack: AttackCase, account: Account) throws {
        guard attack.canRun(as: account) else { return }
        let scene = try Scene(for: attack.act, as: account)
        let outside = try runOutside(attack.act, in: scene)
        try expectControl(attack, outside)
        if attack.act[0] == "signal_by_owner" {
            #expect(eventually { !scene.signalsToPeer.isEmpty }, "the control's signal reached nobody")
        }
    }

    @Test(
        "Inside the box it gets its exact answer and changes nothing outside", .enabled(if: Products.launcherExists),
        arguments: AttackTable.all, Isolation.allCases)
    func attack(attack: AttackCase, mode: Isolation) throws {
        for account in Account.available where attack.canRun(as: account) {
            // The control first, in a scene of its own: a missing program must not pass for a blocked one.
            try expectControl(attack, runOutside(attack.act, in: Scene(for: attack.act, as: account)))

            let scene = try Scene(for: attack.act, as: account)
            let before = try scene.untouchable()
            let inside = try Boxed(scene: scene, grants: attack.grants, mode: mode).run(attack.act)
            let words = "as \(account.rawValue): \(inside.errors)"
            #expect(inside.code == attack.code(in: mode), "\(words)")
            #expect(try scene.untouchable() == before, "\(words)")
            #expect(attack.mayReach || scene.reached == 0, "a service that was not granted was reached \(words)")
            #expect(scene.signalsToPeer.isEmpty, "a signal left the box \(words)")
        }
    }

    private func expectControl(_ attack: AttackCase, _ outside: Finished) throws {
        let missing: Set<CInt?> = [ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT, ENOTSUP, ESOCKTNOSUPPORT, ENOENT, ENXIO]
        if attack.needs.contains(.kernelFeature) && missing.contains(outside.code) {
            try Test.cancel("this kernel lacks it: \(outside.errors)")
        }
        switch attack.outside {
        case .succeeds: #expect(outside.code == 0, "\(outside.errors)")
        case .answers(let code): #expect(outside.code == code, "\(outside.errors)")
        case .differs:
            #expect(outside.code != attack.namespaces && outside.code != attack.plain, "\(outside.errors)")
        case .same: #expect(outside.code == attack.plain, "\(outside.errors)")
        }
    }
}

/// Facts about the table itself.
@Suite("The table of attacks")
struct AttackTableTests {
    @Test("No two rows say the same thing")
    func rowsDiffer() {
        let titles = AttackTable.all.map { "\($0.id) \($0.title)" }
        #expect(Set(titles).count == titles.count)
    }

    @Test("Every row names an act that exists", arguments: AttackTable.all)
    func actsExist(attack: AttackCase) throws {
        // Without an act the victim lists all of them.
        let known = try run([Products.victim]).text.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(known.contains { $0 == attack.act[0] })
    }

    @Test("A row that expects success outside does not expect it inside as well, unless it says so")
    func rowsCanFail() {
        for row in AttackTable.all where row.namespaces == 0 && row.plain == 0 {
            #expect(row.id.hasPrefix("H") || row.title.contains("visible") || row.title.contains("allowed"))
        }
    }
}
