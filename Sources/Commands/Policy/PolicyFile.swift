import AuditTrail
import Glibc
import PolicyEngine
import SystemPackage

/// A policy file that was read, with everything that is wrong with it.
struct PolicyFile: Sendable {
    /// As the user wrote it.
    let name: String
    let bytes: [UInt8]
    let format: PolicyFormat
    /// The policy in our own format.
    let native: OverrideNode
    /// Not to be used while there are problems.
    let layer: PolicyLayer
    let problems: [OverrideDocumentProblem]
    let warnings: [OverrideDocumentProblem]

    /// Bytes that a file may have.
    static let limit = 1 << 20

    /// Reads a file by its name, standard input for `-`, or a folder of agsec's.
    /// - Parameter format: What it is; otherwise that is recognised.
    /// - Parameter isInputFree: Whether standard input can be named in the file's place.
    static func read(
        _ name: String, format: PolicyFormat? = nil, isInputFree: Bool = true
    ) throws(Refusal) -> PolicyFile {
        if name != "-", ManifestSearch.kind(FilePath(name), followingLinks: true) == S_IFDIR { return try folder(name) }
        let bytes = try contents(name, "the policy", isInputFree: isInputFree)
        return PolicyFile(name: name, bytes: bytes, format: format)
    }

    /// Pure: the meaning of `bytes`.
    init(name: String, bytes: [UInt8], format: PolicyFormat? = nil) {
        let title = name == "-" ? "policy" : FilePath(name).lastComponent?.stem ?? name
        var format = format
        do throws(OverrideSyntaxError) {
            var root = try Self.tree(bytes, name)
            let recognised = format ?? PolicyFormat.recognise(root, name: name)
            format = recognised
            if recognised != .native { root = try Self.tree(bytes, name, as: YAMLReading(recognised)) }
            let translated = recognised.translate(root, name: title)
            self.init(name: name, bytes: bytes, format: recognised, title: title, translated: translated)
        } catch {
            let nothing = OverrideNode(line: 1, column: 1, .null)
            self.init(
                name: name, bytes: bytes, format: format ?? .native, title: title, translated: (nothing, error.problems)
            )
        }
    }

    private init(
        name: String, bytes: [UInt8], format: PolicyFormat, title: String,
        translated: (native: OverrideNode, problems: [OverrideDocumentProblem])
    ) {
        self.name = name
        self.bytes = bytes
        self.format = format
        native = translated.native
        let document = PolicyDocument(translated.native, name: title)
        // What is wrong with the file itself comes first; what is then wrong with the translation only follows from it.
        problems = translated.problems.isEmpty ? document.problems : translated.problems
        layer = document.layer
        let isYAML = format == .native && Self.isYAML(bytes, name)
        warnings = document.warnings + (isYAML ? OverrideNode.ambiguities(yaml: bytes) : [])
    }

    /// All policies of a folder, by name, as agsec merges them.
    private static func folder(_ name: String) throws(Refusal) -> PolicyFile {
        let names = (ManifestSearch.names(in: FilePath(name)) ?? []).filter {
            $0.hasSuffix(".yaml") || $0.hasSuffix(".yml")
        }.sorted()
        if names.isEmpty {
            throw Refusal(
                .input, "there is no .yaml or .yml file in the folder `\(name.terminalSafe)`",
                next: "give the path of a policy")
        }
        var files: [(name: String, root: OverrideNode)] = []
        var problems: [OverrideDocumentProblem] = []
        for file in names {
            let path = FilePath(name).appending(file).string
            let bytes = try contents(path, "the policy")
            do throws(OverrideSyntaxError) {
                let root = try tree(bytes, path, as: .pyYAML)
                files.append((file, root))
                // What is wrong with the translation alone is told with the name of the file, too.
                let (native, found) = PolicyFormat.agsec.translate(root, name: file)
                if found.isEmpty { problems += PolicyDocument(native, name: file).problems.map { $0.in(file) } }
            } catch {
                problems += error.problems.map { $0.in(file) }
            }
        }
        let (native, found) = PolicyFormat.translateFolder(files)
        return PolicyFile(name: name, bytes: [], format: .agsec, title: "agsec", translated: (native, problems + found))
    }

    /// Reads and refuses what is malformed: for commands that need the policy itself.
    static func load(
        _ names: [String], format: PolicyFormat? = nil, isInputFree: Bool = true
    ) throws(Refusal) -> ToolPolicy {
        var files: [PolicyFile] = []
        for name in names { files.append(try read(name, format: format, isInputFree: isInputFree)) }
        if files.contains(where: { !$0.problems.isEmpty }) { throw refusal(files) }
        return ToolPolicy(layers: files.map(\.layer))
    }

    /// The file that a problem is in: of a folder, one of its files.
    func place(of problem: OverrideDocumentProblem) -> String {
        problem.file.map { FilePath(name).appending($0).string } ?? name
    }

    /// Everything that is wrong with the files, in words.
    static func refusal(_ files: [PolicyFile]) -> Refusal {
        let lines = files.flatMap { file in
            file.problems.map {
                "\(file.place(of: $0).terminalSafe):\($0.line):\($0.column): \($0.message.terminalSafe)"
            }
        }
        return Refusal(
            .malformed, "the policy cannot be used:\n" + lines.joined(separator: "\n"),
            next: "`agentbound help policy` shows an example, docs/policy.md the format")
    }

    /// Bytes of a file that the command line names.
    static func contents(_ name: String, _ what: String, isInputFree: Bool = true) throws(Refusal) -> [UInt8] {
        let bytes: [UInt8]
        do throws(ManifestFileError) { bytes = try ManifestFile.read(name) } catch {
            guard case .unreadable(let cause) = error.reason else { throw Refusal(error) }
            throw Refusal(
                .input, "cannot read \(what) `\(name.terminalSafe)`: \(cause)",
                next: isInputFree ? "give the path of a file, or `-` for standard input" : "give the path of a file")
        }
        if bytes.count > limit {
            throw Refusal(
                .malformed, "`\(name.terminalSafe)` is larger than \(limit) bytes",
                next: "split it: several policies are joined")
        }
        return bytes
    }

    /// A name that ends in `.yaml` or `.yml` is YAML, in `.json` JSON; else an opening brace says JSON.
    static func tree(
        _ bytes: [UInt8], _ name: String, as reading: YAMLReading = .core
    ) throws(OverrideSyntaxError) -> OverrideNode {
        isYAML(bytes, name) ? try OverrideNode(yaml: bytes, as: reading) : try OverrideNode(json: bytes)
    }

    static func isYAML(_ bytes: [UInt8], _ name: String) -> Bool {
        switch FilePath(name).extension?.lowercased() {
        case "yaml", "yml": true
        case "json": false
        default: bytes.first { !" \t\r\n".utf8.contains($0) }.map { !"{[".utf8.contains($0) } ?? true
        }
    }
}

extension OverrideDocumentProblem {
    /// The same, said of a file of several.
    fileprivate func `in`(_ file: String) -> Self { .init(line: line, column: column, message, file: file) }
}
