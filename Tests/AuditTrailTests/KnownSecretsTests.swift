import AuditTrail
import Testing

@Suite("Values that were given as secrets")
struct KnownSecretsTests {
    @Test("They are taken out of texts wherever they stand, and so are their lines; short ones are not")
    func hidden() {
        let first = "plain words \(UInt64.random(in: 0 ... .max))", second = "line-one-\(UInt64.random(in: 0 ... .max))"
        KnownSecrets.add(first)
        KnownSecrets.add(second + "\nsecond-line-of-it")
        KnownSecrets.add("abc")
        #expect(KnownSecrets.hide("x\(first)y\(first)") == "x[redacted]y[redacted]")
        #expect(KnownSecrets.hide("a \(second)\nsecond-line-of-it b") == "a [redacted] b")
        #expect(KnownSecrets.hide("got \(second)!") == "got [redacted]!")
        #expect(KnownSecrets.hide("abc") == "abc")
        #expect(Redaction.redact("/srv/\(first)/x") == "/srv/[redacted]/x")
    }
}
