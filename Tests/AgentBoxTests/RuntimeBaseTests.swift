import SystemPackage
import Testing

@testable import AgentBox

@Suite struct RuntimeBaseTests {
    static let here = RuntimeBase(files: HostFiles())

    @Test(
        "Accounts, name servers and homes stay out on this machine",
        arguments: [
            "/etc/passwd", "/etc/group", "/etc/shadow", "/etc/resolv.conf", "/etc", "/home", "/root", "/", "/tmp",
            "/var", "/dev",
            "/etc/ssl/private", "/etc/pki/tls/private", "/run",
        ])
    func staysOut(path: FilePath) {
        #expect(!Self.here.paths.isEmpty)
        for entry in Self.here.paths {
            #expect(entry.path != path && !path.starts(with: entry.path))
        }
    }

    @Test("Entries are real, each once, and the missing ones are skipped")
    func entries() {
        let base = RuntimeBase(files: FakeFiles.machine)
        #expect(base.paths.map(\.path) == ["/usr/lib", "/usr/lib64"])
        #expect(base.links.contains(SymbolicLink(path: "/lib64", target: "usr/lib64")))
        #expect(base.links.contains(SymbolicLink(path: "/bin", target: "usr/bin")))
    }

    @Test(
        "A link that leads to a private place opens nothing",
        arguments: ["/root/x", "/home/u", "/", "/etc", "/var/lib/x"])
    func badLinks(target: FilePath) {
        var files = FakeFiles()
        files.folder(target)
        files.link("/etc/alternatives", target)
        #expect(RuntimeBase(files: files).paths.isEmpty)
    }

    @Test("Only devices without state can be written")
    func devices() {
        let writable = RuntimeBase.table.filter { $0.access == .readWrite }.map(\.path)
        #expect(writable == ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"])
    }

    @Test(
        "The box's passwd has root, nobody and the user, and nothing private",
        arguments: [
            (
                "u:hash:1000:100:Full Name:/home/u:/bin/zsh\nv:x:1001:1001::/home/v:/bin/sh\n",
                "u:x:1000:100::/home/u:/bin/zsh"
            ),
            ("", "user:x:1000:1000::/home/u:/bin/sh"),
            // NIS, cut off, no number
            ("+:x:1000:1::::\nu:x:1000\nu:x:abc:1::/:/\n\n", "user:x:1000:1000::/home/u:/bin/sh"),
        ])
    func passwd(host: String, line: String) {
        let lines = RuntimeBase.passwd(host: host, uid: 1000, gid: 1000, home: "/home/u").split(separator: "\n")
        #expect(lines.map { $0.prefix { $0 != ":" } } == ["root", line.prefix { $0 != ":" }, "nobody"])
        #expect(lines[1] == line)
    }

    @Test("Root and nobody are not listed twice", arguments: [UInt32(0), 65534])
    func noDuplicates(uid: UInt32) {
        let text = RuntimeBase.passwd(host: "root:x:0:0:root:/root:/bin/bash\n", uid: uid, gid: uid, home: "/root")
        #expect(text.split(separator: "\n").count == 2)
        #expect(RuntimeBase.group(host: "", gid: uid).split(separator: "\n").count == 2)
    }

    @Test("A home that would add a line is not written")
    func oddHome() {
        #expect(!RuntimeBase.passwd(host: "", uid: 5, gid: 5, home: "/a\nevil:x:0:0::/:/").contains("evil"))
        #expect(RuntimeBase.group(host: "staff:x:50:u,v\n", gid: 50).contains("staff:x:50:\n"))
    }
}
