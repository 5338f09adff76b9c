import ManifestModel
import Testing

@testable import ManifestGen

private func permissions(_ files: (String, String)...) -> Set<Permission> {
    Set(MemoryTree(Dictionary(files) { first, _ in first }).draft.manifest.permissions)
}

private let pom = ("pom.xml", "<project><artifactId>server</artifactId></project>")
private let gradle = ("build.gradle.kts", "dependencies { implementation(\"io.modelcontextprotocol:kotlin-sdk:0.5\") }")
private let manifest = ("Package.swift", "let package = Package(name: \"server\")")

@Suite("Settings and places of compiled packages")
struct PackagePlacesTests {
    @Test(
        "What settings of the JVM name",
        arguments: [
            ("application.properties", "logging.file.name=a.log", ["filesystem.write"]),
            ("application.yml", "# logging.file.name: a.log", []),
            ("application-prod.yml", "token: ${API_TOKEN}", ["system.env.read"]),
            ("application-test.yml", "token: ${API_TOKEN}", []),
            (
                "application.properties", "spring.datasource.url=jdbc:sqlite:a.db",
                ["filesystem.read", "filesystem.write"]
            ),
            ("logback.xml", "<appender class=\"ch.qos.logback.core.FileAppender\"/>", ["filesystem.write"]),
            ("logback.xml", "<appender class=\"ch.qos.logback.core.ConsoleAppender\"/>", []),
        ])
    func settings(_ name: String, _ text: String, _ expected: [String]) {
        let tree = MemoryTree([
            "pom.xml": "<project><artifactId>server</artifactId></project>",
            "src/main/java/a/Main.java": "package a;\nclass Main { public static void main(String[] a) {} }\n",
            "src/main/resources/\(name)": text,
        ])
        #expect(Set(tree.needs) == Set(expected))
    }

    @Test("Swift's sources lie where targets look for them")
    func swiftSources() {
        let code = "import Foundation\nlet p = Process()\n"
        func needs(_ manifest: String, _ files: [String]) -> Set<String> {
            var tree = ["Package.swift": manifest]
            for file in files { tree[file] = code }
            return Set(MemoryTree(tree).needs)
        }
        let package = "let package = Package(name: \"a\", targets: [.executableTarget(name: \"a\")])"
        #expect(needs(package, ["_ref/old.swift", "Sources/a/main.txt.swift"]) == ["system.exec"])
        let tree = MemoryTree([
            "Package.swift": package, "Sources/a/main.swift": "print(1)\n", "_ref/old.swift": code,
        ])
        #expect(tree.needs == [])
        let named = package.replacing("name: \"a\")]", with: "name: \"a\", path: \"Server\")]")
        #expect(needs(named, ["Server/main.swift"]) == ["system.exec"])
        #expect(needs(package, ["App/main.swift"]) == ["system.exec"])
    }
}

@Suite("Swift's C functions and pictures")
struct SwiftPlatformTests {
    @Test(
        "A function of the C library counts where its module is named",
        arguments: [
            ("import Darwin\nlet r = Darwin.connect(fd, address, length)\n", ["network.client"]),
            ("import Glibc\nlet r = Glibc.listen(fd, 5)\n", ["network.server"]),
            ("import Darwin\nlet r = connect(server)\n", []),
            ("struct Peer { func connect(_ a: Int) {} }\nPeer().connect(1)\n", []),
        ])
    func sockets(_ code: String, _ expected: [String]) {
        #expect(draft(.swift, code).manifest.permissions.map(\.shortName) == expected)
    }

    @Test("A picture is written to a file where its destination is one")
    func pictures() {
        let end = "CGImageDestinationAddImage(d, image, nil)\nCGImageDestinationFinalize(d)\n"
        let memory = "let d = CGImageDestinationCreateWithData(data, type, 1, nil)!\n" + end
        let file = "let d = CGImageDestinationCreateWithURL(url, type, 1, nil)!\n" + end
        #expect(draft(.swift, "import ImageIO\n" + memory).needed == [])
        #expect(draft(.swift, "import ImageIO\n" + file).needed == [.filesystemWrite])
    }
}

@Suite("Java")
struct JavaTests {
    private func java(_ imports: String, _ body: String) -> Set<Permission> {
        permissions(
            pom,
            (
                "src/main/java/a/Main.java",
                "package a;\n\(imports)\npublic class Main {\n  void run() throws Exception {\n\(body)\n  }\n}\n"
            )
        )
    }

    @Test("A call of an imported type is found, by its name, by star, by static import and in full")
    func imports() {
        #expect(java("import java.nio.file.Files;", "Files.readString(p);") == [.filesystemRead])
        #expect(java("import java.io.*;\nimport java.nio.file.*;", "Files.readString(p);") == [.filesystemRead])
        #expect(java("import static java.nio.file.Files.readString;", "readString(p);") == [.filesystemRead])
        #expect(java("", "java.nio.file.Files.readString(p);") == [.filesystemRead])
        #expect(java("import java.nio.file.Files;", "Runnable r = Files::delete;") == [.filesystemDelete])
    }

    @Test("The same name from elsewhere, in a comment or in a string is none")
    func shadowed() {
        #expect(java("import com.example.Files;", "Files.readString(p);") == [])
        #expect(java("", "Files.readString(p);") == [])
        #expect(
            java(
                "import java.nio.file.Files;",
                "// Files.readString(p);\n/* Files.delete(p); */ String s = \"Files.delete(p)\";") == [])
        #expect(java("import java.nio.file.Files;", "String s = \"\"\"\n Files.delete(p);\n \"\"\";") == [])
    }

    @Test("Values have the types of their declarations")
    func types() {
        #expect(java("import java.io.File;", "File f = make(); f.delete();") == [.filesystemDelete])
        #expect(java("import java.io.File;", "var f = new File(\"x\"); f.mkdirs();") == [.filesystemWrite])
        #expect(java("import java.io.File;", "for (File f : list()) { f.delete(); }") == [.filesystemDelete])
        #expect(java("", "Thing f = make(); f.delete();") == [])
        #expect(java("", "new ProcessBuilder(\"git\").start();").contains(.exec))
        #expect(java("", "Runtime.getRuntime().exec(\"ls\");").contains(.exec))
        #expect(java("", "pattern.exec(\"ls\");") == [])
    }

    @Test("A type of the program that has a library's name is the program's")
    func own() {
        let own = ("src/main/java/a/ProcessBuilder.java", "package a;\nclass ProcessBuilder { void start() {} }\n")
        let user = (
            "src/main/java/a/Main.java", "package a;\nclass Main { void run() { new ProcessBuilder().start(); } }\n"
        )
        #expect(permissions(pom, own, user) == [])
        #expect(permissions(pom, user) == [.exec])
        // Whatever the files are called, so in whichever order they are read.
        let later = ("src/main/java/a/Files.java", "package a;\nclass Files { static void delete(Object o) {} }\n")
        for name in ["A", "Z"] {
            let star = (
                "src/main/java/a/\(name).java",
                "package a;\nimport java.nio.file.*;\nclass \(name) { void run() { Files.delete(Path.of(\"x\")); } }\n"
            )
            #expect(permissions(pom, later, star) == [])
            #expect(permissions(pom, star) == [.filesystemDelete])
        }
    }

    @Test("A package taken over whole is asked for names that nothing else has")
    func stars() {
        #expect(java("import java.rmi.*;\nimport java.util.*;", "Naming.lookup(\"x\");") == [.networkClient])
        #expect(java("import java.rmi.*;", "String.format(\"x\");") == [])
        #expect(java("import java.util.*;", "Naming.lookup(\"x\");") == [])
    }

    @Test("A field of the class above is known in the class below, in whichever order they are read")
    func inheritedField() {
        let above = (
            "src/main/java/a/Base.java",
            "package a;\nimport java.io.File;\nabstract class Base { protected File target; }\n"
        )
        for name in ["Aa", "Zz"] {
            let below = (
                "src/main/java/a/\(name).java",
                "package a;\nclass \(name) extends Base { void run() { target.delete(); } }\n"
            )
            #expect(permissions(pom, above, below) == [.filesystemDelete])
            #expect(permissions(pom, below) == [])
        }
    }

    @Test("Tests are not shipped")
    func aside() {
        let test = (
            "src/test/java/a/T.java",
            "package a;\nimport java.nio.file.Files;\nclass T { void t() { Files.delete(p); } }\n"
        )
        let main = ("src/main/java/a/M.java", "package a;\nclass M { void t() { System.getenv(\"HOME\"); } }\n")
        #expect(permissions(pom, test, main) == [.environmentRead])
    }
}

@Suite("Kotlin")
struct KotlinTests {
    private func kotlin(_ text: String) -> Set<Permission> { permissions(gradle, ("src/main/kotlin/Main.kt", text)) }

    @Test("Calls, types and extensions")
    func calls() {
        #expect(kotlin("import java.io.File\nfun main() {\n  File(\"x\").writeText(\"y\")\n}\n") == [.filesystemWrite])
        #expect(
            kotlin("import java.io.File\nclass A(private val f: File) {\n  fun a() = f.delete()\n}\n") == [
                .filesystemDelete
            ])
        #expect(kotlin("fun main() {\n  val home = System.getenv(\"HOME\") ?: \"/\"\n}\n") == [.environmentRead])
        #expect(
            kotlin("fun main() {\n  File(\"x\").delete()\n}\nclass File(val s: String) { fun delete() {} }\n") == [])
        #expect(
            kotlin(
                "/* /* File(\"x\") */ System.getenv(\"A\") */\nfun main() { println(\"${1 + 1} System.getenv()\") }\n")
                == [])
        #expect(kotlin("fun main() { println(\"${System.getenv(\"A\")}\") }\n") == [.environmentRead])
    }
}

@Suite("Kotlin files in any order")
struct KotlinOrderTests {
    @Test("A type or a function of another file is the program's", arguments: ["A.kt", "Z.kt"])
    func own(name: String) {
        let user = ("src/main/kotlin/\(name)", "import java.io.*\nfun main() { File(\"x\").delete() }\n")
        let own = ("src/main/kotlin/M.kt", "class File(val s: String) { fun delete() {} }\n")
        #expect(permissions(gradle, user, own) == [])
        #expect(permissions(gradle, user) == [.filesystemDelete])
        let server = (
            "src/main/kotlin/\(name)", "import io.ktor.server.engine.*\nfun main() { embeddedServer(CIO) {} }\n"
        )
        let shadow = ("src/main/kotlin/M.kt", "fun embeddedServer(a: Int, f: () -> Unit) {}\n")
        #expect(permissions(gradle, server) == [.networkServer])
        #expect(permissions(gradle, server, shadow) == [])
    }

    @Test("A library taken over whole")
    func stars() {
        let star = (
            "src/main/kotlin/A.kt",
            "import io.ktor.client.*\nimport io.ktor.client.engine.cio.*\nval c = HttpClient(CIO)\n"
        )
        #expect(permissions(gradle, star) == [.networkClient])
    }
}

@Suite("Swift files in any order")
struct SwiftOrderTests {
    @Test("A type or a function of another file is the program's", arguments: ["A.swift", "Z.swift"])
    func own(name: String) {
        let user = ("Sources/server/\(name)", "func f() { let p = Process()\n  p.launch(); _ = getenv(\"A\") }\n")
        let own = ("Sources/server/M.swift", "struct Process { func launch() {} }\nfunc getenv(_ s: String) {}\n")
        #expect(permissions(manifest, user).isSuperset(of: [.exec, .environmentRead]))
        #expect(permissions(manifest, user, own) == [])
    }

    @Test("What a function gives back is known from another file", arguments: ["A.swift", "Z.swift"])
    func results(name: String) {
        let maker = ("Sources/server/M.swift", "struct Box { func write(to: Int) {} }\nfunc box() -> Box { Box() }\n")
        let user = ("Sources/server/\(name)", "func f() throws { try box().write(to: fileURL) }\n")
        #expect(permissions(manifest, maker, user) == [])
        #expect(permissions(manifest, user) == [.filesystemWrite])
    }
}

@Suite("Swift")
struct SwiftTests {
    private func swift(_ text: String) -> Set<Permission> { permissions(manifest, ("Sources/server/main.swift", text)) }

    @Test("Calls of Foundation")
    func calls() {
        #expect(swift("try FileManager.default.removeItem(atPath: p)\n") == [.filesystemDelete])
        #expect(swift("let fm = FileManager.default\nif fm.fileExists(atPath: p) { print(1) }\n") == [.filesystemRead])
        #expect(swift("let v = ProcessInfo.processInfo.environment[\"X\"]\n") == [.environmentRead])
        #expect(swift("func f() {\n  let p = Process()\n  p.launchPath = \"/usr/bin/true\"\n}\n") == [.exec])
        #expect(swift("let s = try String(contentsOfFile: path)\nlet t = String(5)\n") == [.filesystemRead])
        #expect(swift("let t = String(5)\n") == [])
        #expect(swift("func f(_ d: Data) throws {\n  try d.write(to: u)\n}\n") == [.filesystemWrite])
        #expect(swift("NSPasteboard.general.setString(s, forType: .string)\n") == [.clipboardWrite])
    }

    @Test("A loose file beside another language's package is no package")
    func loose() {
        let script = ("server.py", "import mcp\nimport os\nx = os.environ[\"A\"]\n")
        let helper = ("helper.swift", "try FileManager.default.removeItem(atPath: p)\n")
        #expect(permissions(("pyproject.toml", "[project]\nname = \"a\"\n"), script, helper) == [.environmentRead])
        #expect(permissions(helper) == [.filesystemDelete])
    }

    @Test("An extension of a system type leaves it the system's")
    func extensions() {
        #expect(
            swift("extension FileManager { func f() {} }\ntry FileManager.default.removeItem(atPath: p)\n")
                == [.filesystemDelete])
    }

    @Test("Comments, texts and own types are none")
    func shadowed() {
        #expect(swift("/* /* a */ FileManager.default.removeItem(atPath: p) */\nlet s = #\"getenv(\"X\")\"#\n") == [])
        #expect(swift("struct Process { func run() {} }\nlet p = Process()\np.run()\n") == [])
        #expect(swift("let s = \"\\(getenv(\"X\"))\"\n") == [.environmentRead])
    }
}

@Suite("Java, Kotlin and Swift with nothing in its place")
struct TypedSoupTests {
    private static let pieces = [
        "class", "A", "func", "fun", "f", "(", ")", "{", "}", "[", "]", "<", ">", ">>", ".", "?.", "::", ",", ";", ":",
        "=",
        "->", "@", "Tool", "name", "\"s\"", "import", "*", "new", "val", "let", "var", "x", "this", "self", "extends",
        "as",
        "\n", "package", "static", "throws", "!", "?", "if", "try", "init", "extension", "+", "String", "1", "Tool(",
        "of",
    ]

    @Test(
        "Any order of words is read to its end",
        arguments: [("java", "pom.xml"), ("kt", "pom.xml"), ("swift", "Package.swift")])
    func soup(ending: String, metadata: String) {
        var state: UInt64 = 7
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<120 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += Self.pieces[Int(state >> 33) % Self.pieces.count] + " "
            }
            let draft = MemoryTree([metadata: "", "src/main/a." + ending: text]).draft
            #expect(draft.files == 1)
        }
    }
}
