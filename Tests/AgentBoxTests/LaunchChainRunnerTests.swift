import SystemPackage
import Testing

@testable import AgentBox

@Suite struct LaunchChainRunnerTests {
    @Test(
        "Package runners are recognised with their package, program and arguments",
        arguments: [
            (
                "npx -y @s/server@1.2 --root /x", PackageRunner.Kind.npx, "@s/server", "1.2" as String?, nil as String?,
                ["--root", "/x"]
            ),
            ("npx --package=@s/p tool a", .npx, "@s/p", nil, "tool", ["a"]),
            ("npm exec -- server -v", .npmExec, "server", nil, nil, ["-v"]),
            ("bunx server@latest", .bunx, "server", nil, nil, []),
            ("uvx --python 3.12 mcp-server-time --tz UTC", .uvx, "mcp-server-time", nil, nil, ["--tz", "UTC"]),
            ("uvx --from mcp[cli]==1.9.0 mcp run", .uvx, "mcp", "1.9.0", "mcp", ["run"]),
            ("uv tool run a>=2", .uvx, "a", nil, nil, []),  // a range names no installed version
            ("uv --directory /p run srv x", .uvRun, "srv", nil, nil, ["x"]),
            ("uv run -m srv x", .uvRun, "python", nil, nil, ["-m", "srv", "x"]),
            ("pipx run --spec a==1 b", .pipxRun, "a", "1", "b", []),
            ("docker run -i --rm -e A image", .dockerRun, "image", nil, nil, []),
            ("npm start", .npmRun, "start", nil, nil, []),
        ])
    func recognised(
        command: String, kind: PackageRunner.Kind, name: String, version: String?, program: String?, arguments: [String]
    ) throws {
        let words = command.split(separator: " ").map(String.init)
        let runner = try #require(PackageRunner(name: words[0], arguments: Array(words.dropFirst())))
        #expect(runner.kind == kind)
        #expect(runner.nameAndVersion.name == name)
        #expect(runner.nameAndVersion.version == version)
        #expect(runner.program == program)
        #expect(runner.arguments == arguments)
    }

    @Test(
        "Other uses of the same programs are no package runners",
        arguments: ["npx", "npx --version", "npm install x", "uv sync", "docker ps"])
    func others(command: String) {
        let words = command.split(separator: " ").map(String.init)
        #expect(PackageRunner(name: words[0], arguments: Array(words.dropFirst())) == nil)
    }

    static let installed: FakeFiles = {
        var files = FakeFiles.machine
        for (digest, version, time) in [("old", "1.0.0", 1), ("new", "2.0.0", 2)] {
            let cache = FilePath("/home/u/.npm/_npx/\(digest)")
            files.folder(cache, modified: time)
            let package = cache.appending(FilePath("node_modules/@s/server").components)
            files.text(package.appending("package.json"), #"{"name": "@s/server", "version": "\#(version)"}"#)
            files.text(package.appending(FilePath("dist/i.js").components), "#!/usr/bin/env node\n", executable: true)
            files.link(cache.appending(FilePath("node_modules/.bin/mcp-server").components), "../@s/server/dist/i.js")
            files.link(cache.appending(FilePath("node_modules/.bin/other").components), "../other/i.js")
        }
        let tool = FilePath("/home/u/.cache/uv/archive-v0/abc")
        files.text(tool.appending("pyvenv.cfg"), "home = /usr/bin\n")
        files.link(tool.appending(FilePath("bin/python").components), "/usr/bin/python3.11")
        files.text(
            tool.appending(FilePath("bin/mcp-server-time").components), "#!\(tool)/bin/python\n", executable: true)
        files.text(
            tool.appending(
                FilePath("lib/python3.11/site-packages/mcp_server_time-1.9.0.dist-info/METADATA").components), "")
        files.text("/home/u/p/pyproject.toml", "")
        files.text("/home/u/p/.venv/pyvenv.cfg", "")
        files.link("/home/u/p/.venv/bin/python", "/usr/bin/python3.11")
        files.text("/home/u/p/.venv/bin/srv", "#!/home/u/p/.venv/bin/python\n", executable: true)
        files.text("/home/u/p/main.py", "")
        return files
    }()

    @Test(
        "What is installed is started in the runner's place",
        arguments: [
            (
                "npx -y @s/server --root /x",
                ["/usr/bin/node", "/home/u/.npm/_npx/new/node_modules/.bin/mcp-server", "--root", "/x"]
            ),
            ("npx @s/server@1.0.0", ["/usr/bin/node", "/home/u/.npm/_npx/old/node_modules/.bin/mcp-server"]),
            ("npx -p @s/server mcp-server", ["/usr/bin/node", "/home/u/.npm/_npx/new/node_modules/.bin/mcp-server"]),
            (
                "uvx mcp-server-time",
                ["/home/u/.cache/uv/archive-v0/abc/bin/python", "/home/u/.cache/uv/archive-v0/abc/bin/mcp-server-time"]
            ),
            ("uvx mcp_server.time==1.9.0 -v", nil),  // no program of that name
            (
                "uvx mcp-server-time@1.9.0 -v",
                [
                    "/home/u/.cache/uv/archive-v0/abc/bin/python",
                    "/home/u/.cache/uv/archive-v0/abc/bin/mcp-server-time", "-v",
                ]
            ),
            ("uvx mcp-server-time@1.8.0", nil), ("npx @s/server@3.0.0", nil), ("npx @s/none", nil),
            ("uv --directory /home/u/p run srv a", ["/home/u/p/.venv/bin/python", "/home/u/p/.venv/bin/srv", "a"]),
            ("uv run --directory /home/u/p main.py", ["/home/u/p/.venv/bin/python", "/home/u/p/main.py"]),
            ("uv run srv", nil),  // no project here
            ("docker run image", nil), ("npm run start", nil),
        ] as [(String, [String]?)])
    func replaced(command: String, argv: [String]?) throws {
        let words = command.split(separator: " ").map(String.init)
        func chain() throws(LaunchChainError) -> LaunchChain {
            try LaunchChain(
                argv: words, path: ["/usr/bin"], folder: "/home/u/work", environment: ["HOME": "/home/u"],
                files: Self.installed)
        }
        if let argv {
            #expect(try chain().argv == argv)
            #expect(try chain().runner != nil)
        } else {
            #expect { try chain() } throws: { error in
                guard case .runner(let runner) = error as? LaunchChainError else { return false }
                return !runner.next.isEmpty
            }
        }
    }

    @Test("An npx package is granted with the packages around it, and nothing else of npm's cache")
    func closure() throws {
        let chain = try LaunchChain(
            argv: ["npx", "@s/server"], path: ["/usr/bin"], folder: "/home/u/work", environment: ["HOME": "/home/u"],
            files: Self.installed)
        #expect(readable(chain).filter { !$0.hasPrefix("/usr/") } == ["/home/u/.npm/_npx/new/node_modules/"])
    }
}
