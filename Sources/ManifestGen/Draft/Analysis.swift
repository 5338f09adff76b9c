import ManifestModel

/// The code of a tree, read from its entry points on.
struct Analysis {
    let program = Program()
    private(set) var book = RuleBook()
    /// By file number; `nil` for files that were not read.
    private(set) var facts: [Int: FileFacts] = [:]
    private(set) var order: [Int] = []
    private(set) var packages: [Package] = []
    private(set) var skipped: [(path: String, reason: String)] = []
    private(set) var bytes = 0
    private(set) var brokenFiles: [String] = []
    private var isRuled: [SymbolID: Bool] = [:]
    private let vec: NameID
    /// Nanoseconds that a file may take, besides a microsecond a byte.
    private var patience: Int64 = 2_000_000_000
    let paths: [String]
    private(set) var omissions = Omissions()
    /// Packages that code imports, by language, for messages.
    private(set) var isFallback = false

    init(_ tree: some SourceTree, progress: ((Int) -> Void)? = nil) {
        paths = tree.paths
        vec = program.names.intern("vec")
        let cache = MetadataCache(tree)
        let scene = PackageScene(paths: tree.paths) { cache.read($0) }
        let all = LanguageReadings.all.flatMap { $0.packages(scene) }
        packages = Self.chosen(all)
        if packages.isEmpty, let loose = LooseCode.package(scene) { packages = [loose] }
        for package in packages {
            guard let path = package.unreadable else { continue }
            skipped.append((path, "could not be read: where the code is entered is not known"))
        }
        for language in Set(packages.map(\.language)).sorted(by: { $0.rawValue < $1.rawValue }) {
            book.load(language, into: program)
        }
        var scopes = Scopes()
        for package in packages { read(package, all, scene, cache, &scopes, progress) }
        program.seal()
        countUnread()
        omissions = cache.tree.omissions
    }

    /// Code in languages that have no reader: where there is more of it than was read, the server may be written in it.
    private(set) var unread: [Language: Int] = [:]

    private mutating func countUnread() {
        for path in paths {
            guard let language = Language(path: path), language != .shell, LanguageReadings.type(of: language) == nil,
                !PathText.isAside(path)
            else { continue }
            unread[language, default: 0] += 1
        }
        unread = unread.filter { $0.value > order.count }
    }

    /// Those at the top; else all that lie deeper, of which those that speak MCP are meant.
    private static func chosen(_ all: [Package]) -> [Package] {
        let top = all.filter { $0.folder.isEmpty && !$0.isWholeFolder && !$0.entries.isEmpty }
        if !top.isEmpty {
            // A launcher or a tool beside the server is not the server.
            let speaking = top.filter(\.speaksMCP)
            return speaking.isEmpty ? top : speaking
        }
        let nested = all.filter { !$0.folder.isEmpty && !$0.entries.isEmpty }
        let speaking = nested.filter(\.speaksMCP)
        if !speaking.isEmpty { return speaking }
        let whole = all.filter { $0.folder.isEmpty }
        return whole.isEmpty ? (nested.isEmpty ? all : nested) : whole
    }

    private mutating func read(
        _ package: Package, _ all: [Package], _ scene: PackageScene, _ cache: MetadataCache, _ scopes: inout Scopes,
        _ progress: ((Int) -> Void)?
    ) {
        guard let type = LanguageReadings.type(of: package.language) else { return }
        let reading = type.init(scene: scene, package: package, packages: all)
        var pending: [Int] = package.entries
        if package.entries.isEmpty {
            isFallback = true
            pending = scene.below(package.folder).filter {
                Language(path: scene.paths[$0]) == package.language && !PathText.isAside(scene.paths[$0])
            }
        }
        var seen = Set(pending)
        pending.reverse()
        while let file = pending.popLast() {
            guard facts[file] == nil else { continue }
            let path = paths[file]
            // A package may name a script of another language as its program.
            if let own = Language(path: path), own != package.language { continue }
            guard let contents = cache.source(file) else { continue }
            if let reason = Self.unreadable(contents) {
                skipped.append((path, reason))
                continue
            }
            bytes += contents.count
            var lexer = Lexer(contents, package.language.syntax, program.names)
            lexer.run()
            if lexer.isTooDeep { skipped.append((path, "are nested too deeply, and were read up to there")) }
            let watch = ReadingWatch(nanoseconds: patience + 1_000 * Int64(contents.count))
            let base = SourceReader(
                program, contents, lexer, package.language, index: file, scopes: scopes, watch: watch)
            scopes = Scopes()
            var (found, used) = reading.read(consume base, path: path)
            scopes = used
            if found.isBroken { brokenFiles.append(path) }
            if found.isOverdue {
                skipped.append((path, "could not be followed in a reasonable time, and were read in part"))
                // Many such files must not add up.
                patience = max(patience / 2, 20_000_000)
            }
            var next: [Int] = reading.companions(of: path)
            for fact in found.imports {
                if fact.isTypeOnly && !fact.isComputed {
                    connect(fact, reading, path, follow: false, &next)
                    continue
                }
                let isMissing = !connect(fact, reading, path, follow: true, &next)
                if isMissing {
                    found.doubts.append(
                        Doubt(
                            kind: .unresolvedImport, file: file, offset: fact.offset, line: fact.line, text: fact.text))
                }
            }
            let symbol = program.file(file), functions = Set(found.uses.map(\.function))
            found.subcommands = found.uses.flatMap { subcommands(in: $0) }
            found.uses.removeAll { !mayMatter($0, in: symbol, functions) }
            Self.setColumns(&found, contents)
            found.keep()
            facts[file] = found
            order.append(file)
            for file in next where seen.insert(file).inserted { pending.append(file) }
            progress?(order.count)
        }
    }

    /// Whether a rule may speak of what is used. Most uses lead to libraries that none speaks of, and a large tree has
    /// millions of them; what leads to other files is settled when all were read.
    private mutating func mayMatter(_ use: Use, in file: SymbolID, _ functions: Set<SymbolID>) -> Bool {
        guard let symbol = program.outside(use.symbol) else {
            return program.isOpen(use, in: file, functions: functions)
        }
        if let known = isRuled[symbol] { return known }
        let node = program.symbols.nodes[Int(symbol)]
        let isMethod =
            node.parent >= SymbolTable.first && program.symbols.nodes[Int(node.parent)].name == Word.callMark.rawValue
        let answer =
            isMethod && program.receiverNames.contains(node.name) || !book.rules(for: symbol, program).isEmpty
        isRuled[symbol] = answer
        return answer
    }

    /// `run(["push", path])`: the list's first word, when a known program takes it for what it shall do.
    private func subcommands(in use: Use) -> [TextFact] {
        guard use.kind == .call else { return [] }
        // Rust writes a list as a macro's arguments.
        if use.symbol >= SymbolTable.first, program.symbols.nodes[Int(use.symbol)].name == vec,
            case .literal(let word)? = use.arguments.first, Programs.subcommands.contains(word)
        {
            return [TextFact(text: word, offset: use.offset, line: use.line, function: use.function)]
        }
        return use.arguments.compactMap { argument in
            var argument = argument
            if case .symbol(let symbol) = argument, let known = program.constants[symbol] { argument = known }
            guard case .list(let items) = argument, case .literal(let word)? = items.first,
                Programs.subcommands.contains(word)
            else { return nil }
            return TextFact(text: word, offset: use.offset, line: use.line, function: use.function)
        }
    }

    /// Call when nobody will ask for them again.
    mutating func forgetFacts() { facts = [:] }

    /// - Returns: `false` when the import leads nowhere.
    @discardableResult
    private mutating func connect(
        _ fact: ImportFact, _ reading: any LanguageReading, _ path: String, follow: Bool, _ next: inout [Int]
    ) -> Bool {
        switch reading.resolve(fact, from: path) {
        case .files(let files):
            if follow { next += files }
            if let last = files.last, !fact.isComputed { program.alias(fact.symbol, to: program.file(last)) }
        case .external(let name):
            program.alias(fact.symbol, to: reading.external(name, program))
        case .missing: return false
        case .nothing: break
        }
        return true
    }

    /// Works out columns in one pass over the text, while it is at hand.
    private static func setColumns(_ facts: inout FileFacts, _ bytes: [UInt8]) {
        var at = 0
        var column: Int32 = 1
        func move(to offset: Int32) -> Int32 {
            let offset = min(Int(offset), bytes.count)
            if offset < at {
                // Noted out of order: rare, and most often on the same line.
                at = offset
                while at > 0, bytes[at - 1] != 0x0A, offset - at < 4_096 { at -= 1 }
                column = 1
            }
            // Back to the line's beginning, or to where the last one was.
            var back = offset
            var scalars: Int32 = 0
            while back > at, bytes[back - 1] != 0x0A {
                back -= 1
                if bytes[back] & 0xC0 != 0x80 { scalars += 1 }
            }
            column = back > at ? 1 + scalars : column + scalars
            at = offset
            return column
        }
        for i in facts.uses.indices { facts.uses[i].column = move(to: facts.uses[i].offset) }
        for i in facts.subcommands.indices { facts.subcommands[i].column = move(to: facts.subcommands[i].offset) }
        for i in facts.texts.indices { facts.texts[i].column = move(to: facts.texts[i].offset) }
        for i in facts.imports.indices { facts.imports[i].column = move(to: facts.imports[i].offset) }
        for i in facts.doubts.indices { facts.doubts[i].column = move(to: facts.doubts[i].offset) }
    }

    /// Why a file is no source text, or `nil`.
    private static func unreadable(_ bytes: [UInt8]) -> String? {
        if bytes.prefix(8_192).contains(0) { return "are no text" }
        return nil
    }
}

/// The tree behind the scenes: metadata files are read more than once, sources once.
final class MetadataCache {
    private(set) var tree: any SourceTree
    private var known: [Int: [UInt8]] = [:]
    private var knownBytes = 0

    init(_ tree: some SourceTree) { self.tree = tree }

    func read(_ index: Int) -> [UInt8]? {
        if let bytes = known[index] { return bytes }
        guard let bytes = tree.read(index) else { return nil }
        if bytes.count < 1 << 20, knownBytes < 16 << 20 {
            known[index] = bytes
            knownBytes += bytes.count
        }
        return bytes
    }

    func source(_ index: Int) -> [UInt8]? {
        if let bytes = known.removeValue(forKey: index) { return bytes }
        return tree.read(index)
    }
}
