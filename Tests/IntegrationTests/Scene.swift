import Foundation
import TestSupport

/// A fresh set of files, services and processes, with a place of its own for each row that is tried in it.
///
/// `read` is granted for reading, `work` for writing, `project` is a workspace with hooks, and `secret` is granted to
/// nobody. All of it belongs to the account that acts, so that only the box can be what refuses. It is all there before
/// a box starts, since names that are born in a box may vanish again.
final class Scene {
    let folder: TemporaryFolder
    let account: Account
    private var names: [String: String]
    private var listeners: [Listener] = []
    private let good: Listener
    private var peer: RunningProgram?
    /// Outside services that hand out a descriptor.
    private var givers: [RunningProgram] = []
    private let shared: String

    /// - Parameters:
    ///   - rows: How many places below `read`, `work`, `secret` and `project` there are to be, numbered from 1.
    ///   - hasPeer: Whether to start an outside process to be attacked.
    init(rows: Int = 0, hasPeer: Bool = false, as account: Account) throws {
        folder = try TemporaryFolder("agentbound-scene")
        self.account = account
        let root = folder.path
        shared = "/dev/shm/" + root.split(separator: "/")[1]
        let abstract = "@" + root.split(separator: "/")[1]
        try Self.fill(root, rows: rows, shared: shared)
        if let owner = account.owner { _ = try run(["chown", "-R", owner, root, shared]) }

        good = try Listener(.tcp)
        let bad = try Listener(.tcp)
        let v6 = try Listener(.tcp6)
        let udp = try Listener(.udp)
        let free = try Listener.freePort()
        listeners = try [
            bad, v6, udp, Listener(.stream(root + "/secret/stream")), Listener(.seqpacket(root + "/secret/seqpacket")),
            Listener(.datagram(root + "/secret/datagram")), Listener(.stream(root + "/secret/bus")),
            Listener(.stream(root + "/work/outside")),
            Listener(.stream(abstract)),
        ]
        names = [
            "scene": root, "tools": root + "/tools", "sockets": root + "/secret", "common": root + "/work",
            "readable": root + "/read",
            "shared": shared, "abstract": abstract, "victim": Products.victim,
            "good": "\(good.port)", "bad": "\(bad.port)", "v6": "\(v6.port)", "udp": "\(udp.port)",
            "free": "\(free)",
        ]
        if hasPeer { try startPeer() }
    }

    deinit {
        for listener in listeners + [good] { listener.stop() }
        for program in givers + [peer].compactMap(\.self) {
            program.closeInput()
            _ = program.finish()
        }
        try? FileManager.default.removeItem(atPath: shared)
    }

    /// Puts this scene's names in place of `{name}`: the row's own places, or with no row what all are below.
    func resolve(_ words: [String], row: Int? = nil) -> [String] {
        var names = names
        for place in ["read", "work", "secret", "project"] {
            names[place] = folder.path + "/" + place + (row.map { "/\($0)" } ?? "")
        }
        // From the row's working directory to its secrets.
        names["up"] = row.map { "../../secret/\($0)" } ?? "../secret"
        names["up-one"] = String(names["up"]!.dropFirst(3))
        return words.map { word in
            names.reduce(word) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
        }
    }

    func write(_ name: String, _ text: String) throws -> String {
        let path = folder.path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Connections and datagrams that reached a service nobody was granted.
    var reached: Int { listeners.reduce(0) { $0 + $1.reached } }

    /// Signals that reached the outside process, one character each.
    var signalsToPeer: String {
        peer.map { String($0.outputSoFar.split(separator: "\n", omittingEmptySubsequences: false).last ?? "") } ?? ""
    }

    /// Names, owners, modes, sizes, times and contents of all that no grant lets anybody change.
    func untouchable() throws -> Set<Substring> {
        let kept = [folder.path + "/secret", folder.path + "/read", folder.path + "/tools", shared]
        let listing = try run(["find"] + kept + ["-printf", "%p %y %m %U %G %n %s %T@ %l\\n"]).text
        let contents = try run(["grep", "-r", "", folder.path + "/secret", shared]).text
        return Set((listing + contents).split(separator: "\n"))
    }

    private func startPeer() throws {
        let program = try RunningProgram(account.prefix + [Products.victim, "peer"])
        guard program.says("\n") else { throw CocoaError(.fileReadUnknown) }
        let words = program.outputSoFar.split(whereSeparator: \.isWhitespace).map(String.init)
        names["peer"] = words[0]
        names["peer-address"] = words[1]
        names["peer-terminal"] = words[2]
        peer = program
        for (name, given) in [
            ("peer-file", ["give_descriptor", "{}", folder.path + "/secret/key"]),
            ("peer-folder", ["give_descriptor", "{}", folder.path + "/secret"]),
            ("peer-project", ["give_descriptor", "{}", folder.path + "/project"]),
            ("peer-listener", ["give_listener", "{}"]),
        ] {
            let socket = folder.path + "/secret/" + name
            let giver = try RunningProgram(account.prefix + [Products.victim] + given.map { $0 == "{}" ? socket : $0 })
            guard giver.says("ready") else { throw CocoaError(.fileReadUnknown) }
            givers.append(giver)
            names[name] = socket
        }
    }

    private static func fill(_ root: String, rows: Int, shared: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: root + "/tools", withIntermediateDirectories: true)
        let programs = ["listed", "unlisted", "script"].map { root + "/tools/" + $0 }
        try RunningProgram.whileNoneStarts {
            for program in programs.prefix(2) { try files.copyItem(atPath: Products.victim, toPath: program) }
            try Data("#!\(programs[1]) exec_as_interpreter\n".utf8).write(to: URL(fileURLWithPath: programs[2]))
        }
        for program in programs { try setMode(0o755, of: program) }
        let odd = try Series([Products.victim, "series"], folder: "/")
        for place in [""] + (0..<rows).map({ "/\($0 + 1)" }) {
            try fill(place: { root + "/" + $0 + place + "/" })
            _ = odd.act(["create_odd_name", root + "/secret" + place], in: "/")
            _ = odd.act(["setxattr", root + "/secret" + place + "/key"], in: "/")
        }
        try Data("SECRET".utf8).write(to: URL(fileURLWithPath: shared))
    }

    private static func fill(place: (String) -> String) throws {
        let files = FileManager.default
        for (top, name) in [
            ("read", "folder"), ("work", "old-folder"), ("secret", "folder"), ("project", ".git/hooks"),
            ("project", ".git/modules/m"), ("project", ".git/worktrees/w"), ("project", ".vscode"),
            ("project", "deploy"),
        ] { try files.createDirectory(atPath: place(top) + name, withIntermediateDirectories: true) }
        for (top, name, text) in [
            ("read", "a.txt", "readable"), ("work", "old.txt", "old"), ("work", "other.txt", "other"),
            ("secret", "key", "SECRET"), ("project", ".git/config", "[core]"),
            ("project", ".git/hooks/pre-commit", "#!/bin/sh"), ("project", ".env", "SECRET"),
            ("project", "deploy/.env", "SECRET"),
            ("project", ".mcp.json", "{}"), ("project", "main.c", "int x;"), ("project", "id.pem", "SECRET"),
        ] { try Data(text.utf8).write(to: URL(fileURLWithPath: place(top) + name)) }
        try files.createSymbolicLink(atPath: place("secret") + "link", withDestinationPath: "key")
        // A workspace whose protected names lead to others in it.
        for name in ["linked/.git", "linked/shared"] {
            try files.createDirectory(atPath: place("project") + name, withIntermediateDirectories: true)
        }
        try Data("SECRET".utf8).write(to: URL(fileURLWithPath: place("project") + "linked/settings"))
        for (link, target) in [("linked/.git/hooks", "../shared"), ("linked/.env", "settings")] {
            try files.createSymbolicLink(atPath: place("project") + link, withDestinationPath: target)
        }
    }
}
