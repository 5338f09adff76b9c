import Glibc
import Testing

@testable import AuditTrail

@Suite struct RedactionTests {
    /// 24 and 40 letters and digits: long enough for every shape.
    private static let tail = "a1B2c3D4e5F6g7H8i9J0k1L2"

    @Test(
        "Secrets are taken out, and what stands round them stays",
        arguments: [
            ("https://user:pass@host/x", "https://[redacted]@host/x"),
            ("postgres://u:p@ss@db:5432/x?y=z", "postgres://[redacted]@db:5432/x?y=z"),  // the last @ ends it
            ("https://\(tail)@github.com/o/r", "https://[redacted]@github.com/o/r"),
            ("--token=abc", "--token=[redacted]"),
            ("--token abc next", "--token [redacted] next"),
            ("--api-key 'a b' next", "--api-key '[redacted]' next"),
            ("GITHUB_TOKEN=x", "GITHUB_TOKEN=[redacted]"),
            ("DB_PASSWORD: hunter2, user", "DB_PASSWORD: [redacted], user"),
            (#"{"apiKey": "q\"w", "n": 1}"#, #"{"apiKey": "[redacted]", "n": 1}"#),
            ("/x?access_token=abc&page=2", "/x?access_token=[redacted]&page=2"),
            ("Authorization: Bearer abc", "Authorization: Bearer [redacted]"),
            ("curl -H bearer abcdefgh", "curl -H bearer [redacted]"),
            ("X: Basic dXNlcjpwYXNz", "X: Basic [redacted]"),
            ("key AKIAIOSFODNN7EXAMPLE.", "key [redacted]."),
            ("ghp_\(tail)", "[redacted]"), ("(gho_\(tail))", "([redacted])"), ("github_pat_\(tail)_x", "[redacted]"),
            ("glpat-\(tail)", "[redacted]"), ("npm_\(tail)", "[redacted]"),
            ("sk-\(tail)", "[redacted]"), ("sk-proj-\(tail)", "[redacted]"),
            ("xoxb-123456789012-abc", "[redacted]"), ("xoxp-1234567890", "[redacted]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!", "[redacted]!"),
            ("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n[redacted]\nb"),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]"),  // broken off
            ("é ghp_\(tail) é", "é [redacted] é"),
        ])
    func secrets(text: String, redacted: String) { #expect(Redaction.redact(text) == redacted) }

    @Test(
        "What only looks like a secret stays",
        arguments: [
            "https://host/path@v1", "user@host", "http://[::1]:80/", "a://b",
            "max_tokens=100", "tokenizer=bert", "author=me", "--tokens 5", "oauth=2", "monkey=banana", "token",
            "the token is here",
            "password:", "--token", "sk-short", "task-a1B2c3D4e5F6g7H8i9J0k1L2", "ghp_short", "AKIAshort",
            "xghp_aaaaaaaaaaaaaaaaaaaaaaaa",
            "Bearer of news", "eyJ", "eyJhbGciOiJIUzI1NiJ9", "/srv/data/a.txt", "", "bearer ", "Basic",
        ])
    func harmless(text: String) { #expect(Redaction.redact(text) == text) }

    @Test("A token that the input's limit cuts through does not show its beginning")
    func cutToken() { #expect(Redaction.redact("x ghp_abc", wasCut: true) == "x [redacted]") }

    @Test(
        "Ten times the text takes about ten times as long, whatever it repeats",
        arguments: [
            "eyJ-", "sk-", "://", "a://b:c", "token ", "token:", "bearer ", "\"", "-", "-----BEGIN ", "eyJaaaaaaaa.",
            "auth=", "--token",
        ])
    func linear(piece: String) {
        // This thread's processor time: the wall clock also counts what else the machine does.
        func processorTime() -> Int {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        }
        func cost(_ count: Int) -> Int {
            let text = String(repeating: piece, count: count / piece.utf8.count)
            return (0..<3).map { _ in
                let start = processorTime()
                _ = Redaction.redact(text)
                return processorTime() - start
            }.min()!
        }
        // Quadratic work would take a hundred times as long.
        #expect(cost(40_000) < cost(4_000) * 40)
    }
}
