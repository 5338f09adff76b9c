/// What mcp-gate's scanner gives points for, as expressions of RE2 without case: for `min_threat_score`, which its authors chose for
/// those points. Ours weighs many of them less, since ordinary texts have them.
enum GateSigns {
    /// The expressions that reach a score by themselves.
    static func expressions(reaching score: Double) -> [String] {
        table.filter { Double($0.points) >= score }.map(\.expression)
    }

    private static let table: [(points: Int, expression: String)] = [
        (5, "-----BEGIN\(blank)+(?:RSA|OPENSSH|EC|DSA|PGP)\(blank)+PRIVATE\(blank)+KEY-----"),
        (4, "ignore\(blank)+(?:all\(blank)+)?(?:previous|prior|above)\(blank)+instructions"),
        (4, #";\#(blank)*(?:rm|del|format|shutdown|reboot)\b"#), (4, #"\|\#(blank)*(?:sh|bash|powershell|cmd)\b"#),
        (4, "AKIA[0-9A-Z]{16}"), (4, #"/etc/(?:passwd|shadow|sudoers)\b"#),
        (3, "disregard\(blank)+(?:the\(blank)+)?(?:system|above|prior)"), (3, "reveal|exfiltrate|leak"),
        (3, #"send.*(?:password|secret|token|api[\s\pZ_-]?key)"#), (3, #"</?(?:system|assistant|tool)[>\]]"#),
        (3, #"\$\(|\b(?:subprocess|os\.system)\b|\b(?:eval|exec)\("#), (3, #"\b[rs]k-[A-Za-z0-9]{20}"#),
        (3, #"\.\.[/\\]"#),
        (2, #"\b(?:you\#(blank)+are\#(blank)+now|new\#(blank)+role|act\#(blank)+as)\b"#),
        (2, #"https?://\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}"#),
        (2, #"https?://[^\s"']*\.(?:tk|top|xyz|click|zip|mov)\b"#),
    ]
    /// What is a blank to Python.
    private static let blank = #"[\s\pZ\x0b\x1c-\x1f\x{85}]"#
}
