import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

@Suite("docs/policy.md says what is so")
struct PolicyDocsTests {
    private static func page() throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        return String(decoding: try readFile(root.appending("docs/policy.md")), as: UTF8.self)
    }

    /// The texts of the fenced blocks that begin with this line.
    private static func blocks(_ fence: String) throws -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in try page().split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = current {
                if line == "```" {
                    blocks.append(lines.joined(separator: "\n") + "\n")
                    current = nil
                } else {
                    current = lines + [line]
                }
            } else if line == "```" + fence {
                current = []
            }
        }
        return blocks
    }

    @Test("Each policy on the page is sound")
    func policies() throws {
        let blocks = try Self.blocks("yaml")
        #expect(blocks.count >= 2)
        for text in blocks {
            let file = PolicyFile(name: "p.yaml", bytes: Array(text.utf8))
            #expect(file.problems.isEmpty && file.warnings.isEmpty, "\(file.problems) \(file.warnings)\n\(text)")
        }
    }

    @Test("The calls on the page are decided as it says by the first policy")
    func calls() throws {
        let policy = ToolPolicy(layers: [
            PolicyFile(name: "p.yaml", bytes: Array(try Self.blocks("yaml")[0].utf8)).layer
        ])
        let folder = try ScratchFolder()
        let calls = try PolicyTestCommand.calls(
            folder.write("calls.yaml", try Self.blocks("yaml calls")[0]), server: nil)
        #expect(calls.count == 5)
        for input in calls {
            let decision = policy.decide(input.call, at: PolicyMoment(home: "/home/u", workingDirectory: "/work"))
            #expect(
                decision.effect == input.expect && (input.rule == nil || input.rule == decision.rule), "\(decision)")
        }
    }

    @Test("The tables have the keys that the reader knows")
    func keys() throws {
        let lines = try Self.page().split(separator: "\n").map(String.init)
        func keys(_ name: String) throws -> [String] {
            let start = try #require(lines.firstIndex(of: "<!-- \(name) -->"))
            let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
            return lines[(start + 3)..<end].compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        }
        #expect(try keys("rule keys") == PolicyDocument.ruleKeys)
        #expect(try keys("server keys") == PolicyDocument.serverKeys)
    }
}
