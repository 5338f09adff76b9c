import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Shell")
struct ShellTests {
    private func draft(_ code: String, also files: [String: String] = [:]) -> Draft {
        MemoryTree(files.merging(["server.sh": code]) { first, _ in first }).draft
    }
    private func needs(_ code: String, also files: [String: String] = [:]) -> [String] {
        draft(code, also: files).manifest.permissions.map(\.shortName)
    }

    @Test("Commands are programs, builtins and functions are none")
    func commands() {
        #expect(needs("echo hi; cd /x && printf '%s' a || exit 1\nf() { echo x; }\nf") == [])
        #expect(needs("if ! date; then :; fi") == ["system.exec"])
        #expect(needs("date\ndate() { echo; }") == [])
        #expect(draft("x=$(curl -s https://a.example/x | jq -r .a)").needed == [.exec, .networkClient])
        #expect(draft("x=`date`; y=$(echo \"$(whoami)\")").manifest.scopes[.allowedCommands] == ["date", "whoami"])
        #expect(needs("for i in rm curl; do echo $i; done; select x in mv; do break; done") == [])
        #expect(needs("case $1 in\n  rm|curl) echo a ;;\n  (mv) echo b ;;\n  *) date ;;\nesac") == ["system.exec"])
    }

    @Test("Comments, texts and here-documents run nothing but what is substituted in them")
    func texts() {
        #expect(needs("# rm x\necho 'rm x; curl y' \"rm z\" rm\\ x # curl") == [])
        #expect(
            needs("echo \"$(rm x)\" ${y:-$(date)}")
                == ["filesystem.delete", "system.exec", "system.env.read"].sorted(by: Self.order))
        #expect(needs("read -r x <<EOF\nrm a > b\n`date`\nEOF") == ["system.exec"])
        #expect(needs("read -r x <<'EOF'\n$(rm a) $HOME\nEOF\n") == [])
        #expect(needs("x=$(cat <<EOF\nit's rm )\nEOF\n); date") == ["system.exec"])
        #expect(
            needs("echo ${#x} $# ${x#rm} $((1 + 2)); date")
                == ["system.exec", "system.env.read"].sorted(by: Self.order))
    }
    private static let all = Permission.allCases.map(\.shortName)
    private static func order(_ a: String, _ b: String) -> Bool { all.firstIndex(of: a)! < all.firstIndex(of: b)! }

    @Test("Redirections read and write files, but for devices and descriptors")
    func redirections() {
        #expect(needs("echo a > out.txt; echo b >> log 2>&1") == ["filesystem.write"])
        #expect(needs("echo a >/dev/null 2>&1; echo b >&2; echo c 2> /dev/stderr") == [])
        #expect(needs("while read -r l; do echo $l; done < in.txt") == ["filesystem.read"])
        #expect(needs("read x <<< \"a > b\"; [[ 1 > 2 ]]; (( 1 > 2 ))") == [])
        #expect(needs("exec 3<>/dev/tcp/a.example/80") == ["network.client"])
        #expect(needs("[ -f \"$1\" ] && echo; [[ -d x ]]") == ["filesystem.read"])
        #expect(needs("[ \"$1\" = -f ] || [ -n x ] || [ -z \"$1\" ]") == [])
    }

    @Test("A variable that no script sets is the environment's")
    func variables() {
        #expect(draft("echo $API_KEY ${OTHER:-x}").manifest.scopes[.envVars] == ["API_KEY", "OTHER"])
        #expect(needs("A=1; echo $A $1 $@ $? $$ $PWD $RANDOM ${BASH_SOURCE[0]}") == [])
        #expect(
            needs(
                "local x; read -r y z; for i in a; do echo $i $x $y $z; done; printf -v w a; echo $w; mapfile -t m; echo $m"
            ) == [])
        #expect(needs("PORT=\"${PORT:-80}\"; echo $PORT") == ["system.env.read"])
        #expect(needs(": \"${PORT:=80}\"") == ["system.env.read"])
        #expect(needs("if [ -z \"$TOKEN\" ]; then TOKEN=x; fi") == ["system.env.read"])
        #expect(needs("source ./conf.sh\necho $A", also: ["conf.sh": "A=1"]) == [])
        #expect(needs("export A=1; B=2; export B") == ["system.env.write"])
    }

    @Test("Programs that read their input read files only when files are named")
    func filters() {
        #expect(
            needs(
                "echo | jq -r '.a' | grep x | sed 's/a/b/' | awk '{print $1}' | cut -d, -f1 | head -n 5 | sort | tr a b"
            ) == ["system.exec"])
        #expect(needs("jq -n --arg a b '{}'") == ["system.exec"])
        #expect(needs("jq . file.json") == ["filesystem.read", "system.exec"])
        #expect(needs("cat \"$1\"") == ["filesystem.read", "system.exec"])
        #expect(needs("cat <<EOF\nx\nEOF") == ["system.exec"])
        #expect(needs("sed -i s/a/b/ file") == ["filesystem.read", "filesystem.write", "system.exec"])
        #expect(needs("echo | tee file") == ["filesystem.write", "system.exec"])
    }

    @Test("Network, processes and wrappers")
    func effects() {
        #expect(needs("nc -l 8080") == ["system.exec", "network.server"].sorted(by: Self.order))
        #expect(needs("nc host 80") == ["system.exec", "network.client"].sorted(by: Self.order))
        #expect(needs("sleep 1 & kill $!") == ["system.exec"])
        #expect(needs("kill -9 \"$1\"") == ["system.process"])
        #expect(needs("sudo -u x rm -rf y") == ["filesystem.delete", "system.exec"])
        #expect(needs("find . -name x -exec rm {} \\;").contains("filesystem.delete"))
        #expect(needs("timeout 5 bash -c 'rm x'") == ["filesystem.delete", "system.exec"])
        #expect(needs("trap 'rm -f x' EXIT") == ["filesystem.delete", "system.exec"])
        #expect(needs("command -v curl >/dev/null") == [])
        #expect(
            needs("curl -o out https://a.example")
                == ["filesystem.write", "system.exec", "network.client"].sorted(by: Self.order))
        #expect(draft("\"$1\" x").unresolved.contains { $0.kind == "computed-program" })
        #expect(draft("eval \"$x\"").unresolved.contains { $0.kind == "evaluated-code" })
    }

    @Test("Sourced files and scripts that are started are read")
    func files() {
        let tree: [String: String] = [
            "server.sh":
                "case $m in\n \"tools/list\") x ;;\nesac\nsource \"$(dirname \"$0\")/lib/core.sh\"\n\"$DIR/run.sh\" a\n",
            "lib/core.sh": "tool_get_it() { rm x; }\n", "run.sh": "echo > y\n", "install.sh": "kill 1\n",
            "test_it.sh": "kill 1\n",
        ]
        let found = MemoryTree(tree).draft
        #expect(found.files == 3)
        #expect(found.manifest.tools.map(\.name) == ["get_it"])
        #expect(!found.needed.contains(.process))
    }

    @Test("A script beside another language's package is no server, and one that only asks a server neither")
    func beside() {
        let ask = ["check.sh": "echo '{\"method\":\"tools/list\"}' | rm x"]
        #expect(
            MemoryTree(
                ["package.json": "{\"name\": \"a\", \"bin\": \"a.js\"}", "a.js": "process.env.A"].merging(ask) {
                    first, _ in first
                }
            ).needs == ["system.env.read"])
        #expect(
            MemoryTree(["server.py": "import mcp\nimport os\nx = os.environ['A']\n"].merging(ask) { first, _ in first })
                .needs == ["system.env.read"])
    }

    @Test("A launcher that a package names is its program")
    func launcher() {
        #expect(
            MemoryTree(["package.json": "{\"name\": \"a\", \"bin\": {\"a\": \"./a.sh\"}}", "a.sh": "rm x"]).needs == [
                "filesystem.delete", "system.exec",
            ])
    }
}
