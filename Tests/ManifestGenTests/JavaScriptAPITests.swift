import ManifestModel
import Testing

@testable import ManifestGen

/// All members of the runtimes' modules that reach outside of the program, by the runtimes' own documentation.
@Suite("JavaScript: the runtimes' own modules")
struct JavaScriptAPITests {
    private func check(_ module: String, _ members: String, _ expected: Permission, arguments: String = "a") {
        for member in members.split(separator: " ") {
            let code = "import * as m from '\(module)'; m.\(member)(\(arguments))"
            #expect(draft(.javascript, code).needed.contains(expected), "\(code)")
        }
    }

    @Test("node:fs and node:fs/promises")
    func files() {
        let read = "access cp copyFile glob lstat opendir readFile readdir readlink realpath stat statfs watch"
        let write = """
            appendFile chmod chown copyFile cp lchmod lchown link lutimes mkdir mkdtemp mkdtempDisposable rename symlink \
            truncate utimes writeFile
            """
        for module in ["node:fs", "fs", "fs/promises", "node:fs/promises", "fs-extra"] {
            check(module, read, .filesystemRead)
            check(module, write, .filesystemWrite)
            check(module, "rename rm rmdir unlink", .filesystemDelete)
            check(module, "open", .filesystemRead)
            check(module, "open", .filesystemWrite, arguments: "a, 'w'")
        }
        check("fs", "promises.readFile promises.stat", .filesystemRead)
        check(
            "fs",
            """
            accessSync copyFileSync cpSync createReadStream exists existsSync globSync lstatSync openAsBlob opendirSync \
            readFileSync readdirSync readlinkSync realpathSync statSync statfsSync watchFile openSync
            """, .filesystemRead)
        check(
            "fs",
            """
            appendFileSync chmodSync chownSync copyFileSync cpSync createWriteStream fchmod fchmodSync fchown fchownSync \
            ftruncate ftruncateSync futimes futimesSync lchmodSync lchownSync linkSync lutimesSync mkdirSync mkdtempSync \
            renameSync symlinkSync truncateSync utimesSync writeFileSync writev writevSync
            """, .filesystemWrite)
        check("fs", "renameSync rmSync rmdirSync unlinkSync", .filesystemDelete)
    }

    @Test("Processes, and what listens or connects")
    func others() {
        check("child_process", "exec execFile execFileSync execSync fork spawn spawnSync", .exec)
        check("cluster", "fork", .exec)
        check("node:process", "kill", .process)
        check("os", "setPriority", .process)
        check("http", "get request ClientRequest", .networkClient)
        check("https", "get request", .networkClient)
        check("http2", "connect", .networkClient)
        check("net", "connect createConnection Socket", .networkClient)
        check("tls", "connect TLSSocket", .networkClient)
        check("dgram", "createSocket", .networkClient)
        check(
            "dns",
            """
            lookup lookupService resolve resolve4 resolve6 resolveAny resolveCname resolveCaa resolveMx resolveNaptr \
            resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse Resolver
            """, .networkClient)
        check("dns/promises", "lookup lookupService resolve resolve4 reverse Resolver", .networkClient)
        check("http", "createServer Server", .networkServer)
        check("https", "createServer Server", .networkServer)
        check("http2", "createServer createSecureServer", .networkServer)
        check("net", "createServer Server", .networkServer)
        check("tls", "createServer Server", .networkServer)
        check("inspector", "open", .networkServer)
    }

    @Test("Deno and Bun")
    func runtimes() {
        func global(_ name: String, _ members: String, _ expected: Permission, _ arguments: String = "a") {
            for member in members.split(separator: " ") {
                let code = "\(name).\(member)(\(arguments))"
                #expect(draft(.javascript, code).needed.contains(expected), "\(code)")
            }
        }
        global(
            "Deno",
            """
            lstat lstatSync open openSync readDir readDirSync readFile readFileSync readLink readLinkSync readTextFile \
            readTextFileSync realPath realPathSync stat statSync watchFs copyFile openKv
            """, .filesystemRead)
        global(
            "Deno",
            """
            chmod chmodSync chown chownSync copyFile copyFileSync create createSync link linkSync makeTempDir makeTempDirSync \
            makeTempFile makeTempFileSync mkdir mkdirSync rename renameSync symlink symlinkSync truncate truncateSync utime \
            utimeSync writeFile writeFileSync writeTextFile writeTextFileSync openKv
            """, .filesystemWrite)
        global("Deno", "open openSync", .filesystemWrite, "a, {write: true}")
        global("Deno", "remove removeSync rename renameSync", .filesystemDelete)
        global("Deno", "connect connectTls connectQuic startTls resolveDns createHttpClient", .networkClient)
        global("Deno", "serve listen listenTls listenDatagram", .networkServer)
        global("Deno", "env.get env.has env.toObject", .environmentRead)
        global("Deno", "env.set env.delete", .environmentWrite)
        global("Deno", "kill", .process)
        #expect(draft(.javascript, "new Deno.Command('a').spawn()").needed == [.exec])
        for name in ["Bun", "globalThis.Bun"] {
            global(name, "file mmap which", .filesystemRead)
            global(name, "write build", .filesystemWrite)
            global(name, "file(a).delete file(a).unlink", .filesystemDelete, "")
            global(name, "spawn spawnSync $ openInEditor", .exec)
            global(name, "serve listen", .networkServer)
            global(name, "connect udpSocket dns.lookup sql SQL RedisClient S3Client redis.get", .networkClient)
        }
        #expect(draft(.javascript, "Bun.env.A = 'b'").needed == [.environmentWrite, .environmentRead])
        #expect(draft(.javascript, "import {spawn} from 'bun'; spawn(['pbcopy'])").needed == [.exec, .clipboardWrite])
        #expect(
            draft(.javascript, "import {ensureDir} from 'jsr:@std/fs@1'; ensureDir('a')").needed == [.filesystemWrite])
        #expect(
            draft(.javascript, "import {ensureDir} from 'https://deno.land/std@0.224.0/fs/mod.ts'; ensureDir('a')")
                .needed == [.filesystemWrite])
    }
}
