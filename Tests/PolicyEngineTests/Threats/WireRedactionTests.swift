import SecretText
import StrictJSON
import Testing

@testable import PolicyEngine

@Suite struct WireRedactionTests {
    private func redact(_ json: String, _ fields: [String] = [], _ kinds: SecretKinds = []) throws -> String? {
        let value = try JSONValue(parsing: Array(json.utf8))
        return WireRedaction(fields: fields, kinds: kinds).redact(value).map {
            String(decoding: $0.serialized(), as: UTF8.self)
        }
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
        #expect(WireRedaction(kinds: .all).redact("mail a@b.co") == "mail [redacted]")
    }

    @Test func redactingTwiceChangesNothingMore() throws {
        let rules = WireRedaction(fields: ["a.b"], kinds: .all)
        let once = try #require(rules.redact(["a": ["b": "x"], "password": "y", "m": "a@b.co"] as JSONValue))
        #expect(rules.redact(once) == nil)
    }
}
