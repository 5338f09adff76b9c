import AuditTrail
import Glibc
import LinuxSystem
import Signatures
import StrictJSON
import SystemPackage

/// What was consented to before, as one request finds it.
enum ConsentAnswer: Hashable, Sendable {
    /// A person agreed to all that is asked for.
    case granted(ConsentRecord)
    /// A person agreed to something else: `difference.more` is what to ask about.
    case changed(previous: ConsentRecord, difference: ConsentDifference)
    /// Nobody agreed. With a warning, a record is there that does not count.
    case unknown(warning: String?)
}

/// The records of consent: one file for each server, in a folder that only this user can write.
/// Free of Foundation, since `run` looks here before each start.
struct ConsentStore: Hashable, Sendable {
    let folder: FilePath

    /// A record is far smaller; what is larger is none.
    private static let sizeLimit = 1 << 20

    init(folder: FilePath) { self.folder = folder }

    /// The user's store, `$XDG_STATE_HOME/agentbound/consent`.
    /// - Throws: ``AuditError/noStateFolder``.
    init(stateHome: String?, home: String?) throws(AuditError) {
        folder = try StateFolder.path(stateHome: stateHome, home: home).appending("consent")
    }

    /// The name of a server's record: readable, and told from all others by a digest of what identifies the server.
    static func key(server: String, program: String) -> String {
        let plain = server.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x61...0x7a: byte
            case 0x41...0x5a: byte | 0x20
            default: UInt8(ascii: "-")
            }
        }
        let name = String(decoding: plain.drop { $0 == UInt8(ascii: "-") }.suffix(40), as: UTF8.self)
        return
            "\(name.isEmpty ? "server" : name)-\(SHA256.hex(Array("\(server.utf8.count):\(server)\(program)".utf8)).prefix(16))"
    }

    static func key(_ request: ConsentRequest) -> String { key(server: request.server, program: request.program) }

    // MARK: - Looking up

    /// Whether a person agreed to what `request` asks for.
    /// - Throws: ``AuditError`` when the store cannot be read or others could write it: never a grant.
    func lookup(_ request: ConsentRequest) throws(AuditError) -> ConsentAnswer {
        let name = Self.key(request) + ".json"
        guard let bytes = try read(name) else { return .unknown(warning: nil) }
        guard let record = Self.decode(bytes), Self.key(record.request) == Self.key(request) else {
            return .unknown(warning: "the record of consent \(folder.appending(name)) is damaged and does not count")
        }
        let difference = ConsentDifference(from: record.request, to: request)
        return difference.more.isEmpty ? .granted(record) : .changed(previous: record, difference: difference)
    }

    /// All records, by name; damaged ones have none.
    func list() throws(AuditError) -> [(key: String, record: ConsentRecord?)] {
        var found: [(key: String, record: ConsentRecord?)] = []
        for name in try names() where name.hasSuffix(".json") && !name.hasPrefix(".") {
            let bytes = try read(name)
            found.append((String(name.dropLast(5)), bytes.flatMap(Self.decode)))
        }
        return found.sorted { $0.key < $1.key }
    }

    private static func decode(_ bytes: [UInt8]) -> ConsentRecord? {
        guard bytes.count <= sizeLimit, let json = try? JSONValue(parsing: bytes) else { return nil }
        return ConsentRecord(json: json)
    }

    /// - Returns: `nil` when there is no such file, or no folder yet.
    private func read(_ name: String) throws(AuditError) -> [UInt8]? {
        let path = folder.appending(name)
        do {
            let directory = try StateFolder.open(folder, create: false)
            let file = try StateFolder.open(name, in: directory, path: path, O_RDONLY)
            return try Self.system { () throws(SyscallError) in try file.readAll(limit: Self.sizeLimit) }
        } catch {
            if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private func names() throws(AuditError) -> [String] {
        let directory: OwnedDescriptor
        do { directory = try StateFolder.open(folder, create: false) } catch {
            if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory { return [] }
            throw error
        }
        guard let stream = unsafe fdopendir(directory.release()) else {
            throw .system(SyscallError(call: "fdopendir", errno: Errno(rawValue: errno), path: folder))
        }
        // The stream owns the descriptor; an entry is copied before the next is read.
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    // MARK: - Changing

    /// Keeps what a person just agreed to, in the place of what they agreed to before. Written beside and then renamed,
    /// so that a reader sees the old record or the new one.
    /// - Throws: ``AuditError`` with the path and the errno; the old record then still stands.
    func record(_ record: ConsentRecord) throws(AuditError) {
        let directory = try StateFolder.open(folder)
        let name = Self.key(record.request) + ".json"
        let temporary = ".\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).new"
        let path = folder.appending(temporary)
        let number = directory.rawValue
        let file = try StateFolder.open(temporary, in: directory, path: path, O_WRONLY | O_CREAT | O_EXCL)
        let descriptor = file.rawValue
        do {
            try file.writeAll(record.json.serialized(pretty: true) + [0x0a])
            try syscall("fsync", path) { fsync(descriptor) }
            // Both names outlive the call.
            try syscall("rename", path) {
                unsafe temporary.withCString { old in
                    unsafe name.withCString { new in unsafe renameat(number, old, number, new) }
                }
            }
        } catch {
            _ = unsafe temporary.withCString { unsafe unlinkat(number, $0, 0) }
            throw .system(SyscallError(call: error.call, errno: error.errno, path: error.path ?? path))
        }
        try Self.system { () throws(SyscallError) in _ = try syscall("fsync", folder) { fsync(number) } }
    }

    /// Takes consent back.
    /// - Parameter key: As ``list()`` names it.
    /// - Returns: Whether there was a record.
    @discardableResult
    func revoke(_ key: String) throws(AuditError) -> Bool {
        let name = key + ".json"
        guard !name.contains("/"), !name.hasPrefix(".") else { return false }
        do {
            let directory = try StateFolder.open(folder, create: false)
            let number = directory.rawValue
            try Self.system { () throws(SyscallError) in
                // The name outlives the call.
                _ = try syscall("unlink", folder.appending(name)) {
                    unsafe name.withCString { unsafe unlinkat(number, $0, 0) }
                }
            }
            return true
        } catch {
            if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory { return false }
            throw error
        }
    }

    private static func system<T>(_ body: () throws(SyscallError) -> T) throws(AuditError) -> T {
        do { return try body() } catch { throw .system(error) }
    }
}
