import PolicyEngine
import SystemPackage
import Testing

@Suite struct HomeFoldersTests {
    static let passwd = """
        root:x:0:0:root:/root:/bin/bash
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        git:x:105:110::/srv/git:/bin/sh
        u:x:1000:1000:U,,,:/home/u:/bin/bash
        v:x:1001:1001::/home/people/../v:/bin/bash
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        short:x:1002
        none:x:1003:1003::/:/bin/sh
        relative:x:1004:1004::home:/bin/sh
        odd:x:many:1::/home/odd:/bin/sh
        """

    @Test(
        "The homes of people are found by what they hold, are and lie in",
        arguments: [
            ("/home/u/work/server", ["/home/u"]), ("/home/u", ["/home/u"]), ("/home", ["/home/u", "/home/v"]),
            ("/", ["/root", "/home/u", "/home/v"]), ("/home/v/x", ["/home/v"]), ("/home/under", []), ("/srv/git", []),
            ("/usr/sbin", []), ("/nonexistent", []),
        ] as [(FilePath, [FilePath])])
    func around(path: FilePath, homes: [FilePath]) {
        #expect(HomeFolders(passwd: Array(Self.passwd.utf8)) { $0 }.around(path) == homes)
    }

    @Test("A home that is a link is one where it leads, too")
    func link() {
        let homes = HomeFolders(passwd: Array(Self.passwd.utf8)) { $0 == "/home/u" ? "/data/u" : $0 }
        #expect(homes.around("/data/u/work") == ["/data/u"])
        #expect(homes.around("/home/u") == ["/home/u"])
    }

    @Test("The user's own counts whoever he is")
    func own() {
        let homes = HomeFolders(passwd: Array(Self.passwd.utf8), user: 105) { $0 }
        #expect(homes.around("/srv/git/x") == ["/srv/git"])
    }
}
