import Foundation
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

/// The search for protected files: what it finds, and that it says where it did not look.
@Suite struct HostSurveyTests {
    /// `one` and `two`, each with twenty files and a token in a folder below them.
    private func scene() throws -> (TemporaryFolder, EffectivePermissions) {
        let folder = try TemporaryFolder("agentbound-survey")
        var granted = EffectivePermissions()
        granted.granted = [.filesystemRead]
        for name in ["one", "two"] {
            let path = folder.path + "/" + name
            try FileManager.default.createDirectory(atPath: path + "/deep", withIntermediateDirectories: true)
            for number in 0..<20 { try Data().write(to: URL(fileURLWithPath: "\(path)/\(number)")) }
            try Data().write(to: URL(fileURLWithPath: path + "/deep/.env"))
            granted.readPaths.append(FilePath(path))
        }
        granted.denied = [DeniedPath(pattern: folder.path + "/**/.env*", access: .all, origin: .protected)]
        return (folder, granted)
    }

    private func facts(
        _ granted: EffectivePermissions, on kernel: KernelFeatures = .linux618, _ isolation: Isolation = .plain,
        without layers: Set<BoxLayer> = [], mostEntries: Int? = DeniedSearch.mostEntries
    ) -> HostFacts {
        HostSurvey.facts(
            for: granted, launches: [], base: PlanScene.base, kernel: kernel, directory: "/", home: "/",
            scratch: "/tmp", user: nil, isolation: isolation, withoutLayers: layers, mostEntries: mostEntries)
    }

    @Test("What is searched to its end holds no surprise")
    func whole() throws {
        let (folder, granted) = try scene()
        // 20 files, a folder and what is in it, twice.
        for most in [44, DeniedSearch.mostEntries] {
            let found = facts(granted, mostEntries: most)
            #expect(found.denied.map(\.path) == ["one", "two"].map { FilePath(folder.path + "/\($0)/deep/.env") })
            #expect(found.unsearched.isEmpty)
        }
    }

    @Test("K6: what a protected name leads to as a link is closed, where it is granted and was not named itself")
    func links() throws {
        let (folder, start) = try scene()
        let files = FileManager.default
        for name in ["one/settings", "one/named", "outside"] {
            try Data().write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        for (link, target) in [
            ("one/.env", "settings"), ("one/.env.named", "named"), ("one/.env.out", "../outside"),
            ("one/.env.all", "."),
            ("two/.env.again", "../two/deep/.env"), ("two/.env.none", "none"), ("two/other", "../one/deep"),
        ] { try files.createSymbolicLink(atPath: folder.path + "/" + link, withDestinationPath: target) }
        var granted = start
        granted.namedForReading = [FilePath(folder.path + "/one/named")]
        let denied = facts(granted).denied.map(\.path)
        // Whoever makes what a link leads to makes the file that has the link's name.
        let names = ["one/deep/.env", "one/settings", "two/deep/.env", "two/none"]
        #expect(denied == names.map { FilePath(folder.path + "/\($0)") })
    }

    @Test(
        "A search that was stopped names every grant that it did not end",
        arguments: [(43, ["two"], 1), (30, ["two"], 1), (21, ["one", "two"], 0), (0, ["one", "two"], 0)])
    func stopped(most: Int, missed: [String], found: Int) throws {
        let (folder, granted) = try scene()
        let facts = facts(granted, mostEntries: most)
        #expect(facts.unsearched == missed.map { FilePath(folder.path + "/" + $0) })
        #expect(facts.denied.count == found)
    }

    @Test("With nothing to look for nothing is missed")
    func nothingDenied() throws {
        var (_, granted) = try scene()
        granted.denied = []
        #expect(facts(granted, mostEntries: 0).unsearched.isEmpty)
    }

    @Test("A large grant is searched before the start where nobody judges opens, and else beside it")
    func largeGrant() throws {
        let (folder, granted) = try scene()
        for number in 0..<2_000 {
            try Data().write(to: URL(fileURLWithPath: "\(folder.path)/one/more-\(number)"))
        }
        let both = ["one", "two"].map { FilePath(folder.path + "/" + $0) }
        let whole = both.map { $0.appending("deep").appending(".env") }
        for isolation in Isolation.allCases {
            #expect(facts(granted, on: .container, isolation, mostEntries: nil).denied.map(\.path) == whole)
            #expect(facts(granted, isolation, without: [.supervisor], mostEntries: nil).denied.map(\.path) == whole)
            let judged = facts(granted, isolation, mostEntries: nil)
            #expect(judged.denied.isEmpty)
            #expect(judged.unsearched == both)
        }
        // A small one is covered as well, where there are mounts.
        var small = granted
        small.readPaths = [both[1]]
        #expect(facts(small, .namespaces, mostEntries: nil).denied.map(\.path) == [whole[1]])
    }

    @Test("A search for links counts folders and links alone, and says when it was cut short")
    func linksOnly() throws {
        let (folder, granted) = try scene()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/two/.env", withDestinationPath: "../one/0")
        // The folder `deep` in both, and the link.
        var whole = DeniedSearch(granted, budget: 3, linksOnly: true)
        whole.run()
        #expect(!whole.isCut)
        #expect(whole.found.map(\.path) == [FilePath(folder.path + "/one/0")])
        var cut = DeniedSearch(granted, budget: 2, linksOnly: true)
        cut.run()
        #expect(cut.isCut)
    }
}
