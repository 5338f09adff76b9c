import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@testable import AgentBox

private func request(_ command: String) throws -> PackageRequest {
    let words = command.split(separator: " ").map(String.init)
    return try PackageRequest(#require(PackageRunner(name: words[0], arguments: Array(words.dropFirst()))))
}

@Suite struct PackageInstallationTests {
    @Test(
        "Each runner has an installer, and what it installs is a package of a registry",
        arguments: [
            ("npx -y @s/server@1.2", PackageRequest.Installer.npm, "@s/server"), ("npm exec -- server", .npm, "server"),
            ("bunx server@latest", .npm, "server"), ("pnpm dlx a_b.c", .npm, "a_b.c"), ("yarn dlx a@^1.0.0", .npm, "a"),
            ("uvx mcp-server-time", .uv, "mcp-server-time"), ("uv tool run --from mcp[cli]>=1,<2 mcp", .uv, "mcp"),
            ("pipx run --spec a==1 b", .pipx, "a"),
        ])
    func installers(command: String, installer: PackageRequest.Installer, name: String) throws {
        #expect(try request(command).installer == installer)
        #expect(try request(command).name == name)
    }

    @Test(
        "Paths, URLs, repositories and options that are not followed are refused, with what to do",
        arguments: [
            "npx ./server", "npx ../x", "npx /abs", "npx user/repository", "npx github:a/b", "npx git+https://h/r",
            "npx https://h/x.tgz", "npx @/x", "npx @scope", "npx a@file:../b", "npx a@npm:b", "npx é", "npx @s/a/b",
            "npx -p a -p b c", "npx --prefix /x a", "npx -c x a", "uvx ./x", "uvx --from git+https://h/r x",
            "uvx --from x@https://h/f.whl x", "uvx --with-editable . x", "uvx --with ./y x", "uvx --index https://h x",
            "pipx run https://h/x.py", "pipx run --pip-args=-x a", "uv run x", "npm run x", "docker run x",
            "podman run x",
        ])
    func refused(command: String) {
        #expect { try request(command) } throws: { !(($0 as? PackageRefusal)?.next.isEmpty ?? true) }
    }

    @Test("Requests are the same only when all that decides what is installed is")
    func identities() throws {
        let all = [
            "uvx a", "uvx a==1", "uvx --with b a", "uvx --with b --with c a", "uvx --with bc a", "uvx --python 3.12 a",
            "uvx --index-url https://h/s a", "uvx --prerelease allow a", "pipx run a", "npx a", "npx a@latest",
        ]
        #expect(Set(try all.map { try request($0).identity }).count == all.count)
        #expect(try request("uvx a -v").identity == request("uv tool run a").identity)
        #expect(try request("npx -y a").identity == request("bunx a").identity)
    }

    @Test(
        "The registry is the command's, else a variable's, else ~/.npmrc's, else the usual one; nothing else is reached",
        arguments: [
            ("npx a", [:], nil, "https://registry.npmjs.org/", ["registry.npmjs.org:443"], []),
            ("npx a", [:], "registry = \"http://10.0.0.7:4873/\"\n", "http://10.0.0.7:4873/", ["10.0.0.7:4873"], []),
            (
                "npx a", ["npm_config_registry": "https://npm.corp.example/x/"], "registry=http://localhost:1/",
                "https://npm.corp.example/x/", ["npm.corp.example:443"], ["npm.corp.example"]
            ),
            (
                "npx --registry http://[::1]:4873 a", ["npm_config_registry": "https://x/"], nil, "http://[::1]:4873",
                ["[::1]:4873"], []
            ),
            (
                "npx @acme/a", [:],
                "; registry=https://no/\n@acme:registry=https://npm.acme.example/\n@b:registry=https://b/\n",
                "https://registry.npmjs.org/", ["registry.npmjs.org:443", "npm.acme.example:443"], ["npm.acme.example"]
            ),
            // A token in the same file, and a line that refers to a variable.
            (
                "npx a", [:], "//registry.npmjs.org/:_authToken=secret\nregistry=https://${HOST}/\n",
                "https://registry.npmjs.org/", ["registry.npmjs.org:443"], []
            ),
            (
                "uvx a", ["PIP_INDEX_URL": "https://no/"], nil, "https://pypi.org/simple",
                ["pypi.org:443", "files.pythonhosted.org:443"], []
            ),
            (
                "uvx a", ["UV_INDEX_URL": "https://old/", "UV_DEFAULT_INDEX": "https://py.corp.example:8443/simple"],
                nil,
                "https://py.corp.example:8443/simple", ["py.corp.example:8443"], ["py.corp.example"]
            ),
            (
                "uvx a", ["UV_DEFAULT_INDEX": "https://pypi.org/simple"], nil, "https://pypi.org/simple",
                ["pypi.org:443", "files.pythonhosted.org:443"], ["pypi.org", "files.pythonhosted.org"]
            ),
            (
                "pipx run a", ["PIP_INDEX_URL": "http://127.0.0.1:3141"], nil, "http://127.0.0.1:3141",
                ["127.0.0.1:3141"], []
            ),
        ] as [(String, [String: String], String?, String, [String], Set<String>)])
    func registries(
        command: String, environment: [String: String], npmrc: String?, url: String, hosts: [String],
        privateNames: Set<String>
    ) throws {
        let registry = try PackageRegistry(for: request(command), environment: environment, npmrc: npmrc)
        #expect(registry.url == url)
        #expect(registry.hosts == (try hosts.map { try HostRule(parsing: $0) }))
        #expect(registry.privateNames == privateNames)
    }

    @Test(
        "A registry that would hand a password to install scripts, or names no host, is refused",
        arguments: ["https://user:secret@h/", "ftp://h/", "h", "https://", "https://*/", "https://*.h/", "file:///x"])
    func noRegistry(url: String) {
        #expect {
            try PackageRegistry(for: request("npx a"), environment: ["npm_config_registry": url], npmrc: nil)
        } throws: { error in
            let refusal = error as? PackageRefusal
            return refusal?.reason.contains("secret") == false && refusal?.next.isEmpty == false
        }
    }

    @Test("An installer writes its folder, reaches the registry, and starts what it needs")
    func permissions() throws {
        let request = try request("npx --registry http://localhost:4873 a@latest")
        let registry = try PackageRegistry(for: request, environment: [:], npmrc: nil)
        let installation = PackageInstallation(request, from: registry, into: "/c/a-1")
        let granted = installation.permissions(
            programs: ["/usr/bin/node", "/usr/bin/dash"], path: ["/usr/bin"], more: [:])
        #expect(
            granted.readPaths == ["/c/a-1"] && granted.writePaths == ["/c/a-1"] && granted.deletePaths == ["/c/a-1"])
        #expect(granted.hosts.allowed == [try HostRule(parsing: "localhost:4873")])
        #expect(granted.commands == ["/usr/bin/node", "/usr/bin/dash"])
        #expect(granted.environment.first { $0.name == "HOME" }?.value == "/c/a-1/home")
        #expect(!granted.granted.contains(.networkServer) && !granted.granted.contains(.process))
        #expect(installation.files == [".npmrc": "registry=http://localhost:4873\n"])
    }

    /// npm and pipx are run by IntegrationTests too; bun, pnpm and yarn are on no test machine, and need npm alone.
    @Test(
        "What is typed for each runner",
        arguments: [
            (
                "/opt/n/bin/npx a@latest", nil,
                "/opt/n/bin/npm install --prefix /c --no-audit --no-fund --loglevel=error a@latest"
            ),
            ("npx @s/a", "1.2.0", "npm install --prefix /c --no-audit --no-fund --loglevel=error @s/a@1.2.0"),
            ("/opt/bun/bunx a", nil, "npm install --prefix /c --no-audit --no-fund --loglevel=error a"),
            ("/opt/pnpm dlx a", nil, "npm install --prefix /c --no-audit --no-fund --loglevel=error a"),
            ("/u/uvx a", nil, "/u/uv tool install --no-progress a"),
            (
                "/u/uv tool run --with b --prerelease allow a[x]>=1", "1.5",
                "/u/uv tool install --no-progress --prerelease allow --with b a[x]==1.5"
            ),
            ("/p/pipx run a", nil, "/p/pipx install --python /usr/bin/python3 a"),
        ] as [(String, String?, String)])
    func commands(command: String, version: String?, typed: String) throws {
        let words = command.split(separator: " ").map(String.init)
        var runner = try #require(
            PackageRunner(name: FilePath(words[0]).lastComponent!.string, arguments: Array(words.dropFirst())))
        if words[0].hasPrefix("/") { runner.folder = FilePath(words[0]).removingLastComponent() }
        let request = try PackageRequest(runner)
        let registry = try PackageRegistry(for: request, environment: [:], npmrc: nil)
        let installation = PackageInstallation(
            request, from: registry, into: "/c", version: version, python: "/usr/bin/python3")
        #expect(installation.command.joined(separator: " ") == typed)
        #expect(
            installation.environment.values.allSatisfy {
                !$0.hasPrefix("/") || $0.hasPrefix("/c/") || $0.hasPrefix("/usr/bin/python3") || $0 == "/dev/null"
            })
    }

    @Test("A recorded package is started before any other of its name, and in its own version")
    func recorded() throws {
        var files = LaunchChainRunnerTests.installed
        let folder: FilePath = "/home/u/.cache/agentbound/packages/s"
        files.text(folder.pushing("node_modules/@s/server/package.json"), #"{"name": "@s/server", "version": "1.5.0"}"#)
        files.text(folder.pushing("node_modules/@s/server/i.js"), "#!/usr/bin/env node\n", executable: true)
        files.link(folder.pushing("node_modules/.bin/server"), "../@s/server/i.js")
        let records = Records(
            package: PreparedPackage(
                name: "@s/server", version: "1.5.0", folder: folder, registry: "https://r/", date: "2026-11-21"))
        func chain(_ records: any PackageRecords) throws -> LaunchChain {
            try LaunchChain(
                argv: ["npx", "@s/server", "-v"], path: ["/usr/bin"], folder: "/home/u/work",
                environment: ["HOME": "/home/u"], files: files, records: records)
        }
        let found = try chain(records)
        #expect(found.argv == ["/usr/bin/node", folder.pushing("node_modules/.bin/server").string, "-v"])
        #expect(found.package?.version == "1.5.0")
        #expect(found.notes.contains { $0.contains("@s/server@1.5.0") })
        #expect(try chain(NoPackageRecords()).package == nil)
        // Cleared away: it is not replaced by what npx has of it.
        var gone = records
        gone.package.folder = "/home/u/.cache/agentbound/packages/gone"
        #expect { try chain(gone) } throws: { if case .runner = $0 as? LaunchChainError { true } else { false } }
    }

    private struct Records: PackageRecords {
        var package: PreparedPackage
        func package(for runner: PackageRunner) -> PreparedPackage? { package }
    }

    @Test("A link that leads out of a package's folder is found, wherever its text seems to lead")
    func strayLinks() {
        var files = FakeFiles.machine
        files.text("/c/p/top/x", "")
        files.text("/c/p/a/b/c/x", "")
        files.link("/c/p/a/b/python", "/usr/bin/python3")
        files.link("/c/p/a/b/l", "/c/p/top")
        func stray() -> FilePath? {
            PackageInstallation.strayLink(in: "/c/p", except: ["/usr/bin/python3.11"], files: files)
        }
        #expect(stray() == nil)
        files.link("/c/p/a/b/c/out", "../l/../../p2/x")  // as text it stays inside; through the link it leaves
        files.text("/c/p2/x", "")
        #expect(stray() == "/c/p/a/b/c/out")
        #expect(PackageInstallation.strayLink(in: "/c/p", except: [], files: files) == "/c/p/a/b/python")
    }

    @Test("Names that the operator's settings gave lead to private addresses too, never to a metadata service")
    func privateNames() throws {
        var hosts = HostRules(allowed: [
            try HostRule(parsing: "npm.corp.example:443"), try HostRule(parsing: "b.example:443"),
        ])
        hosts.privateNames = ["npm.corp.example"]
        let inside = try IPAddress(parsing: "10.1.2.3"), metadata = try IPAddress(parsing: "169.254.169.254")
        #expect(hosts.mayAnswer(inside, for: "npm.corp.example") && !hosts.mayAnswer(inside, for: "b.example"))
        #expect(!hosts.mayAnswer(metadata, for: "npm.corp.example"))
        #expect(hosts.decide(inside, port: 443, names: ["npm.corp.example"]).isAllowed)
        #expect(!hosts.decide(inside, port: 80, names: ["npm.corp.example"]).isAllowed)
        #expect(!hosts.decide(inside, port: 443, names: ["b.example"]).isAllowed)
        #expect(!hosts.decide(metadata, port: 443, names: ["npm.corp.example"]).isAllowed)
        #expect(!hosts.decide(inside, port: 443, names: []).isAllowed)
    }
}
