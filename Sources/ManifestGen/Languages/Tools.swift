/// How MCP servers offer tools.
enum Tools {
    private static let methods: Set<String> = ["tool", "registerTool", "addTool", "add_tool", "AddTool"]

    /// The registering method's name, when a symbol ends in one.
    static func registration(_ program: Program, _ symbol: SymbolID) -> String? {
        guard symbol >= SymbolTable.first else { return nil }
        let text = program.names.text(program.symbols.nodes[Int(symbol)].name)
        return methods.contains(text) ? text : nil
    }
}
