import Foundation
import TestSupport
import Testing

@Suite(
    "Policies of other tools are decided as their engines from PyPI decide them (made by Tests/RealServers/setup.sh)",
    .enabled(
        if: Products.launcherExists && RealServers.has("venv-policies/bin/python"),
        "Tests/RealServers/setup.sh has not run"))
struct PolicyDifferentialTests {
    @Test(
        "Random policies and calls: never looser, stricter only where docs/policy-compatibility.md says so",
        arguments: ["agentperms", "mcp-gate", "agsec", "agent-sudo"])
    func differences(format: String) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Differential/policies.py").path
        let python = RealServers.folder + "/venv-policies/bin/python"
        let ended = try run([python, "-B", script, Products.agentbound, format, "--seeds", "40"], within: 300)
        #expect(ended.ending == .exited(0), "\(ended.text)\(ended.errors)")
        // The random policies do decide something, and mostly the same.
        #expect(ended.text.contains("\"same\""))
    }
}
