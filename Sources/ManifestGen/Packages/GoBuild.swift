/// Whether Go builds a file when nobody names tags: constraints of systems hold somewhere, tags of one's own do not.
///
/// Source: pkg.go.dev/cmd/go, "Build constraints". Read is `//go:build`; of `// +build` only `ignore`.
enum GoBuild {
    /// - Parameter bytes: The file, or its beginning.
    static func isBuilt(_ bytes: [UInt8]) -> Bool {
        for line in bytes.prefix(1 << 16).split(separator: 0x0A).prefix(400) {
            if line.starts(with: Array("// +build ignore".utf8)) { return false }
            // Constraints stand above the package clause.
            if line.starts(with: Array("package ".utf8)) { return true }
            guard line.starts(with: Array("//go:build ".utf8)) else { continue }
            var reader = Constraint(text: Array(line.dropFirst(11).prefix(1_024)))
            return reader.either(depth: 0)
        }
        return true
    }

    /// Tags that the toolchain sets by itself, somewhere. Others are set by who builds.
    private static func isSystem(_ tag: String) -> Bool {
        tag.hasPrefix("go1.") || tags.contains(tag)
    }

    private static let tags: Set<String> = [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
        "openbsd", "plan9", "solaris", "wasip1", "windows", "zos", "unix", "386", "amd64", "arm", "arm64", "loong64",
        "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm", "cgo", "gc", "gccgo",
    ]

    /// `a && (b || !c)`, read from the left. A system's tag and its opposite both hold somewhere.
    private struct Constraint {
        let text: [UInt8]
        private var at = 0

        init(text: [UInt8]) { self.text = text }

        mutating func either(depth: Int) -> Bool {
            var holds = both(depth)
            while take("||") { holds = both(depth) || holds }
            return holds
        }

        private mutating func both(_ depth: Int) -> Bool {
            var holds = one(depth)
            while take("&&") { holds = one(depth) && holds }
            return holds
        }

        private mutating func one(_ depth: Int) -> Bool {
            var isDenied = false
            while take("!") { isDenied.toggle() }
            if take("(") {
                // Deeper than anyone writes: held for built.
                guard depth < 16 else { return true }
                let inner = either(depth: depth + 1)
                _ = take(")")
                return isDenied ? true : inner
            }
            let tag = String(decoding: text[at...].prefix { Self.isTag($0) }, as: UTF8.self)
            at += tag.utf8.count
            if tag.isEmpty || GoBuild.isSystem(tag) { return true }
            return isDenied
        }

        private static func isTag(_ byte: UInt8) -> Bool {
            byte >= 0x80 || byte == 0x5F || byte == 0x2E || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte & 0xDF)
        }

        private mutating func take(_ sign: String) -> Bool {
            while at < text.count, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0D { at += 1 }
            guard text[at...].starts(with: sign.utf8) else { return false }
            at += sign.utf8.count
            return true
        }
    }
}
