import ManifestModel
import Testing

@Suite("Comparing two manifests")
struct DiffTests {
    private func diff(
        _ old: [Permission], _ new: [Permission], optional: ([Permission], [Permission]) = ([], []),
        scopes: ([ScopeKey: [String]], [ScopeKey: [String]]) = ([:], [:]),
        limits: ([LimitKey: String], [LimitKey: String]) = ([:], [:])
    ) -> ManifestDiff {
        ManifestDiff(
            from: AgentManifest(
                description: "d", permissions: old, optionalPermissions: optional.0,
                scopes: ManifestScopes(lists: scopes.0, limits: limits.0)),
            to: AgentManifest(
                description: "d", permissions: new, optionalPermissions: optional.1,
                scopes: ManifestScopes(lists: scopes.1, limits: limits.1)))
    }

    @Test("The same permissions in another order are no difference")
    func same() {
        #expect(diff([.exec, .location], [.location, .exec]).isEmpty)
    }

    @Test("What is added asks for more, what is removed does not")
    func permissions() {
        #expect(diff([.exec], [.exec, .location]).added == [.location])
        #expect(diff([.exec], [.exec, .location]).asksForMore)
        #expect(diff([], [], optional: ([], [.location])).asksForMore)
        #expect(diff([.exec, .location], [.exec]).removed == [.location])
        #expect(!diff([.exec, .location], [.exec]).asksForMore)
    }

    @Test("Optional to required asks for more, required to optional does not")
    func optional() {
        let stricter = diff([], [.exec], optional: ([.exec], []))
        #expect(stricter.nowRequired == [.exec] && stricter.added.isEmpty && stricter.asksForMore)
        let looser = diff([.exec], [], optional: ([], [.exec]))
        #expect(looser.nowOptional == [.exec] && !looser.asksForMore)
    }

    @Test(
        "A scope is wider when it opens what was closed",
        arguments: [
            (ScopeKey.readPaths, ["/srv"], ["/srv/data"], false),
            (.readPaths, ["/srv/data"], ["/srv"], true),
            (.readPaths, ["/srv/data"], ["/srv/database"], true),  // the same first letters, another folder
            (.readPaths, ["/srv"], ["/srv/../etc"], true),  // not resolved here, so not believed
            (.readPaths, ["."], ["./src"], false),
            (.readPaths, ["."], ["~/x"], true),
            (.readPaths, ["."], ["$HOME"], true),
            (.readPaths, ["./src"], ["./src?"], false),  // only may be missing now
            (.readPaths, nil, ["src"], false),  // the default is the working directory
            (.readPaths, ["src"], nil, true),
            (.readPaths, ["src"], [], false),
            (.allowedHosts, nil, ["api.example.com"], false),  // the default is any public host
            (.allowedHosts, ["api.example.com"], nil, true),
            (.allowedHosts, nil, ["127.0.0.1"], true),  // any public host is not this one
            (.allowedHosts, nil, ["printer.local"], true),
            (.allowedHosts, ["*"], ["*:443"], false),
            (.allowedHosts, ["*.example.com"], ["a.example.com:443"], false),
            (.allowedHosts, ["*.example.com"], ["example.com"], true),
            (.allowedHosts, ["*.example.com"], ["a.badexample.com"], true),
            (.allowedHosts, ["example.com"], ["example.com:443"], false),
            (.allowedHosts, ["example.com:443"], ["example.com"], true),
            (.allowedHosts, ["*.example.com:443"], ["a.example.com:80"], true),
            (.allowedHosts, ["API.example.com"], ["api.example.com"], false),
            (.deniedHosts, ["a.example"], [], true),
            (.deniedHosts, [], ["a.example"], false),
            (.denyPaths, ["*.pem"], nil, true),
        ] as [(ScopeKey, [String]?, [String]?, Bool)])
    func scopes(key: ScopeKey, old: [String]?, new: [String]?, wider: Bool) {
        func scopes(_ entries: [String]?) -> [ScopeKey: [String]] { entries.map { [key: $0] } ?? [:] }
        let permission = key.permissions[0]
        #expect(diff([permission], [permission], scopes: (scopes(old), scopes(new))).asksForMore == wider)
    }

    @Test(
        "Commands, variables and ports are none unless named",
        arguments: [ScopeKey.envVars, .allowedCommands, .listenPorts])
    func closedByDefault(key: ScopeKey) {
        let permission = key.permissions[0]
        #expect(diff([permission], [permission], scopes: ([:], [key: ["1"]])).asksForMore)
        #expect(!diff([permission], [permission], scopes: ([key: ["1"]], [:])).asksForMore)
    }

    @Test("A scope of a permission that is new is not reported beside it")
    func scopeOfNewPermission() {
        #expect(diff([], [.networkClient], scopes: ([:], [.allowedHosts: ["a.example"]])).scopes.isEmpty)
    }

    @Test(
        "A limit is wider unless it is known to be lower",
        arguments: [
            ("1G", "512M", false), ("512M", "1G", true), ("1G", "1024M", false), (nil, "1G", true), ("1G", nil, true),
        ] as [(String?, String?, Bool)])
    func limits(old: String?, new: String?, wider: Bool) {
        func limits(_ text: String?) -> [LimitKey: String] { text.map { [.memory: $0] } ?? [:] }
        #expect(diff([], [], limits: (limits(old), limits(new))).asksForMore == wider)
    }

    @Test("Tools that come, go or change are listed, and ask for nothing by themselves")
    func tools() {
        func manifest(_ tools: [ManifestTool]) -> AgentManifest {
            AgentManifest(description: "d", permissions: [.exec, .location], tools: tools)
        }
        let diff = ManifestDiff(
            from: manifest([ManifestTool(name: "a", permissions: [.exec]), ManifestTool(name: "b", permissions: [])]),
            to: manifest([
                ManifestTool(name: "a", permissions: [.exec, .location]), ManifestTool(name: "c", permissions: []),
            ]))
        #expect(diff.tools.map(\.name) == ["a", "b", "c"])
        #expect(diff.tools.map(\.before) == [[.exec], [], nil])
        #expect(diff.tools.map(\.after) == [[.exec, .location], nil, []])
        #expect(!diff.asksForMore)
    }
}
