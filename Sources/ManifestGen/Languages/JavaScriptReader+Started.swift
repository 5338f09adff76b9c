/// Files of the package that it starts as workers, or as programs of their own.
extension JavaScriptReader {
    /// Takes note of the files that the arguments of a starting call name.
    mutating func started(_ open: Int, _ close: Int) {
        for k in open + 1..<min(close, open + 200) {
            if let path = startablePath(k) ?? (base.isName(k) ? startable[base.name(k)] : nil) { start(path, k) }
        }
    }

    private mutating func start(_ path: String, _ i: Int) {
        let symbol = moduleSymbol("started:" + path)
        program.declared.insert(symbol)
        base.importFact(path, i)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        base.facts.imports[base.facts.imports.count - 1].isStarted = true
    }

    /// `const worker = path.join(__dirname, "worker.js")`, `new URL("./worker.ts", import.meta.url)`
    mutating func noteStartable(_ name: NameID, _ i: Int) {
        let end = min(expressionEnd(i), i + 40)
        guard i < end else { return }
        for k in i..<end {
            if let path = startablePath(k) {
                startable[name] = path
                return
            }
        }
    }

    /// The path of a code file in a string, with the folders that stand before it in the same list of arguments.
    private func startablePath(_ i: Int) -> String? {
        guard base.isString(i) else { return nil }
        let token = base.tokens[i]
        guard (4..<200).contains(token.end - token.start) else { return nil }
        // `.js`, `.mts`, `.jsx`: most strings end otherwise.
        let last = base.bytes[Int(token.end) - Int(token.closing) - 1]
        guard last == UInt8(ascii: "s") || last == UInt8(ascii: "x") else { return nil }
        var path = base.text(i)
        guard !path.contains(" "), !path.contains("://"), Language(path: path) == .javascript else { return nil }
        var k = i
        while base.is(k - 1, .comma), base.isString(k - 2) {
            path = base.text(k - 2) + "/" + path
            k -= 2
        }
        return path
    }
}
