import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

@Suite struct HostFilesTests {
    @Test("The quick way to follow a path ends where the slow one does")
    func resolve() throws {
        let folder = try TemporaryFolder("agentbound-files")
        let root = folder.path
        try FileManager.default.createDirectory(atPath: root + "/a/b", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: root + "/a/f"))
        try FileManager.default.createSymbolicLink(atPath: root + "/l", withDestinationPath: "a/b")
        let files = HostFiles()
        for (name, real) in [
            ("a/f", "/a/f"), ("a/./f", "/a/f"), ("a/b/../f", "/a/f"), ("./a/b/..", "/a"), ("a/b/../..", ""),
            ("a/..", ""), ("l/../f", "/a/f"), ("a/b/.", "/a/b"), ("a//f", "/a/f"), ("a/f/..", nil), ("a/x/../f", nil),
        ] as [(String, String?)] {
            let path = FilePath(root + "/" + name)
            #expect(files.resolve(path)?.path.string == real.map { root + $0 }, "\(name)")
            #expect(files.resolveByParts(path)?.path == files.resolve(path)?.path, "\(name)")
        }
        #expect(files.resolve("/usr/../..")?.path == "/")
    }
}
