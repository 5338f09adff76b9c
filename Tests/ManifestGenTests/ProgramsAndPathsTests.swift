import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Started programs and paths")
struct ProgramsAndPathsTests {
    @Test("A command's words are read from its chain and from the variable that holds it")
    func rustCommands() {
        func rust(_ body: String) -> Set<Permission> {
            draft(.rust, "use std::process::Command;\nfn main() {\n\(body)\n}\n").needed
        }
        #expect(rust("Command::new(\"cargo\").arg(\"clean\").output();").contains(.filesystemDelete))
        #expect(rust("let mut cmd = Command::new(\"cargo\");\ncmd.args([\"clean\"]);").contains(.filesystemDelete))
        let built = rust("let mut cmd = Command::new(\"cargo\");\ncmd.arg(\"build\");")
        #expect(built.contains(.filesystemWrite) && !built.contains(.filesystemDelete))
        #expect(
            !rust("let mut cmd = Command::new(\"cargo\");\ncmd.arg(\"build\");\nother.arg(\"clean\");").contains(
                .filesystemDelete))
        #expect(rust("Command::new(\"sh\").args([\"-c\", \"curl https://a.b\"]).spawn();").contains(.networkClient))
        #expect(!rust("Command::new(\"sh\").args([\"-c\", \"true\"]).spawn();").contains(.networkClient))
    }

    @Test("What `env` starts is the program")
    func env() {
        func swift(_ words: String) -> Set<Permission> {
            draft(
                .swift,
                "func f() {\n  let p = Process()\n  p.executableURL = URL(fileURLWithPath: \"/usr/bin/env\")\n  p.arguments = [\(words)]\n}\n"
            ).needed
        }
        #expect(swift("\"curl\", \"-s\"") == [.exec, .networkClient])
        #expect(swift("\"A=1\", \"true\"") == [.exec])
        let java = draft(.java, "class Sample { void f() { new ProcessBuilder(\"env\", \"curl\").start(); } }").needed
        #expect(java == [.exec, .networkClient])
    }

    @Test("A program that is named to a function which starts one")
    func named() {
        let code = """
            import subprocess, shlex
            def run(line):
                subprocess.run(shlex.split(line))
            def tool(name, rest):
                run(f"{name} {rest}")
            def other(name):
                print(name)
            def main():
                CALL
            """
        #expect(
            draft(.python, code.replacing("CALL", with: "tool('kubectl', 'get pods')")).needed == [
                .exec, .networkClient,
            ])
        #expect(draft(.python, code.replacing("CALL", with: "other('kubectl')")).needed == [.exec])
        #expect(draft(.python, code.replacing("CALL", with: "tool('import', 'x')")).needed == [.exec])
    }

    @Test("A stream in memory is no file")
    func memory() {
        let head = "import io\nfrom PIL import Image\ndef main():\n"
        #expect(
            draft(.python, head + "    b = io.BytesIO()\n    Image.new('RGB', (1, 1)).save(b, 'PNG')\n").needed == [])
        #expect(draft(.python, head + "    Image.new('RGB', (1, 1)).save('a.png')\n").needed == [.filesystemWrite])
        let java =
            "import javax.imageio.ImageIO;\nimport java.io.*;\nclass Sample { void f() { var o = new X();\n ImageIO.write(i, \"png\", o); } }"
        #expect(draft(.java, java.replacing("new X()", with: "new ByteArrayOutputStream()")).needed == [])
        #expect(draft(.java, java.replacing("new X()", with: "new File(\"a\")")).needed == [.filesystemWrite])
        #expect(draft(.python, "import sqlite3\ndef main():\n    sqlite3.connect(':memory:')\n").needed == [])
    }

    @Test("Asking whether a file is there before it is made reads nothing")
    func checks() {
        let head = "import os\ndef main(path):\n"
        #expect(
            draft(.python, head + "    if not os.path.exists(path):\n        os.makedirs(path)\n").needed == [
                .filesystemWrite
            ])
        #expect(
            draft(.python, head + "    if os.path.exists('a'):\n        os.makedirs('b')\n").needed
                == [.filesystemRead, .filesystemWrite])
        let code =
            "func f(_ a: String, _ b: String) {\n  if !FileManager.default.fileExists(atPath: a) {\n    FileManager.default.createFile(atPath: X, contents: nil)\n  }\n}\n"
        #expect(draft(.swift, code.replacing("X", with: "a")).needed == [.filesystemWrite])
        #expect(draft(.swift, code.replacing("X", with: "b")).needed == [.filesystemRead, .filesystemWrite])
    }

    @Test("Rust: names of the module above, and of modules inside of the file")
    func rustModules() {
        let main = "use std::fs;\nmod a;\nfn main() {}\n"
        let below = ["src/a.rs": "use super::*;\npub fn f() { fs::read_dir(\"x\"); }\n"]
        #expect(draft(.rust, main, also: below).needed == [.filesystemRead])
        let own = "mod fs {\n  pub fn read_dir(a: &str) {}\n}\nfn main() { fs::read_dir(\"x\"); }\n"
        #expect(draft(.rust, own).needed == [])
    }

    @Test("Java: settings, modules of one build, and no web server where the settings say so")
    func javaBuilds() {
        let main = "class Sample { void f() { a.b.Files.gone(); } }"
        func settings(_ text: String, _ artifact: String = "x") -> Set<Permission> {
            draft(
                .java, main,
                also: [
                    "src/main/resources/application.properties": text,
                    "pom.xml":
                        "<project><artifactId>s</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>\(artifact)</artifactId></dependency></dependencies></project>",
                ]
            ).needed
        }
        #expect(settings("url=${SERVICE_URL:}\n") == [.environmentRead])
        #expect(settings("url=${service.url}\n") == [])
        #expect(settings("a=b\n", "spring-boot-starter-web") == [.networkServer])
        #expect(settings("spring.main.web-application-type=none\n", "spring-boot-starter-web") == [])
        #expect(settings("# spring.main.web-application-type=none\n", "spring-boot-starter-web") == [.networkServer])

        func module(_ name: String, _ dependencies: String) -> String {
            "<project><artifactId>\(name)</artifactId><dependencies>\(dependencies)</dependencies></project>"
        }
        let needs = "<dependency><groupId>g</groupId><artifactId>NAME</artifactId></dependency>"
        var tree = [
            "server/pom.xml": module(
                "server", needs.replacing("NAME", with: "mcp") + needs.replacing("NAME", with: "core")),
            "server/src/main/java/s/Main.java": "package s;\nimport c.Help;\nclass Main { void f() { Help.go(); } }\n",
            "core/pom.xml": module("core", ""),
            "core/src/main/java/c/Help.java":
                "package c;\npublic class Help { public static void go() { System.getenv(\"A\"); } }\n",
        ]
        #expect(MemoryTree(tree).needs == ["system.env.read"])
        tree["server/pom.xml"] = module("server", needs.replacing("NAME", with: "mcp"))
        #expect(MemoryTree(tree).needs == [])
    }

    @Test("A script beside another language's project counts when it is a server")
    func scripts() {
        let rust = ["Cargo.toml": "[package]\nname = \"a\"\n", "src/main.rs": "fn main() {}\n"]
        let check = "import subprocess\n# mcp\nif __name__ == '__main__':\n    subprocess.run(['true'])\n"
        #expect(MemoryTree(rust.merging(["check.py": check]) { $1 }).needs == [])
        let server = "from mcp.server.fastmcp import FastMCP\n" + check
        #expect(MemoryTree(rust.merging(["check.py": server]) { $1 }).needs == ["system.exec"])
    }

    @Test("Swift: words that other languages reserve are names")
    func swiftNames() {
        let code =
            "func f() throws {\n  let d: Data? = make()\n  guard let data = d else { return }\n  try data.write(to: u)\n}\n"
        #expect(draft(.swift, code).needed == [.filesystemWrite])
    }
}
