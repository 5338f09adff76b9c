import Testing

@testable import ManifestGen

@Suite("C#, Ruby, PHP and shell with nothing in its place")
struct MoreFuzzTests {
    static let samples: [(file: String, metadata: String, text: String)] = [
        (
            "Program.cs", "a.csproj",
            "using A = B.C; using static D; namespace E; [T(N = \"x\"), U] public partial record F<G>(int H, I? J = null) : K, L where G : class { private readonly M<N> _o = new() { P = 1 }; public Q R { get; init; } = $\"{S:x} {{T}}\"; async Task<U> V(out W x, params Y[] z) => await this.A?.B!.C<D>(@\"e\"\"f\", $$\"\"\"{{g}}\"\"\").ConfigureAwait(false); }\nvar q = x is H i && j ?? k; foreach (var (a, b) in c[^1..]) { using var d = new E(f) { G = 1, H = { I = 2 } }; }\n"
        ),
        (
            "main.rb", "Gemfile",
            "require 'a'\nmodule A\n  class B < C::D\n    attr_reader :e, :f\n    def g(h, *i, j: 1, &k)\n      @l ||= M.new(<<~N, %w[o p]) do |q| \"#{r ? 's' : `t`}\" end\n      u = v if w =~ /x#{y}/ && !z? unless a\n    end\n    def self.b = %x{c}\n  end\nend\nputs :d, e: 1\n  f\nN\n__END__\n"
        ),
        (
            "main.php", "composer.json",
            "<p><?php namespace A\\B; use C\\{D as E, F}; use function g; #[H(i: 'j')]\nfinal class K extends \\L implements M { use N; const O = 'p'; public function __construct(private ?Q $r, S|T $u = null) { $this->v = new W(); $x = \"{$y->z['a']} $b[0]\" . `c` . <<<D\n e $f\nD; match(true) { default => fn($x) => $y?->z() }; } } require __DIR__ . '/g.php'; ?> t <?= $d ?>"
        ),
        (
            "server.sh", "x.txt",
            "a() { local b=\"${c:-$(d \"$e\" | f)}\" g=(h $i); case $j in k|l) m ;; *) n >o 2>&1 <<-P ;; esac\n\tq $(r) `s`\n\tP\n}\nfor t in u; do [[ -f $v && w =~ x ]] || { y; } & done; z='a'$'b'; (( c += $d )) && <(e) f 3<>g\n"
        ),
    ]

    @Test("Whatever the code is, reading ends and findings are within the file", arguments: samples.indices)
    func anything(index: Int) {
        let (file, metadata, sample) = Self.samples[index]
        var random = SplitMix(seed: 11 &+ UInt64(index))
        for _ in 0..<300 {
            let text = String(decoding: random.mutated(sample), as: UTF8.self)
            let found = MemoryTree([file: text, metadata: "{}"]).draft
            let lines = text.utf8.count { $0 == 0x0A } + 1
            #expect(found.files == 1)
            for finding in found.findings { #expect((1...lines).contains(finding.line) && finding.column >= 1) }
        }
    }

    @Test("Any order of words is read to its end", arguments: samples.indices)
    func soup(index: Int) {
        let (file, metadata, sample) = Self.samples[index]
        let pieces =
            sample.split(whereSeparator: { $0 == " " }).map { String($0) } + [
                "\n", "(", ")", "{", "}", "[", "]", "\"", "'", "<<", "end", "do", "def", "if",
            ]
        var random = SplitMix(seed: 3 &+ UInt64(index))
        for _ in 0..<300 {
            var text = index == 2 ? "<?php " : ""
            for _ in 0..<120 { text += pieces[random.below(pieces.count)] + " " }
            #expect(MemoryTree([file: text, metadata: "{}"]).draft.files == 1)
        }
    }

    @Test(
        "The same thing two thousand times is read, on one line and on many",
        arguments: [
            "(", "{", "[", "<", "a.", "a(", "a(b ", "if ", "class A ", "class A { ", "def a ", "def a\n", "do |x| ",
            "\"#{", "$\"{", "${a:-", "$(", "`", "<<A\n",
            "<<~A ", "case x in a) ", "%(", "/[", "A<", "new A { B = ", "new A(", "A a => ", "A b() => ",
            "x = y ? z : ", "<?php ", "?>", "$a->", "\\A", "use A\\{",
            "function f(", "fn() => ", "#[A(", "a | ", "a() { ", "A=$(", "[[ ", "((", "a b ", "a, ", "|| ", "include ",
        ])
    func repeated(piece: String) {
        let text = String(repeating: piece, count: 2_000)
        for (file, metadata, _) in Self.samples {
            #expect(
                MemoryTree([file: (file.hasSuffix("php") ? "<?php " : "") + text, metadata: "{}"]).draft.files == 1)
        }
    }
}
