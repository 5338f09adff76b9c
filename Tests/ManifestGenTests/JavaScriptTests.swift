import ManifestModel
import Testing

@testable import ManifestGen

@Suite("JavaScript: what stands for what")
struct JavaScriptTests {
    @Test(
        "Texts that depend on something, or are put together, are followed to the program that starts",
        arguments: [
            (
                "let c; if (a) { c = 'pbpaste' } else { c = 'notify-send' }; execSync(c)",
                [.exec, .clipboardRead, .notifications]
            ),
            (
                "function f(p) { let c: string; switch (p) { case 'a': c = `pbcopy ${p}`; break; default: c = `say ${p}` }; execSync(c) }",
                [.exec, .clipboardWrite, .speaker]
            ),
            ("const c = isMac ? 'screencapture' : 'true'; spawn(c, [])", [.exec, .screenCapture, .filesystemWrite]),
            ("spawn(isMac ? 'pbcopy' : isWindows ? 'clip' : 'none')", [.exec, .clipboardWrite]),
            (
                "function run(command) { const parts = command.split(' '); spawn(parts[0], parts.slice(1)) }; function f() { let c = 'pbpaste'; c += ' -x'; run(c) }",
                [.exec, .clipboardRead]
            ),
            (
                "function run(line) { const [program, ...rest] = line.trim().split(' '); spawn(program, rest) }; run('pbcopy -x')",
                [.exec, .clipboardWrite]
            ),
            ("const tool = 'pbcopy'; exec(`${tool} -a`)", [.exec, .clipboardWrite]),
            (
                "function find() { const own = process.env.A; if (own) return own; const n = own || 'pbcopy'; return n }; class A { p: string; constructor() { this.p = find() } go() { spawn(this.p) } }",
                [.exec, .environmentRead, .clipboardWrite]
            ),
            ("exec(`cat a > ${b}`)", [.exec, .filesystemRead, .filesystemWrite]),
            ("exec(`osascript -e 'write x to (POSIX file \"${f}\")'`)", [.exec, .filesystemWrite]),
            (
                "const script = `tell app\n do shell script \"x\" ${a}\n do shell script \"rm \" & b`; exec('osascript', script)",
                [.exec, .filesystemDelete]
            ),
            // A choice with an unknown part still starts something; prose about speaking does not.
            ("const m = `Now say \"hello\" to ${a}`; exec('osascript -e x'); use(m)", [.exec]),
        ] as [(String, Set<Permission>)])
    func programs(code: String, expected: Set<Permission>) {
        let found = draft(.javascript, "import {exec, execSync, spawn} from 'node:child_process';\n" + code)
        #expect(found.needed == expected, "\(code)")
    }

    @Test(
        "Command lines that begin with a hole",
        arguments: [
            ("function run(tool, args) { exec(`${tool} ${args}`) }; run('pbcopy', 'x')", [.exec, .clipboardWrite]),
            (
                "const tool = (() => { try { return 'pbpaste' } catch { return 'pbcopy' } })(); exec(`\"${tool}\" -a`)",
                [.exec, .clipboardRead, .clipboardWrite]
            ),
            ("class A { p = 'say'; go() { exec(`${this.p} ${x}`) } }", [.exec, .speaker]),
            // What stands behind the hole is no program.
            ("exec(`${x} kill ${y}`)", [.exec]), ("exec(x + ' rm ' + y)", [.exec]),
            ("exec(`ls ${x} rm`)", [.exec, .filesystemRead]),
            ("exec(`${x} | rm ${y}`)", [.exec, .filesystemDelete]),
        ] as [(String, Set<Permission>)])
    func holes(code: String, expected: Set<Permission>) {
        let found = draft(.javascript, "import {exec, spawn} from 'node:child_process';\n" + code)
        #expect(found.needed == expected, "\(code)")
    }

    @Test(
        "Texts in objects and lists",
        arguments: [
            (
                "function find() { if (a) { return {cmd: 'pbcopy', args: []} } const all: P[] = [{cmd: 'say'}, {cmd: 'true'}]; for (const p of all) { return p } } const p = find(); spawn(p.cmd, p.args)",
                [.exec, .clipboardWrite]
            ),
            (
                "const all = [{cmd: 'say'}, {cmd: 'pbcopy'}]; for (const p of all) { spawn(p.cmd) }",
                [.exec, .speaker, .clipboardWrite]
            ),
            (
                "for (const p of ['pbpaste', 'true']) exec(p); const l = ['pbcopy']; for (const q of l) { exec(q) }",
                [.exec, .clipboardWrite]
            ),
            ("const paths = {mac: {tool: 'pbcopy'}}; spawn(paths.mac.tool)", [.exec, .clipboardWrite]),
        ] as [(String, Set<Permission>)])
    func grouped(code: String, expected: Set<Permission>) {
        let found = draft(.javascript, "import {exec, spawn} from 'node:child_process';\n" + code)
        #expect(found.needed == expected, "\(code)")
    }

    @Test(
        "A variable that was first given an environment variable is none",
        arguments: [
            "let a = process.env.A; a = 'b'", "let on = process.env.A === 'true'; function f() { on = false }",
            "const {A} = process.env; let b = A; b ||= 'c'", "let a; a = process.env.A; a = b.c",
        ])
    func variables(code: String) {
        #expect(draft(.javascript, code).needed == [.environmentRead], "\(code)")
    }

    @Test("A choice of transports is one that listens when one of them does")
    func choice() {
        let code = "import {FastMCP} from 'fastmcp'; new FastMCP({}).start({transportType: "
        #expect(draft(.javascript, code + "a ? 'httpStream' : 'stdio'})").needed == [.networkServer])
        #expect(draft(.javascript, code + "'stdio'})").needed == [])
    }

    @Test(
        "Files that are started as workers or programs are read",
        arguments: [
            "new Worker(new URL('./work.ts', import.meta.url), {type: 'module'})",
            "const url = new URL('./work.js', import.meta.url).href; new Worker(url)",
            "import {Worker} from 'worker_threads'; new Worker(path.join(__dirname, 'work.js'))",
            "import {fork} from 'child_process'; const w = path.resolve(__dirname, '.', 'work.js'); fork(w)",
            "import {spawn} from 'child_process'; spawn(process.execPath, [join(here, 'work.js')])",
        ])
    func started(code: String) {
        let found = draft(
            .javascript, code, also: ["work.ts": "fetch('https://a.example')", "other.ts": "require('fs').rmSync('a')"])
        #expect(found.needed.contains(.networkClient) && !found.needed.contains(.filesystemDelete), "\(code)")
        let alone = draft(.javascript, "new Worker('./none.js')")
        #expect(!alone.unresolved.contains { $0.kind == "unresolved-import" })
    }

    @Test("Modules that are found by listing a folder are read")
    func listed() {
        let code = """
            import {readdir} from 'fs/promises'; import {join} from 'path';
            const folder = join(here, '..', 'tools'), data = join(here, '..'), note = join(here, 'data.json');
            for (const f of await readdir(folder)) { const m = await import(`file://${join(folder, f)}`) }
            """
        let tree = MemoryTree([
            "package.json": #"{"name": "a", "bin": "dist/index.js"}"#, "src/index.ts": "import './load/all'",
            "src/load/all.ts": code,
            "src/tools/one.ts": "fetch('https://a.example')", "src/other/two.ts": "process.env.A",
        ])
        #expect(tree.draft.needed == [.filesystemRead, .networkClient])
        #expect(tree.draft.unresolved.contains { $0.kind == "dynamic-import" })
    }

    @Test("A name is looked for in each file that is passed on as a whole")
    func stars() {
        let found = draft(
            .javascript, "import * as all from './all'; all.second()",
            also: [
                "all.ts": "export * from './a'; export * from './b'", "a.ts": "export function first() {}",
                "b.ts": "import fs from 'fs'; export const second = () => fs.readFileSync('a')",
            ])
        #expect(found.needed == [.filesystemRead])
    }

    @Test(
        "Packages that no rule knows count by their names, when they are used",
        arguments: [
            ("import {Client} from 'some-service-sdk'; new Client()", [.networkClient]),
            ("import {Client} from '@service/sdk'; new Client()", [.networkClient]),
            ("import api from '@service/the-api-client'; api()", [.networkClient]),
            ("import {Client} from 'some-service-sdk'", []),
            ("import type {Client} from 'some-service-sdk'; let a: Client", []),
            ("import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js'; new McpServer({})", []),
            ("import {trace} from '@opentelemetry/api'; trace()", []),
            ("import {isAxiosError} from 'axios'; isAxiosError(a)", []),
            ("import {a} from './x-sdk'; a()", []),
        ] as [(String, Set<Permission>)])
    func guesses(code: String, expected: Set<Permission>) {
        #expect(draft(.javascript, code).needed == expected, "\(code)")
    }

    @Test(
        "What listens by being exported",
        arguments: ["fetch(r) {}", "async fetch(r) {}", "port: 1, fetch: app.fetch", "fetch"])
    func served(member: String) {
        #expect(draft(.javascript, "const fetch = f;\nexport default { \(member) }").needed == [.networkServer])
        #expect(draft(.javascript, "export default { refetch(r) {} }").needed == [])
    }

    @Test(
        "Native code is listed",
        arguments: [
            "require('./build/Release/a.node')", "require('bindings')('a')",
            "import load from 'node-gyp-build'; load(x)",
            "import koffi from 'koffi'; koffi.load('a.so')", "Deno.dlopen('a.so', {})", "process.dlopen(module, 'a')",
        ])
    func native(code: String) {
        #expect(draft(.javascript, code).unresolved.contains { $0.kind == "native-code" }, "\(code)")
    }

    @Test("Images in memory are no files")
    func images() {
        #expect(
            draft(.javascript, "import sharp from 'sharp'; function f(buffer) { sharp(buffer).resize(1) }").needed == []
        )
        #expect(
            draft(.javascript, "import sharp from 'sharp'; function f(imagePath) { sharp(imagePath).resize(1) }").needed
                == [.filesystemRead])
    }
}

@Suite("JavaScript: tools that are told apart by name")
struct JavaScriptToolTests {
    private func tools(_ code: String, also files: [String: String] = [:]) -> [String: [Permission]] {
        Dictionary(
            draft(.javascript, code, also: files).manifest.tools.map { ($0.name, $0.permissions) },
            uniquingKeysWith: { first, _ in first })
    }

    private let list = """
        import fs from 'fs';
        const TOOLS = [{name: 'look', description: 'd', inputSchema: {}}, {name: 'send', inputSchema: {}}, {name: 'other', inputSchema: {}}];
        server.setRequestHandler(ListToolsRequestSchema, async () => ({tools: TOOLS}));

        """

    @Test("By a switch")
    func bySwitch() {
        let found = tools(
            list + """
                const look = (p) => fs.readFileSync(p);
                server.setRequestHandler(CallToolRequestSchema, async (request) => {
                  switch (request.params.name) {
                    case 'look': { return look(request.params.arguments) }
                    case 'send':
                      await fetch('https://a.example'); break;
                    default: throw new Error('x')
                  }
                });
                """)
        #expect(found["look"] == [.filesystemRead])
        #expect(found["send"] == [.networkClient])
        // What it does could not be told: all of them.
        #expect(found["other"] == [.filesystemRead, .networkClient])
    }

    @Test("By comparisons, in another file, and by handlers beside the name")
    func otherwise() {
        let found = tools(
            list + "import {call} from './call'; call();",
            also: [
                "call.ts":
                    "import fs from 'fs'; export async function call(name) { if (name === 'look') { return fs.statSync('a') } if ('x' && name === 'send') { return fetch('b') } }"
            ])
        #expect(found["look"] == [.filesystemRead])
        #expect(found["send"] == [.networkClient])
        let objects = tools(
            "export const a = {name: 'look', inputSchema: {}, handler: async () => require('fs').readFileSync('a')}; const b = {name: 'send', inputSchema: z, execute: send}; function send() { return fetch('a') }"
        )
        #expect(objects == ["look": [.filesystemRead], "send": [.networkClient]])
    }

    @Test("What the handler does before it tells the tools apart, it does for all of them")
    func shared() {
        let found = tools(
            list + """
                const log = (p) => fs.appendFileSync('log', p);
                server.setRequestHandler(CallToolRequestSchema, async (request) => {
                  const { name, arguments: args } = request.params; log(name);
                  switch (name) { case 'look': return fs.readFileSync(args.path); case 'send': return await fetch(args.url); case 'other': return 1 }
                });
                """)
        #expect(
            found == [
                "look": [.filesystemRead, .filesystemWrite], "send": [.filesystemWrite, .networkClient],
                "other": [.filesystemWrite],
            ])
    }

    @Test("Labels that stand together, and switches over something else")
    func labels() {
        let found = tools(
            list + """
                async function call(name) { switch (name) { case 'look': case 'send': return fetch('a'); case 'other': return 1 } }
                function kind(type) { switch (type) { case 'look': return require('fs').readFileSync('a') } }
                """)
        #expect(found == ["look": [.networkClient], "send": [.networkClient], "other": []])
    }

    @Test("A case gives back what the function gives back")
    func results() {
        let code = """
            import {SSEServerTransport} from '@modelcontextprotocol/sdk/server/sse.js'; import {exec} from 'child_process';
            function make(name) { switch (name) { case 'a': return exec } }
            make('a')('b');
            """
        #expect(draft(.javascript, code).needed == [.exec])
    }
}

@Suite("npm packages: which files start a server")
struct NodePackageTests {
    private let server = "import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js'; new McpServer({});"

    @Test(
        "Further servers that the package tells to start",
        arguments: [
            (
                "package.json",
                #"{"name": "a", "bin": "./dist/index.js", "scripts": {"start:http": "node dist/http.js"}}"#
            ),
            ("README.md", "Run it:\n\n    node dist/http.js --port 3000\n"),
            ("Dockerfile", "FROM node:22\nCMD [\"node\", \"dist/http.js\"]\n"),
        ])
    func documented(file: String, text: String) {
        var files = [
            "package.json": #"{"name": "a", "bin": "./dist/index.js"}"#, "src/index.ts": server,
            "src/http.ts": server + "import express from 'express'; express().listen(3000)",
            "src/setup.ts": "require('fs').writeFileSync('a', 'b')",
        ]
        files[file] = text
        let found = ManifestGenerator.draft(of: MemoryTree(files))
        #expect(found.entries == ["src/index.ts", "src/http.ts"])
        #expect(found.needed == [.networkServer])
    }

    @Test("Frameworks that load folders, and workers")
    func frameworks() {
        let framework = MemoryTree([
            "package.json": #"{"name": "a", "bin": "dist/index.js", "dependencies": {"mcp-framework": "1"}}"#,
            "src/index.ts": "import {MCPServer} from 'mcp-framework'; new MCPServer().start()",
            "src/tools/One.ts": "fetch('https://a.example')", "src/other/Two.ts": "process.env.A",
        ])
        #expect(framework.draft.needed == [.networkClient])
        let worker = MemoryTree([
            "package.json": #"{"name": "a", "dependencies": {"agents": "1", "@modelcontextprotocol/sdk": "1"}}"#,
            "wrangler.jsonc": #"{"main": "server/worker.ts", /* x */ }"#,
            "server/worker.ts": "import {McpAgent} from 'agents/mcp'; export class A extends McpAgent {}",
            "index.ts": "process.env.A",
        ])
        #expect(worker.draft.entries == ["server/worker.ts"])
        #expect(worker.draft.needed == [.networkServer])
    }

    @Test("A command that loads what the build made of the sources")
    func bundled() {
        let found = ManifestGenerator.draft(
            of: MemoryTree([
                "package.json": #"{"name": "a", "bin": "bin/a.js", "scripts": {"build": "node build.js"}}"#,
                "bin/a.js": "await import('../dist/bundle.js')", "build.js": "build({entryPoints: ['./src/index.ts']})",
                "src/index.ts": "fetch('https://a.example')",
            ]))
        #expect(found.needed == [.networkClient])
        #expect(found.unresolved.isEmpty)
    }

    @Test("Helpers that are no servers stay out")
    func helpers() {
        let found = ManifestGenerator.draft(
            of: MemoryTree([
                "package.json": #"{"name": "a", "bin": "./dist/index.js"}"#, "src/index.ts": server,
                "src/setup.ts": "require('fs').writeFileSync('a', 'b')", "README.md": "node dist/setup.js",
            ]))
        #expect(found.entries == ["src/index.ts"])
    }
}
