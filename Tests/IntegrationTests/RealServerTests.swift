import Foundation
import TestSupport
import Testing

/// Programs from package registries and of other languages; `Tests/RealServers/setup.sh` makes them.
enum RealServers {
    static let folder = ProcessInfo.processInfo.environment["AGENTBOUND_REAL_SERVERS"] ?? "/tmp/agentbound-real"
    static let python = folder + "/venv/bin/python"
    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("RealServers").path

    /// Set up, with all of its files; the stamp is written last.
    static let exist = Products.launcherExists && has("stamp")

    static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }

    /// Runs one of the scripts, as the account, on the launcher under test.
    static func drive(_ words: [String], _ setting: Setting) throws -> Finished {
        try run(
            setting.account.prefix + [python, "-B", scripts + "/" + words[0]] + words.dropFirst()
                + ["--launcher", Products.agentbound, "--programs", folder, "--isolation", setting.mode.rawValue],
            within: 300)  // of a machine that is busy; a run takes 3 to 10 s
    }
}

@Suite(
    "Real servers work unchanged in the box (made by Tests/RealServers/setup.sh)",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct RealServerTests {
    /// The names of `cases.py`, and the file that each cannot do without.
    static let all = [
        ("time", "venv/bin/mcp-server-time"), ("git", "venv/bin/mcp-server-git"),
        ("git-read-only", "venv/bin/mcp-server-git"), ("fetch", "venv/bin/mcp-server-fetch"),
        ("sqlite", "venv-sdk1/bin/mcp-server-sqlite"), ("text-editor", "venv-sdk1/bin/mcp-text-editor"),
        ("node", "bin/server.js"), ("go-static", "bin/go-static"), ("go-cgo", "bin/go-cgo"),
        ("java", "java/Server.class"), ("shell", "bin/server.sh"), ("bash", "bin/server.sh"),
    ]

    @Test(
        "Tools are listed, granted calls work, others are stopped and say why; outside all of them work",
        arguments: all.filter { RealServers.has($0.1) }.map(\.0), Setting.all)
    func server(name: String, setting: Setting) throws {
        let ended = try RealServers.drive(["drive.py", name], setting)
        #expect(ended.ending == .exited(0), "\(ended.errors)")
    }

    /// The same calls work and the same ones are stopped as under the reviewed manifests.
    @Test(
        "Servers from PyPI work under the manifest that `generate` drafts of their sources",
        arguments: all.filter { ["time", "fetch", "sqlite"].contains($0.0) && RealServers.has($0.1) }.map(\.0),
        Setting.all)
    func drafted(name: String, setting: Setting) throws {
        let ended = try RealServers.drive(["drive.py", name, "--drafted"], setting)
        #expect(ended.ending == .exited(0), "\(ended.errors)")
    }

    @Test("Every server of the table was made", arguments: all)
    func made(name: String, file: String) { #expect(RealServers.has(file), "\(name): setup.sh left it out") }

    @Test(
        "A thousand calls, half of them refused, leave the launcher as small as it was",
        .enabled(if: RealServers.has("bin/server.js")), arguments: Isolation.allCases)
    func longSession(mode: Isolation) throws {
        let setting = Setting(mode: mode, account: Account.available[0])
        let ended = try RealServers.drive(["session.py"], setting)
        #expect(ended.ending == .exited(0), "\(ended.text)\(ended.errors)")
    }
}
