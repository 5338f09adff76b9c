import Glibc
import ManifestModel
import SystemPackage
import Testing

@testable import Commands

/// A fresh folder that goes away with its owner.
final class ScratchFolder {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/agentbound-test-XXXXXX".utf8CString)
        // mkdtemp(3) fills in the name and returns the same buffer.
        guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { remove(path) }

    private func remove(_ path: FilePath) {
        if ManifestSearch.kind(path) == S_IFDIR {
            unsafe chmod(path.string, 0o700)
            for name in ManifestSearch.names(in: path) ?? [] { remove(path.appending(name)) }
            unsafe rmdir(path.string)
        } else {
            unsafe unlink(path.string)
        }
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path.appending(name)
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        return file.string
    }

    // The C strings live as long as the calls.
    @discardableResult
    func folder(_ name: String) -> String {
        let folder = path.appending(name).string
        unsafe mkdir(folder, 0o700)
        return folder
    }

    func pipe(_ name: String) -> String {
        let pipe = path.appending(name).string
        unsafe mkfifo(pipe, 0o600)
        return pipe
    }

    func link(_ name: String, to target: String) -> String {
        let link = path.appending(name).string
        unsafe symlink(target, link)
        return link
    }
}

private let good = #"{"description": "d", "permissions": ["mcp.ac.location"]}"#

@Suite("Manifest files")
struct ManifestFileTests {
    private func failure(_ path: String) -> ManifestFileError? {
        do throws(ManifestFileError) {
            _ = try LoadedManifest.load(path)
            return nil
        } catch { return error }
    }

    @Test("A valid file is loaded, with the bytes it was read from")
    func loads() throws {
        let folder = try ScratchFolder()
        let loaded = try LoadedManifest.load(try folder.write("m.json", good))
        #expect(loaded.manifest.permissions == [.location])
        #expect(loaded.bytes == Array(good.utf8))
    }

    @Test("A missing file is a missing input")
    func missing() {
        #expect(failure("/nonexistent/m.json")?.exitCode == 66)
        #expect(
            failure("/nonexistent/m.json")?.description
                == "cannot read the manifest `/nonexistent/m.json`: there is no such file")
    }

    @Test(
        "What is no regular file is refused, and nothing waits for it",
        arguments: ["/dev/zero", "/dev/null", "/dev/tty", "/"])
    func notRegular(path: String) {
        #expect(failure(path)?.exitCode == 66)
    }

    @Test("A pipe without a writer is refused at once")
    func fifo() throws {
        let folder = try ScratchFolder()
        #expect(failure(folder.pipe("m.json"))?.description.hasSuffix("it is a pipe, not a regular file") == true)
    }

    @Test("A link to a pipe is a pipe")
    func linkToFIFO() throws {
        let folder = try ScratchFolder()
        #expect(
            failure(folder.link("m.json", to: folder.pipe("p")))?.description.hasSuffix("not a regular file") == true)
    }

    @Test(
        "Malformed files are malformed input",
        arguments: [
            [], [0], Array("{".utf8), [0xFF, 0xFE, 0x7B, 0], [UInt8](repeating: 0x20, count: 1 << 20 + 1),
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) throws {
        let folder = try ScratchFolder()
        #expect(failure(try folder.write("m.json", bytes))?.exitCode == 65)
    }

    @Test("A name that could steer a terminal is quoted")
    func terminalSafe() {
        #expect(failure("/no\u{1b}[31m.json")?.description.contains("\u{1b}") == false)
    }
}

@Suite("Searching a folder for manifests")
struct ManifestSearchTests {
    @Test("Manifests are found by what they hold, and other JSON is left alone")
    func finds() throws {
        let root = try ScratchFolder()
        root.folder("deep")
        root.folder("node_modules")
        let a = try root.write("a.json", good)
        let broken = try root.write("deep/b.json", #"{"description": "d", "permissions": ["mcp.ac.location""#)
        let empty = try root.write("none.json", #"{"description": "d", "permissions": []}"#)
        try root.write("node_modules/c.json", good)
        try root.write("a.txt", good)
        try root.write("extension.json", #"{"description": "d", "permissions": ["tabs"]}"#)
        try root.write("schema.json", #"{"enum": ["mcp.ac.location"], "properties": {"permissions": {}}}"#)
        try root.write("list.json", #"["permissions", "mcp.ac.location"]"#)
        // Too large to be read is no reason to be passed over.
        let large = try root.write("large.json", good + String(repeating: " ", count: 1 << 20))
        let found = ManifestSearch().manifests(below: root.path.string)
        #expect(found.manifests.map(\.path) == [a, broken, large, empty])
        #expect(!found.isCut)
    }

    @Test(
        "What means to be a manifest is checked although it is broken, and others' manifests are not",
        arguments: [
            ("manifest.json", "", true), ("manifest-2.json", "{}", true), ("a.manifest.json", "[]", true),
            ("a.json", "", false), ("a.json", #"{"permission": ["mcp.ac.location"]}"#, true),
            ("a.json", #"{"permissions": []}"#, true), ("a.json", #"{"permissions": ["filesystem.read"]}"#, true),
            ("a.json", #"{"description": "mcp.ac.location"}"#, false),
            ("settings.json", #"{"permissions": {}}"#, false),
            ("manifest.json", #"{"manifest_version": 3, "permissions": ["tabs"]}"#, false),
            ("manifest.json", #"{"start_url": "/", "icons": []}"#, false),
        ])
    func broken(name: String, text: String, isFound: Bool) throws {
        let root = try ScratchFolder()
        try root.write(name, text)
        #expect(ManifestSearch().manifests(below: root.path.string).manifests.count == (isFound ? 1 : 0))
    }

    @Test("A link that leads back is not followed")
    func loop() throws {
        let root = try ScratchFolder()
        let path = try root.write("m.json", good)
        _ = root.link("again", to: root.path.string)
        #expect(ManifestSearch().manifests(below: root.path.string).manifests.map(\.path) == [path])
    }

    @Test("A pipe among the files does not stop the search")
    func pipe() throws {
        let root = try ScratchFolder()
        _ = root.pipe("a.json")
        let path = try root.write("m.json", good)
        #expect(ManifestSearch().manifests(below: root.path.string).manifests.map(\.path) == [path])
    }

    @Test(
        "What cannot be looked into is reported, not passed over", .enabled(if: getuid() != 0, "root reads everything"))
    func unreadable() throws {
        let root = try ScratchFolder()
        let file = try root.write("a.json", good)
        let folder = root.folder("closed")
        for path in [file, folder] { unsafe chmod(path, 0) }
        let found = ManifestSearch().manifests(below: root.path.string)
        #expect(found.manifests.isEmpty)
        #expect(found.unreadable.map(\.path) == [file, folder])
        #expect(ManifestReport(files: ValidateCommand.check(root.path.string, strict: false)).exitCode == 66)
    }

    @Test("A folder that is gone is reported, too")
    func gone() {
        #expect(ManifestSearch().manifests(below: "/nonexistent").unreadable.map(\.path) == ["/nonexistent"])
    }

    @Test("A search that is cut short says so")
    func bounds() throws {
        let root = try ScratchFolder()
        for number in 0..<5 { try root.write("\(number).json", good) }
        #expect(ManifestSearch(maxEntries: 3).manifests(below: root.path.string).isCut)
        for name in ["d", "d/d", "d/d/d", "d/d/d/d"] { root.folder(name) }
        #expect(ManifestSearch(maxDepth: 3).manifests(below: root.path.string).isCut)
    }
}
