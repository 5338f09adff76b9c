/// Addresses of databases that are files, as drivers take them.
///
/// Source: the drivers' own pages: sqlite-jdbc, h2database.com "Database URL Overview", Derby, HSQLDB, DuckDB, SQLAlchemy.
enum DatabaseText {
    /// `jdbc:sqlite:data.db`, `sqlite+aiosqlite:///data.db`; none that lives in memory alone.
    static func namesFile(_ text: String) -> Bool {
        guard text.utf8.count < 1_024, !Matching.contains(text, "memory"), !Matching.contains(text, "jdbc:h2:mem")
        else {
            return false
        }
        return starts.contains { text.hasPrefix($0) }
            || text.hasPrefix("sqlite") && Matching.contains(String(text.prefix(24)), ":///")
    }

    static let starts = [
        "jdbc:sqlite:", "jdbc:h2:file:", "jdbc:h2:.", "jdbc:h2:~", "jdbc:h2:/", "jdbc:derby:", "jdbc:hsqldb:file:",
        "jdbc:duckdb:",
    ]
}
