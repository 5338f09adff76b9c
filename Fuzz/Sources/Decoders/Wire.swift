import MCPGateway
import PolicyEngine
import StrictJSON

/// What client and server write, in any pieces.
enum Wire {
    /// The tape refuses what the reader refuses, and gives the same values.
    static func compareReaders(_ bytes: [UInt8]) {
        let tree = try? JSONReader.read(bytes).value
        let tape = try? JSONTape(bytes, in: 0..<bytes.count)
        precondition(tree == tape?.root.value)
    }

    /// Refuses the tool `rm` and the method `evil`, and asks about `pay`.
    private struct Judge: GatewayJudge {
        let trimsLists = true
        func mayPass(_ call: ToolCall) -> Bool { call.tool != "rm" }
        func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
            calls.map { call in
                if call.call.tool == "rm" || call.call.method == "evil" { return .refuse("no") }
                return call.call.tool == "pay" ? .ask(ticket: call.number, question: "Pay?") : .pass
            }
        }
    }

    /// The first bytes say how the rest is cut, and who says which piece. Whatever is passed on is one JSON object a line, and
    /// no refused call is in it.
    static func converse(_ bytes: [UInt8]) {
        guard bytes.count > 4 else { return }
        var options = GatewayOptions(server: "s")
        options.maxMessage = 1_024
        options.maxPending = 4
        var session = GatewaySession(options, judge: Judge())
        let sizes = bytes.prefix(4).map { Int($0) % 64 + 1 }
        var rest = bytes.dropFirst(4), turn = 0
        var toServer: [UInt8] = [], toClient: [UInt8] = []
        while !rest.isEmpty {
            // A piece that ends a line gives the floor to the other side.
            var piece = rest.prefix(sizes[turn % 4] * (turn % 3 == 0 ? 16 : 1))
            if let end = piece.firstIndex(of: 0x0A) { piece = piece[...end] }
            if bytes[turn % 4] & 1 == turn & 1 {
                // As the loop does after a while: nothing is read behind what waits.
                if session.holdsBackClient { session.stopHoldingBack() }
                session.feed(fromClient: Array(piece))
            } else {
                session.feed(fromServer: Array(piece))
            }
            if turn % 5 == 4 { session.settle(ticket: UInt64(turn), .pass) }
            precondition(session.heldBytes < 64 << 10)
            toServer += session.toServer.takeAll()
            toClient += session.toClient.takeAll()
            rest = rest.dropFirst(piece.count)
            turn += 1
        }
        session.clientEnded()
        session.serverEnded()
        for line in (toServer + session.toServer.takeAll()).split(separator: 0x0A) {
            let message = checked(line)
            precondition(message["params"]?["name"] != "rm" || message["method"] != "tools/call")
            precondition(message["method"] != "evil")
        }
        for line in (toClient + session.toClient.takeAll()).split(separator: 0x0A) { _ = checked(line) }
    }

    private static func checked(_ line: ArraySlice<UInt8>) -> JSONValue {
        guard let message = try? JSONReader.read(Array(line), limits: JSONLimits(maxDepth: 130)).value,
            case .object = message, message["jsonrpc"] == "2.0"
        else { preconditionFailure("no message was passed on: \(String(decoding: line, as: UTF8.self))") }
        return message
    }
}
