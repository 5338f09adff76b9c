import StrictJSON

/// A package that lies in the tree: where it starts, what it says of itself, and where its code is entered.
struct Package {
    var folder: String
    var language: Language
    var name: String?
    var version: String?
    var description: String?
    var registry: String?
    /// Names of the packages that it needs.
    var dependencies: Set<String> = []
    /// Files that the server starts with, by their numbers.
    var entries: [Int] = []
    /// Entry points that lead to no file that is here.
    var missing: [String] = []
    /// Metadata that is there and cannot be understood.
    var unreadable: String?
    /// No entry was found: all code that is not aside counts.
    var isWholeFolder = false

    /// Whether it says that it speaks MCP.
    var speaksMCP: Bool {
        dependencies.contains { name in
            [
                "@modelcontextprotocol/", "mcp", "fastmcp", "xmcp", "rmcp", "mcp-framework", "modelcontextprotocol",
                "mcp-go", "go-sdk", "@mastra/mcp", "mcpx",
            ].contains { name.hasPrefix($0) || name.hasSuffix("/" + $0) }
                || name.contains("mcp")
        }
    }
}

/// The tree as those see it who look for packages: names by number, and small metadata files read when asked for.
struct PackageScene {
    let paths: [String]
    let index: [String: Int]
    private var read: (Int) -> [UInt8]?

    init(paths: [String], read: @escaping (Int) -> [UInt8]?) {
        self.paths = paths
        self.read = read
        index = Dictionary(paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func has(_ path: String) -> Bool { index[path] != nil }
    func bytes(_ path: String) -> [UInt8]? { index[path].flatMap { read($0) } }
    func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }
    func json(_ path: String) -> JSONValue? {
        guard let bytes = bytes(path) else { return nil }
        return JSONReader.recover(JSONComments.removed(bytes)).node?.value
    }
    func toml(_ path: String) -> JSONValue? { bytes(path).map { TOMLText.read($0) } }

    /// Files below `folder`.
    func below(_ folder: String) -> [Int] {
        folder.isEmpty ? Array(paths.indices) : paths.indices.filter { paths[$0].hasPrefix(folder + "/") }
    }
}

/// JSON as editors' settings are written: with comments and commas before closing brackets.
enum JSONComments {
    static func removed(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var i = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var inString = false
        while i < bytes.count {
            let byte = bytes[i]
            if inString {
                result.append(byte)
                if byte == 0x5C, i + 1 < bytes.count {
                    i += 1
                    result.append(bytes[i])
                } else if byte == 0x22 {
                    inString = false
                }
            } else if byte == 0x22 {
                inString = true
                result.append(byte)
            } else if byte == 0x2F, i + 1 < bytes.count, bytes[i + 1] == 0x2F {
                while i < bytes.count, bytes[i] != 0x0A { i += 1 }
                continue
            } else if byte == 0x2F, i + 1 < bytes.count, bytes[i + 1] == 0x2A {
                i += 2
                while i + 1 < bytes.count, !(bytes[i] == 0x2A && bytes[i + 1] == 0x2F) { i += 1 }
                i += 1
            } else if byte == 0x5D || byte == 0x7D {
                var last = result.count - 1
                while last >= 0, result[last] <= 0x20 { last -= 1 }
                if last >= 0, result[last] == 0x2C { result.remove(at: last) }
                result.append(byte)
            } else {
                result.append(byte)
            }
            i += 1
        }
        return result
    }
}
