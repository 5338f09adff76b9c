import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Names are followed to what they stand for")
struct ResolutionTests {
    @Test(
        "JavaScript: imports, aliases and members",
        arguments: [
            ("import * as f from 'node:fs'; f.readFileSync('a')", [.filesystemRead]),
            ("import {promises as f} from 'fs'; await f.unlink('a')", [.filesystemDelete]),
            ("const {spawn: run} = require('child_process'); run(x)", [.exec]),
            ("const {exec} = await import('child_process'); exec(x)", [.exec]),
            (
                "const cp = require('child_process'), {promisify} = require('util'); const run = promisify(cp.exec); run(x)",
                [.exec]
            ),
            ("import cp from 'child_process'; class A { run = cp.exec; go() { this.run(x) } }; new A().go()", [.exec]),
            ("const a = __importStar(require('fs')); (0, a.writeFileSync)('a', b)", [.filesystemWrite]),
            ("const {A, B: c} = process.env", [.environmentRead]),
            ("process.env.A = 'b'", [.environmentWrite, .environmentRead]),
            ("delete process.env.A", [.environmentWrite, .environmentRead]),
            ("let x: string\n try { x = fetch('https://a.example') } catch {}", [.networkClient]),
            ("if (process.env.A) { x() }", [.environmentRead]),
            ("class A { async m(a: string): Promise<{b: string}> { await fetch(a) } }", [.networkClient]),
            ("class A { m = async (a: string): Promise<void> => { await fetch(a) } }", [.networkClient]),
            // What only looks like it:
            ("const exec = /a/; exec.exec('b'); db.exec('c')", []),
            ("function fetch(a) {}; fetch('b')", []),
            ("const fs = new Map(); fs.readFileSync('a')", []),
            ("const a = {spawn() {}}; a.spawn('b')", []),
            ("import type {exec} from 'child_process'; let a: exec", []),
            ("import fs from 'fs'; import axios from 'axios'", []),  // imported and never used
            ("if (process.env.NODE_ENV === 'test') { process.env.A = 'b' }", [.environmentRead]),
        ] as [(String, Set<Permission>)])
    func javascript(code: String, expected: Set<Permission>) {
        #expect(draft(.javascript, code).needed == expected, "\(code)")
    }

    @Test(
        "Python: imports, aliases and members",
        arguments: [
            ("from os import environ as e\ne['A']", [.environmentRead]),
            ("import os\ndel os.environ['A']", [.environmentWrite, .environmentRead]),
            ("from pathlib import Path as P\n(P('a') / 'b').write_text('c')", [.filesystemWrite]),
            ("from pathlib import Path\ndef f(p: Path):\n    return p.read_text()", [.filesystemRead]),
            ("import pathlib\ndef f(p):\n    p.unlink()", [.filesystemDelete]),
            (
                "import httpx\nclass A:\n    def __init__(self):\n        self.c = httpx.AsyncClient()\n    async def g(self):\n        await self.c.get('https://a.example')",
                [.networkClient]
            ),
            ("import subprocess as s\nrun = s.run\nrun(['git', 'status'])", [.exec, .filesystemRead]),
            ("with open('a', 'w') as f:\n    pass", [.filesystemWrite]),
            ("open('a')", [.filesystemRead]),
            ("from fastmcp import FastMCP\nFastMCP('a').run()", []),
            ("from fastmcp import FastMCP\nFastMCP('a').run(transport='stdio')", []),
            ("from fastmcp import FastMCP\nm = FastMCP('a')\ndef f():\n    m.run(transport='sse')", [.networkServer]),
            ("from fastmcp import FastMCP\nimport sys\nFastMCP('a').run(transport=sys.argv[1])", [.networkServer]),
            // What only looks like it:
            ("def open(a):\n    pass\nopen('b')", []),
            ("import subprocess, requests", []),
            (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx\ndef f(a: 'httpx.Client'):\n    pass",
                []
            ),
            ("x = 'import os; os.remove(a)'", []),
        ] as [(String, Set<Permission>)])
    func python(code: String, expected: Set<Permission>) {
        #expect(draft(.python, code).needed == expected, "\(code)")
    }

    @Test("Imports are followed from the entry point, with re-exports, and what nothing imports does not count")
    func files() {
        let found = draft(
            .javascript, "import {work} from './lib/index.js'; work()",
            also: [
                "lib/index.ts": "export {default as work} from './work'; export * from './more.js'",
                "lib/work.ts": "import {unlinkSync} from 'fs'; export default function work() { unlinkSync('a') }",
                "lib/more.ts": "export const url = 'https://a.example'",
                "lib/unused.ts": "require('child_process').exec('a')",
                "test/work.test.ts": "process.env.A",
            ])
        #expect(found.needed == [.filesystemDelete])
        #expect(found.files == 4)
    }

    @Test("Built entry points lead to their sources")
    func built() {
        let tree = MemoryTree([
            "package.json": #"{"name": "a", "bin": {"a": "./dist/cli.js"}}"#,
            "src/cli.ts": "fetch('https://a.example')", "src/other.ts": "process.env.A",
        ])
        let found = ManifestGenerator.draft(of: tree)
        #expect(found.entries == ["src/cli.ts"])
        #expect(found.needed == [.networkClient])
    }
}

@Suite("What a draft says beside its permissions")
struct DraftTests {
    @Test("Scopes come from literals, also through constants and functions that hand them on")
    func scopes() {
        let found = draft(
            .javascript,
            """
            import {spawn} from 'child_process'; import http from 'http';
            const API = 'https://api.service.example/v1';
            function run(program, args) { return spawn(program, args) }
            run('kubectl', ['get']); fetch(API); fetch(`https://b.service.example/${x}`); process.env.SERVICE_TOKEN;
            http.createServer().listen(3000); fetch(computed)
            """)
        #expect(found.manifest.scopes[.allowedCommands] == ["kubectl"])
        #expect(found.manifest.scopes[.allowedHosts] == ["api.service.example", "b.service.example"])
        #expect(found.manifest.scopes[.envVars] == ["SERVICE_TOKEN"])
        #expect(found.manifest.scopes[.listenPorts] == ["3000"])
        #expect(found.unresolved.contains { $0.kind == "computed-host" })
    }

    @Test("Tools have the permissions that their handlers reach")
    func tools() {
        let found = draft(
            .javascript,
            """
            import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js'; import fs from 'fs';
            const server = new McpServer({name: 'a', version: '1'});
            async function load(p) { return fs.readFileSync(p) }
            server.tool('look', {}, async ({path}) => ({content: await load(path)}));
            server.registerTool('send', {}, async (a) => { await fetch(a.url) });
            server.tool('none', {}, async () => ({}));
            """)
        #expect(found.manifest.tools.map(\.name) == ["look", "send", "none"])
        #expect(found.manifest.tools.map(\.permissions) == [[.filesystemRead], [.networkClient], []])
        let python = draft(
            .python,
            "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('a')\ndef load(p):\n    return open(p).read()\n@mcp.tool()\ndef look(p: str):\n    return load(p)\n@mcp.tool(name='say')\ndef other():\n    pass\n"
        )
        #expect(python.manifest.tools.map(\.name) == ["look", "say"])
        #expect(python.manifest.tools.map(\.permissions) == [[.filesystemRead], []])
    }

    @Test("Each finding has its place, and a rationale with it")
    func places() throws {
        let found = draft(.javascript, "// é\n  fetch('https://a.example')\n")
        let finding = try #require(found.findings.first)
        #expect(finding.file == "sample.ts" && finding.line == 2 && finding.column == 3 && finding.confidence == .high)
        #expect(found.manifest.rationales[.networkClient]?.contains("sample.ts:2") == true)
    }

    @Test("A draft is a valid manifest", arguments: Language.allCases)
    func valid(language: Language) {
        let found = draft(language == .python ? .python : .javascript, Samples.text(language))
        let reading = AgentManifest.read(found.manifest.serialized(), strict: true)
        #expect(reading.manifest != nil, "\(reading.issues)")
    }

    @Test(
        "What cannot be resolved is listed",
        arguments: [
            ("eval(x)", "evaluated-code"), ("require(x)", "dynamic-import"),
            ("import(`./a/${b}.js`)", "dynamic-import"),
            ("require('child_process').exec(x)", "shell-string"),
            ("require('child_process').spawn(x)", "computed-program"),
            ("import './gone.js'", "unresolved-import"),
        ])
    func doubts(code: String, kind: String) {
        #expect(draft(.javascript, code).unresolved.map(\.kind).contains(kind), "\(code)")
    }
}

@Suite("Wrappers")
struct WrapperTests {
    @Test("A shell that is given a function's parameter says what the callers say")
    func shell() {
        let code = """
            import { spawn } from "child_process";
            function sh(command: string) { return spawn("/bin/sh", ["-c", command]); }
            sh("curl https://example.com/x");
            """
        #expect(draft(.javascript, code).needed == [.exec, .networkClient])
        #expect(draft(.javascript, code.replacing("curl", with: "echo")).needed == [.exec])
    }
}
