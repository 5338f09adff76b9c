import SecretText
import StrictJSON
import TestSupport
import Testing

@testable import PolicyEngine

@Suite struct WireRedactionTests {
    private func redact(_ json: String, _ fields: [String] = [], _ kinds: SecretKinds = []) throws -> String? {
        let tape = try JSONTape(Array(json.utf8))
        return WireRedaction(fields: fields, kinds: kinds).redact(tape.root).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "Named fields go, at every place that the name means",
        arguments: [
            (#"{"a":{"b":1,"c":2}}"#, "a.b", #"{"a":{"b":"[redacted]","c":2}}"#),
            (#"{"a":[{"b":1},{"b":2}]}"#, "a.b", #"{"a":[{"b":"[redacted]"},{"b":"[redacted]"}]}"#),
            (#"{"a":[{"b":1},{"b":2}]}"#, "a[1].b", #"{"a":[{"b":1},{"b":"[redacted]"}]}"#),
            (#"{"a":[[1,2]]}"#, "a[*][0]", #"{"a":[["[redacted]",2]]}"#),
            (#"{"a.b":1}"#, "a.b", #"{"a.b":"[redacted]"}"#),
            (#"{"x":{"t":1},"y":{"t":2}}"#, "*.t", #"{"x":{"t":"[redacted]"},"y":{"t":"[redacted]"}}"#),
            (#"{"a":{"b":{"c":1}}}"#, "arguments.a.b", #"{"a":{"b":"[redacted]"}}"#), (#"{"a":1}"#, "a.b", nil),
            (#"{"a":1}"#, "", nil),
        ] as [(String, String, String?)])
    func namedFieldsGo(json: String, field: String, expected: String?) throws {
        #expect(try redact(json, field.isEmpty ? [] : [field]) == expected)
    }

    @Test func secretsGoWhereverTheyStand() throws {
        let token = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2"
        #expect(try redact(#"{"l":["x \#(token)"]}"#, [], .apiKeys) == #"{"l":["x [redacted]"]}"#)
        #expect(
            try redact(#"{"password":"x","pin_token":7,"token":null,"tokens":["a"]}"#, [], .secrets)
                == #"{"password":"[redacted]","pin_token":"[redacted]","token":null,"tokens":["a"]}"#)
        #expect(try redact(#"{"to":"bob@example.com"}"#, [], .emails) == #"{"to":"[redacted]"}"#)
        #expect(try redact(#"{"to":"bob","n":1}"#, [], .all) == nil)
    }

    @Test(
        "What stands behind a secret name goes whole, in values and in texts that are JSON, and the rest stays as it was written",
        arguments: [
            (
                #"{"secret": ["a", "b"],  "password": {"x":"deep"}, "n": 1.50}"#,
                #"{"secret": "[redacted]",  "password": "[redacted]", "n": 1.50}"#
            ),
            (#"{"token": [], "auth": {}, "cookie": "", "signature": true}"#, nil),
            (
                #"{"text": "{\"secret\": [\"a\", \"b\"], \"n\": 1.50}\n"}"#,
                #"{"text":"{\"secret\": \"[redacted]\", \"n\": 1.50}\n"}"#
            ),
            (
                #"["[1, {\"x\":\"{\\\"pwd\\\": {\\\"x\\\": 7}}\"}]"]"#,
                #"["[1, {\"x\":\"{\\\"pwd\\\": \\\"[redacted]\\\"}\"}]"]"#
            ),
            // No JSON as a whole, or none that readers agree on.
            (
                #"{"text":"got {\"secret\": [\"a\", \"]\"], \"n\": 1}."}"#,
                #"{"text":"got {\"secret\": [redacted], \"n\": 1}."}"#
            ),
            (
                #"{"text":"{\"a\":1,\"a\":2,\"password\": {\"x\": {\"y\": \"deep\"}}}"}"#,
                #"{"text":"{\"a\":1,\"a\":2,\"password\": [redacted]}"}"#
            ),
            // Keys are texts too, and stay different.
            (
                #"{"a@b.co": 1, "c@d.org": 2, "[redacted] 2": 3}"#,
                #"{"[redacted]": 1, "[redacted] 3": 2, "[redacted] 2": 3}"#
            ),
            // A form that asks for a secret holds none.
            (
                #"{"properties": {"password": {"type": "string"}, "token": {"anyOf": []}, "pwd": "x"}}"#,
                #"{"properties": {"password": {"type": "string"}, "token": {"anyOf": []}, "pwd": "[redacted]"}}"#
            ), (#"{"password": {"type": "string"}}"#, #"{"password": "[redacted]"}"#),
            (#"{"_meta": {"progressToken": 7}}"#, nil),
        ] as [(String, String?)])
    func structured(json: String, expected: String?) throws {
        let found = try redact(json, [], .all)
        func value(_ text: String?) throws -> JSONValue? { try text.map { try JSONValue(parsing: Array($0.utf8)) } }
        #expect(try value(found) == value(expected))
        if !json.contains("text") { #expect(found == expected, "everything else is as it was written") }
    }

    @Test func membersThatTheProtocolNeedsCanBeKept() throws {
        let tape = try JSONTape(Array(#"{"nextCursor":"a@b.co","x":{"next":"a@b.co"}}"#.utf8))
        let clean = WireRedaction(kinds: .all).redact(tape.root, keeping: ["nextCursor"])
        #expect(
            clean.map { String(decoding: $0, as: UTF8.self) }
                == #"{"nextCursor":"a@b.co","x":{"next":"[redacted]"}}"#)
    }

    @Test func redactingTwiceChangesNothingMore() throws {
        let rules = WireRedaction(fields: ["a.b"], kinds: .all)
        let json = #"{"a":{"b":"x"},"password":"y","m":"a@b.co","t":"{\"token\":[1]}","k":{"a@b.co":1,"c@d.org":2}}"#
        let once = try #require(rules.redact(JSONTape(Array(json.utf8)).root))
        #expect(rules.redact(try JSONTape(once).root) == nil)
    }

    @Test(
        "The time grows with the length alone",
        arguments: [
            #"{"token": ["#, #"token: [\n"#, "password={", #"[["#, #"{"a":"#, "a@b.co ", #"{"x": "{\"x\": "#,
        ])
    func timeIsLinear(piece: String) throws {
        func time(_ count: Int) throws -> Duration {
            let texts: [JSONValue] = [.string(String(repeating: piece, count: count))]
            let keys = JSONValue.object((0..<count).map { JSONMember("\($0)a@b.co", 1) })
            let tape = try JSONTape(
                JSONValue.array(texts + [keys]).serialized(), limits: JSONLimits(maxBytes: 64 << 20))
            return (0..<3).map { _ in processorTime { _ = WireRedaction(kinds: .all).redact(tape.root) } }.min()!
        }
        _ = try time(10)
        #expect(try time(16_000) < time(2_000) * 30 + .milliseconds(20))
    }
}
