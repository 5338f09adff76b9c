import SystemPackage
import Testing

@testable import AgentBox

/// Which of the program's own files become readable, by kind of program.
@Suite struct LaunchChainClosureTests {
    /// What a command may read beyond the system's own files.
    func own(_ command: String, in files: FakeFiles, folder: FilePath = "/home/u/work") throws -> [String] {
        let words = command.split(separator: " ").map(String.init)
        let chain = try LaunchChain(
            argv: words, path: ["/usr/bin"], folder: folder, environment: ["HOME": "/home/u"], files: files)
        return readable(chain).filter { !$0.hasPrefix("/usr/") }
    }

    static let python: FakeFiles = {
        var files = FakeFiles.machine
        files.text("/home/u/work/server.py", "")
        files.text("/home/u/s.py", "")
        files.text("/home/u/work/pkg/__init__.py", "")
        files.text("/home/u/work/mod.py", "")
        files.text("/home/u/v/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n")
        files.link("/home/u/v/bin/python", "/usr/bin/python3")
        files.text("/home/u/v/bin/tool", "#!/home/u/v/bin/python\n", executable: true)
        files.text("/home/u/v/lib/python3.11/site-packages/a.py", "")
        files.text("/home/u/.local/lib/python3.11/site-packages/b.py", "")
        files.text("/home/u/.local/lib/python3.9/site-packages/b.py", "")
        files.folder("/home/u/.ssh")
        return files
    }()

    static let userSite = "/home/u/.local/lib/python3.11/site-packages/"

    @Test(
        "Python reads the script's folder, its environment and the user's packages, as it would search them",
        arguments: [
            ("python3 server.py", [userSite, "/home/u/work/"]),
            ("python3 -s server.py", ["/home/u/work/"]),
            ("python3 -I server.py", ["/home/u/work/server.py"]),  // isolated: no folder is searched
            ("python3 -uW ignore server.py", [userSite, "/home/u/work/"]),  // an option's value is no script
            ("python3 /home/u/s.py", [userSite, "/home/u/s.py"]),  // beside it lies the whole home folder
            ("python3 -m pkg.sub", [userSite, "/home/u/work/pkg/", "/home/u/work (names)"]),
            ("python3 -m mod", [userSite, "/home/u/work/"]),
            ("python3 -Im pkg", []),
            ("python3 -m http.server", [userSite]),
            ("python3 -c x", [userSite]),
            ("/home/u/v/bin/python -c x", ["/home/u/v/"]),
            ("/home/u/v/bin/tool", ["/home/u/v/"]),
        ])
    func pythonFiles(command: String, paths: [String]) throws {
        #expect(try own(command, in: Self.python) == paths)
    }

    @Test("An entry point keeps its environment's name for Python, which finds the environment by it")
    func venvName() throws {
        let chain = try follow("/home/u/v/bin/tool", in: Self.python)
        #expect(chain.argv == ["/home/u/v/bin/python", "/home/u/v/bin/tool"])
        #expect(chain.program == "/usr/bin/python3.11")
    }

    @Test("A file left out because of its folder is noted")
    func noted() throws {
        let chain = try follow("python3", "/home/u/s.py", in: Self.python)
        #expect(chain.notes.contains { $0.hasPrefix("/home/u is not readable") })
    }

    @Test(
        "A .pth file opens a Python project and nothing else",
        arguments: [
            ("/home/u/dev/proj/src", true), ("/home/u/docs", false), ("/home/u", false), ("/home/u/.ssh", false),
            ("/", false),
            ("/etc", false),
        ])
    func editable(named: String, opened: Bool) throws {
        var files = Self.python
        files.text("/home/u/dev/proj/pyproject.toml", "")
        files.text("/home/u/dev/proj/src/m.py", "")
        files.text("/home/u/docs/secret.txt", "")
        files.text("/home/u/.ssh/setup.py", "")  // looks like a project, and is none
        files.text("/home/u/setup.py", "")
        files.text("/home/u/v/lib/python3.11/site-packages/x.pth", "import os\n\(named)\n")
        let paths = try own("/home/u/v/bin/python -c x", in: files)
        #expect(paths == ["/home/u/v/"] + (opened ? [named + "/"] : []))
    }

    @Test(
        "An environment that is the home folder, or lies with the keys, is refused",
        arguments: ["/home/u", "/home/u/.ssh/v"])
    func broadEnvironment(root: FilePath) {
        var files = FakeFiles.machine
        files.text(root.appending("pyvenv.cfg"), "")
        files.link(root.appending("bin").appending("python"), "/usr/bin/python3")
        files.folder("/home/u/.ssh")
        #expect(throws: LaunchChainError.tooBroad(root, need: "the virtual environment")) {
            try follow(root.string + "/bin/python", in: files)
        }
    }

    @Test("Another account's home, which /etc/passwd tells of, is no program's folder")
    func otherHome() throws {
        var files = FakeFiles.machine
        files.text("/srv/v/s.py", "")
        #expect(try own("python3 -s /srv/v/s.py", in: files) == ["/srv/v/"])
        files.text("/etc/passwd", "v:x:1001:1001::/srv/v:/bin/sh\n")
        #expect(try own("python3 -s /srv/v/s.py", in: files) == ["/srv/v/s.py"])
    }

    static let node: FakeFiles = {
        var files = FakeFiles.machine
        files.text("/home/u/app/package.json", #"{"name":"app"}"#)
        files.text("/home/u/app/dist/package.json", #"{"type":"module"}"#)
        files.text("/home/u/app/dist/s.js", "")
        files.text("/home/u/app/node_modules/a/package.json", "{}")
        files.link("/home/u/app/node_modules/member", "../../member")
        files.link("/home/u/app/node_modules/@s/docs", "../../../docs")
        files.text("/home/u/member/package.json", "{}")
        files.text("/home/u/docs/secret.txt", "")
        files.text("/home/u/node_modules/b/package.json", "{}")
        files.text("/home/u/package.json", #"{"name":"home"}"#)
        files.text("/home/u/lone/x.js", "")
        files.folder("/home/u/n/bin")
        files.text("/home/u/n/lib/node_modules/tool/package.json", #"{"name":"tool"}"#)
        files.text("/home/u/n/lib/node_modules/tool/i.js", "#!/usr/bin/env node\n", executable: true)
        files.text("/home/u/n/lib/node_modules/other/package.json", "{}")
        files.link("/home/u/n/bin/tool", "../lib/node_modules/tool/i.js")
        return files
    }()

    @Test(
        "node reads its package, node_modules on the way up, and packages linked into them",
        arguments: [
            ("node /home/u/app/dist/s.js", ["/home/u/app/", "/home/u/member/", "/home/u/node_modules/"]),
            (
                "node --import /x.mjs --no-warnings /home/u/app/dist/s",
                ["/home/u/app/", "/home/u/member/", "/home/u/node_modules/"]
            ),
            ("node /home/u/lone/x.js", ["/home/u/lone/", "/home/u/node_modules/"]),  // never the home folder's package
            // not its neighbours
            ("/home/u/n/bin/tool", ["/home/u/n/lib/node_modules/tool/", "/home/u/node_modules/"]),
            ("node -e x", []),
            ("deno run --allow-net /home/u/lone/x.js", ["/home/u/lone/", "/home/u/node_modules/"]),
        ])
    func nodeFiles(command: String, paths: [String]) throws {
        #expect(try own(command, in: Self.node) == paths)
    }

    @Test("pnpm's store is followed from package to package, and a circle ends")
    func store() throws {
        var files = Self.node
        files.text("/store/a/1/node_modules/a/package.json", "{}")
        files.link("/store/a/1/node_modules/b", "/store/b/2/node_modules/b")
        files.text("/store/b/2/node_modules/b/package.json", "{}")
        files.link("/store/b/2/node_modules/a", "/store/a/1/node_modules/a")
        files.link("/home/u/app/node_modules/pa", "/store/a/1/node_modules/a")
        let paths = try own("node /home/u/app/dist/s.js", in: files)
        #expect(paths.contains("/store/a/1/node_modules/") && paths.contains("/store/b/2/node_modules/"))
        #expect(!paths.contains("/home/u/docs/"))
    }

    @Test(
        "Java outside the system brings its home, and its class path is read entry by entry",
        arguments: [
            ("/opt/jdk/bin/java -Xmx1g -jar a.jar", ["/opt/jdk/", "/home/u/work/a.jar"]),
            ("/opt/jdk/bin/java -Xmx1g A.java x.java", ["/opt/jdk/", "/home/u/work/A.java"]),
            ("/opt/jdk/bin/java -cp lib/*:a.jar Main", ["/opt/jdk/", "/home/u/work/lib/", "/home/u/work/a.jar"]),
            ("/opt/jdk/bin/java Main -cp lib", ["/opt/jdk/"]),  // the program's own argument
        ])
    func java(command: String, paths: [String]) throws {
        var files = FakeFiles.machine
        files.elf("/opt/jdk/bin/java")
        files.text("/home/u/work/a.jar", "")
        files.text("/home/u/work/A.java", "")
        files.text("/home/u/work/x.java", "")
        files.text("/home/u/work/lib/b.jar", "")
        #expect(try own(command, in: files) == paths)
    }

    @Test(
        "Key material is never a script",
        arguments: ["node /home/u/.ssh/x.js", "python3 /home/u/.aws/x.py", "sh /home/u/.gnupg/x"])
    func secrets(command: String) {
        var files = FakeFiles.machine
        for path in ["/home/u/.ssh/x.js", "/home/u/.aws/x.py", "/home/u/.gnupg/x"] { files.text(FilePath(path), "") }
        #expect(throws: LaunchChainError.self) { try own(command, in: files) }
    }
}
