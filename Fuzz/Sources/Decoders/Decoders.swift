import ManifestGen
import ManifestModel
import PolicyEngine
import StrictJSON

@testable import AgentBox
@testable import LinuxSystem

/// What is fuzzed: each takes any bytes and has to come back. The first byte of an input chooses one, so a corpus serves all.
enum Decoders {
    static let all: [@Sendable ([UInt8]) -> Void] = [
        { _ = SocketAddress($0) },
        { bytes in
            guard let question = try? DNSQuestion.parse(bytes) else { return }
            _ = DNSMessage.answer(to: question, .noError, addresses: [.v4(1), .v6(1, 1)], ttl: 1)
            // What is said of a name must be a name again, and the same.
            if let text = question.name.canonical { precondition(DNSName(text) == DNSName(text.lowercased())) }
        },
        { bytes in
            guard bytes.count > 2, let name = DNSName("api.example.com") else { return }
            let type: DNSType = bytes[0] & 1 == 0 ? .a : .aaaa
            _ = DNSMessage.parseReply(Array(bytes.dropFirst(2)), name: name, type: type, id: UInt16(bytes[1]))
        },
        { _ = ListeningSocket(line: String(decoding: $0, as: UTF8.self)) },
        { _ = ScriptLine($0) },
        { bytes in
            _ = try? ElfImage { offset, count in
                offset < 0 || count < 0 || offset > bytes.count ? nil : Array(bytes[offset...].prefix(count))
            }
        },
        { _ = HostsFile($0) },
        { _ = ResolvConf.nameServers($0) },
        { bytes in
            let reading = AgentManifest.read(bytes)
            for issue in reading.issues { precondition(issue.position.line >= 1 && issue.position.column >= 1) }
        },
        { bytes in
            guard let first = bytes.first else { return }
            let files = SourceFile.all[Int(first) % SourceFile.all.count]
            _ = ManifestGenerator.draft(of: OneFile(files.metadata, files.source, Array(bytes.dropFirst())))
        },
        { bytes in
            guard let header = try? MessageHeader(Array(bytes.prefix(MessageHeader.size))) else { return }
            let vector = Array(bytes.dropFirst(MessageHeader.size).prefix(header.vector.count))
            for isStream in [false, true] {
                guard let parts = try? MessageHeader.parts(vector, isStream: isStream) else { continue }
                // What is read for one call is bounded, whatever the parts say.
                precondition(parts.count <= MessageHeader.mostParts)
                precondition(parts.allSatisfy { $0.count >= 0 })
                precondition(parts.reduce(0) { $0 + $1.count } <= MessageHeader.mostBytes)
            }
        },
        { bytes in
            let numbers = (try? MessageHeader.descriptors(bytes)) ?? []
            precondition(numbers.count <= MessageHeader.mostDescriptors && numbers.count * 4 <= bytes.count)
        },
        { _ = MessageHeader.isRouteQuery($0) },
        { Wire.compareReaders($0) },
        { Wire.converse($0) },
        { bytes in
            guard let root = try? OverrideNode(json: bytes) else { return }
            for format in PolicyFormat.allCases {
                let (native, problems) = format.translate(root, name: "p")
                let document = PolicyDocument(native, name: "p")
                for problem in problems + document.problems { precondition(problem.line >= 1 && problem.column >= 1) }
                _ = ToolPolicy(layers: [document.layer]).decide(
                    JudgedCall.call(JudgedCall.arguments), at: JudgedCall.moment)
            }
        },
        { bytes in
            guard let tape = try? JSONTape(bytes) else { return }
            _ = JudgedCall.policy.decide(JudgedCall.call(tape.root), at: JudgedCall.moment)
        },
    ]
}

/// What policies that are fuzzed are asked about, and a policy that is asked about fuzzed arguments.
private enum JudgedCall {
    static let moment = PolicyMoment(now: 1, home: "/home/u", workingDirectory: "/work")
    static let arguments = try! JSONTape(Array(#"{"path": "a/b", "n": 5, "list": [{"x": "/etc"}]}"#.utf8)).root
    static let policy: ToolPolicy = {
        let text =
            #"{"version": 1, "default": "allow", "servers": {"*": {"allowedPaths": ["./src"], "deniedPaths": ["*.pem"]}}}"#
        return ToolPolicy(layers: [PolicyDocument(try! OverrideNode(json: Array(text.utf8)), name: "p").layer])
    }()

    static func call(_ arguments: JSONElement) -> ToolCall {
        ToolCall(server: "fs", tool: "read", arguments: arguments)
    }
}

/// A package of one source file.
private struct OneFile: SourceTree {
    let paths: [String]
    let omissions = Omissions()
    private let contents: [[UInt8]]

    init(_ metadata: (name: String, text: String), _ source: String, _ bytes: [UInt8]) {
        let files = [(metadata.name, Array(metadata.text.utf8)), (source, bytes)].sorted { $0.0 < $1.0 }
        paths = files.map(\.0)
        contents = files.map(\.1)
    }

    func read(_ index: Int) -> [UInt8]? { contents[index] }
}

private enum SourceFile {
    static let all: [(metadata: (name: String, text: String), source: String)] = [
        (("package.json", #"{"name": "m", "bin": "a.js"}"#), "a.js"),
        (("package.json", #"{"name": "m", "bin": "a.tsx"}"#), "a.tsx"),
        (("pyproject.toml", "[project]\nname = \"m\"\n[project.scripts]\nm = \"a:main\"\n"), "a.py"),
        (("go.mod", "module m\n"), "main.go"), (("Cargo.toml", "[package]\nname = \"m\"\n"), "src/main.rs"),
        (("pom.xml", "<project><artifactId>m</artifactId></project>"), "src/main/java/a/Main.java"),
        (("build.gradle.kts", ""), "src/main/kotlin/Main.kt"),
        (("Package.swift", "let package = Package(name: \"m\")"), "Sources/m/main.swift"),
        (("m.csproj", "<Project></Project>"), "Program.cs"), (("Gemfile", ""), "a.rb"),
        (("composer.json", "{}"), "a.php"), (("README", ""), "a.sh"), (("README", ""), "pyproject.toml"),
        (("README", ""), "package.json"), (("README", ""), "Cargo.toml"), (("README", ""), "pom.xml"),
    ]
}
