import AuditTrail
import PolicyEngine
import SystemPackage

/// A policy file that was read, with everything that is wrong with it.
struct PolicyFile: Sendable {
    /// As the user wrote it.
    let name: String
    let bytes: [UInt8]
    /// Not to be used while there are problems.
    let layer: PolicyLayer
    let problems: [OverrideDocumentProblem]
    let warnings: [OverrideDocumentProblem]

    /// Bytes that a file may have.
    static let limit = 1 << 20

    /// Reads a file by its name, or standard input for `-`.
    static func read(_ name: String) throws(Refusal) -> PolicyFile {
        PolicyFile(name: name, bytes: try contents(name, "the policy"))
    }

    /// Pure: the meaning of `bytes`.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        do throws(OverrideSyntaxError) {
            let root = try Self.tree(bytes, name)
            let title = name == "-" ? "policy" : FilePath(name).lastComponent?.stem ?? name
            let document = PolicyDocument(root, name: title)
            (layer, problems, warnings) = (document.layer, document.problems, document.warnings)
        } catch {
            (layer, problems, warnings) = (PolicyLayer(name: name), error.problems, [])
        }
    }

    /// Reads and refuses what is malformed: for commands that need the policy itself.
    static func load(_ names: [String]) throws(Refusal) -> ToolPolicy {
        var layers: [PolicyLayer] = []
        var wrong: [String] = []
        for name in names {
            let file = try read(name)
            wrong += file.problems.map { "\(name.terminalSafe):\($0.line):\($0.column): \($0.message.terminalSafe)" }
            layers.append(file.layer)
        }
        if !wrong.isEmpty {
            throw Refusal(
                .malformed, "the policy cannot be used:\n" + wrong.joined(separator: "\n"),
                next: "docs/policy.md shows the format")
        }
        return ToolPolicy(layers: layers)
    }

    /// Bytes of a file that the command line names.
    static func contents(_ name: String, _ what: String) throws(Refusal) -> [UInt8] {
        let bytes: [UInt8]
        do throws(ManifestFileError) { bytes = try ManifestFile.read(name) } catch {
            guard case .unreadable(let cause) = error.reason else { throw Refusal(error) }
            throw Refusal(
                .input, "cannot read \(what) `\(name.terminalSafe)`: \(cause)",
                next: "give the path of a file, or `-` for standard input")
        }
        if bytes.count > limit {
            throw Refusal(
                .malformed, "`\(name.terminalSafe)` is larger than \(limit) bytes",
                next: "split it: several policies are joined")
        }
        return bytes
    }

    /// A name that ends in `.yaml` or `.yml` is YAML, in `.json` JSON; else an opening brace says JSON.
    static func tree(_ bytes: [UInt8], _ name: String) throws(OverrideSyntaxError) -> OverrideNode {
        isYAML(bytes, name) ? try OverrideNode(yaml: bytes) : try OverrideNode(json: bytes)
    }

    static func isYAML(_ bytes: [UInt8], _ name: String) -> Bool {
        switch FilePath(name).extension?.lowercased() {
        case "yaml", "yml": true
        case "json": false
        default: bytes.first { !" \t\r\n".utf8.contains($0) }.map { !"{[".utf8.contains($0) } ?? true
        }
    }
}
