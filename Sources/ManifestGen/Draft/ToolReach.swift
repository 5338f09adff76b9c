import ManifestModel

/// Which tools reach which functions of the program, by the calls between them.
struct ToolReach {
    /// In the order in which they are registered.
    private(set) var tools: [(name: String, permissions: Set<Permission>)] = []
    private var reached: [SymbolID: [String]] = [:]

    init(_ program: Program, _ hits: [Matching.Hit]) {
        var callees: [SymbolID: [SymbolID]] = [:]
        for edge in program.edges { callees[edge.caller, default: []].append(edge.callee) }
        var uses: [SymbolID: Set<Permission>] = [:]
        for hit in hits where hit.function >= 0 && hit.confidence > .low {
            uses[hit.function, default: []].insert(hit.permission)
        }
        var seenTools: Set<String> = []
        for tool in program.tools where tool.handler >= 0 && seenTools.insert(tool.name).inserted {
            var permissions: Set<Permission> = []
            var seen: Set<SymbolID> = [tool.handler]
            var pending = [tool.handler]
            while let function = pending.popLast() {
                permissions.formUnion(uses[function] ?? [])
                if reached[function, default: []].count < 50 { reached[function, default: []].append(tool.name) }
                for callee in callees[function] ?? [] where seen.insert(callee).inserted { pending.append(callee) }
            }
            if Self.isName(tool.name) { tools.append((tool.name, permissions)) }
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    func toolNames(of function: SymbolID) -> [String] { function >= 0 ? reached[function] ?? [] : [] }
}
