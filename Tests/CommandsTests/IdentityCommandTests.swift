import Foundation
import TestSupport
import Testing

/// The executable's keys and tokens, held against Python's `cryptography` in both directions.
@Suite("Identity", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct IdentityCommandTests {
    private let folder: TemporaryFolder
    private var environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        // A state folder that others could write would be refused.
        try setMode(0o700, of: folder.path)
        environment = TestEnvironment.plain
        environment["HOME"] = folder.path
    }

    private func agentbound(_ arguments: [String], token: String? = nil, input: String = "") throws -> Finished {
        var environment = environment
        environment["AGENTBOUND_AGENT_TOKEN"] = token
        return try run([Products.agentbound] + arguments, input: input, environment: environment, folder: folder.path)
    }

    private func python(_ script: String, _ arguments: String...) throws -> String {
        let common = """
            import base64, hashlib, hmac, json, sys, time
            from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
            enc = lambda b: base64.urlsafe_b64encode(b).rstrip(b'=').decode()
            dec = lambda s: base64.urlsafe_b64decode(s + '=' * (-len(s) % 4))
            key = lambda name: base64.b64decode(''.join(open(name).read().split('\\n')[1:-2]))
            now = int(time.time())

            """
        let finished = try run(
            ["/usr/bin/python3", "-c", common + script] + arguments, environment: environment, folder: folder.path)
        #expect(finished.errors == "")
        return finished.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("Python checks our tokens, and we check Python's, with both schemes", arguments: ["ed25519", "hmac-sha256"])
    func python(scheme: String) throws {
        #expect(try agentbound(["identity", "keygen", "k", "--scheme", scheme]).code == 0)
        let isPair = scheme == "ed25519"
        let ours = try agentbound([
            "identity", "token", "--key", "k", "--agent", "builder", "--role", "deploy", "--role", "read", "--server",
            "files",
        ])
        #expect(ours.code == 0)
        let token = ours.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let check =
            isPair
            ? "load_pem_public_key(open('k.pub','rb').read()).verify(sig, text)"
            : "assert hmac.compare_digest(hmac.new(key('k'), text, hashlib.sha256).digest(), sig)"
        let claims = try python(
            """
            head, body, sig = sys.argv[1].split('.')
            text, sig = (head + '.' + body).encode(), dec(sig)
            \(check)
            c = json.loads(dec(body)); print(c['sub'], c['roles'], c['aud'], 3500 < c['exp'] - now <= 3600)
            """, token)
        #expect(claims == "builder ['deploy', 'read'] ['files'] True")
        let sign =
            isPair
            ? "load_pem_private_key(open('k','rb').read(), None).sign(text.encode())"
            : "hmac.new(key('k'), text.encode(), hashlib.sha256).digest()"
        let theirs = try python(
            """
            text = enc(json.dumps({'alg': sys.argv[1], 'typ': 'JWT'}).encode()) + '.' + enc(json.dumps(
                {'sub': 'python', 'aud': 'files', 'iss': 'somebody', 'iat': now, 'exp': now + 60}).encode())
            print(text + '.' + enc(\(sign)))
            """, isPair ? "EdDSA" : "HS256")
        let verify = ["identity", "verify", "--pubkey", isPair ? "k.pub" : "k", "--server", "files"]
        let proven = try agentbound(verify, token: theirs)
        #expect(proven.code == 0 && proven.text == "python, roles: none\n")
        #expect(try agentbound(verify + ["--token-file", "-"], input: theirs + "\n").code == 0)
        let changed = try agentbound(verify, token: theirs.replacingOccurrences(of: ".", with: ".A"))
        #expect(changed.code == 1 && changed.text.hasPrefix("proves nothing"))
        #expect(try agentbound(verify.dropLast() + ["mail"], token: theirs).code == 1)
    }

    @Test("Secrets are in no command line, no file that others can read, and are never written over")
    func secrets() throws {
        #expect(try agentbound(["identity", "keygen", "k"]).code == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/k")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try agentbound(["identity", "keygen", "k"]).code == 74)
        let secret = try agentbound(["identity", "verify", "--pubkey", "k", "--server", "s"], token: "a.b.c")
        #expect(secret.code == 65 && secret.errors.contains("a gateway gets the public one"))
        try setMode(0o644, of: folder.path + "/k")
        let issue = ["identity", "token", "--key", "k", "--agent", "a", "--server", "s"]
        let readable = try agentbound(issue)
        #expect(readable.code == 77 && readable.text.isEmpty)
        try setMode(0o600, of: folder.path + "/k")
        #expect(try agentbound(issue).code == 0)
        #expect(try agentbound(issue + ["--for", "31d"]).code == 64)
        #expect(try agentbound(["identity", "verify", "--pubkey", "k.pub", "--server", "s"]).code == 66)
        #expect(try agentbound(["identity", "show"], token: "nonsense").code == 65)
    }

    @Test("A signed journal is proven with the public key alone, and with a head that was kept elsewhere")
    func signedJournal() throws {
        #expect(try agentbound(["audit", "head", "--sign"]).code == 66)  // no journal is made for it
        let manifest = #"{"name": "probe", "description": "d", "permissions": []}"#
        try manifest.write(toFile: folder.path + "/m.json", atomically: true, encoding: .utf8)
        #expect(try agentbound(["audit", "keygen"]).code == 0)
        let journal = folder.path + "/.local/state/agentbound/audit/journal.jsonl"
        for _ in 0..<2 {
            #expect(try agentbound(["run", "m.json", "--yes", "--accept-gaps", "--", "/bin/true"]).code == 0)
        }
        let head = try agentbound(["audit", "head"]).text
        #expect(head.contains("\"signature\""))
        try head.write(toFile: folder.path + "/head", atomically: true, encoding: .utf8)
        let key = folder.path + "/.local/state/agentbound/keys/audit.pub"
        let whole = try agentbound(["audit", "verify", "--pubkey", key, "--head", "head"])
        #expect(whole.code == 0 && whole.text.contains("signed: up to event 4"))
        // Another account's key signed nothing of it.
        #expect(try agentbound(["identity", "keygen", "other"]).code == 0)
        #expect(
            try agentbound(["audit", "verify", "--pubkey", "other.pub"]).text.contains("no signed head of this key"))
        // All that is in this account is put back to before the second session; the head that was kept shows it.
        let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n").prefix(2)
        try (lines.joined(separator: "\n") + "\n").write(toFile: journal, atomically: true, encoding: .utf8)
        let beside = journal.replacingOccurrences(of: "jsonl", with: "")
        let signed = try String(contentsOfFile: beside + "signed", encoding: .utf8).split(separator: "\n")
        try (signed[0] + "\n").write(toFile: beside + "signed", atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: beside + "head")
        #expect(try agentbound(["audit", "verify", "--pubkey", key]).code == 0)
        let rolledBack = try agentbound(["audit", "verify", "--pubkey", key, "--head", "head"])
        #expect(rolledBack.code == 1 && rolledBack.text.contains("the tail was cut"))
    }
}
