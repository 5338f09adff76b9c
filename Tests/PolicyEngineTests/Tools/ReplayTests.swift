import PolicyEngine
import StrictJSON
import Testing

@Suite struct ReplayTests {
    private func policy(_ text: String) throws -> ToolPolicy {
        let document = PolicyDocument(try OverrideNode(json: Array(text.utf8)), name: "p")
        #expect(document.problems.isEmpty, "\(document.problems)")
        return ToolPolicy(layers: [document.layer])
    }

    private let moment = PolicyMoment(now: 1, home: "/home/u", workingDirectory: "/work")

    @Test func thePackIsWellFormed() throws {
        #expect(PolicyAttack.pack.count >= 38)
        #expect(Set(PolicyAttack.pack.map(\.id)).count == PolicyAttack.pack.count)
        for attack in PolicyAttack.pack {
            #expect(throws: Never.self) { try JSONTape(Array(attack.arguments.utf8)) }
        }
    }

    @Test func aPolicyThatAllowsEverythingHoldsNothing() throws {
        let outcomes = try policy(#"{"version": 1, "default": "allow"}"#).replay(at: moment)
        #expect(outcomes.allSatisfy { $0.verdict == .passes })
    }

    @Test func aPolicyThatNamesNothingIsNotCalledSafe() throws {
        let outcomes = try policy(#"{"version": 1, "default": "deny"}"#).replay(at: moment)
        #expect(outcomes.allSatisfy { $0.verdict == .unreachable })
    }

    @Test func pathsAreHeldByFoldersAndPassWithoutThem() throws {
        let held = try policy(
            #"{"version": 1, "servers": {"filesystem": {"allowedTools": ["*"], "allowedPaths": ["./docs"]}}}"#)
        let files = held.replay(at: moment).filter { $0.attack.target == .files }
        #expect(files.allSatisfy { $0.verdict == .held }, "\(files.filter { $0.verdict != .held }.map(\.attack.id))")
        let open = try policy(#"{"version": 1, "servers": {"filesystem": {"allowedTools": ["*"]}}}"#)
        #expect(open.replay(at: moment).filter { $0.attack.target == .files }.allSatisfy { $0.verdict == .passes })
    }

    @Test(
        "What is refused for its arguments is held, whatever the folder and the server are called",
        arguments: [
            (#""filesystem": {"allowedTools": ["*"], "allowedPaths": ["./src"]}"#, 21),
            (#""files": {"allowedTools": ["*"], "allowedPaths": ["./src", "./docs"], "deniedPaths": ["~/.ssh"]}"#, 21),
            (#""filesystem": {"allowedTools": ["get"], "allowedPaths": ["./src"]}"#, 0),
            (#""fetch": {"allowedTools": ["*"], "allowedHosts": ["api.example.org"]}"#, 5),
            (#""fetch": {"deniedHosts": ["*"]}"#, 0),
        ])
    func held(servers: String, count: Int) throws {
        let outcomes = try policy(#"{"version": 1, "servers": {\#(servers)}}"#).replay(at: moment)
        let held = outcomes.filter { $0.verdict == .held }
        #expect(held.count == count, "\(held.map(\.attack.id))")
        #expect(held.allSatisfy { servers.contains($0.tool.split(separator: ".")[0]) && $0.decision.rule != "default" })
    }

    @Test func toolsThatThePolicyNamesAreTriedToo() throws {
        let policy = try policy(
            #"{"version": 1, "default": "deny", "rules": [{"id": "r", "effect": "allow", "tools": ["notes.read_note"]}]}"#
        )
        let outcome = try #require(policy.replay(at: moment).first { $0.attack.id == "shadow" })
        #expect(outcome.verdict == .passes && outcome.tool == "notes.read_note")
        // A server that may do anything, by whatever name.
        for json in [
            #"{"version": 1, "servers": {"my-files": {"allowedTools": ["*"]}}}"#,
            #"{"version": 1, "rules": [{"effect": "allow", "tools": ["my-files.*"]}]}"#,
        ] {
            let outcome = try #require(
                try PolicyEngineTests.policy(json).replay(at: moment).first { $0.attack.id == "shadow" })
            #expect(outcome.verdict == .passes && outcome.tool == "my-files.read_file")
        }
        let asked = policy.replay(tools: ["x.y"], at: moment).first { $0.attack.id == "remove" }
        #expect(asked?.verdict == .unreachable)
    }
}
