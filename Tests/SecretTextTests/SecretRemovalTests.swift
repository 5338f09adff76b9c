import SecretText
import TestSupport
import Testing

@Suite struct SecretRemovalTests {
    private static let tail = "a1B2c3D4e5F6g7H8i9J0k1L2"

    @Test(
        "Secrets are taken out, and what stands round them stays",
        arguments: [
            ("https://user:pass@host/x", "https://[redacted]@host/x"),
            ("postgres://u:p@ss@db:5432/x?y=z", "postgres://[redacted]@db:5432/x?y=z"),
            ("--token=abc", "--token=[redacted]"), ("--token abc next", "--token [redacted] next"),
            ("--api-key 'a b' next", "--api-key '[redacted]' next"), ("GITHUB_TOKEN=x", "GITHUB_TOKEN=[redacted]"),
            (#"{"apiKey": "q\"w", "n": 1}"#, #"{"apiKey": "[redacted]", "n": 1}"#),
            ("Authorization: Bearer abc", "Authorization: Bearer [redacted]"),
            ("curl -H bearer abcdefg1", "curl -H bearer [redacted]"), ("key AKIAIOSFODNN7EXAMPLE.", "key [redacted]."),
            ("(gho_\(tail))", "([redacted])"), ("sk-proj-\(tail)", "[redacted]"), ("xoxp-1234567890", "[redacted]"),
            ("eyJhbGciOiJI.eyJzdWIi.abc, x", "[redacted], x"),
            ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx", "[redacted]\nx"),
            (#"got "secret": ["a", "]"], n: 1"#, #"got "secret": [redacted], n: 1"#),
            ("{'password': {'x': [1, 2]}, 'n': 1}", "{'password': [redacted], 'n': 1}"),
            ("token: [it's here](https://x.example/y) now", "token: [redacted]) now"),
            ("token: [never closed\nnext", "token: [redacted]\nnext"),
            ("mail bob.b+c@mail.example.com.", "mail [redacted]."), ("a@b.co,c@d.org", "[redacted],[redacted]"),
        ])
    func secretsAreTakenOut(text: String, expected: String) {
        #expect(SecretRemoval.remove(from: text, .all) == expected)
    }

    @Test(
        "What is no secret stays",
        arguments: [
            "the password is long", "oauth: yes", "task-force", "ghp_short", "bearer of bad news indeed", "a @ b.c",
            "@handle", "user@localhost", "x@y.",
            "https://host/a@b", "token economy", "--token", "", "é@é",
        ])
    func otherTextStays(text: String) { #expect(SecretRemoval.remove(from: text, .all) == nil) }

    @Test func onlyTheKindsAskedForGo() {
        let text = "a@b.co ghp_\(Self.tail) password=x"
        #expect(SecretRemoval.remove(from: text, .emails) == "[redacted] ghp_\(Self.tail) password=x")
        #expect(SecretRemoval.remove(from: text, .apiKeys) == "a@b.co [redacted] password=x")
        #expect(SecretRemoval.remove(from: text, .secrets) == "a@b.co ghp_\(Self.tail) password=[redacted]")
        #expect(SecretRemoval.remove(from: text, []) == nil)
    }

    @Test(
        "The time grows with the length alone",
        arguments: [
            "a", "a@", "aaaaaaaa@", "token: [", "token: {\n", "pwd=['", "://", "sk-", "eyJa.", "-----BEGIN ", "token ",
            "a=", "bearer ", "\"", "a.b",
        ])
    func timeIsLinear(piece: String) {
        func time(_ count: Int) -> Duration {
            let text = String(repeating: piece, count: count)
            return (0..<3).map { _ in processorTime { _ = SecretRemoval.remove(from: text, .all) } }.min()!
        }
        _ = time(10)
        #expect(time(16_000) < time(2_000) * 30 + .milliseconds(20))
    }
}
