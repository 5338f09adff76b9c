import SecretText

/// Takes secrets out of text before it is written down: values that this process was given as secrets, and what
/// ``SecretRemoval`` recognises.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mark = SecretRemoval.mark

    /// `text` without the secrets that were recognised.
    /// - Parameter wasCut: The text goes on beyond its end, so a token that reaches the end counts as long enough.
    public static func redact(_ text: String, wasCut: Bool = false) -> String {
        let text = KnownSecrets.hide(text)
        return SecretRemoval.remove(from: text, [.apiKeys, .secrets, .wordsAsCredentials], wasCut: wasCut) ?? text
    }

    /// Whether a value with this name is secret whatever it looks like: `GITHUB_TOKEN`, `--api-key`, `Authorization`.
    public static func isSecretName(_ name: String) -> Bool { SecretName.matches(name) }
}
