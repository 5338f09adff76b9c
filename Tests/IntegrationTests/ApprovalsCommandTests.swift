import Foundation
import TestSupport
import Testing

@Suite("Approvals and grants from the command line", .enabled(if: Products.launcherExists)) struct ApprovalsCommandTests
{
    private let home: TemporaryFolder

    init() throws {
        home = try TemporaryFolder("agentbound-approvals")
        try setMode(0o700, of: home.path)
    }

    private func run(_ words: [String], input: String = "") throws -> Finished {
        var environment = TestEnvironment.plain
        environment["XDG_STATE_HOME"] = home.path
        // Without a terminal, as an agent's shell is.
        return try TestSupport.run(
            ["setsid", "--wait", Products.agentbound] + words, input: input, environment: environment)
    }

    @Test func aPassphraseComesFromATerminalOnly() throws {
        let piped = try run(["approvals", "passphrase"], input: "correct horse\ncorrect horse\n")
        #expect(piped.code == 77 && piped.errors.contains("terminal"))
        let given = try run(["approvals", "passphrase", "--passphrase=correct horse"])
        #expect(given.code == 64)
        #expect(try run(["grant", "add", "--tool", "x", "--critical", "--yes"]).code == 77)
        #expect(try run(["grant", "list"]).text == "nothing is granted\n")
    }

    @Test(.timeLimit(.minutes(2))) func watchingWithoutATerminalEndsAtOnce() throws {
        let watched = try run(["approvals", "watch"])
        #expect(watched.code == 77 && watched.text.isEmpty)
        #expect(watched.errors.contains("nobody can be asked"), "\(watched.errors)")
        #expect(watched.errors.contains("`agentbound approvals list`"), "\(watched.errors)")
        // Programs may watch.
        var environment = TestEnvironment.plain
        environment["XDG_STATE_HOME"] = home.path
        let json = try TestSupport.run(
            ["setsid", "--wait", "timeout", "1", Products.agentbound, "approvals", "watch", "--json"],
            environment: environment)
        #expect(json.code == 124 && json.errors.isEmpty, "\(json.errors)")
    }

    @Test func aGrantIsGivenListedAndRevoked() throws {
        #expect(try run(["grant", "add", "--tool", "x"]).code == 77)  // nobody to ask, and no --yes
        #expect(try run(["grant", "add", "--tool", "x", "--path", home.path + "/none", "--yes"]).code == 66)
        #expect(try run(["grant", "add", "--tool", "x", "--uses", "0", "--yes"]).code == 64)
        let nameless = try run(["grant", "add", "--tool", "", "--yes"])
        #expect(nameless.code == 64)
        #expect(nameless.errors.contains("an empty --tool is nobody's name"))
        let given = try run(["grant", "add", "--tool", "x*", "--path", home.path, "--uses", "3", "--yes"])
        #expect(given.code == 0 && given.text.contains("3 of 3 calls"))
        let id = String(given.text.prefix(12))
        #expect(try run(["grant", "list"]).text.contains(id))
        #expect(try run(["grant", "revoke", "ffffffffffff"]).code == 1)
        #expect(try run(["grant", "revoke", id]).code == 0)
        #expect(try run(["grant", "revoke", id]).code == 1)
        #expect(try run(["approvals", "list"]).text == "nothing waits\n")
        #expect(try run(["approvals", "allow", "abcd", "--yes"]).code == 1)
    }

    @Test func aDamagedStoreIsRefusedWithWhatToDo() throws {
        #expect(try run(["grant", "add", "--tool", "x", "--yes"]).code == 0)
        let file = home.path + "/agentbound/grants/grants.json"
        try FileManager.default.removeItem(atPath: file)
        let gone = try run(["grant", "list"])
        #expect(gone.code == 74 && gone.errors.contains("move the folder"))
        // A gateway that needs it does not start, and its client hears of it.
        let policy = home.path + "/policy.json"
        try #"{"version": 1, "default": "approve"}"#.write(toFile: policy, atomically: true, encoding: .utf8)
        let request = #"{"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {}}"#
        let gate = try run(["gate", "--policy", policy, "--", "cat"], input: request + "\n")
        #expect(gate.code == 125 && gate.errors.contains("move the folder"), "\(gate.errors)")
        #expect(gate.text.contains(#""id":7,"error""#), "\(gate.text)")
    }
}
