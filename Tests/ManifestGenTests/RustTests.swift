import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Rust")
struct RustTests {
    private static let cargo = """
        [package]
        name = "my-server"
        version = "1.2.0"
        [dependencies]
        rmcp = "0.3"
        """

    private static func program(_ body: String, use imports: String = "") -> MemoryTree {
        MemoryTree(["Cargo.toml": cargo, "src/main.rs": "\(imports)\nfn main() {\n\(body)\n}\n"])
    }

    @Test(
        "A call is what its path says",
        arguments: [
            ("let a = std::fs::read(p)?;", "", ["filesystem.read"]),
            ("let a = fs::read_to_string(p).await?;", "use tokio::fs;", ["filesystem.read"]),
            ("f::remove_file(p);", "use std::{io, fs::{self as f}};", ["filesystem.delete"]),
            ("rename(a, b);", "use std::fs::*;", ["filesystem.write", "filesystem.delete"]),
            ("OpenOptions::new().append(true).open(p);", "use std::fs::OpenOptions;", ["filesystem.write"]),
            ("let p = PathBuf::from(\"x\"); if p.exists() {}", "use std::path::PathBuf;", ["filesystem.read"]),
            ("Command::new(\"true\").arg(\"x\").output();", "use std::process::Command;", ["system.exec"]),
            ("let c = reqwest::Client::new();", "", ["network.client"]),
            ("let l = TcpListener::bind(\"0:80\").await?;", "use tokio::net::TcpListener;", ["network.server"]),
            ("let v = env::var(\"API_TOKEN\");", "use std::env;", ["system.env.read"]),
        ])
    func calls(_ body: String, _ imports: String, _ expected: [String]) {
        #expect(Set(Self.program(body, use: imports).needs) == Set(expected))
    }

    @Test("Programs that are named as tests are not shipped")
    func programs() {
        let exec = "fn main() { std::process::Command::new(\"true\").output(); }\n"
        func needs(_ path: String) -> [String] {
            MemoryTree(["Cargo.toml": Self.cargo, "src/main.rs": "fn main() {}\n", path: exec]).needs
        }
        #expect(needs("src/bin/client_test.rs") == [])
        #expect(needs("src/bin/test_tools.rs") == [])
        #expect(needs("src/bin/cli.rs") == ["system.exec"])
        #expect(needs("src/bin/latest.rs") == ["system.exec"])
    }

    @Test("Processes that are listed are no files, what else is asked of the system is")
    func system() {
        let imports = "use sysinfo::System;"
        let listed = Self.program("let mut s = System::new();\ns.refresh_processes();\ns.processes();", use: imports)
        #expect(listed.needs == ["system.process"])
        let memory = Self.program("let mut s = System::new();\ns.refresh_memory();\ns.total_memory();", use: imports)
        #expect(memory.needs == ["filesystem.read"])
    }

    @Test(
        "What only looks like a call is none",
        arguments: [
            "// std::fs::remove_file(p)\n/* a /* nested */ std::fs::remove_file(p) */",
            "let s = \"std::fs::remove_file(p)\"; let r = r#\"std::fs::read(\"p\")\"#;",
            "let fs = Own; fs.remove_file(p); let c = 'a'; let s: &'static str = \"std::fs::read(p)\";",
            "let e: Option<reqwest::Error> = None; let u: reqwest::Url = x;",
        ])
    func lookalikes(_ body: String) {
        #expect(Self.program(body).needs.isEmpty)
    }

    @Test("Modules are followed from the program on, and tests are left out")
    func modules() {
        let tree = MemoryTree([
            "Cargo.toml": Self.cargo,
            "src/inner/deep.rs":
                "use super::helper; pub fn go() { helper() } fn x() { std::process::Command::new(n); }",
            "src/inner/mod.rs": "pub mod deep; pub fn helper() { std::fs::remove_file(\"x\"); }",
            "src/lib.rs": "pub mod inner;\n#[cfg(test)]\nmod tests { fn f() { std::net::TcpListener::bind(\"x\"); } }",
            "src/main.rs": "use my_server::inner; fn main() { inner::deep::go() }",
            "src/unused.rs": "fn f() { std::env::var(\"X_Y\"); }",
        ])
        #expect(Set(tree.needs) == ["filesystem.delete", "system.exec"])
        #expect(tree.draft.files == 4)
        #expect(tree.draft.manifest.version == "1.2.0")
    }

    @Test("Tools need what their handlers reach, through fields and methods")
    func tools() {
        let draft = MemoryTree([
            "Cargo.toml": Self.cargo,
            "src/main.rs": """
            struct Store { root: std::path::PathBuf }
            impl Store {
                fn new() -> Self { Store { root: x } }
                async fn drop(&self, name: &str) -> Result<(), Error> { tokio::fs::remove_file(name).await }
            }
            struct Server { store: std::sync::Arc<Store> }
            #[tool_router]
            impl Server {
                #[tool(description = "removes")]
                async fn remove(&self, name: String) -> Result<String, Error> { self.store.drop(&name).await?; ok() }
                #[tool(name = "look", description = "looks")]
                async fn find(&self) -> bool { self.store.root.exists() }
            }
            fn main() {}
            """,
        ]).draft
        #expect(
            draft.manifest.tools == [
                ManifestTool(name: "remove", permissions: [.filesystemDelete]),
                ManifestTool(name: "look", permissions: [.filesystemRead]),
            ])
    }

    @Test("Variables in attributes and programs that helpers start are named")
    func scopes() {
        let draft = MemoryTree([
            "Cargo.toml": Self.cargo,
            "src/main.rs": """
            #[derive(Parser)]
            struct Options { #[arg(long, env = "SERVER_KEY")] key: String }
            fn run(name: &str) { std::process::Command::new(name).status(); }
            fn main() { run("git"); }
            """,
        ]).draft
        #expect(draft.manifest.scopes[.envVars] == ["SERVER_KEY"])
        #expect(draft.manifest.scopes[.allowedCommands] == ["git"])
    }

    @Test("Modules that a macro among the items declares are read")
    func macros() {
        let tree = MemoryTree([
            "Cargo.toml": Self.cargo,
            "src/drop.rs": "pub fn go() { std::fs::remove_file(n); }",
            "src/main.rs": "tools!(Server, (Drop, drop, \"drop\")); fn main() { other!(unused); }",
            "src/unused.rs": "fn f() { std::fs::read(n); }",
        ])
        #expect(tree.needs == ["filesystem.delete"])
    }
}
