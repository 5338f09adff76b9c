import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

@Suite struct HistoryTests {
    private let folder = FileIdentity(device: 1, inode: 2)

    private func status(_ name: String, in place: TemporaryFolder) throws -> FileStatus {
        try FileStatus(of: FilePath(place.path).appending(name))
    }

    private func touched(_ place: TemporaryFolder) throws -> FileStatus {
        try Data().write(to: URL(fileURLWithPath: place.path + "/file"))
        return try status("file", in: place)
    }

    @Test("A file is young only when it was born after the start; a tie counts as old")
    func ties() throws {
        let file = try touched(try TemporaryFolder())
        let birth = try #require(file.birth)
        for (start, young) in [(birth - 1, true), (birth, false), (birth + 1, false), (.max, false), (0, true)] {
            #expect(NameHistory(start: start).isYoung(file) == young)
            #expect(NameHistory(start: start).wasBornInside("file", in: folder, file) == young)
        }
    }

    @Test("A name whose old file was replaced stays old although the file behind it is young")
    func replaced() throws {
        let young = try touched(try TemporaryFolder())
        var history = NameHistory(start: 0)
        #expect(history.wasBornInside("a", in: folder, young))
        expect(history.replace("a", in: folder), true)
        #expect(!history.wasBornInside("a", in: folder, young))
        #expect(history.wasBornInside("b", in: folder, young))
        // The same name in another folder, or on another device, is another name.
        #expect(history.wasBornInside("a", in: FileIdentity(device: 1, inode: 3), young))
        #expect(history.wasBornInside("a", in: FileIdentity(device: 2, inode: 2), young))
    }

    @Test("When the history is full nothing more can be replaced, and what it holds stays")
    func bound() throws {
        let young = try touched(try TemporaryFolder())
        var history = NameHistory(start: 0, limit: 3)
        for name in ["a", "b", "c"] { expect(history.replace(FilePath(name), in: folder), true) }
        expect(history.replace("d", in: folder), false)
        expect(history.replace("b", in: folder), true)  // it is there already
        #expect(["a", "b", "c"].allSatisfy { !history.wasBornInside($0, in: folder, young) })
    }

    /// The macro cannot call what changes a value.
    private func expect(_ value: Bool, _ wanted: Bool) { #expect(value == wanted) }
}
