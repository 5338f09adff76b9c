import CSQLite

/// Why SQLite did not do something.
struct DatabaseError: Error {
    var code: CInt
}

/// One connection to an SQLite file. Not for two threads at once.
@safe final class Database {
    private let handle: OpaquePointer

    /// - Parameter path: A file that is there; no link is followed.
    init(_ path: String) throws(DatabaseError) {
        var opened: OpaquePointer?
        // The handle is ours until it is closed, also when opening failed.
        let code = unsafe sqlite3_open_v2(
            path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw DatabaseError(code: code)
        }
        unsafe handle = opened
        unsafe sqlite3_busy_timeout(handle, 2_000)
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    func run(_ sql: String) throws(DatabaseError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw DatabaseError(code: code) }
    }

    func prepare(_ sql: String) throws(DatabaseError) -> Statement {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard code == SQLITE_OK, let statement = unsafe statement else { throw DatabaseError(code: code) }
        return unsafe Statement(statement)
    }
}

/// A prepared statement, used again and again. Must not outlive its database.
@safe final class Statement {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe sqlite3_finalize(handle) }

    enum Value { case integer(Int64), text(String) }

    /// Starts anew with other values.
    func bind(_ values: [Value]) throws(DatabaseError) {
        unsafe sqlite3_reset(handle)
        for (index, value) in values.enumerated() {
            let place = CInt(index + 1)
            let code: CInt
            switch value {
            case .integer(let number): code = unsafe sqlite3_bind_int64(handle, place, number)
            case .text(let text):
                // SQLITE_TRANSIENT, -1 as a pointer: SQLite copies the text.
                code = unsafe sqlite3_bind_text(
                    handle, place, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
            if code != SQLITE_OK { throw DatabaseError(code: code) }
        }
    }

    /// - Returns: Whether there is a row.
    func step() throws(DatabaseError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError(code: code)
        }
    }

    func integer(_ column: CInt) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    func text(_ column: CInt) -> String {
        // The text lives until the next step, and is copied here.
        guard let text = unsafe sqlite3_column_text(handle, column) else { return "" }
        return unsafe String(cString: text)
    }
}
