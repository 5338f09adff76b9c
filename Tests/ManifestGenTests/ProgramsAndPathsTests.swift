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

    @Test("A converter of documents reads and writes")
    func converters() {
        let code = "import subprocess\nsubprocess.run(['markitdown', path, '-o', out])\n"
        #expect(draft(.python, code).needed == [.exec, .filesystemRead, .filesystemWrite])
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

    @Test("What a helper hands to its program says what that does")
    func subcommands() {
        func rust(_ body: String) -> Set<Permission> {
            draft(
                .rust,
                "use std::process::Command;\nfn adb(args: Vec<&str>) { Command::new(\"adb\").args(&args).output(); }\n"
                    + "fn main() {\n\(body)\n}\n"
            ).needed
        }
        #expect(rust("adb(vec![\"push\", a, b]);") == [.exec, .networkClient, .filesystemRead])
        #expect(rust("let mut args = vec![\"pull\"];\nadb(args);") == [.exec, .networkClient, .filesystemWrite])
        #expect(rust("context.adb(vec![\"pull\", a]);") == [.exec, .networkClient, .filesystemWrite])
        #expect(rust("adb(vec![\"shell\", \"pull\"]);") == [.exec, .networkClient])
        #expect(rust("print(vec![\"other\"]);") == [.exec, .networkClient])
    }

    @Test("What is started where nothing else is set")
    func fallback() {
        let rust = draft(
            .rust,
            "fn main() {\nlet bin = std::env::var(\"BIN\").unwrap_or_else(|_| \"codex\".to_string());\n"
                + "std::process::Command::new(bin).spawn();\n}\n"
        ).needed
        #expect(rust.contains(.networkClient) && rust.contains(.environmentRead))
        let found = draft(
            .rust,
            "fn main() {\nlet path = which::which(\"codex\").map_err(|e| e)?;\nstd::process::Command::new(&path).spawn();\n}\n"
        ).needed
        #expect(found.contains(.networkClient))
        let python = draft(
            .python,
            "import os, subprocess\nbin = os.getenv(\"BIN\", \"kubectl\")\nsubprocess.run([bin, \"get\"])\n"
        ).needed
        #expect(python == [.environmentRead, .exec, .networkClient])
        let swift = draft(
            .swift,
            "func run(_ path: String) {\n  let p = Process()\n  p.executableURL = URL(fileURLWithPath: path)\n}\n"
                + "func f() { run(\"/usr/bin/curl\") }\n"
        ).needed
        #expect(swift == [.exec, .networkClient])
    }

    @Test(
        "An address of a database that is a file",
        arguments: [
            ("jdbc:sqlite:data.db", true), ("jdbc:h2:file:./data", true), ("jdbc:sqlite::memory:", false),
            ("jdbc:h2:mem:test", false), ("jdbc:postgresql://a.b/c", false), ("sqlite+aiosqlite:///data.db", true),
            ("sqlite:///:memory:", false), ("sqlite is a database", false),
        ])
    func databaseAddress(_ text: String, _ isFile: Bool) {
        let needed = draft(.java, "class Sample { String url = \"\(text)\"; }").needed
        #expect(needed == (isFile ? [.filesystemRead, .filesystemWrite] : []))
    }

    @Test(
        "A type of an unknown library that is called as a client is one",
        arguments: [
            (Language.java, "import org.x.JiraClient;\nclass A { Object f() { return new JiraClient(\"a\"); } }", true),
            (.java, "import org.x.JiraClient;\nclass A { Object f() { return JiraClient.builder().build(); } }", true),
            (.java, "class JiraClient {}\nclass A { Object f() { return new JiraClient(); } }", false),
            (.java, "import org.x.JiraClient;\nclass A { JiraClient client; }", false),
            (.java, "import org.x.McpSyncClient;\nclass A { Object f() { return new McpSyncClient(); } }", false),
            (.go, "package main\nimport \"example.org/jira\"\nfunc main() { jira.NewClient(\"a\") }", true),
            (.go, "package main\nimport \"example.org/jira\"\nfunc main() { jira.WithHTTPClient(c) }", false),
            (.rust, "use jira::JiraClient;\nfn main() { JiraClient::new(\"a\"); }", true),
            (.python, "from jira_x import JiraClient\nJiraClient(\"a\")\n", true),
            (.python, "from jira_x import TestClient\nTestClient(\"a\")\n", false),
        ])
    func unknownClients(_ language: Language, _ code: String, _ isClient: Bool) {
        #expect(draft(language, code).needed == (isClient ? [.networkClient] : []))
    }

    @Test("Command lines that are put together, and programs of branches")
    func builtCommands() {
        let java = draft(
            .java,
            "import java.util.*;\nclass A { void f() throws Exception {\nList<String> command = new ArrayList<>();\n"
                + "command.add(\"kubectl\");\ncommand.add(\"get\");\nnew ProcessBuilder(command).start();\n} }"
        ).needed
        #expect(java == [.exec, .networkClient])
        let other = draft(
            .java,
            "import java.util.*;\nclass A { void f() throws Exception {\nList<String> names = new ArrayList<>();\n"
                + "names.add(\"kubectl\");\nList<String> command = new ArrayList<>();\ncommand.add(\"true\");\n"
                + "new ProcessBuilder(command).start();\n} }"
        ).needed
        #expect(other == [.exec])
        let rust = draft(
            .rust,
            "fn f(path: Option<String>) {\nlet bin = if let Some(p) = path { p } else { \"curl\".to_string() };\n"
                + "std::process::Command::new(&bin).spawn();\n}\n"
        ).needed
        #expect(rust == [.exec, .networkClient])
        let swift = draft(
            .swift,
            "func f() {\n  let path = \"/usr/bin/curl\"\n  let p = Process()\n  p.executableURL = URL(fileURLWithPath: path)\n}\n"
        ).needed
        #expect(swift == [.exec, .networkClient])
        let python = draft(
            .python, "import subprocess, sys\nsubprocess.run([sys.executable, \"-m\", \"pip\", \"install\", \"x\"])\n"
        ).needed
        #expect(python == [.exec, .networkClient])
    }

    @Test("A method of a value of an unknown library is judged by its name, and one of a known library is not")
    func strangers() {
        let unknown = "import org.x.Tree;\nclass A { void f() { new Tree(\"a\").listFiles(); } }"
        #expect(draft(.java, unknown).needed == [.filesystemRead])
        let other = "import org.x.Tree;\nclass A { void f() { new Tree(\"a\").listNames(); } }"
        #expect(draft(.java, other).needed == [])
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
