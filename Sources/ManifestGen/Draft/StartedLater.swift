/// Programs that were looked for by name, and what is started by the answer.
struct Lookups {
    private struct Place: Hashable { var function: SymbolID, file: Int }
    private var byPlace: [Place: [String]] = [:]
    private var byFile: [Int: [String]] = [:]
    /// Starts of a program of which only that is known.
    var started: [(use: Use, file: Int)] = []

    mutating func found(_ name: String, in function: SymbolID, _ file: Int) {
        byPlace[Place(function: function, file: file), default: []].append(name)
        byFile[file, default: []].append(name)
    }

    /// What the function looked for, or else what its file did.
    func names(in function: SymbolID, _ file: Int) -> [String] {
        byPlace[Place(function: function, file: file)] ?? byFile[file] ?? []
    }
}

/// Programs that do what their first argument says, started where that is not known.
struct Subcommands {
    private var byFunction: [SymbolID: Set<String>] = [:]
    private var all: Set<String> = []
    var isEmpty: Bool { all.isEmpty }
    var programs: [String] { all.sorted() }

    mutating func opened(_ program: String, by function: SymbolID) {
        all.insert(program)
        if function >= 0 { byFunction[function, default: []].insert(program) }
    }

    func programs(of function: SymbolID) -> [String] { byFunction[function]?.sorted() ?? [] }
}
