import Foundation
import Glibc
import TestSupport
import Testing

/// The rows with the same grants, tried by one account in one box of each mode.
struct AttackGroup: CustomTestStringConvertible, Sendable {
    let grants: Grants, account: Account
    let rows: [AttackCase]

    static let all: [AttackGroup] = Account.available.flatMap { account in
        Dictionary(grouping: AttackTable.all.filter { $0.canRun(as: account) }, by: \.grants)
            .map { AttackGroup(grants: $0, account: account, rows: $1) }
            .sorted { $0.rows.count > $1.rows.count }
    }

    var testDescription: String {
        "\(rows.count) rows as \(account.rawValue) with \(grants.flags.joined(separator: " "))"
    }
    var hasPeer: Bool { rows.contains { $0.act.contains { $0.contains("{peer") } } }
}

/// Every attack outside the box, where it must work, and inside, where it must get its exact answer.
@Suite("Attacks")
struct AttackTests {
    @Test(
        "Outside the act works, inside it gets its exact answer and changes nothing",
        .enabled(if: Products.launcherExists), arguments: AttackGroup.all)
    func attacks(group: AttackGroup) throws {
        // The controls first, in a scene of their own: a missing program must not pass for a blocked one.
        let possible = try controls(group)
        for mode in Isolation.allCases { try inside(group, possible, mode) }
    }

    /// - Returns: The rows, by number, that say something on this kernel.
    private func controls(_ group: AttackGroup) throws -> [(Int, AttackCase)] {
        let scene = try Scene(rows: group.rows.count, hasPeer: group.hasPeer, as: group.account)
        let outside = try seriesOutside(in: scene)
        let missing: Set<CInt?> = [ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT, ENOTSUP, ESOCKTNOSUPPORT, ENOENT, ENXIO]
        var possible: [(Int, AttackCase)] = []
        for (number, row) in zip(1..., group.rows) {
            let signals = scene.signalsToPeer
            let code = outside.act(scene.resolve(row.act, row: number), in: scene.resolve(["{work}"], row: number)[0])
            if row.needs.contains(.kernelFeature) && missing.contains(code) {
                print("skipped: \(row.testDescription): this kernel lacks it, as \(group.account.rawValue)")
                continue
            }
            possible.append((number, row))
            let words = "outside, \(row.testDescription): \(code.map(String.init) ?? "no answer")"
            switch row.outside {
            case .succeeds: #expect(code == 0, "\(words)")
            case .answers(let wanted): #expect(code == wanted, "\(words)")
            case .differs: #expect(code != row.namespaces && code != row.plain, "\(words)")
            case .unrelated: break
            case .same: #expect(code == row.plain, "\(words)")
            }
            if row.act[0] == "signal_by_owner" {
                #expect(eventually { scene.signalsToPeer != signals }, "the control's signal reached nobody")
            }
        }
        return possible
    }

    private func inside(_ group: AttackGroup, _ rows: [(Int, AttackCase)], _ mode: Isolation) throws {
        let scene = try Scene(rows: group.rows.count, hasPeer: group.hasPeer, as: group.account)
        let before = try scene.untouchable()
        let boxed = Boxed(scene: scene, grants: group.grants, mode: mode)
        var series: Series?
        var reached = 0
        for (number, row) in rows {
            let words = "\(row.testDescription), \(mode.rawValue) as \(group.account.rawValue)"
            let running = try series ?? boxed.series()
            series = running
            // Where the working folder is not granted, it is not there.
            let folder = group.grants.flags.contains("{work}") ? "{work}" : "/"
            let code = running.act(scene.resolve(row.act, row: number), in: scene.resolve([folder], row: number)[0])
            #expect(code == row.code(in: mode), "\(words): \(running.errors.suffix(300))")
            // A launcher that refuses to start refuses every row.
            if code == refusedToStart { series = nil }
            if row.mayReach { reached += eventually { scene.reached > reached } ? 1 : 0 }
        }
        _ = series?.finish()
        Thread.sleep(forTimeInterval: 0.05)  // what was reached is counted by other threads
        let changed = before.symmetricDifference(try scene.untouchable())
        #expect(changed.isEmpty, "\(mode.rawValue): changed: \(changed.sorted().joined(separator: "\n"))")
        #expect(scene.reached == reached, "\(mode.rawValue): a service that was not granted was reached")
        #expect(scene.signalsToPeer.isEmpty, "\(mode.rawValue): a signal left the box")
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

    @Test("Every row names an act that exists")
    func actsExist() throws {
        // Without an act the victim lists all of them.
        let known = try run([Products.victim]).text.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
        #expect(Set(AttackTable.all.map { $0.act[0] }).subtracting(known).isEmpty)
    }

    @Test("A row that expects success outside does not expect it inside as well, unless it says so")
    func rowsCanFail() {
        for row in AttackTable.all where row.namespaces == 0 && row.plain == 0 {
            #expect(row.id.hasPrefix("H") || row.title.contains("visible") || row.title.contains("allowed"))
        }
    }
}
