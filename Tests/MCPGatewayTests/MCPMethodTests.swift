import MCPGateway
import Testing

@Suite struct MCPMethodTests {
    @Test func toolsAreCalledByThisName() { #expect(MCPMethod.callTool == "tools/call") }
}
