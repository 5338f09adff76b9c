import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

@Suite struct ConsentTests {
    static let request = ConsentRequest(
        server: "Time Server", program: "/usr/bin/python3", manifestDigest: String(repeating: "a", count: 64),
        argv: ["/usr/bin/python3", "-m", "mcp_server_time"],
        permissions: ["mcp.ac.filesystem.read", "mcp.ac.network.client"],
        grants: ["readPaths": ["/srv/data"], "allowedHosts": ["api.example.com:443"]],
        denials: ["denyPaths": ["/srv/data/secret"]], limits: ["memory": 1 << 30])

    private func changed(_ change: (inout ConsentRequest) -> Void) -> ConsentRequest {
        var request = Self.request
        change(&request)
        return request
    }

    /// A store in a folder of its own, removed afterwards.
    private func withStore(_ body: (ConsentStore) throws -> Void) throws {
        var template = Array("/tmp/consent-tests-XXXXXX".utf8CString)
        // mkdtemp fills in the six letters.
        let path = unsafe template.withUnsafeMutableBufferPointer {
            unsafe FilePath(platformString: mkdtemp($0.baseAddress!)!)
        }
        let store = ConsentStore(folder: path.appending("state/consent"))
        defer {
            for (key, _) in (try? store.list()) ?? [] { unsafe unlink(store.folder.appending(key + ".json").string) }
            for folder in [store.folder, path.appending("state"), path] { unsafe rmdir(folder.string) }
        }
        try body(store)
    }

    private func file(_ store: ConsentStore) -> FilePath {
        store.folder.appending(ConsentStore.key(Self.request) + ".json")
    }

    @Test("Nothing is granted before it was recorded; then the same request is, and after revoking no more")
    func life() throws {
        try withStore { store in
            #expect(try store.lookup(Self.request) == .unknown(warning: nil))
            #expect(try store.list().isEmpty)
            let record = ConsentRecord(Self.request, at: Timestamp(microseconds: 1_700_000_000_000_001))
            try store.record(record)
            #expect(try store.lookup(Self.request) == .granted(record))
            #expect(try store.list().map(\.record) == [record])
            #expect(try store.revoke(ConsentStore.key(Self.request)))
            #expect(try store.lookup(Self.request) == .unknown(warning: nil))
            #expect(try !store.revoke(ConsentStore.key(Self.request)))
            #expect(try !store.revoke("../" + ConsentStore.key(Self.request)))
        }
    }

    @Test("The record is 0600 in a folder 0700, and no temporary file stays")
    func modes() throws {
        try withStore { store in
            try store.record(ConsentRecord(Self.request))
            try store.record(ConsentRecord(Self.request))
            var status = stat()
            #expect(unsafe lstat(file(store).string, &status) == 0 && status.st_mode & 0o7777 == 0o600)
            #expect(unsafe lstat(store.folder.string, &status) == 0 && status.st_mode & 0o7777 == 0o700)
            #expect(try store.list().count == 1 && rmdirWouldBeEmpty(store))
        }
    }

    /// Nothing but the record: after it is revoked the folder can be removed.
    private func rmdirWouldBeEmpty(_ store: ConsentStore) throws -> Bool {
        try store.revoke(ConsentStore.key(Self.request))
        return unsafe rmdir(store.folder.string) == 0
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let more: [ConsentItem.Kind]
        let change: @Sendable (inout ConsentRequest) -> Void
        init(
            _ name: String, more: [ConsentItem.Kind] = [], _ change: @escaping @Sendable (inout ConsentRequest) -> Void
        ) {
            testDescription = name
            self.more = more
            self.change = change
        }
    }

    @Test(
        "What only narrows passes, everything else is asked about",
        arguments: [
            Case("other manifest bytes, same rights") { $0.manifestDigest = String(repeating: "b", count: 64) },
            Case("a permission less") { $0.permissions.remove("mcp.ac.network.client") },
            Case("a permission more", more: [.permission]) { $0.permissions.insert("mcp.ac.system.exec") },
            Case("a host less") { $0.grants["allowedHosts"] = [] },
            Case("a host more", more: [.grant("allowedHosts")]) { $0.grants["allowedHosts"]?.insert("*") },
            Case("a key more", more: [.grant("listenPorts")]) { $0.grants["listenPorts"] = ["80"] },
            Case("a folder below a granted one") { $0.grants["readPaths"] = ["/srv/data/sub"] },
            Case("a folder above", more: [.grant("readPaths")]) { $0.grants["readPaths"] = ["/srv"] },
            Case("same first letters, different folder", more: [.grant("readPaths")]) {
                $0.grants["readPaths"] = ["/srv/database"]
            },
            Case("not a resolved path", more: [.grant("readPaths")]) { $0.grants["readPaths"] = ["/srv/data/../key"] },
            Case("read path as write path", more: [.grant("writePaths")]) { $0.grants["writePaths"] = ["/srv/data"] },
            Case("a denial more") { $0.denials["deniedHosts"] = ["evil.example"] },
            Case("a denial less", more: [.denial("denyPaths")]) { $0.denials = [:] },
            Case("a lower limit") { $0.limits["memory"] = 1 },
            Case("a limit more") { $0.limits["files"] = 10 },
            Case("a higher limit", more: [.limit("memory")]) { $0.limits["memory"] = 1 << 31 },
            Case("a limit less", more: [.limit("memory")]) { $0.limits = [:] },
            Case("another argument", more: [.command]) { $0.argv.append("--local-timezone=UTC") },
            Case("arguments joined", more: [.command]) { $0.argv = ["/usr/bin/python3", "-m mcp_server_time"] },
        ])
    private func narrowing(given: Case) throws {
        try withStore { store in
            let record = ConsentRecord(Self.request, at: Timestamp(microseconds: 0))
            try store.record(record)
            switch try store.lookup(changed(given.change)) {
            case .granted(let found): #expect(given.more.isEmpty && found == record)
            case .changed(let previous, let difference):
                #expect(previous == record && difference.more.map(\.kind) == given.more)
            case .unknown: Issue.record("not found")
            }
        }
    }

    @Test("A record that is broken, cut, edited or of another server warns and grants nothing")
    func corrupt() throws {
        try withStore { store in
            try store.record(ConsentRecord(Self.request))
            let good = try readFile(file(store))
            let text = String(decoding: good, as: UTF8.self)
            let other = ConsentRecord(changed { $0.server = "other" }).json.serialized()
            let broken: [[UInt8]] = [
                [], Array("{}".utf8), Array(good.dropLast(10)), good + good, other, [0xff] + good,
                Array(text.replacing("filesystem.read", with: "filesystem.write").utf8),  // widened by hand
                Array(text.replacing("\"version\": 1", with: "\"version\": 2").utf8),
                [UInt8](repeating: 0x20, count: 2 << 20),
            ]
            for bytes in broken {
                try OwnedDescriptor.open(file(store), O_WRONLY | O_TRUNC).writeAll(bytes)
                guard case .unknown(warning: .some) = try store.lookup(Self.request) else {
                    Issue.record("granted by \(bytes.count) bytes that are no record")
                    continue
                }
                #expect(try store.list().map(\.record) == [nil] || bytes == other)
            }
        }
    }

    @Test("A store that others may write, or that is a link, grants nothing: it throws")
    func untrusted() throws {
        try withStore { store in
            try store.record(ConsentRecord(Self.request))
            try #require(unsafe chmod(store.folder.string, 0o777) == 0)
            #expect(throws: AuditError.self) { try store.lookup(Self.request) }
            try #require(unsafe chmod(store.folder.string, 0o700) == 0)
            let copy = store.folder.appending("copy")
            try #require(unsafe rename(file(store).string, copy.string) == 0)
            try #require(unsafe symlink("copy", file(store).string) == 0)
            #expect(throws: AuditError.untrusted(file(store), .symbolicLink)) { try store.lookup(Self.request) }
            unsafe unlink(copy.string)
        }
    }

    @Test("A store that cannot be made says where and why")
    func unwritable() throws {
        do throws(AuditError) {
            try ConsentStore(folder: "/proc/agentbound/consent").record(ConsentRecord(Self.request))
            Issue.record("recorded in /proc")
        } catch {
            guard case .system(let failure) = error else { return #expect(Bool(false), "\(error)") }
            #expect(failure.path == "/proc/agentbound" && failure.errno == .noSuchFileOrDirectory)
        }
        #expect(throws: AuditError.noStateFolder) { try ConsentStore(stateHome: nil, home: nil) }
    }

    @Test("G11: the digest changes with every part, and parts do not run together")
    func digest() {
        let changes: [(inout ConsentRequest) -> Void] = [
            { _ in }, { $0.manifestDigest = "b" }, { $0.argv = [] }, { $0.argv = ["a", "b"] }, { $0.argv = ["a b"] },
            { $0.argv = ["ab"] }, { $0.permissions = [] }, { $0.grants = [:] }, { $0.denials = [:] },
            { $0.limits = [:] },
            { swap(&$0.grants, &$0.denials) }, { $0.limits["memory"] = 2 },
            { $0.grants["readPaths"] = ["/srv", "data"] },
        ]
        let digests = changes.map { ConsentDigest(changed($0)) }
        #expect(Set(digests).count == changes.count)
        #expect(ConsentDigest(changed { $0.grants["writePaths"] = [] }) == digests[0])
    }

    @Test(
        "Servers have records of their own, with names that are safe as file names",
        arguments: [
            "../../etc/passwd", "", "a/b", "名前", String(repeating: "x", count: 500), ".hidden", "a\nb",
        ])
    func keys(server: String) {
        let key = ConsentStore.key(server: server, program: "/bin/x")
        #expect(key.utf8.count <= 64 && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        #expect(key.first != "-" && key != ConsentStore.key(server: server, program: "/bin/y"))
        #expect(key != ConsentStore.key(server: server + "x", program: "/bin/x"))
    }

    @Test("The difference is told in words, without anything that steers a terminal")
    func words() {
        let new = changed {
            $0.permissions = ["mcp.ac.filesystem.read", "mcp.ac.system.exec"]
            $0.grants["readPaths"]?.insert("/etc/\u{1b}[2J")
            $0.denials = [:]
        }
        #expect(
            ConsentDifference(from: Self.request, to: new).lines == [
                "+ asks for mcp.ac.system.exec", "+ readPaths: /etc/\\u{1b}[2J",
                "+ denyPaths: no longer /srv/data/secret",
                "- no longer asks for mcp.ac.network.client",
            ])
    }
}
