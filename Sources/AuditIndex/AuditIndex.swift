public import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
public import SystemPackage

/// Which events are looked for. A name that is missing is not asked about.
public struct IndexQuery: Hashable, Sendable {
    /// The beginning of a session's name.
    public var session: String?
    public var kind: AuditEvent.Kind?
    public var decision: AuditEvent.Decision?
    /// Beginnings of RFC 3339 times, compared as texts: from this one, and before that one.
    public var since: String?, until: String?
    public var server: String?
    /// A tool's name, or `server.tool`.
    public var tool: String?
    public var agent: String?

    public init() {}
}

/// Where the events of a journal are, by server, tool, agent, decision and time: an SQLite file beside it, `journal.index`.
///
/// A cache, and nothing more. It says where in the journal to look; what is shown is read there, and its hash and place are
/// checked. When the journal is another one, or the file is damaged, the index is made anew. Who
/// can write the index can leave something out of a list; `audit verify`, reports and exports do not use it.
public enum AuditIndex {
    static let format = "1"

    /// The last lines that fit, oldest first, without their newlines; `nil` when there can be no index: then the journal is read
    /// from its start.
    public static func lines(_ journal: FilePath, _ query: IndexQuery, last limit: Int) -> [[UInt8]]? {
        for attempt in 0..<2 {
            do {
                let place = try prepare(journal, anew: attempt > 0)
                let index = try Database(place.string)
                try index.run("PRAGMA trusted_schema=OFF")
                try update(index, journal)
                return try read(index, journal, query, limit)
            } catch {
                // Damaged, of another journal, or locked for too long: the second time it is made anew.
            }
        }
        return nil
    }

    struct Stale: Error {}

    /// Makes the file (0600) in a folder that only this user can write.
    private static func prepare(_ journal: FilePath, anew: Bool) throws -> FilePath {
        let parent = journal.parent
        let folder = try StateFolder.open(parent, create: false)
        let place = StateFolder.index(ofJournal: journal)
        let name = place.lastComponent?.string ?? ""
        if anew { for ending in ["", "-journal"] { _ = unsafe unlinkat(folder.rawValue, name + ending, 0) } }
        _ = try StateFolder.open(name, in: folder, path: place, O_RDWR | O_CREAT)
        return place
    }

    // MARK: - Making

    private static let schema = """
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS events (at INTEGER PRIMARY KEY, length INTEGER, time INTEGER, session INTEGER, kind INTEGER,
          decision INTEGER, server INTEGER, subject INTEGER, tool INTEGER, agent INTEGER);
        """

    /// Takes in what the journal has more than the index. One transaction: all of it, or none.
    private static func update(_ index: Database, _ journal: FilePath) throws {
        try index.run("PRAGMA synchronous=OFF; BEGIN IMMEDIATE")
        do {
            try index.run(schema)
            var meta: [String: String] = [:]
            let rows = try index.prepare("SELECT key, value FROM meta")
            while try rows.step() { meta[rows.text(0)] = rows.text(1) }
            let from = Int(meta["size"] ?? "0") ?? 0
            if !meta.isEmpty {
                guard meta["format"] == format, try place(journal, 0) == meta["first"],
                    try place(journal, Int(meta["last"] ?? "") ?? -1) == meta["end"]
                else { throw Stale() }
            }
            var filler = try Filler(index)
            var last: Int?
            let end = try AuditReader.forEachLine(journal, from: from) { at, line in
                filler.add(line, at: at)
                last = at
            }
            if let problem = filler.problem { throw problem }
            if let last {
                let note = try index.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)")
                for (key, value) in [
                    ("format", format), ("size", String(end)), ("first", try place(journal, 0)),
                    ("last", String(last)), ("end", try place(journal, last)),
                ] {
                    try note.bind([.text(key), .text(value)])
                    _ = try note.step()
                }
            }
            try index.run("COMMIT")
        } catch {
            try? index.run("ROLLBACK")
            throw error
        }
    }

    /// The line at a place, as its last 66 bytes: its hash.
    private static func place(_ journal: FilePath, _ at: Int) throws -> String {
        guard at >= 0, let line = try AuditReader.line(journal, at: at), line.count > 66 else { throw Stale() }
        return String(decoding: line.suffix(66), as: UTF8.self)
    }

    // MARK: - Asking

    private static func read(
        _ index: Database, _ journal: FilePath, _ query: IndexQuery, _ limit: Int
    ) throws -> [[UInt8]] {
        var conditions: [String] = [], values: [Statement.Value] = []
        func name(_ column: String, _ text: String?) {
            guard let text else { return }
            conditions.append("\(column) = (SELECT id FROM names WHERE text = ?)")
            values.append(.text(text))
        }
        name("kind", query.kind?.rawValue)
        name("decision", query.decision?.rawValue)
        name("server", query.server)
        name("agent", query.agent)
        if let session = query.session {
            conditions.append("session IN (SELECT id FROM names WHERE substr(text, 1, length(?)) = ?)")
            values += [.text(session), .text(session)]
        }
        if let tool = query.tool {
            conditions.append(
                "tool IS NOT NULL AND (tool = (SELECT id FROM names WHERE text = ?) OR subject = (SELECT id FROM names WHERE text = ?))"
            )
            values += [.text(tool), .text(tool)]
        }
        // A time's text that was shortened sorts before all that begin with it.
        for (text, sign) in [(query.since, ">="), (query.until, "<")] {
            guard let text, let moment = Timestamp(text.filledUp) else { continue }
            conditions.append("time \(sign) ?")
            values.append(.integer(moment.microseconds))
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let rows = try index.prepare("SELECT at, length FROM events\(filter) ORDER BY at DESC LIMIT ?")
        try rows.bind(values + [.integer(Int64(limit))])
        var found: [[UInt8]] = []
        while try rows.step() {
            let at = Int(rows.integer(0)), length = Int(rows.integer(1))
            guard let line = try AuditReader.line(journal, at: at), line.count == length, AuditReader.isIntact(line)
            else {
                throw Stale()
            }
            found.append(line)
        }
        return found.reversed()
    }
}

extension String {
    /// `2026-02-28` as `2026-02-28T00:00:00.000000Z`.
    fileprivate var filledUp: String {
        let whole = "0000-01-01T00:00:00.000000Z"
        let digits = hasSuffix("Z") ? String(dropLast()) : self
        return digits + whole.dropFirst(digits.count)
    }
}

/// Puts events into the tables.
private struct Filler {
    private let insert: Statement, name: Statement, find: Statement
    private var ids: [String: Int64] = [:]
    private var servers: [String: String] = [:]
    private(set) var problem: DatabaseError?

    init(_ index: Database) throws(DatabaseError) {
        insert = try index.prepare("INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        name = try index.prepare("INSERT OR IGNORE INTO names (text) VALUES (?)")
        find = try index.prepare("SELECT id FROM names WHERE text = ?")
        // Sessions whose start is in the index already.
        let starts = try index.prepare(
            """
            SELECT s.text, v.text FROM events e JOIN names s ON s.id = e.session JOIN names v ON v.id = e.server
            WHERE e.kind = (SELECT id FROM names WHERE text = 'lifecycle') AND e.server IS NOT NULL
            """)
        while try starts.step() { servers[starts.text(0)] = starts.text(1) }
    }

    mutating func add(_ line: [UInt8], at: Int) {
        guard problem == nil, let event = EventFields(line[...]) else { return }
        do throws(DatabaseError) {
            let kind = event.kind, session = event.session
            let detail = kind == .tool ? event.detail : nil
            if kind == .lifecycle, event.rule == "start" { servers[session] = event.subject }
            try insert.bind([
                .integer(Int64(at)), .integer(Int64(line.count)),
                .integer(Timestamp(event.timeText)?.microseconds ?? 0),
                id(session), id(kind?.rawValue ?? ""), id(event.decision?.rawValue ?? ""),
                id(detail?["server"]?.string ?? servers[session] ?? ""), id(kind == .tool ? event.subject : ""),
                id(detail?["tool"]?.string ?? ""), id(detail?["agent"]?.string ?? ""),
            ])
            _ = try insert.step()
        } catch { problem = error }
    }

    /// A name's number. Those that were met last are remembered.
    private mutating func id(_ text: String) throws(DatabaseError) -> Statement.Value {
        if let id = ids[text] { return .integer(id) }
        try name.bind([.text(text)])
        _ = try name.step()
        try find.bind([.text(text)])
        guard try find.step() else { throw DatabaseError(code: 1) }
        let id = find.integer(0)
        if ids.count > 50_000 { ids.removeAll() }
        ids[text] = id
        return .integer(id)
    }
}
