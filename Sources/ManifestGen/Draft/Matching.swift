import ManifestModel

/// Holds the uses of a program against the rules.
struct Matching {
    struct Hit {
        var permission: Permission
        var confidence: Rule.Confidence
        var file: Int32
        var line: Int32
        var column: Int32
        /// The innermost named function around it, or -1.
        var function: SymbolID
        var call: String
        var words: String

        init(
            permission: Permission, use: Use, file: Int, call: String, words: String, confidence: Rule.Confidence
        ) {
            self.permission = permission
            self.confidence = confidence
            self.file = Int32(file)
            line = use.line
            column = use.column
            function = use.function
            self.call = call
            self.words = words
        }
    }

    private var analysis: Analysis
    private let program: Program
    private(set) var hits: [Hit] = []
    private(set) var doubts: [Doubt] = []
    /// Values for scopes.
    private(set) var scopes: [ScopeKey: Set<String>] = [:]
    /// Programs that are started, by their names.
    private(set) var programs: Set<String> = []
    private var importedModules: Set<NameID> = []
    /// Functions that start the program, open the file or reach the host that a parameter names.
    private var relays: [SymbolID: [(index: Int, name: String, scope: Rule.Scope, rule: Int)]] = [:]
    private struct Place: Hashable {
        var file: Int
        var path: Argument
    }
    /// Hits that only ask whether something is there, and what is written or removed.
    private var checks: [(hit: Int, place: Place)] = []
    private var changed: Set<Place> = []
    /// Functions of the program that start another one whose name is computed.
    private var startingFunctions: Set<SymbolID> = []
    private var lookups = Lookups()
    private var subcommands = Subcommands()
    private var resolvedBelow: [SymbolID: [Int]] = [:]
    /// The rule whose argument is looked at.
    private var noted = 0
    private var shownCalls: [SymbolID: String] = [:]

    init(_ analysis: Analysis) {
        self.analysis = analysis
        program = analysis.program
        collectModules()
        for file in analysis.order { match(file) }
        followRelays()
        startFound()
        runSubcommands()
        namedPrograms()
        texts()
        settleChecks()
        self.analysis.forgetFacts()
    }

    private mutating func collectModules() {
        for file in analysis.order {
            for symbol in analysis.facts[file]!.imported {
                let symbol = program.canonical(symbol)
                for name in program.path(symbol).dropFirst().prefix(3) { importedModules.insert(name) }
            }
        }
    }

    // MARK: Uses

    private mutating func match(_ file: Int) {
        let facts = analysis.facts[file]!
        doubts += facts.doubts
        for fact in facts.imports where fact.isBare {
            let symbol = program.canonical(fact.symbol)
            let use = Use(
                symbol: symbol, kind: .importing, offset: fact.offset, line: fact.line, column: fact.column,
                function: -1)
            apply(symbol, use, file)
        }
        for head in facts.kept {
            let use = facts.kept.use(head)
            let symbol = target(use)
            let root = program.symbols.root(symbol).root
            if root == SymbolTable.files {
                let callee = use.kind == .call ? symbol : symbol
                if use.function >= 0, program.declared.contains(callee), callee != use.function {
                    program.edges.insert(.init(caller: use.function, callee: callee))
                }
                if use.kind == .call { unknownReceiver(symbol, use, file) }
                continue
            }
            apply(symbol, use, file)
            if use.kind == .call, root == SymbolTable.globals { resultReceiver(symbol, use, file) }
            if use.kind == .call, root == SymbolTable.modules { strangerReceiver(symbol, use, file) }
        }
    }

    /// What is assigned to is the member itself, not what it was given before.
    private func target(_ use: Use) -> SymbolID {
        guard use.kind == .assignment || use.kind == .removal else { return program.canonical(use.symbol) }
        let node = program.symbols.nodes[Int(use.symbol)]
        guard node.parent >= SymbolTable.first, program.symbols.nodes[Int(node.parent)].parent != SymbolTable.files
        else {
            return program.canonical(use.symbol)
        }
        return program.member(program.canonical(node.parent), node.name)
    }

    /// A method of a value that the program made itself, or got from somewhere: judged by the method's name.
    private mutating func unknownReceiver(_ symbol: SymbolID, _ use: Use, _ file: Int) {
        guard !program.declared.contains(symbol) else { return }
        let node = program.symbols.nodes[Int(symbol)]
        guard program.receiverNames.contains(node.name),
            program.symbols.nodes[Int(node.parent)].parent != SymbolTable.files,
            let language = program.languages[program.file(file)]
        else { return }
        // A class of the program that declares such a method somewhere else is not what is meant.
        apply(program.member(program.receivers(language), node.name), use, file)
    }

    /// Swift: a method of what another method gave back, whose type nothing says.
    private mutating func resultReceiver(_ symbol: SymbolID, _ use: Use, _ file: Int) {
        let node = program.symbols.nodes[Int(symbol)]
        guard program.receiverNames.contains(node.name), program.languages[program.file(file)] == .swift else { return }
        let result = program.symbols.nodes[Int(node.parent)]
        guard result.name == Word.callMark.rawValue, result.parent >= SymbolTable.first,
            !(0x41...0x5A).contains(program.names.first(program.symbols.nodes[Int(result.parent)].name))
        else { return }
        apply(program.member(program.receivers(.swift), node.name), use, file)
    }

    /// A method of a value of a library that no rule knows: as good as one of unknown type.
    private mutating func strangerReceiver(_ symbol: SymbolID, _ use: Use, _ file: Int) {
        let node = program.symbols.nodes[Int(symbol)]
        guard program.receiverNames.contains(node.name), node.parent >= SymbolTable.first,
            program.symbols.nodes[Int(node.parent)].name == Word.callMark.rawValue,
            let language = program.languages[program.file(file)], language != .javascript,
            analysis.book.rules(for: symbol, program).isEmpty
        else { return }
        apply(program.member(program.receivers(language), node.name), use, file)
    }

    private mutating func apply(_ symbol: SymbolID, _ use: Use, _ file: Int) {
        let found: [Int]
        if let known = resolvedBelow[symbol] {
            found = known
        } else {
            found = analysis.book.rules(for: symbol, program)
            resolvedBelow[symbol] = found
        }
        for index in found {
            let rule = analysis.book.rules[index]
            if rule.conditions.allSatisfy({ holds($0, use) }), !isInMemory(rule, use) {
                hit(rule, index, symbol, use, file)
            }
        }
    }

    /// Types that stand where a file may stand, and hold their bytes themselves.
    private static let memory: Set<String> = [
        "BytesIO", "StringIO", "ByteArrayOutputStream", "ByteArrayInputStream", "StringWriter", "StringReader",
        "Cursor",
    ]

    private func isInMemory(_ rule: Rule, _ use: Use) -> Bool {
        guard case .path? = rule.scope?.0, let slot = rule.scope?.1, let given = argument(slot, use),
            case .symbol(let symbol) = settled(given)
        else { return false }
        let node = program.symbols.nodes[Int(program.canonical(symbol))]
        guard node.name == Word.callMark.rawValue, node.parent >= SymbolTable.first else { return false }
        return Self.memory.contains(program.names.text(program.symbols.nodes[Int(node.parent)].name))
    }

    private mutating func hit(_ rule: Rule, _ index: Int, _ symbol: SymbolID, _ use: Use, _ file: Int) {
        let call = shownCalls[symbol] ?? program.text(symbol)
        shownCalls[symbol] = call
        let place = rule.confidence > .low ? path(of: rule, use).map { Place(file: file, path: $0) } : nil
        for permission in rule.permissions {
            if let place {
                if rule.isCheck { checks.append((hits.count, place)) }
                if permission == .filesystemWrite || permission == .filesystemDelete { changed.insert(place) }
            }
            hits.append(
                Hit(
                    permission: permission, use: use, file: file, call: call, words: rule.words,
                    confidence: rule.confidence))
        }
        guard let (scope, slot) = rule.scope else { return }
        let given = argument(slot, use)
        note(scope, rule, index, given, symbol, use, file)
    }

    private func path(of rule: Rule, _ use: Use) -> Argument? {
        guard case .path? = rule.scope?.0, let slot = rule.scope?.1, let given = argument(slot, use) else { return nil }
        switch settled(given) {
        case .literal(let text): return .literal(text)
        case .symbol(let symbol): return .symbol(program.canonical(symbol))
        default: return nil
        }
    }

    /// Whether a file is there is asked before it is made or removed: that reads nothing.
    private mutating func settleChecks() {
        for check in checks where changed.contains(check.place) { hits[check.hit].confidence = .low }
    }

    private func argument(_ slot: Rule.Slot, _ use: Use) -> Argument? {
        if let name = slot.name, let value = use.named[name] { return value }
        if let index = slot.index, index < use.arguments.count { return use.arguments[index] }
        return nil
    }

    /// Constants put in their places.
    private func settled(_ argument: Argument, depth: Int = 0) -> Argument {
        guard depth < 8 else { return argument }
        switch argument {
        case .symbol(let symbol):
            if let constant = program.constant(symbol) { return settled(constant, depth: depth + 1) }
            return argument
        case .list(let items): return .list(items.map { settled($0, depth: depth + 1) })
        case .choice(let items): return .choice(items.map { settled($0, depth: depth + 1) })
        case .filled(let symbol, let text): return filled(settled(.symbol(symbol), depth: depth + 1), text)
        default: return argument
        }
    }

    // MARK: Conditions

    private func holds(_ condition: Rule.Condition, _ use: Use) -> Bool {
        if let slot = condition.slot, let given = argument(slot, use), case .choice(let items) = settled(given) {
            return items.contains { holds(condition, use, given: $0) }
        }
        return holds(condition, use, given: condition.slot.flatMap { argument($0, use) })
    }

    private func holds(_ condition: Rule.Condition, _ use: Use, given: Argument?) -> Bool {
        switch condition {
        case .argument(_, let values, let orUnknown):
            guard let given else { return false }
            switch settled(given) {
            case .literal(let text): return values.contains(text)
            case .number(let text): return values.contains(text)
            case .flag(let flag): return values.contains(flag ? "true" : "false")
            default: return orUnknown
            }
        case .given(_, let values):
            guard let given else { return false }
            if case .literal(let text) = settled(given) { return !values.contains(text) }
            return true
        case .contains(_, let parts, let orUnknown):
            guard let given else { return false }
            switch settled(given) {
            case .literal(let text), .template(_, let text): return parts.contains { Self.contains(text, $0) }
            case .list(let items):
                return items.contains { item in
                    switch item {
                    case .literal(let text), .template(_, let text): parts.contains { Self.contains(text, $0) }
                    case .symbol, .other: orUnknown
                    default: false
                    }
                }
            case .symbol(let symbol):
                let canonical = program.canonical(symbol)
                let text = program.parameters[canonical].map { program.names.text($0.name) } ?? program.text(canonical)
                return orUnknown || parts.contains { Self.contains(text, $0) }
            default: return orUnknown
            }
        case .lacks(_, let parts):
            guard let given else { return true }
            switch settled(given) {
            case .literal(let text), .template(_, let text): return !parts.contains { Self.contains(text, $0) }
            case .flag(let flag): return !parts.contains(flag ? "true" : "false")
            // A constant of the language stands for what it is called: `SQLITE3_OPEN_READONLY`.
            case .symbol(let symbol): return !parts.contains(program.text(program.canonical(symbol)))
            default: return true
            }
        case .missing: return given == nil
        case .imports(let module): return importedModules.contains(program.names.intern(module))
        case .kind(let kind): return use.kind == kind
        }
    }

    static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8), part = Array(part.utf8)
        guard !part.isEmpty, text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == part[0] {
            if text[start..<start + part.count].elementsEqual(part) { return true }
        }
        return false
    }

    // MARK: Scopes and programs

    private mutating func note(
        _ scope: Rule.Scope, _ rule: Rule, _ index: Int, _ given: Argument?, _ symbol: SymbolID, _ use: Use, _ file: Int
    ) {
        noted = index
        // `process.env.NAME`, `os.environ["NAME"]`: the name is a part of the symbol, or the key in it.
        if scope == .environment, rule.isBelow || use.kind != .call { environmentName(symbol, use) }
        if scope == .native { return native(symbol, use, file) }
        guard let given else { return }
        if case .filled(let first, _) = given, scope == .shell || scope == .program,
            let (parameter, _) = handedOn(first)
        {
            let name = program.names.text(parameter.name)
            relays[parameter.function, default: []].append((parameter.index, name, scope, index))
        }
        let value = settled(given)
        if case .choice(let items) = value {
            for item in items { note(scope, rule, index, item, symbol, use, file) }
            return
        }
        if case .symbol(let symbol) = value, let (parameter, isSplit) = handedOn(symbol) {
            relays[parameter.function, default: []].append(
                (
                    parameter.index, program.names.text(parameter.name), isSplit && scope == .program ? .shell : scope,
                    index
                ))
            return
        }
        switch scope {
        case .environment:
            if case .literal(let name) = value { addVariable(name) } else { doubt(.computedVariable, use, file) }
        case .path: path(value, rule)
        case .host: host(value, use, file)
        case .port:
            if case .number(let text) = value, UInt16(text) != nil { scopes[.listenPorts, default: []].insert(text) }
        case .program: start(value, use, file)
        case .shell: shell(value, use, file)
        case .native: return
        case .command:
            if case .literal(let name) = value, !name.isEmpty, name.utf8.count < 64 {
                scopes[.allowedCommands, default: []].insert(name)
                programs.insert(PathText.name(name))
            }
        case .lookup:
            if case .literal(let name) = value { lookups.found(name, in: use.function, file) }
        case .code:
            // `Function("return this")`: what neither calls nor gives anything that could be called.
            if case .literal(let code) = value, !code.contains("("), !code.contains("require") { return }
            doubts.append(
                Doubt(
                    kind: .evaluation, file: file, offset: use.offset, line: use.line, column: use.column,
                    text: program.text(symbol)))
        }
    }

    /// The parameter that a value was made from: itself, or `command.split(" ")[0]`, `path.trim()`.
    private func handedOn(_ symbol: SymbolID) -> ((function: SymbolID, index: Int, name: NameID), isSplit: Bool)? {
        var at = program.canonical(symbol)
        var isSplit = false
        for _ in 0..<12 where at >= SymbolTable.first {
            if let parameter = program.parameters[at] { return (parameter, isSplit) }
            let node = program.symbols.nodes[Int(at)]
            switch program.names.text(node.name) {
            case "()", "[]", "trim", "trimStart", "trimEnd", "toString", "slice", "shift", "at", "strip": break
            case "split": isSplit = true
            default: return nil
            }
            at = program.canonical(node.parent)
        }
        return nil
    }

    /// A text that begins with a hole, where it is known what stands in the hole.
    private func filled(_ first: Argument, _ rest: Argument) -> Argument {
        guard case .template(let prefix, let text) = rest, let hole = text.firstIndex(of: Character(Argument.hole))
        else {
            return rest
        }
        switch first {
        case .literal(let value):
            let after = text[text.index(after: hole)...]
            return .template(prefix: prefix + value, text: text[..<hole] + value + after)
        case .choice(let items): return .choice(items.map { filled($0, rest) })
        default: return rest
        }
    }

    private mutating func native(_ symbol: SymbolID, _ use: Use, _ file: Int) {
        doubts.append(
            Doubt(
                kind: .nativeCode, file: file, offset: use.offset, line: use.line, column: use.column,
                text: program.text(symbol)))
    }

    private mutating func environmentName(_ symbol: SymbolID, _ use: Use) {
        let last = program.symbols.nodes[Int(symbol)].name
        if last == Word.elementMark.rawValue {
            if case .literal(let name)? = use.arguments.first { addVariable(name) }
        } else {
            addVariable(program.names.text(last))
        }
    }

    private mutating func addVariable(_ name: String) {
        let isName =
            !name.isEmpty && name.utf8.count < 100
            && name.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || (0x61...0x7A).contains($0)
            }
        // Variables are written in capitals; `env.hasOwnProperty` is a member.
        guard isName, name.utf8.contains(where: { (0x41...0x5A).contains($0) }) || name.hasSuffix("_proxy") else {
            return
        }
        guard
            !name.utf8.contains(where: { (0x61...0x7A).contains($0) }) || name.utf8.contains(0x5F)
                || name.hasSuffix("_proxy")
        else { return }
        scopes[.envVars, default: []].insert(name)
    }

    private mutating func path(_ value: Argument, _ rule: Rule) {
        guard case .literal(let text) = value, text.hasPrefix("/") || text.hasPrefix("~/"), text.utf8.count < 300 else {
            return
        }
        for permission in rule.permissions {
            let key: ScopeKey? =
                permission == .filesystemRead
                ? .readPaths
                : permission == .filesystemWrite ? .writePaths : permission == .filesystemDelete ? .deletePaths : nil
            if let key { scopes[key, default: []].insert(text + "?") }
        }
    }

    private mutating func host(_ value: Argument, _ use: Use, _ file: Int) {
        switch value {
        case .literal(let text), .template(let text, _):
            if let host = HostText.host(of: text) {
                scopes[.allowedHosts, default: []].insert(host)
            } else if case .template = value {
                computedHost(use, file)
            }
        case .symbol, .other: computedHost(use, file)
        default: break
        }
    }

    private mutating func computedHost(_ use: Use, _ file: Int) {
        doubts.append(
            Doubt(
                kind: .computedHost, file: file, offset: use.offset, line: use.line, column: use.column,
                text: program.text(program.canonical(use.symbol))))
    }

    /// A program by its name or path, or a list that begins with it.
    /// - Parameter rest: What stands behind it, when the list said so.
    private mutating func start(
        _ value: Argument, _ use: Use, _ file: Int, rest: [Argument]? = nil, depth: Int = 0
    ) {
        guard depth < 4 else { return }
        let rest = rest ?? words(after: value, use)
        switch value {
        case .literal(let text):
            if text.utf8.contains(0x20), !text.hasPrefix("/") { return shell(value, use, file) }
            let name = PathText.name(text)
            if name == "env", let index = rest.firstIndex(where: { Self.isWord($0) }) {
                return start(rest[index], use, file, rest: Array(rest[(index + 1)...]), depth: depth + 1)
            }
            if name.hasPrefix("python"), let module = Self.module(rest) {
                started(module, value, use, file, rest)
            }
            started(text, value, use, file, rest)
            if Self.interpreters.contains(name), let index = rest.firstIndex(where: { Self.isScriptFlag($0) }),
                index + 1 < rest.count
            {
                shell(settled(rest[index + 1]), use, file)
            }
        case .list(let items):
            guard let first = items.first else { return }
            start(settled(first), use, file, rest: Array(items.dropFirst()), depth: depth + 1)
            words(of: items, use, file)
        case .template(let prefix, _) where prefix.utf8.contains(0x20): shell(value, use, file)
        default:
            if let module = Self.module(rest) { started(module, value, use, file, rest) }
            if case .symbol(let symbol) = value, isFound(symbol) { lookups.started.append((use, file)) }
            doubt(.computedProgram, use, file)
            if use.function >= 0 { startingFunctions.insert(use.function) }
        }
        if case .list(let items)? = use.arguments.dropFirst().first.map({ settled($0) }) { words(of: items, use, file) }
    }

    /// `python -m pip`: the module is what runs.
    private static func module(_ rest: [Argument]) -> String? {
        guard rest.count > 1, rest[0] == .literal("-m"), case .literal(let name) = rest[1] else { return nil }
        return name
    }

    /// Not an option, and not `NAME=value`.
    private static func isWord(_ argument: Argument) -> Bool {
        switch argument {
        case .literal(let text): !text.hasPrefix("-") && !text.utf8.contains(0x3D)
        case .symbol: true
        default: false
        }
    }

    private static func isScriptFlag(_ argument: Argument) -> Bool {
        guard case .literal(let text) = argument else { return false }
        return ["-c", "-lc", "-ic", "-ec", "-euc", "/c", "/C", "-Command", "-command"].contains(text)
    }

    /// The arguments behind the program: a list beside it, or all that follow.
    private func words(after value: Argument, _ use: Use) -> [Argument] {
        var found: [Argument] = []
        let index = use.arguments.firstIndex { settled($0) == value }
        for argument in use.arguments[(index.map { $0 + 1 } ?? min(1, use.arguments.count))...] {
            if case .list(let items) = settled(argument) {
                found += items.map { settled($0) }
            } else {
                found.append(settled(argument))
            }
        }
        return found
    }

    /// `sh -c "..."`, `osascript -e "..."`: what an argument says.
    private mutating func words(of items: [Argument], _ use: Use, _ file: Int) {
        for item in items {
            switch item {
            case .literal(let text), .template(_, let text): effects(of: text, use, file)
            default: continue
            }
        }
    }

    private mutating func shell(_ value: Argument, _ use: Use, _ file: Int) {
        switch value {
        case .literal(let text), .template(_, let text):
            for word in ShellText.programs(in: text) { started(word, value, use, file) }
            if ShellText.writesFile(text) { writesFile(use, file) }
            effects(of: text, use, file)
            if case .template = value { doubt(.shellString, use, file) }
        case .list: start(value, use, file)
        case .symbol(let symbol) where handedOn(symbol) != nil:
            // `sh -c` and what a function was given: its callers say what that is.
            let parameter = handedOn(symbol)!.0
            relays[parameter.function, default: []].append(
                (parameter.index, program.names.text(parameter.name), .shell, noted))
        default: doubt(.shellString, use, file)
        }
    }

    private mutating func doubt(_ kind: Doubt.Kind, _ use: Use, _ file: Int) {
        doubts.append(
            Doubt(
                kind: kind, file: file, offset: use.offset, line: use.line, column: use.column,
                text: program.text(program.canonical(use.symbol))))
    }

    private mutating func started(
        _ name: String, _ value: Argument, _ use: Use, _ file: Int, _ rest: [Argument] = []
    ) {
        let base = PathText.name(name)
        guard !base.isEmpty, base.utf8.count < 64 else { return }
        programs.insert(base)
        scopes[.allowedCommands, default: []].insert(name)
        if let modes = Programs.modes[base] ?? Programs.builders[base] {
            let words = commandWords(value, use, rest)
            // A word in the text of another command line counts as well: which part belongs to which program is not asked.
            guard
                let mode = modes.first(where: { mode in mode.words.isEmpty || mode.words.contains { words.contains($0) }
                })
            else { return }
            if mode.words.isEmpty { subcommands.opened(base, by: use.function) }
            hit(mode, base, use, file)
            return
        }
        guard let facts = Programs.table[base] ?? Programs.table[PathText.stem(base)] else { return }
        for permission in facts.permissions {
            hits.append(
                Hit(permission: permission, use: use, file: file, call: base, words: facts.words, confidence: .medium))
        }
    }

    private mutating func hit(_ mode: Programs.Mode, _ program: String, _ use: Use, _ file: Int) {
        for permission in mode.permissions {
            hits.append(
                Hit(permission: permission, use: use, file: file, call: program, words: mode.does, confidence: .medium))
        }
    }

    /// The words of a command line, as far as they can be read.
    private func commandWords(_ value: Argument, _ use: Use, _ rest: [Argument]) -> Set<String> {
        var words: Set<String> = []
        func add(_ argument: Argument) {
            switch settled(argument) {
            case .literal(let text), .template(_, let text):
                for word in text.split(separator: " ") { words.insert(String(word)) }
            case .list(let items), .choice(let items): for item in items { add(item) }
            default: break
            }
        }
        add(value)
        for argument in use.arguments + rest { add(argument) }
        return words
    }

    private mutating func writesFile(_ use: Use, _ file: Int) {
        hits.append(
            Hit(
                permission: .filesystemWrite, use: use, file: file, call: ">",
                words: "the command line writes a file", confidence: .medium))
    }

    private mutating func effects(of text: String, _ use: Use, _ file: Int) {
        for command in ShellText.appleScriptCommands(in: text) {
            for word in ShellText.programs(in: command) { started(word, .literal(command), use, file) }
            if ShellText.writesFile(command) { writesFile(use, file) }
        }
        for effect in Programs.scripts where effect.words.contains(where: { ShellText.says(text, $0) }) {
            for permission in effect.permissions {
                hits.append(
                    Hit(
                        permission: permission, use: use, file: file, call: effect.words[0], words: effect.does,
                        confidence: .medium))
            }
        }
    }

    /// Calls of functions that hand a parameter on to where a scope or a program is taken from.
    private mutating func followRelays() {
        var done: Set<SymbolID> = []
        for _ in 0..<4 {
            let fresh = relays.filter { !done.contains($0.key) }
            if fresh.isEmpty { return }
            done.formUnion(fresh.keys)
            for file in analysis.order {
                let kept = analysis.facts[file]!.kept
                for head in kept where head.kind == .call {
                    guard let entries = fresh[program.canonical(head.symbol)] else { continue }
                    let use = kept.use(head)
                    for entry in entries {
                        let slot = Rule.Slot(index: entry.index, name: entry.name)
                        guard let given = argument(slot, use) else { continue }
                        note(entry.scope, analysis.book.rules[entry.rule], entry.rule, given, use.symbol, use, file)
                    }
                }
            }
        }
    }

    // MARK: Programs by their names alone

    /// Whether a value is what the look-up of a program gave, or a setting.
    private func isFound(_ symbol: SymbolID) -> Bool {
        var at = program.canonical(symbol)
        for _ in 0..<12 where at >= SymbolTable.first {
            let asked = analysis.book.rules(for: at, program).contains { index in
                let scope = analysis.book.rules[index].scope?.0
                return scope == .lookup || scope == .environment
            }
            if asked { return true }
            at = program.symbols.nodes[Int(at)].parent
        }
        return false
    }

    /// `path, _ := exec.LookPath("notify-send")`, and then `exec.Command(path)`.
    private mutating func startFound() {
        for (use, file) in lookups.started {
            for name in lookups.names(in: use.function, file) { started(name, .literal(name), use, file) }
        }
    }

    /// `runGit("push")`, where only `runGit` says that the program is git.
    private mutating func runSubcommands() {
        guard !subcommands.isEmpty else { return }
        for file in analysis.order {
            let facts = analysis.facts[file]!
            for head in facts.kept where head.kind == .call {
                for base in subcommands.programs(of: program.canonical(head.symbol)) {
                    let use = facts.kept.use(head)
                    run(base, commandWords(.other, use, Array(use.named.values)), use, file)
                }
            }
            for fact in facts.subcommands {
                let use = Use(
                    symbol: -1, kind: .reference, offset: fact.offset, line: fact.line, column: fact.column,
                    function: fact.function)
                for base in subcommands.programs { run(base, [fact.text], use, file) }
            }
        }
    }

    private mutating func run(_ base: String, _ words: Set<String>, _ use: Use, _ file: Int) {
        let modes = Programs.modes[base] ?? Programs.builders[base] ?? []
        if let mode = modes.first(where: { $0.words.contains { words.contains($0) } }) { hit(mode, base, use, file) }
    }

    /// `run("kubectl", ...)`, where `run` is a function that comes to start a program whose name is computed.
    private mutating func namedPrograms() {
        guard !startingFunctions.isEmpty else { return }
        var reaching = startingFunctions
        for _ in 0..<6 {
            let more = program.edges.filter { reaching.contains($0.callee) && !reaching.contains($0.caller) }
            if more.isEmpty { break }
            for edge in more { reaching.insert(edge.caller) }
        }
        for file in analysis.order {
            let kept = analysis.facts[file]!.kept
            for head in kept where head.kind == .call {
                guard reaching.contains(program.canonical(head.symbol)) else { continue }
                let use = kept.use(head)
                for argument in use.arguments + Array(use.named.values) {
                    guard case .literal(let name) = settled(argument), name.utf8.count > 2,
                        !Self.plainWords.contains(name),
                        let facts = Programs.table[name], facts.permissions.contains(.networkClient)
                    else { continue }
                    started(name, .literal(name), use, file)
                }
            }
        }
    }

    /// Names of programs that are words as well.
    private static let plainWords: Set<String> = [
        "host", "mail", "import", "link", "play", "serve", "service", "http", "https",
    ]

    // MARK: Texts

    /// Programs that run scripts which the code may hold as texts.
    private static let interpreters: Set<String> = [
        "osascript", "powershell", "pwsh", "powershell.exe", "bash", "sh", "cmd", "cmd.exe", "zsh",
    ]

    private mutating func texts() {
        var seen: Set<String> = []
        let isClient = hits.contains { $0.permission == .networkClient }
        for file in analysis.order {
            for fact in analysis.facts[file]!.texts {
                if isClient, let host = HostText.host(of: fact.text), seen.insert(host).inserted,
                    HostText.isLikely(host)
                {
                    scopes[.allowedHosts, default: []].insert(host)
                }
                let use = Use(
                    symbol: -1, kind: .reference, offset: fact.offset, line: fact.line, column: fact.column,
                    function: fact.function)
                if DatabaseText.namesFile(fact.text) {
                    for permission in [Permission.filesystemRead, .filesystemWrite] {
                        hits.append(
                            Hit(
                                permission: permission, use: use, file: file, call: String(fact.text.prefix(40)),
                                words: "keeps a database in a file", confidence: .medium))
                    }
                }
                if !programs.isDisjoint(with: Self.interpreters) { effects(of: fact.text, use, file) }
            }
        }
    }
}
