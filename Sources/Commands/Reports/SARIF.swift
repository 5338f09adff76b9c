import StrictJSON

/// The parts that all documents of SARIF 2.1.0 have.
enum SARIF {
    /// - Parameter invocation: How the run went, where that is told.
    static func document(rules: [JSONValue], invocation: JSONValue? = nil, results: [JSONValue]) -> JSONValue {
        var run: [JSONMember] = [
            .init("tool", ["driver": ["name": "agentbound", "rules": .array(rules)]]),
            .init("columnKind", "unicodeCodePoints"),
        ]
        if let invocation { run.append(.init("invocations", [invocation])) }
        run.append(.init("results", .array(results)))
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [.object(run)],
        ]
    }

    /// - Parameter place: Counted from 1; `nil` is the whole file.
    static func location(_ file: String, _ place: (line: Int, column: Int)? = nil) -> JSONValue {
        var members = [JSONMember("artifactLocation", ["uri": .string(uri(file))])]
        if let place {
            members.append(
                .init("region", ["startLine": .integer(place.line), "startColumn": .integer(place.column)]))
        }
        return ["physicalLocation": .object(members)]
    }

    /// A path as a URI reference: RFC 3986's unreserved characters and `/` stay, all else is percent-encoded.
    static func uri(_ path: String) -> String {
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F:
                result.unicodeScalars.append(.init(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
