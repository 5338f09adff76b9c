import SystemPackage
import Testing

@testable import AgentBox

/// Follows a command as the user `u` in /home/u/work.
func follow(
    _ command: String..., in files: FakeFiles, folder: FilePath = "/home/u/work", environment: [String: String] = [:]
) throws(LaunchChainError) -> LaunchChain {
    var environment = environment
    environment["HOME"] = "/home/u"
    return try LaunchChain(
        argv: command, path: ["/home/u/.pyenv/shims", "/home/u/bin", "/usr/bin"], folder: folder,
        environment: environment, files: files)
}

func readable(_ chain: LaunchChain) -> [String] {
    chain.readable.map { $0.path.string + ($0.isListed ? " (names)" : $0.isFolder ? "/" : "") }
}

@Suite struct LaunchChainTests {
    @Test("A program in PATH is started by its real path, and finds the name it was found under")
    func program() throws {
        let chain = try follow("python3", "-V", in: .machine)
        #expect(chain.program == "/usr/bin/python3.11")
        #expect(chain.argv == ["/usr/bin/python3", "-V"])
        #expect(chain.interpreter == "/usr/lib64/ld-linux.so")
        #expect(chain.executable == ["/usr/bin/python3.11", "/usr/lib64/ld-linux.so"])
        #expect(chain.links.contains(SymbolicLink(path: "/usr/bin/python3", target: "python3.11")))
        #expect(chain.links.contains(SymbolicLink(path: "/lib64", target: "usr/lib64")))
    }

    @Test("A static program needs its own file only")
    func staticProgram() throws {
        var files = FakeFiles.machine
        files.elf("/home/u/bin/server", interpreter: nil)
        let chain = try follow("server", in: files)
        #expect(readable(chain) == ["/home/u/bin/server"])
        #expect(chain.executable == ["/home/u/bin/server"])
        #expect(chain.interpreter == nil)
    }

    @Test(
        "`#!` lines and env lead to the interpreter's end",
        arguments: [
            ("#!/usr/bin/node\n", ["/usr/bin/node", "/home/u/work/s"]),
            // one argument, blanks inside
            ("#! \t/usr/bin/node --a b \t\n", ["/usr/bin/node", "--a b", "/home/u/work/s"]),
            ("#!/usr/bin/env node\n", ["/usr/bin/node", "/home/u/work/s"]),
            ("#!/usr/bin/env -S node --a 'b c'\n", ["/usr/bin/node", "--a", "b c", "/home/u/work/s"]),
            ("#!/usr/bin/env -S A=1 node\n", ["/usr/bin/node", "/home/u/work/s"]),
            ("#!/bin/sh\nexec /usr/bin/node /x.js \"$@\"\n", ["/usr/bin/node", "/x.js"]),
            ("#!/bin/sh\n'''exec' '/usr/bin/python3' \"$0\" \"$@\"\n' '''\n", ["/usr/bin/python3", "/home/u/work/s"]),
            (
                "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'py' \"$0\" \"$@\"\n' '''\n",
                ["/home/u/work/py", "/home/u/work/s"]
            ),  // uv's movable environments
            (
                "#!/bin/sh\nbasedir=$(dirname \"$(echo \"$0\")\")\nif [ -x \"$basedir/node\" ]; then\n  exec \"$basedir/node\" \"$basedir/../a.js\" \"$@\"\nelse\n  exec node  \"$basedir/../a.js\" \"$@\"\nfi\n",
                ["/usr/bin/node", "/home/u/work/../a.js"]
            ),  // pnpm's launchers
            // does more, so the shell runs it
            ("#!/bin/sh\nrm -r x; exec node \"$@\"\n", ["/bin/sh", "/home/u/work/s"]),
            ("#!/bin/sh\nexec $X \"$@\"\n", ["/bin/sh", "/home/u/work/s"]),  // only a shell knows what that is
            ("echo no interpreter line\n", ["/bin/sh", "/home/u/work/s"]),  // execvp(3)
        ])
    func scripts(text: String, argv: [String]) throws {
        var files = FakeFiles.machine
        files.text("/home/u/work/s", text, executable: true)
        files.elf("/home/u/work/py")
        #expect(try follow("./s", "arg", in: files).argv.map { $0.replacing("/./", with: "/") } == argv + ["arg"])
    }

    @Test("env's changes are kept in order")
    func environment() throws {
        let chain = try follow("env", "-u", "A", "B=1", "env", "-i", "C=x=y", "node", in: .machine)
        #expect(chain.environment.clears)
        #expect(chain.environment.removed.isEmpty)  // -i came later
        #expect(chain.environment.set == [.init(name: "C", value: "x=y")])
    }

    @Test("Five scripts may lead to each other, as in the kernel, and no more", arguments: [(5, true), (6, false)])
    func depth(count: Int, works: Bool) throws {
        var files = FakeFiles.machine
        for index in 1...count {
            files.text(
                FilePath("/s/\(index)"), index == count ? "#!/usr/bin/node\n" : "#!/s/\(index + 1)\n", executable: true)
        }
        if works {
            #expect(try follow("/s/1", in: files).program == "/usr/bin/node")
        } else {
            #expect(throws: LaunchChainError.self) { try follow("/s/1", in: files) }
        }
    }

    @Test(
        "What cannot be started says why, with a shell's exit code",
        arguments: [
            ("nope", LaunchChainError.notFound("nope"), Int32(127)),
            ("/nope", .notFound("/nope"), 127),
            ("/d/plain", .notExecutable("/d/plain"), 126),
            ("/d", .isFolder("/d"), 126),
            ("/d/lost", .missingInterpreter(script: "/d/lost", interpreter: "/no/such"), 126),
            ("/d/loop", .tooDeep("/d/loop"), 126),
            ("/d/empty#!", .badFormat("/d/empty#!", "its `#!` line is not one the kernel can follow"), 126),
            ("/d/binary", .badFormat("/d/binary", "its `#!` line is not one the kernel can follow"), 126),
            ("/d/cut", .badFormat("/d/cut", "a damaged ELF file"), 126),
            ("/d/other", .badFormat("/d/other", "made for another kind of machine"), 126),
            ("/d/noloader", .missingInterpreter(script: "/d/noloader", interpreter: "/lib/ld-musl.so"), 126),
        ])
    func errors(command: String, expected: LaunchChainError, code: Int32) {
        var files = FakeFiles.machine
        files.text("/d/plain", "x")
        files.text("/d/lost", "#!/no/such\n", executable: true)
        files.text("/d/loop", "#!/d/loop\n", executable: true)
        files.text("/d/empty#!", "#!  \n", executable: true)
        files.file("/d/binary", [1, 0, 2], executable: true)
        files.file("/d/cut", Array(FakeElf().bytes.prefix(100)), executable: true)
        var other = FakeElf().bytes
        other[18] = 8  // MIPS
        files.file("/d/other", other, executable: true)
        files.elf("/d/noloader", interpreter: "/lib/ld-musl.so")
        #expect(throws: expected) { try follow(command, in: files) }
        #expect(expected.exitCode == code)
    }

    @Test("A damaged ELF file is refused or read, and never traps")
    func damagedElf() {
        let whole = FakeElf(needed: ["liba.so"], runPath: "$ORIGIN/../lib").bytes
        for index in whole.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var bytes = whole
                bytes[index] = value
                _ = try? ElfImage { Array(bytes.dropFirst($0).prefix($1)) }
            }
            _ = try? ElfImage { Array(whole.prefix(index).dropFirst($0).prefix($1)) }
        }
    }

    @Test(
        "`sh -c` with one plain command starts that command, and with anything more the shell",
        arguments: [
            ("node a.js", ["/usr/bin/node", "a.js"]), ("exec node 'a b'", ["/usr/bin/node", "a b"]),
            ("node a.js; x", ["/usr/bin/sh", "-c", "node a.js; x"]), ("cd /x", ["/usr/bin/sh", "-c", "cd /x"]),
            ("A=1 node", ["/usr/bin/sh", "-c", "A=1 node"]), ("node $X", ["/usr/bin/sh", "-c", "node $X"]),
            ("exit 7", ["/usr/bin/sh", "-c", "exit 7"]), (":", ["/usr/bin/sh", "-c", ":"]),
            ("echo a", ["/usr/bin/sh", "-c", "echo a"]),  // a program too, which prints something else for `a\\tb`
            ("exec", ["/usr/bin/sh", "-c", "exec"]), ("exec -a x node", ["/usr/bin/sh", "-c", "exec -a x node"]),
            ("exec exec", nil),  // the program of that name, which is not there
        ])
    func shellCommand(text: String, argv: [String]?) throws {
        #expect((try? follow("sh", "-c", text, in: .machine))?.argv == argv)
    }

    @Test(
        "A pyenv shim leads to the version that is chosen",
        arguments: [
            ([:], "3.12.1"), (["PYENV_VERSION": "3.11"], "3.11.10"),  // the newest 3.11, by number
            (["PYENV_VERSION": "../../evil:3.11.9"], "3.11.9"),
        ])
    func pyenv(environment: [String: String], version: String) throws {
        var files = FakeFiles.machine
        files.text("/home/u/.pyenv/shims/python3", "#!/usr/bin/env bash\nset -e\n", executable: true)
        files.text("/home/u/.pyenv/libexec/pyenv", "", executable: true)
        files.text("/home/u/work/.python-version", "3.12.1\n")
        for version in ["3.11.9", "3.11.10", "3.12.1"] {
            files.elf(FilePath("/home/u/.pyenv/versions/\(version)/bin/python3"))
            files.text(FilePath("/home/u/.pyenv/versions/\(version)/lib/python3.x/os.py"), "")
        }
        let chain = try follow("python3", "-V", in: files, environment: environment)
        #expect(readable(chain).contains("/home/u/.pyenv/versions/\(version)/"))
        #expect(chain.program.string == "/home/u/.pyenv/versions/\(version)/bin/python3")
    }

    @Test("Libraries beside a program are its own; those elsewhere are granted one by one")
    func libraries() throws {
        var files = FakeFiles.machine
        files.file(
            "/opt/app/bin/server", FakeElf(needed: ["liba.so", "libb.so"], runPath: "$ORIGIN/../lib:/home/u").bytes,
            executable: true)
        files.text("/opt/app/lib/liba.so", "")
        files.text("/home/u/libb.so", "")
        let chain = try follow("/opt/app/bin/server", in: files)
        #expect(
            readable(chain).filter { !$0.hasPrefix("/usr") } == [
                "/opt/app/bin/server", "/opt/app/lib/", "/home/u/libb.so",
            ])
    }
}
