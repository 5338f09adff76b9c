import Foundation

/// Where the programs under test are: beside the running tests, unless the environment names others.
public enum Products {
    public static let agentbound = path("agentbound", "AGENTBOUND_BIN")
    public static let victim = path("Victim", "AGENTBOUND_VICTIM")

    /// Keeps grants and budgets for seconds, which the executable keeps for minutes.
    public static let grantRunner = path("GrantRunner", "AGENTBOUND_GRANTS")

    /// Starts boxes with a layer missing.
    public static let runner = path("AblationRunner", "AGENTBOUND_ABLATION")
    public static let runnerExists = FileManager.default.isExecutableFile(atPath: runner)

    /// Whether the launcher has been built; without it the tests that need it are skipped by name.
    public static let launcherExists = FileManager.default.isExecutableFile(atPath: agentbound)

    private static func path(_ name: String, _ variable: String) -> String {
        if let named = ProcessInfo.processInfo.environment[variable] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "."
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
