import PolicyEngine
import Testing

@Suite("An override document means what it says, or is refused")
struct OverrideDocumentTests {
    /// A document with one key, on line 2.
    private func read(_ key: String, _ content: OverrideNode.Content) -> OverrideDocument {
        let node = OverrideNode(line: 2, column: 9, content)
        let root = OverrideNode(line: 1, column: 1, .object([.init(key: key, line: 2, column: 3, node: node)]))
        return OverrideDocument(root) { .file("o.json", line: $0, column: $1) }
    }

    private static func list(_ items: OverrideNode.Content...) -> OverrideNode.Content {
        .list(items.enumerated().map { OverrideNode(line: 3 + $0.offset, column: 5, $0.element) })
    }

    private static func object(_ pairs: (String, OverrideNode.Content)...) -> OverrideNode.Content {
        .object(pairs.map { .init(key: $0.0, line: 3, column: 5, node: OverrideNode(line: 3, column: 12, $0.1)) })
    }

    @Test("Each key takes a list of strings", arguments: OverrideKey.allCases)
    func lists(key: OverrideKey) {
        let document = read(key.rawValue, Self.list(.text("a"), .text("b")))
        #expect(document.problems.isEmpty && document.overrides.entries.map(\.value) == ["a", "b"])
        #expect(document.overrides.entries[1].origin == .file("o.json", line: 4, column: 5))
        let empty = read(key.rawValue, .list([]))
        #expect(empty.problems.isEmpty && empty.overrides.mentions(key) && empty.overrides.entries.isEmpty)
    }

    @Test(
        "Some keys have a second form",
        arguments: [
            ("listenPorts", list(.number("8080"), .text("127.0.0.1:80")), ["8080", "127.0.0.1:80"]),
            ("dns", .text("9.9.9.9"), ["9.9.9.9"]),
            ("limits", object(("memory", .text("2G")), ("files", .number("64"))), ["memory=2G", "files=64"]),
            ("envVars", object(("A", .text("1"))), ["A=1"]),
            ("secrets", object(("A", .text("!pass show a"))), ["A=!pass show a"]),
        ])
    func secondForms(key: String, content: OverrideNode.Content, values: [String]) {
        let document = read(key, content)
        #expect(document.problems.isEmpty && document.overrides.entries.map(\.value) == values)
    }

    @Test(
        "Nothing else is taken for something",
        arguments: [
            ("readPaths", .text("docs")), ("readPaths", .null), ("readPaths", .bool(true)), ("readPaths", .number("1")),
            ("readPaths", object(("a", .text("b")))), ("readPaths", list(.null)), ("readPaths", list(.number("1"))),
            ("readPaths", list(list(.text("a")))),
            ("allowedHosts", .bool(true)), ("allowedHosts", list(.number("1"))), ("listenPorts", .number("80")),
            ("listenPorts", list(.bool(true))),
            ("limits", .text("memory=2G")), ("limits", object(("memory", .null))),
            ("envVars", object(("A", .number("1")))), ("dns", .number("9")),
            ("grantOptional", .bool(true)), ("allowAll", .bool(true)),
        ] as [(String, OverrideNode.Content)])
    func wrongTypes(key: String, content: OverrideNode.Content) {
        let document = read(key, content)
        #expect(document.problems.count == 1 && document.overrides.entries.isEmpty)
    }

    @Test(
        "An unknown key is refused with the key that was meant",
        arguments: [
            ("readPath", "readPaths"), ("ReadPaths", "readPaths"), ("allowHosts", "allowedHosts"),
            ("allow-host", "allowedHosts"), ("envvars", "envVars"), ("qqqq", nil),
        ])
    func unknownKeys(key: String, meant: String?) {
        let problem = read(key, .list([])).problems[0]
        #expect(problem.line == 2 && problem.column == 3)
        #expect(problem.message.contains("did you mean") == (meant != nil))
        if let meant { #expect(problem.message.hasSuffix("did you mean `\(meant)`?")) }
    }

    @Test("A repeated key is refused, and all problems are reported")
    func several() {
        let text = OverrideNode(line: 2, column: 9, .text("x"))
        let list = OverrideNode(line: 3, column: 9, .list([]))
        let members = [("dns", text), ("dns", text), ("nope", list), ("readPaths", text)].map {
            OverrideNode.Member(key: $0.0, line: 2, column: 3, node: $0.1)
        }
        let document = OverrideDocument(OverrideNode(line: 1, column: 1, .object(members))) {
            .file("f", line: $0, column: $1)
        }
        #expect(document.problems.count == 3)
        let scalar = OverrideDocument(OverrideNode(line: 1, column: 1, .list([]))) { .file("f", line: $0, column: $1) }
        #expect(
            scalar.problems.map(\.description) == [
                "1:1: an override file is an object of keys such as readPaths, not a list"
            ])
    }
}
