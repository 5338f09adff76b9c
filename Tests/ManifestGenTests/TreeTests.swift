import Foundation
import LinuxSystem
import ManifestModel
import SystemPackage
import TestSupport
import Testing

@testable import ManifestGen

extension TemporaryFolder {
    func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}

@Suite("Trees")
struct TreeTests {
    @Test("Links are not followed, loops and folders outside of the tree included")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.py", "open('b')")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/etc", withDestinationPath: "/etc")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/loop", withDestinationPath: "..")
        let tree = try FolderTree(FilePath(folder.path))
        #expect(tree.paths == ["a.py"])
        #expect(tree.omissions.links == 2 && tree.omissions.isWhole)
    }

    @Test("Limits are counted and make the result partial")
    func limits() throws {
        let folder = try TemporaryFolder()
        for name in ["a.py", "b.py", "c/d/e.py"] { try folder.write(name, "open('b')") }
        var few = TreeLimits()
        few.files = 2
        #expect(try FolderTree(FilePath(folder.path), limits: few).omissions.filesBeyondLimit == 1)
        var flat = TreeLimits()
        flat.depth = 1
        let shallow = try FolderTree(FilePath(folder.path), limits: flat)
        #expect(shallow.omissions.tooDeepFolders == 1 && !shallow.omissions.isWhole)
        var small = TreeLimits()
        small.fileBytes = 4
        let draft = ManifestGenerator.draft(of: try FolderTree(FilePath(folder.path), limits: small))
        #expect(!draft.isWhole && draft.files == 0)
    }

    @Test("A launcher beside sources that cannot be read is not the whole server")
    func launcher() {
        var files = ["package.json": #"{"name": "a", "bin": "a.js"}"#, "a.js": "x()"]
        for name in ["a", "b", "c"] { files["lib/\(name).php"] = "<?php unlink('a');" }
        let isRead = LanguageReadings.type(of: .php) != nil
        #expect(ManifestGenerator.draft(of: MemoryTree(files)).isWhole == isRead)
    }

    @Test("Binary files are counted, and no text")
    func binary() {
        let draft = ManifestGenerator.draft(
            of: MemoryTree(["package.json": #"{"name": "a", "bin": "a.js"}"#, "a.js": "\0\u{1}"]))
        #expect(!draft.isWhole && draft.skipped.map(\.path) == ["a.js"])
    }
}

@Suite("Archives")
struct ArchiveTests {
    /// A tar file with one entry a name.
    static func tar(_ files: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, text) in files {
            var header = [UInt8](repeating: 0, count: 512)
            for (i, byte) in name.utf8.enumerated() { header[i] = byte }
            let size = String(text.utf8.count, radix: 8)
            for (i, byte) in size.utf8.enumerated() { header[124 + i] = byte }
            for (i, byte) in "ustar".utf8.enumerated() { header[257 + i] = byte }
            header[156] = 0x30
            bytes += header + Array(text.utf8)
            bytes += [UInt8](repeating: 0, count: (512 - text.utf8.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1_024)
    }

    @Test("A tar file's one outer folder is left out, and names that lead elsewhere too")
    func names() throws {
        let tree = try ArchiveTree(Self.tar([("package/package.json", "{}"), ("package/a/b.js", "x")]))
        #expect(tree.paths == ["a/b.js", "package.json"])
        let hostile = try ArchiveTree(Self.tar([("../../etc/passwd", "x"), ("/a/b.js", "y"), ("a/c.js", "z")]))
        #expect(hostile.paths == ["b.js", "c.js"])
    }

    @Test("A tar file is read as what it holds")
    func read() throws {
        let tree = try ArchiveTree(
            Self.tar([
                ("package/package.json", #"{"name": "a", "bin": "a.js"}"#),
                ("package/a.js", "fetch('https://a.example')"),
            ]))
        let draft = ManifestGenerator.draft(of: tree)
        #expect(draft.manifest.permissions == [.networkClient])
    }

    @Test("Compressed packages are read without being unpacked", arguments: ["tgz", "zip"])
    func compressed(kind: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("package/package.json", #"{"name": "a", "bin": "a.js"}"#)
        try folder.write("package/a.js", String(repeating: "// filler\n", count: 500) + "fetch('https://a.example')")
        let script =
            "import sys, shutil; shutil.make_archive(sys.argv[1] + '/out', sys.argv[2], sys.argv[1], 'package')"
        _ = try TestSupport.run(["/usr/bin/python3", "-c", script, folder.path, kind == "tgz" ? "gztar" : "zip"])
        let name = folder.path + (kind == "tgz" ? "/out.tar.gz" : "/out.zip")
        let draft = ManifestGenerator.draft(of: try ArchiveTree([UInt8](Data(contentsOf: URL(fileURLWithPath: name)))))
        #expect(draft.manifest.permissions == [.networkClient] && draft.findings.first?.line == 501)
    }

    @Test("A small file that unpacks to more than the limit is too large, and said to be")
    func bomb() throws {
        let folder = try TemporaryFolder()
        try folder.write("package/a.py", String(repeating: " ", count: 200_000))
        let script = "import sys, shutil; shutil.make_archive(sys.argv[1] + '/out', 'zip', sys.argv[1], 'package')"
        _ = try TestSupport.run(["/usr/bin/python3", "-c", script, folder.path])
        var limits = TreeLimits()
        limits.fileBytes = 100_000
        var tree = try ArchiveTree(
            [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path + "/out.zip"))), limits: limits)
        #expect(tree.read(0) == nil && tree.omissions.tooLargeFiles == ["a.py"])
    }

    @Test("Damaged archives are refused, and no bytes end the reader")
    func damaged() {
        var random = SplitMix(seed: 11)
        let whole = Self.tar([("package/a.js", String(repeating: "x", count: 900)), ("package/b.js", "y")])
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<(1 + random.below(6)) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            if var tree = try? ArchiveTree(Array(bytes.prefix(random.below(bytes.count)))) {
                for i in tree.paths.indices { _ = tree.read(i) }
            }
            for start in [[0x50, 0x4B, 0x03, 0x04], [0x1F, 0x8B, 0x08, 0x00]] as [[UInt8]] {
                if var tree = try? ArchiveTree(start + random.bytes(300) + [0x50, 0x4B, 0x05, 0x06] + random.bytes(30))
                {
                    for i in tree.paths.indices { _ = tree.read(i) }
                }
            }
        }
        #expect(throws: ArchiveError.unknownFormat) { try ArchiveTree(Array("hello".utf8)) }
        #expect(throws: ArchiveError.damaged) { try ArchiveTree([0x1F, 0x8B, 0x08, 0x00]) }
    }
}
