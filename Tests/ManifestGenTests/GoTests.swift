import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Go")
struct GoTests {
    private static func program(_ body: String, imports: String = "") -> MemoryTree {
        MemoryTree([
            "go.mod": "module example.org/server\n\ngo 1.24\n",
            "main.go": "package main\n\nimport (\n\(imports)\n)\n\nfunc main() {\n\(body)\n}\n",
        ])
    }

    @Test(
        "A call is what its import says",
        arguments: [
            ("os.ReadFile(\"/etc/hosts\")", "\"os\"", ["filesystem.read"]),
            ("files.ReadFile(\"/etc/hosts\")", "files \"os\"", ["filesystem.read"]),
            ("os.Remove(name)", "\"os\"", ["filesystem.delete"]),
            ("os.Rename(a, b)", "\"os\"", ["filesystem.write", "filesystem.delete"]),
            ("f, _ := os.OpenFile(n, os.O_RDONLY, 0)\nf.Close()", "\"os\"", ["filesystem.read"]),
            ("f, _ := os.OpenFile(n, os.O_CREATE|os.O_WRONLY, 0o600)\nf.Close()", "\"os\"", ["filesystem.write"]),
            ("f, _ := os.Open(n)\nf.ReadDir(-1)", "\"os\"", ["filesystem.read"]),
            ("out, _ := exec.Command(\"true\").Output()\nprint(out)", "\"os/exec\"", ["system.exec"]),
            ("c := &http.Client{}\nc.Do(r)", "\"net/http\"", ["network.client"]),
            ("s := http.Server{Addr: \":80\"}\ns.ListenAndServe()", "\"net/http\"", ["network.server"]),
            ("rdb := redis.NewClient(nil)\nprint(rdb)", "\"github.com/redis/go-redis/v9\"", ["network.client"]),
        ])
    func calls(_ body: String, _ imports: String, _ expected: [String]) {
        #expect(Set(Self.program(body, imports: imports).needs) == Set(expected))
    }

    @Test(
        "What only looks like a call is none",
        arguments: [
            ("// os.Remove(name)\n/* os.Remove(name) */\n_ = os.Args", "\"os\""),
            ("print(\"os.Remove(name)\", `os.Remove(name)`)\n_ = os.Args", "\"os\""),
            ("var os fake\nos.Remove(name)", "\"fmt\""),
            ("exec := pattern{}\nexec.Command(\"x\")", "\"regexp\""),
        ])
    func lookalikes(_ body: String, _ imports: String) {
        #expect(Self.program(body, imports: imports).needs.isEmpty)
    }

    @Test("Imports lead to the packages of the module, and a package is all files of its folder")
    func packages() {
        let tree = MemoryTree([
            "go.mod": "module example.org/server\n",
            "cmd/mcp/main.go":
                "package main\nimport \"example.org/server/internal/store\"\nfunc main() { store.Open() }",
            "internal/store/open.go": "package store\nfunc Open() { remove(\"x\") }",
            "internal/store/remove.go": "package store\nimport \"os\"\nfunc remove(n string) { os.Remove(n) }",
            "internal/store/open_test.go": "package store\nimport \"os/exec\"\nfunc f() { exec.Command(\"x\") }",
            "internal/other/other.go": "package other\nimport \"os/exec\"\nfunc f() { exec.Command(\"x\") }",
        ])
        #expect(tree.needs == ["filesystem.delete"])
        #expect(tree.draft.files == 3)
    }

    @Test(
        "What Go builds without tags counts, on any system",
        arguments: [
            ("linux", true), ("!windows", true), ("linux && amd64 || darwin", true), ("go1.22", true),
            ("mage", false), ("ignore", false), ("integration && linux", false), ("!integration", true),
            ("linux && (tools || e2e)", false), ("", true),
        ])
    func constraints(_ constraint: String, _ isBuilt: Bool) {
        #expect(GoBuild.isBuilt(Array("//go:build \(constraint)\n\npackage main\n".utf8)) == isBuilt)
        let tree = MemoryTree([
            "go.mod": "module example.org/server\n", "main.go": "package main\nfunc main() { drop() }\n",
            "drop.go": "//go:build \(constraint)\n\npackage main\nimport \"os\"\nfunc drop() { os.Remove(\"x\") }\n",
        ])
        #expect(tree.needs == (isBuilt ? ["filesystem.delete"] : []))
    }

    @Test("Brackets without end in a constraint are held for built")
    func deepConstraint() {
        #expect(GoBuild.isBuilt(Array(("//go:build " + String(repeating: "(", count: 900) + "x\n").utf8)))
        #expect(GoBuild.isBuilt(Array("package main\n//go:build mage\n".utf8)))
    }

    @Test("A client beside the server is not the server")
    func client() {
        let tree = MemoryTree([
            "go.mod": "module example.org/server\n",
            "cmd/mcp-server/main.go": "package main\nimport \"os\"\nfunc main() { os.ReadFile(\"x\") }",
            "cmd/mcp-client/main.go": "package main\nimport \"os/exec\"\nfunc main() { exec.Command(\"x\") }",
        ])
        #expect(tree.needs == ["filesystem.read"])
    }

    @Test("What was looked for is what is started")
    func lookUp() {
        let imports = "\"os/exec\""
        let found = "path, _ := exec.LookPath(\"notify-send\")\nexec.Command(path, \"hello\").Run()"
        #expect(Self.program(found, imports: imports).needs == ["system.exec", "notifications.post"])
        let unused = "_, err := exec.LookPath(\"notify-send\")\nprint(err)\nexec.Command(\"true\").Run()"
        #expect(Self.program(unused, imports: imports).needs == ["system.exec"])
    }

    @Test("C above its import and in files beside is part of the program")
    func cgo() {
        func tree(_ preamble: String, _ beside: String = "") -> MemoryTree {
            MemoryTree([
                "go.mod": "module example.org/server\n",
                "main.go": "package main\n\n/*\n\(preamble)\n*/\nimport \"C\"\n\nfunc main() { C.f() }\n",
                "native.m": beside,
            ])
        }
        #expect(tree("[pasteboard stringForType:NSPasteboardTypeString];").needs == ["clipboard.read"])
        #expect(tree("", "CGDisplayCreateImage(CGMainDisplayID());").needs == ["peripheral.screen.capture"])
        #expect(tree("int f(void) { return 0; }").needs == [])
    }

    @Test("Fields, results and embedded types keep what their values are")
    func types() {
        let tree = MemoryTree([
            "go.mod": "module example.org/server\n",
            "main.go": """
            package main
            import "os"
            type inner struct { root *os.Root }
            type outer struct { inner }
            func make() (*outer, error) { return nil, nil }
            func (o *outer) drop(n string) error { return o.root.Remove(n) }
            func main() { o, _ := make(); o.drop("x") }
            """,
        ])
        #expect(tree.needs == ["filesystem.delete"])
    }

    @Test("Variables that are read and programs that helpers start are named")
    func scopes() {
        let draft = Self.program(
            "os.Getenv(\"API_TOKEN\")\nrun(\"git\", \"status\")\n}\nfunc run(name string, args ...string) {\n"
                + "exec.Command(name, args...).Run()",
            imports: "\"os\"\n\"os/exec\""
        ).draft
        #expect(draft.manifest.scopes[.envVars] == ["API_TOKEN"])
        #expect(draft.manifest.scopes[.allowedCommands] == ["git"])
    }

    @Test("Tools need what their handlers reach")
    func tools() {
        let draft = MemoryTree([
            "go.mod": "module example.org/server\nrequire github.com/mark3labs/mcp-go v0.32.0\n",
            "main.go": """
            package main
            import ("os"; "github.com/mark3labs/mcp-go/mcp"; "github.com/mark3labs/mcp-go/server")
            type handler struct{}
            func (h *handler) drop() { os.Remove("x") }
            func newHandler() *handler { return &handler{} }
            func main() {
                h := newHandler()
                s := server.NewMCPServer("a", "1")
                s.AddTool(mcp.NewTool("drop", mcp.WithString("p")), h.drop)
                look := mcp.NewTool("look")
                s.AddTool(look, func() { os.ReadFile("x") })
            }
            """,
        ]).draft
        #expect(
            draft.manifest.tools == [
                ManifestTool(name: "drop", permissions: [.filesystemDelete]),
                ManifestTool(name: "look", permissions: [.filesystemRead]),
            ])
    }

    @Test(
        "Versions are no part of a module's name",
        arguments: [
            ("github.com/redis/go-redis/v9", "github.com/redis/go-redis"), ("gopkg.in/yaml.v3", "gopkg.in/yaml"),
            ("github.com/google/go-github/v72/github", "github.com/google/go-github/github"), ("net/http", "net/http"),
            ("github.com/aws/aws-sdk-go-v2/service/s3", "github.com/aws/aws-sdk-go-v2/service/*"),
        ])
    func versions(_ path: String, _ plain: String) {
        #expect(GoReading.plain(path) == plain)
    }
}
