import Foundation
import TestSupport
import Testing

/// A program that looks a name up in its own way, and perhaps connects.
struct Resolver: CustomTestStringConvertible, Sendable {
    let name: String
    /// `{name}` and `{port}` are filled in.
    let command: [String]
    /// What it says of a name that leads to 127.0.0.1; `nil` for one that connects and says nothing.
    var says: String? = "127.0.0.1"
    /// A file of the programs' folder that it needs, or a program of the system.
    let needs: String
    var environment: [String] = []
    /// Where it is known not to work, and what it says there; docs/network.md says why.
    var fails: (mode: Isolation, says: String)?
    var testDescription: String { name }

    private static func own(_ name: String, _ program: String, _ words: [String] = ["{name}"]) -> Resolver {
        Resolver(name: name, command: [RealServers.folder + "/bin/" + program] + words, needs: "bin/" + program)
    }
    private static let script = RealServers.folder + "/bin/resolve.js"
    private static let java = ["java", "-cp", RealServers.folder + "/java", "Resolve", "{name}"]
    /// musl takes answers only from the address and port that it asked.
    private static let musl = Resolver(
        name: "musl getaddrinfo, static", command: [RealServers.folder + "/bin/resolve-musl", "{name}"],
        needs: "bin/resolve-musl", fails: (.plain, "Try again"))

    static let all: [Resolver] = [
        own("glibc getaddrinfo", "resolve-glibc"),
        Resolver(
            name: "glibc over TCP", command: [RealServers.folder + "/bin/resolve-glibc", "{name}"],
            needs: "bin/resolve-glibc", environment: ["RES_OPTIONS=use-vc"]),
        own("Go's own resolver", "resolve-netgo"), own("Go with cgo", "resolve-cgo"), musl,
        Resolver(name: "node dns.lookup", command: ["node", script, "{name}"], needs: "/usr/bin/node"),
        Resolver(
            name: "node dns.resolve4 (c-ares)", command: ["node", script, "{name}", "cares"], needs: "/usr/bin/node"),
        Resolver(name: "Java InetAddress", command: java, needs: "java/Resolve.class"),
        Resolver(name: "Java JNDI", command: java + ["jndi"], needs: "java/Resolve.class"),
        Resolver(
            name: "Python, connecting",
            command: ["/usr/bin/python3", "-c", "import socket; socket.create_connection(('{name}', {port}))"],
            says: nil, needs: "/usr/bin/python3"),
        Resolver(
            name: "curl, connecting", command: ["curl", "--silent", "--max-time", "20", "telnet://{name}:{port}"],
            says: nil, needs: "/usr/bin/curl"),
    ].filter {
        FileManager.default.fileExists(atPath: $0.needs.hasPrefix("/") ? $0.needs : RealServers.folder + "/" + $0.needs)
    }
}

@Suite(
    "Resolvers find granted names and no others (made by Tests/RealServers/setup.sh)",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct ResolverTests {
    /// Looks `name` up in a box that is granted test.example alone, with a name server that knows both names.
    private func look(
        up name: String, with resolver: Resolver, _ setting: Setting
    ) throws -> (ended: Finished, reached: Int, asked: [String]) {
        let names = TestNameServer([
            "test.example": .addresses(["127.0.0.1"]), "other.example": .addresses(["127.0.0.1"]),
        ])
        defer { names.stop() }
        let web = try Listener(.tcp)
        defer { web.stop() }
        let folder = try TemporaryFolder("agentbound-resolver")
        let manifest = folder.path + "/manifest.json"
        let text = #"{"description": "a test", "permissions": ["mcp.ac.network.client", "mcp.ac.system.env.read"]}"#
        try Data(text.utf8).write(to: URL(fileURLWithPath: manifest))
        let command = resolver.command.map {
            $0.replacingOccurrences(of: "{name}", with: name).replacingOccurrences(of: "{port}", with: "\(web.port)")
        }
        let flags = [
            "--allow-host", "test.example", "--allow-host", "127.0.0.1", "--dns", "127.0.0.1:\(names.port)",
            "--isolation", setting.mode.rawValue, "--yes", "--no-audit",
            "--grace", "30",  // standard input is at its end, and musl takes 5 s where it finds nothing
        ]
        let ended = try run(
            setting.account.prefix + [Products.agentbound, "run", manifest] + flags
                + resolver.environment.flatMap { ["--env", $0] } + ["--"] + command,
            folder: folder.path)
        return (ended, web.reached, names.questions.map { $0.name })
    }

    @Test("A granted name is found, and connected to by its name", arguments: Resolver.all, Setting.all)
    func granted(resolver: Resolver, setting: Setting) throws {
        let (ended, reached, asked) = try look(up: "test.example", with: resolver, setting)
        if let (mode, says) = resolver.fails, mode == setting.mode {
            #expect(ended.text.contains(says) && !ended.text.contains("127.0.0.1"), "\(ended.text)\(ended.errors)")
            return
        }
        if let says = resolver.says {
            #expect(ended.text.contains(says), "\(ended.text)\(ended.errors)")
            #expect(ended.ending == .exited(0), "\(ended.errors)")
        } else {
            #expect(reached > 0, "\(ended.errors)")
        }
        #expect(asked.contains("test.example"))
    }

    @Test(
        "B21: a name that is not granted is not found, asked of nobody, and reported", arguments: Resolver.all,
        Setting.all)
    func refused(resolver: Resolver, setting: Setting) throws {
        let (ended, reached, asked) = try look(up: "other.example", with: resolver, setting)
        #expect(ended.ending != .exited(0))
        #expect(!ended.text.contains("127.0.0.1\n"), "\(ended.text)")
        #expect(reached == 0 && !asked.contains("other.example"))
        #expect(ended.errors.contains("denied network.client other.example"), "\(ended.errors)")
    }
}
