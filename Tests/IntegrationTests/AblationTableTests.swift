import AgentBox
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Every row of the attack table once more with each layer left out: what falls then rested on that layer. Takes many
/// minutes, so only `make test-ablation` asks for it; scripts/ablation.py reads the lines and judges them.
@Suite("The table of attacks without a layer")
struct AblationTableTests {
    /// Where the lines go, one a row: layer, mode, account, case, title, `fell` or `stood`, then errnos: with the layer,
    /// without it, outside.
    static let report = ProcessInfo.processInfo.environment["AGENTBOUND_ABLATION_REPORT"]
    private static let writing = Mutex(())

    struct Part: CustomTestStringConvertible, Sendable {
        let layer: BoxLayer, mode: Isolation, account: Account
        var testDescription: String { "\(layer.rawValue) in \(mode.rawValue) as \(account.rawValue)" }

        /// What is not there in a mode cannot be left out of it.
        static let all =
            report == nil
            ? []
            : BoxLayer.allCases.flatMap { layer in
                Isolation.allCases.filter { $0 == .namespaces || layer != .namespaces }.flatMap { mode in
                    Account.available.map { Part(layer: layer, mode: mode, account: $0) }
                }
            }
    }

    @Test("What falls when a layer is left out", arguments: Part.all)
    func table(part: Part) throws {
        for group in AttackGroup.all where group.account == part.account { try table(part, group) }
    }

    private func table(_ part: Part, _ group: AttackGroup) throws {
        // What is allowed proves nothing here. Races are won now and then only, and take seconds.
        let rows = group.rows.filter { $0.code(in: part.mode) != 0 && !$0.act[0].hasPrefix("race_") }
        if rows.isEmpty { return }
        let hasPeer = rows.contains { $0.act.contains { $0.contains("{peer") } }
        let outside = try answers(rows, group, hasPeer) { try seriesOutside(in: $0) }
        let without = try answers(rows, group, hasPeer) { scene in
            try Boxed(scene: scene, grants: group.grants, mode: part.mode, without: part.layer.rawValue).series()
        }
        var text = ""
        for (row, codes) in zip(rows, zip(outside, without)) {
            // What this machine does not have falls nowhere.
            if row.needs.contains(.kernelFeature), codes.0 != 0 { continue }
            let held = row.code(in: part.mode)
            // It fell when it did what it does outside. Some acts do nothing useful there, and answer as they do inside.
            let fell = codes.1 != held && (codes.1 == 0 || codes.1 == codes.0)
            let fields: [String] = [
                part.layer.rawValue, part.mode.rawValue, part.account.rawValue, row.id, row.title,
                fell ? "fell" : "stood",
                "\(held)", codes.1.map { "\($0)" } ?? "?",
                codes.0.map { "\($0)" } ?? "?",
            ]
            text += fields.joined(separator: "\t") + "\n"
        }
        try Self.writing.withLock { _ in
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: Self.report!))
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        }
    }

    private func answers(
        _ rows: [AttackCase], _ group: AttackGroup, _ hasPeer: Bool, _ start: (Scene) throws -> Series
    ) throws -> [CInt?] {
        let scene = try Scene(rows: rows.count, hasPeer: hasPeer, as: group.account)
        let folder = group.grants.flags.contains("{work}") ? "{work}" : "/"
        var series: Series?
        var codes: [CInt?] = []
        for (number, row) in zip(1..., rows) {
            let running = try series ?? start(scene)
            series = running
            let code = running.act(
                scene.resolve(row.act, row: number), in: scene.resolve([folder], row: number)[0])
            codes.append(code)
            // Without its layers a box may end by what is tried in it: the next row gets a new one.
            if code == nil || code == refusedToStart { series = nil }
        }
        _ = series?.finish()
        return codes
    }
}
