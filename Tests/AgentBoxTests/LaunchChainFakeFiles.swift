import SystemPackage

@testable import AgentBox

/// A file system in memory: files, links, and the folders that their paths imply.
struct FakeFiles: FileSystemView {
    enum Node: Hashable {
        case file([UInt8], executable: Bool, modified: Int)
        case link(FilePath)
        case folder(modified: Int)
    }
    private var nodes: [String: Node] = ["/": .folder(modified: 0)]  // text is quicker to hash than a path
    private var names: [String: Set<String>] = [:]

    /// A machine with a merged /usr, Python, node, a shell and env.
    static let machine: FakeFiles = {
        var files = FakeFiles()
        for (link, target) in [
            ("/bin", "usr/bin"), ("/lib", "usr/lib"), ("/lib64", "usr/lib64"),
            ("/usr/bin/python3", "python3.11"), ("/usr/bin/sh", "dash"),
        ] {
            files.link(FilePath(link), FilePath(target))
        }
        files.file("/usr/lib64/ld-linux.so", [0x7F, 0x45, 0x4C, 0x46], executable: true)
        for name in ["python3.11", "node", "dash", "bash", "env", "ruby", "deno", "npx", "uvx", "uv", "docker", "npm"] {
            files.elf(FilePath("/usr/bin").appending(name))
        }
        files.text("/usr/lib/python3.11/os.py", "")
        return files
    }()

    mutating func text(_ path: FilePath, _ text: String, executable: Bool = false) {
        file(path, Array(text.utf8), executable: executable)
    }

    mutating func elf(_ path: FilePath, modified: Int = 0, interpreter: String? = "/lib64/ld-linux.so") {
        file(path, FakeElf(interpreter: interpreter).bytes, executable: true, modified: modified)
    }

    mutating func file(_ path: FilePath, _ bytes: [UInt8], executable: Bool, modified: Int = 0) {
        folder(path.removingLastComponent(), modified: modified)
        put(path, .file(bytes, executable: executable, modified: modified))
    }

    mutating func link(_ path: FilePath, _ target: FilePath) {
        folder(path.removingLastComponent())
        put(path, .link(target))
    }

    mutating func folder(_ path: FilePath, modified: Int = 0) {
        var above = path
        // A folder that was there keeps its time, the one that is named gets its own.
        while nodes[above.string] == nil {
            put(above, .folder(modified: modified))
            above.removeLastComponent()
        }
    }

    private mutating func put(_ path: FilePath, _ node: Node) {
        nodes[path.string] = node
        names[path.removingLastComponent().string, default: []].insert(path.lastComponent!.string)
    }

    func entry(at path: FilePath) -> FileEntry? {
        switch nodes[path.string] {
        case .file(_, let executable, let modified):
            FileEntry(kind: .file, isExecutable: executable, modified: modified)
        case .link: FileEntry(kind: .link, isExecutable: false, modified: 0)
        case .folder(let modified): FileEntry(kind: .folder, isExecutable: false, modified: modified)
        case nil: nil
        }
    }

    func target(ofLink path: FilePath) -> FilePath? {
        if case .link(let target) = nodes[path.string] { target } else { nil }
    }

    func bytes(of file: FilePath, from offset: Int, count: Int) -> [UInt8]? {
        guard let real = resolve(file)?.path, case .file(let bytes, _, _) = nodes[real.string] else { return nil }
        return Array(bytes.dropFirst(offset).prefix(count))
    }

    func list(_ folder: FilePath) -> [FolderEntry]? {
        guard let real = resolve(folder)?.path, case .folder = nodes[real.string] else { return nil }
        return names[real.string, default: []]
            .map { FolderEntry(name: $0, isLink: entry(at: real.appending($0))?.kind == .link) }
            .sorted { $0.name < $1.name }
    }
}

/// A small ELF file for this machine: headers, an interpreter, a dynamic section.
struct FakeElf {
    var interpreter: String?
    var needed: [String] = []
    var runPath: String?

    init(interpreter: String? = "/lib64/ld-linux.so", needed: [String] = [], runPath: String? = nil) {
        self.interpreter = interpreter
        self.needed = needed
        self.runPath = runPath
    }

    var bytes: [UInt8] {
        var text: [UInt8] = [0]
        func add(_ string: String) -> Int {
            defer { text += Array(string.utf8) + [0] }
            return text.count
        }
        let loader: [UInt8] = interpreter.map { Array($0.utf8) + [0] } ?? []
        var entries = needed.map { (1, add($0)) }
        if let runPath { entries.append((29, add(runPath))) }
        let loaderAt = 64 + 3 * 56
        let textAt = loaderAt + loader.count
        let base = 0x40_0000
        entries += [(5, base + textAt), (10, text.count), (0, 0)]
        let dynamicAt = textAt + text.count
        #if arch(x86_64)
            let machine = 62
        #else
            let machine = 183
        #endif
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        file += number(3, 2) + number(machine, 2) + number(1, 4) + number(0, 8) + number(64, 8) + number(0, 8)
        file += number(0, 4) + number(64, 2) + number(56, 2) + number(3, 2) + number(0, 6)
        let end = dynamicAt + entries.count * 16
        file += header(interpreter == nil ? 0 : 3, loaderAt, base + loaderAt, loader.count)
        file += header(1, 0, base, end) + header(2, dynamicAt, base + dynamicAt, entries.count * 16)
        file += loader + text
        for (tag, value) in entries { file += number(tag, 8) + number(value, 8) }
        return file
    }

    private func header(_ type: Int, _ offset: Int, _ address: Int, _ size: Int) -> [UInt8] {
        var header = number(type, 4) + number(5, 4)
        for value in [offset, address, address, size, size, 1] { header += number(value, 8) }
        return header
    }

    private func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
