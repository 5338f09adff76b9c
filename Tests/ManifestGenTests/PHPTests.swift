import ManifestModel
import Testing

@testable import ManifestGen

@Suite("PHP")
struct PHPTests {
    private func needs(_ code: String, also files: [String: String] = [:]) -> [String] {
        MemoryTree(files.merging(["main.php": "<?php\n" + code]) { first, _ in first }).needs
    }

    @Test("Functions, with a namespace around them or a backslash in front")
    func functions() {
        #expect(needs("unlink($p);") == ["filesystem.delete"])
        #expect(needs("namespace A\\B;\n\\unlink($p);") == ["filesystem.delete"])
        #expect(needs("namespace A\\B;\n@unlink($p);") == ["filesystem.delete"])
        #expect(needs("use function Safe\\unlink as gone;\ngone($p);") == ["filesystem.delete"])
        #expect(needs("function unlink($p) {}\nunlink($p);") == [])
        #expect(needs("$x->unlink($p); A::unlink($p);") == [])
    }

    @Test("Classes by use, by group, by another name and in full")
    func classes() {
        #expect(needs("use GuzzleHttp\\Client;\n$c = new Client();\n$c->get($u);") == ["network.client"])
        #expect(needs("use GuzzleHttp\\{Client as C, Exception\\X};\nnew C;") == ["network.client"])
        #expect(needs("(new \\Symfony\\Component\\Filesystem\\Filesystem())->remove($p);") == ["filesystem.delete"])
        #expect(needs("use Illuminate\\Support\\Facades\\Storage;\nStorage::put('a', 'b');") == ["filesystem.write"])
        #expect(
            needs(
                "use App\\Client;\n$c = new Client();\n$c->get($u);",
                also: ["b.php": "<?php\nnamespace App;\nfinal class Client {}"]) == [])
        #expect(needs("use Acme\\Api\\Client;\n$c = new Client();") == ["network.client"])
        #expect(needs("namespace App;\nclass PDO {}\nnew PDO('mysql:x');") == [])
    }

    @Test("Properties, promoted parameters and values have types")
    func types() {
        #expect(
            needs(
                "use Symfony\\Component\\Filesystem\\Filesystem as F;\nclass A { public function __construct(private readonly F $f) {} function b() { $this->f->remove('x'); } }"
            ) == ["filesystem.delete"])
        #expect(
            needs(
                "use Symfony\\Component\\Filesystem\\Filesystem;\nclass A { private ?Filesystem $f = null; function b() { $this->f?->remove('x'); } }"
            ) == ["filesystem.delete"])
        #expect(
            needs(
                "use Symfony\\Component\\Filesystem\\Filesystem;\nclass A { private $f; function __construct() { $this->f = new Filesystem(); } function b() { $this->f->remove('x'); } }"
            ) == ["filesystem.delete"])
        #expect(
            needs("use Symfony\\Component\\Filesystem\\Filesystem;\nfn(Filesystem $x) => $x->remove('y');") == [
                "filesystem.delete"
            ])
        #expect(
            needs("class A extends \\SplFileObject { function b() { return parent::fgets(); } }") == ["filesystem.read"]
        )
    }

    @Test("Texts, comments and what stands outside of the code are none")
    func texts() {
        #expect(needs("$x = 'unlink($p)'; // unlink($p)\n# unlink($p)\n/* unlink($p) */ ?> unlink($p) <?php") == [])
        #expect(needs("$x = <<<EOT\nunlink($p)\nEOT;\n$y = <<<'EOT'\n unlink()\n EOT;") == [])
        #expect(needs("$x = \"{$a->b(unlink($p))}\";") == ["filesystem.delete"])
        #expect(needs("$x = \"{$_ENV['KEY']}\";") == ["system.env.read"])
        #expect(needs("#[Attr('x')]\nfunction f() { unlink('a'); }") == ["filesystem.delete"])
        #expect(
            MemoryTree(["main.php": "<html><?xml unlink($p); ?><?= getenv('A') ?> unlink($p);"]).needs == [
                "system.env.read"
            ])
    }

    @Test("Streams of the process are no files, addresses are no paths")
    func streams() {
        #expect(needs("file_get_contents('php://stdin'); fopen('php://stderr', 'w');") == [])
        #expect(needs("file_get_contents('https://a.example/x');") == ["network.client"])
        #expect(needs("file_get_contents(\"https://a.example/$x\");") == ["network.client"])
        #expect(needs("file_get_contents($path);") == ["filesystem.read"])
        #expect(needs("new SQLite3('/a.db', SQLITE3_OPEN_READONLY);") == ["filesystem.read"])
        #expect(needs("new SQLite3('/a.db');") == ["filesystem.read", "filesystem.write"])
    }

    @Test("Programs")
    func programs() {
        #expect(needs("$x = `true`;") == ["system.exec"])
        let found = MemoryTree([
            "main.php": "<?php\nuse Symfony\\Component\\Process\\Process;\n$p = new Process(['curl', $u]);"
        ]).draft
        #expect(found.needed == [.exec, .networkClient])
        #expect(found.manifest.scopes[.allowedCommands] == ["curl"])
        #expect(needs("$stmt->execute(); $pdo->exec('DROP');") == [])
    }

    @Test("The autoloader's folders and what is included are read, tests are not")
    func files() {
        let tree = MemoryTree([
            "composer.json":
                "{\"name\": \"a/b\", \"require\": {\"php-mcp/server\": \"*\"}, \"bin\": [\"bin/server\"], \"autoload\": {\"psr-4\": {\"A\\\\\": \"src/\"}}, \"autoload-dev\": {\"psr-4\": {\"T\\\\\": \"tests/\"}}}",
            "bin/server":
                "#!/usr/bin/env php\n<?php\nrequire __DIR__ . '/../vendor/autoload.php';\nrequire_once dirname(__DIR__) . '/inc/more.inc';\n(new A\\B())->run();",
            "src/B.php": "<?php\nnamespace A;\nclass B { function run() { getenv('X'); } }",
            "inc/more.inc": "<?php unlink('x');", "tests/T.php": "<?php exec('x');",
            "vendor/x/y.php": "<?php exec('x');",
            "rector.php": "<?php exec('x');",
        ])
        #expect(tree.needs == ["filesystem.delete", "system.env.read"])
        #expect(tree.draft.manifest.name == "a/b")
    }

    @Test("Tools are named by their attribute")
    func tools() {
        let code =
            "class T {\n #[McpTool(name: 'read_it')]\n public function a(string $p): string { return file_get_contents($p); }\n #[McpTool]\n public function gone() { $this->b(); }\n private function b() { unlink('x'); }\n}"
        let tools = MemoryTree(["main.php": "<?php\n" + code]).draft.manifest.tools
        #expect(tools.map(\.name) == ["read_it", "gone"])
        #expect(tools.map(\.permissions) == [[.filesystemRead], [.filesystemDelete]])
    }
}
