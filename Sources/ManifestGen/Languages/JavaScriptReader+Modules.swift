/// Imports and exports: ES modules, CommonJS, and loading while the program runs.
extension JavaScriptReader {
    func moduleSymbol(_ specifier: String) -> SymbolID {
        // What a name of the program stands for is set when the file it leads to is known.
        program.member(base.file, "import:" + specifier)
    }

    mutating func load(_ specifier: String, _ i: Int, isTypeOnly: Bool = false, isBare: Bool = false)
        -> SymbolID
    {
        let symbol = moduleSymbol(specifier)
        program.declared.insert(symbol)
        base.importFact(specifier, i, isTypeOnly: isTypeOnly, isBare: isBare)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        if specifier.hasSuffix(".node") { base.doubt(.nativeCode, i) }
        return symbol
    }

    mutating func bindImport(_ name: NameID, _ value: SymbolID) {
        let symbol = program.member(base.file, name)
        program.declared.insert(symbol)
        program.alias(symbol, to: value)
        if base.scopes.depth > 0 { base.scopes.bind(name, value) }
    }

    mutating func importStatement(_ i: Int) -> Int {
        var k = i + 1
        if base.isString(k) {
            _ = load(base.text(k), k, isBare: true)
            return k + 1
        }
        var isTypeOnly = false
        if base.is(k, .type), !base.is(k + 1, .from) || base.is(k + 2, .from), !base.is(k + 1, .comma),
            !base.is(k + 1, .assign)
        {
            isTypeOnly = true
            k += 1
        }
        // `import x = require("y")`
        if base.isName(k), base.is(k + 1, .assign) {
            let (value, end) = chain(k + 2, record: true)
            bindImport(base.name(k), value)
            return end
        }
        var end = k
        let limit = min(base.count, k + 4_000)
        while end < limit, !base.isString(end), !base.is(end, .semicolon) { end += 1 }
        guard base.isString(end) else { return i + 1 }
        let module = load(base.text(end), end, isTypeOnly: isTypeOnly)
        while k < end {
            if base.is(k, .star), base.is(k + 1, .as), base.isName(k + 2) {
                bindImport(base.name(k + 2), module)
                k += 3
            } else if base.is(k, .openBrace) {
                importNames(k, module)
                k = base.after(k)
            } else if base.isName(k), !base.is(k, .from) || base.is(k + 1, .from) {
                bindImport(base.name(k), program.member(module, Word.default.rawValue))
                k += 1
            } else {
                k += 1
            }
        }
        return end + 1
    }

    mutating func importNames(_ open: Int, _ module: SymbolID) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            if base.is(k, .type), base.isName(k + 1), !base.is(k + 1, .as) || base.is(k + 2, .as) {
                // Only a type: bound, since annotations use it, and no reason to think that anything runs.
                k += 1
            }
            guard base.isName(k) else { k += 1; continue }
            let value = program.member(module, base.name(k))
            if base.is(k + 1, .as), base.isName(k + 2) {
                bindImport(base.name(k + 2), value)
                k += 3
            } else {
                bindImport(base.name(k), value)
                k += 1
            }
        }
    }

    mutating func exportStatement(_ i: Int) -> Int {
        let k = i + 1
        if base.is(k, .star) {
            var end = k + 1
            let name = base.is(end, .as) && base.isName(end + 1) ? base.name(end + 1) : nil
            while end < min(base.count, k + 6), !base.isString(end) { end += 1 }
            guard base.isString(end) else { return k + 1 }
            let module = load(base.text(end), end)
            if let name { bindImport(name, module) } else { program.stars[base.file, default: []].append(module) }
            return end + 1
        }
        if base.is(k, .openBrace) || (base.is(k, .type) && base.is(k + 1, .openBrace)) {
            let open = base.is(k, .openBrace) ? k : k + 1
            let close = base.after(open)
            var module: SymbolID?
            if base.is(close, .from), base.isString(close + 1) {
                module = load(base.text(close + 1), close + 1, isTypeOnly: open != k)
            }
            exportNames(open, module)
            return module == nil ? close : close + 2
        }
        if base.is(k, .default) {
            let symbol = program.member(base.file, Word.default.rawValue)
            program.declared.insert(symbol)
            var at = k + 1
            servedDefault(at)
            if base.is(at, .async) { at += 1 }
            if (base.is(at, .function) || base.is(at, .class)), base.isName(at + 1), !base.is(at + 1, .extends) {
                program.alias(symbol, to: program.member(base.file, base.name(at + 1)))
            } else if !base.is(at, .function), !base.is(at, .class) {
                let (value, _) = chain(k + 1, record: false)
                program.alias(symbol, to: value)
            }
            return k + 1
        }
        return k
    }

    /// `export default { fetch(request) {...} }` is served by Deno, Bun and hosts of workers.
    private mutating func servedDefault(_ open: Int) {
        guard base.is(open, .openBrace), let close = base.partner(open) else { return }
        var k = open + 1, members = 0
        while k < close, members < 24 {
            if base.is(k, .async) { k += 1 }
            if base.isName(k), program.names.text(base.name(k)) == "fetch",
                base.is(k + 1, .colon) || base.is(k + 1, .open) || base.is(k + 1, .comma) || k + 1 == close
            {
                base.use(
                    program.member(program.member(program.globals(.javascript), "servedDefault"), "fetch"), .reference,
                    k)
                return
            }
            members += 1
            k = expressionEnd(k) + 1
        }
    }

    mutating func exportNames(_ open: Int, _ module: SymbolID?) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            guard base.isName(k) else { k += 1; continue }
            let source = program.member(module ?? base.file, base.name(k))
            var exported = base.name(k)
            if base.is(k + 1, .as), base.isName(k + 2) {
                exported = base.name(k + 2)
                k += 2
            }
            let symbol = program.member(base.file, exported)
            if symbol != source {
                program.declared.insert(symbol)
                program.alias(symbol, to: source)
            }
            k += 1
        }
    }

    /// `module.exports = x`, `exports.name = x`, `module.exports.name = x`.
    mutating func commonExport(_ i: Int, _ word: Word) -> Int {
        var k = i + 1
        if word == .module {
            guard base.is(k, .dot), base.is(k + 1, .exports) else { return plainName(i) }
            k += 2
        } else if base.is(k, .assign) || !base.is(k, .dot) {
            return plainName(i)
        }
        if base.is(k, .assign) {
            let (value, _) = chain(k + 1, record: false)
            let symbol = program.member(base.file, Word.default.rawValue)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
            if base.isName(k + 1) || base.is(k + 1, .require) { program.stars[base.file, default: []].append(value) }
            if base.is(k + 1, .openBrace) { objectExports(k + 1) }
            return k + 1
        }
        guard base.is(k, .dot), base.isName(k + 1), base.is(k + 2, .assign) else { return i + 1 }
        let symbol = program.member(base.file, base.name(k + 1))
        let (value, _) = chain(k + 3, record: false)
        if value != symbol {
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
        }
        return k + 3
    }

    mutating func objectExports(_ open: Int) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            if base.isName(k), base.is(k + 1, .colon) {
                let (value, _) = chain(k + 2, record: false)
                let symbol = program.member(base.file, base.name(k))
                if value != symbol {
                    program.declared.insert(symbol)
                    program.alias(symbol, to: value)
                }
            }
            k = expressionEnd(k) + 1
        }
    }

    /// Modules with computed names, in a file that lists a folder: those in the folders that it puts paths together to.
    mutating func loadedFolders() {
        let isListing = base.tokens.contains { token in
            guard token.kind == .name else { return false }
            switch program.names.text(token.value) {
            case "readdir", "readdirSync", "opendir", "glob", "globSync", "globby", "readDir": return true
            default: return false
            }
        }
        guard isListing else { return }
        var found: Set<String> = []
        for i in 0..<base.count - 1 where base.isName(i) && base.is(i + 1, .open) && found.count < 12 {
            switch program.names.text(base.name(i)) {
            case "join", "resolve", "URL": break
            default: continue
            }
            guard let close = base.partner(i + 1), close - i < 40 else { continue }
            let parts = (i + 2..<close).filter { base.isString($0) }.map { base.text($0) }
            guard let last = parts.last, !last.isEmpty, !last.hasSuffix(".."), last != ".", !last.contains("*"),
                !PathText.name(PathText.normal(last)).contains("."), found.insert(parts.joined(separator: "/")).inserted
            else { continue }
            base.facts.imports.append(
                ImportFact(
                    text: "./" + parts.joined(separator: "/") + "/", offset: base.tokens[i].start,
                    line: base.tokens[i].line, isComputed: true))
        }
    }

    /// `require(...)`, `import(...)`
    mutating func loaded(_ i: Int, record: Bool, depth: Int) -> (SymbolID, Int) {
        let open = i + 1
        guard let close = base.partner(open) else { return (SymbolTable.unknown, open + 1) }
        var value = SymbolTable.unknown
        if base.isString(open + 1), base.is(open + 2, .close) || base.is(open + 2, .comma) {
            let name = base.text(open + 1)
            value = moduleSymbol(name)
            // Evaluated more than once, noted once.
            if !base.facts.imports.contains(where: { $0.symbol == value && $0.offset == base.tokens[open + 1].start }) {
                let isBare =
                    !(base.is(close + 1, .dot) || base.is(i - 1, .assign) || base.is(i - 1, .await)
                    || base.is(i - 1, .open))
                _ = load(name, open + 1, isBare: isBare)
            }
        } else if record {
            var fact = ImportFact(text: "", offset: base.tokens[i].start, line: base.tokens[i].line, isComputed: true)
            if case .template(let prefix, _) = argument(open + 1, close) { fact.text = prefix }
            base.facts.imports.append(fact)
            base.doubt(.dynamicImport, i, until: close)
        }
        var k = close + 1
        // `(await import("x")).y` is handled by the bracket around it.
        while base.is(k, .dot) || base.is(k, .optionalDot), base.isName(k + 1), base.name(k + 1) != Word.then.rawValue {
            value = program.member(value, base.name(k + 1))
            k += 2
            if base.is(k, .open) {
                if record { call(value, k, at: i) }
                value =
                    transparent(value) == nil ? program.call(value) : chain(k + 1, record: false, depth: depth + 1).0
                k = base.after(k)
            }
        }
        if base.is(k, .open), value != SymbolTable.unknown {
            if record { call(value, k, at: i) }
            value = program.call(value)
            k = base.after(k)
        }
        if record, value != SymbolTable.unknown { base.use(value, .reference, i) }
        return (value, k)
    }
}
