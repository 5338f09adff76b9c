import AuditTrail
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import GrantStore

@Suite struct GrantStoreTests {
    private let home: TemporaryFolder
    private let folder: FilePath

    init() throws {
        home = try TemporaryFolder("agentbound-grants")
        try setMode(0o700, of: home.path)
        folder = FilePath(home.path).appending("grants")
    }

    private func charge(_ store: GrantStore, _ amount: Double = 1) throws -> GrantState.ChargeResult {
        try store.transact { try $0.charge([Charge(account: "a", amount: amount, limit: 10, window: 3_600)], now: 1) }
    }

    @Test func whatIsKeptIsThereForOthers() throws {
        let one = try GrantStore(folder: folder), two = try GrantStore(folder: folder)
        #expect(try charge(one, 4) == .charged)
        #expect(try charge(two, 4) == .charged)
        #expect(try charge(one, 4) == .exceeded(account: "a", spent: 8, limit: 10))
        #expect(try two.read().serial == 2)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try one.transact { state in
                _ = try state.charge([Charge(account: "a", amount: 1, limit: 10, window: 3_600)], now: 1)
                throw Stop()
            }
        }
        #expect(try GrantStore(folder: folder).read().spent(from: "a", now: 1) == 8)
    }

    @Test func aDamagedLostOrOlderFileIsRefused() throws {
        let store = try GrantStore(folder: folder)
        _ = try charge(store)
        let old = try Data(contentsOf: URL(fileURLWithPath: store.file.string))
        _ = try charge(store)
        let file = URL(fileURLWithPath: store.file.string)
        // Written over in place, and put there anew: neither may pass as an empty store, nor by what was read before.
        for (content, error) in [
            (Data(), GrantError.damaged(store.file)), (Data("{}".utf8), .damaged(store.file)),
            (old.dropLast(9), .damaged(store.file)), (old, .lost(store.file)),
        ] {
            try? FileManager.default.removeItem(at: file)
            #expect(throws: GrantError.lost(store.file)) { try charge(store) }
            try content.write(to: file)
            try setMode(0o600, of: file.path)
            #expect(throws: error) { try charge(store) }
            #expect(throws: error) { try GrantStore(folder: folder).read() }
        }
        #expect(GrantError.lost(store.file).next.contains("move the folder"))
    }

    @Test func aCrashBetweenFileAndSerialIsNoLoss() throws {
        let store = try GrantStore(folder: folder)
        _ = try charge(store)
        try Data("00000000000000000000".utf8).write(to: URL(fileURLWithPath: folder.appending("grants.lock").string))
        try setMode(0o600, of: folder.appending("grants.lock").string)
        #expect(try GrantStore(folder: folder).read().spent(from: "a", now: 1) == 1)
        // A piece that was left behind does not hinder the next.
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.appending(".grants.json.new").string))
        let next = try GrantStore(folder: folder)
        #expect(try charge(next) == .charged)
    }

    @Test func whatOthersCanWriteIsRefused() throws {
        let store = try GrantStore(folder: folder)
        _ = try charge(store)
        try setMode(0o666, of: store.file.string)
        #expect(throws: GrantError.storage(.untrusted(store.file, .writableByOthers(mode: 0o666)))) { try store.read() }
        try setMode(0o600, of: store.file.string)
        try setMode(0o777, of: folder.string)
        #expect(throws: GrantError.self) { try GrantStore(folder: folder) }
        try setMode(0o700, of: folder.string)
        try FileManager.default.moveItem(atPath: store.file.string, toPath: home.path + "/elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: store.file.string, withDestinationPath: home.path + "/elsewhere")
        #expect(throws: GrantError.storage(.untrusted(store.file, .symbolicLink))) { try store.read() }
    }

    @Test("The files of another user are refused", .enabled(if: getuid() == 0, "only root can make them"))
    func anotherUsersFilesAreRefused() throws {
        let store = try GrantStore(folder: folder)
        _ = try charge(store)
        #expect(unsafe chown(store.file.string, 65_534, 65_534) == 0)
        #expect(throws: GrantError.storage(.untrusted(store.file, .ownedBy(65_534)))) { try store.read() }
    }

    @Test func aFolderThatWasMovedAwayIsLeft() throws {
        let store = try GrantStore(folder: folder)
        _ = try charge(store)
        try FileManager.default.moveItem(atPath: folder.string, toPath: folder.string + ".old")
        try FileManager.default.removeItem(atPath: folder.string + ".old")
        #expect(try store.read().serial == 0)
        #expect(try charge(store) == .charged)
        #expect(FileManager.default.fileExists(atPath: store.file.string))
    }

    @Test("Several processes get no more out of a budget than is in it")
    func processesRaceForTheLastUnit() throws {
        let programs = try (0..<4).map { _ in
            try RunningProgram([Products.grantRunner, folder.string, "last", "25", "20"])
        }
        let ends = programs.map { $0.finish() }
        #expect(ends.map(\.code) == [0, 0, 0, 0], "\(ends.map(\.errors))")
        let counts = ends.compactMap { Int($0.text.split(separator: "\n").first ?? "") }
        #expect(counts.reduce(0, +) == 25 && counts.count == 4)
        #expect(try GrantStore(folder: folder).read().spent(from: "last", now: Date().timeIntervalSince1970) == 25)
    }

    @Test func thePassphraseUnlocksAndLocksOut() throws {
        let store = try GrantStore(folder: folder)
        let good = Array("correct horse".utf8), bad = Array("wrong horse!".utf8)
        #expect(throws: GrantRefusal.noPassphrase) { try store.unlock(good, now: 1) }
        #expect(throws: GrantRefusal.shortPassphrase) { try store.setPassphrase(Array("short".utf8), rounds: 10) }
        try store.setPassphrase(good, rounds: 10)
        #expect(throws: GrantRefusal.passphraseSet) { try store.setPassphrase(bad, rounds: 10) }
        for _ in 0..<2 { #expect(throws: GrantRefusal.wrongPassphrase) { try store.unlock(bad, now: 1) } }
        let signer = try store.unlock(good, now: 1)
        for _ in 0..<3 { #expect(throws: GrantRefusal.wrongPassphrase) { try store.unlock(bad, now: 1) } }
        // The right one, too; and for another process, after a restart.
        #expect(throws: GrantRefusal.lockedOut(until: 31)) { try GrantStore(folder: folder).unlock(good, now: 30) }
        _ = try store.unlock(good, now: 31)
        try store.setPassphrase(bad, rounds: 10, old: signer)
        #expect(throws: GrantRefusal.wrongPassphrase) { try store.unlock(good, now: 32) }
        _ = try store.unlock(bad, now: 33)
    }
}
