import AgentBox
import ManifestModel
import SystemPackage
import Testing

@testable import Commands
@testable import PolicyEngine

private func manifest(_ text: String) throws -> LoadedManifest {
    let bytes = Array(text.utf8)
    let manifest = try #require(AgentManifest.read(bytes).manifest)
    return LoadedManifest(manifest: manifest, path: "/m.json", bytes: bytes, warnings: [])
}

private let reader = #"{"name": "docs", "description": "d", "permissions": ["mcp.ac.filesystem.read"]}"#

private func request(_ change: (inout Resolution) -> Void = { _ in }, acceptsGaps: Bool = false) throws
    -> ConsentRequest
{
    var permissions = EffectivePermissions()
    permissions.granted = [.filesystemRead]
    permissions.readPaths = ["/srv/docs"]
    var resolution = Resolution(permissions: permissions, parts: [], warnings: [])
    change(&resolution)
    return ConsentRequest(
        try manifest(reader), command: ["server", "--stdio"], program: "/usr/bin/server", resolution,
        acceptsGaps: acceptsGaps)
}

@Suite("What consent covers")
struct ConsentRequestTests {
    enum Widening: CaseIterable {
        case path, permission, command, socket
        /// Below a granted folder, but closed there until it was named.
        case protectedFile

        func apply(to resolution: inout Resolution) {
            switch self {
            case .path: resolution.permissions.readPaths.append("/srv/more")
            case .permission: resolution.permissions.granted.insert(.exec)
            case .command: resolution.permissions.commands = ["/bin/sh"]
            case .socket: resolution.permissions.sockets = ["/run/x"]
            case .protectedFile: resolution.permissions.namedForReading = ["/srv/docs/.env"]
            }
        }
    }

    @Test("Each widening is asked about, and taking it back is not", arguments: Widening.allCases)
    func widening(_ widening: Widening) throws {
        let before = try request()
        let after = try request { widening.apply(to: &$0) }
        #expect(ConsentDifference(from: before, to: after).more.count == 1)
        #expect(ConsentDifference(from: after, to: before).more.isEmpty)
    }

    @Test("Accepted gaps are part of what is agreed to")
    func gaps() throws {
        #expect(ConsentDifference(from: try request(), to: try request(acceptsGaps: true)).more.count == 1)
    }

    @Test("A variable counts by its name, when somebody named it; the base set does not")
    func variables() throws {
        let asked = try request {
            $0.permissions.environment = [.init(name: "TOKEN", value: "secret"), .init(name: "PATH", value: "/bin")]
            $0.parts = [
                .init(key: .envVars, value: "TOKEN", origin: .flag("--env TOKEN")),
                .init(key: .envVars, value: "PATH", origin: .byDefault("restricted PATH")),
            ]
        }
        #expect(asked.grants["envVars"] == ["TOKEN"])
    }
}

@Suite("What to type")
struct ApprovalTests {
    @Test(
        "The command that gives consent repeats the command line, without values of variables",
        arguments: [
            (["run", "time", "--", "srv"], "agentbound approve time -- srv"),
            (
                ["run", "m.json", "--read-path", "/a b", "--", "sh", "-c", "echo 'x'"],
                #"agentbound approve m.json --read-path '/a b' -- sh -c 'echo '\''x'\'''"#
            ),
            (["run", "m", "--env", "TOKEN=abc", "--", "srv"], "agentbound approve m --env TOKEN=... -- srv"),
            (["run", "m", "--env=TOKEN=abc", "--", "srv"], "agentbound approve m --env=TOKEN=... -- srv"),
            // Behind `--` it is the server's own argument.
            (["run", "m", "--", "srv", "--env", "A=b"], "agentbound approve m -- srv --env A=b"),
        ])
    func approval(arguments: [String], expected: String) {
        #expect(ConsentCheck.approval(["agentbound"] + arguments, folder: nil) == expected)
    }

    @Test("Where a client started it, the folder is named too")
    func folder() {
        #expect(
            ConsentCheck.approval(["agentbound", "run", "m"], folder: "/my docs")
                == "cd '/my docs' && agentbound approve m")
    }

    @Test(
        "A quoted word holds nothing that a terminal would obey",
        arguments: [
            ("", "''"), ("a\u{1b}b", #"$'a\x1bb'"#), ("\u{202e}x", #"$'\xe2\x80\xaex'"#), ("a\n'b", #"$'a\x0a\'b'"#),
        ])
    func quoting(word: String, quoted: String) { #expect(ShellWords.quote(word) == quoted) }
}

@Suite("What a person is shown before they agree")
struct ConsentTextTests {
    @Test("The manifest's words cannot steer the terminal")
    func escapes() throws {
        let hostile =
            #"{"description": "d", "permissions": ["mcp.ac.location"], "rationales": {"mcp.ac.location": "x"}}"#
        var loaded = try manifest(hostile)
        var author = loaded.manifest
        author.rationales[.location] = "fine\u{1b}[2J\u{9b}0m\u{202e}"
        loaded = LoadedManifest(manifest: author, path: loaded.path, bytes: loaded.bytes, warnings: [])
        var permissions = EffectivePermissions()
        permissions.granted = [.location]
        let resolution = Resolution(permissions: permissions, parts: [], warnings: [])
        let asked = ConsentRequest(loaded, command: ["a\u{7}"], program: "/p", resolution, acceptsGaps: false)
        let text = ConsentText.request(loaded, asked, resolution)
        let forbidden: [UInt32] = Array(0..<0x0A) + Array(0x0B..<0x20) + Array(0x7F..<0xA0) + [0x202E]
        #expect(text.unicodeScalars.allSatisfy { !forbidden.contains($0.value) })
        #expect(text.contains("all or nothing"))
    }

    @Test("What of the session a permission opens is shown, and another display is asked about, not another number")
    func session() throws {
        let loaded = try manifest(#"{"description": "x", "permissions": ["mcp.ac.clipboard.read"]}"#)
        func ask(_ service: SessionService, _ socket: FilePath) -> (request: ConsentRequest, text: String) {
            var permissions = EffectivePermissions()
            permissions.granted = [.clipboardRead]
            permissions.services = [ServiceGrant(service, socket: socket, variables: [])]
            let resolution = Resolution(permissions: permissions, parts: [], warnings: [])
            let request = ConsentRequest(loaded, command: ["a"], program: "/p", resolution, acceptsGaps: false)
            return (request, ConsentText.request(loaded, request, resolution))
        }
        let x11 = ask(.x11, "/tmp/.X11-unix/X0"), later = ask(.x11, "/tmp/.X11-unix/X1")
        let wayland = ask(.wayland, "/run/user/1/wayland-0")
        #expect(x11.text.contains("opens: the X11 display") && x11.text.contains("/tmp/.X11-unix/X0"))
        #expect(x11.text.contains("all or nothing: clipboard.read: ") && x11.text.contains("a way out of the box"))
        #expect(ConsentDigest(x11.request) == ConsentDigest(later.request))
        #expect(ConsentDigest(x11.request) != ConsentDigest(wayland.request))
    }
}
