import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import Signatures
import StrictJSON
import SystemPackage

/// Which packages were installed for package runners, and in which version: one file for each, in the state folder, where
/// no server may write. The packages themselves are in the cache folder, and may be cleared away.
struct PackageStore: PackageRecords {
    /// `$XDG_CACHE_HOME/agentbound/packages`, or below ~/.cache; `nil` without a home.
    let folder: FilePath?
    private let records: FilePath?

    static let recordLimit = 1 << 16

    init(_ environment: [String: String]) {
        func absolute(_ name: String) -> FilePath? {
            environment[name].map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
        }
        let cache = absolute("XDG_CACHE_HOME") ?? absolute("HOME")?.appending(".cache")
        folder = cache?.appending("agentbound").appending("packages")
        records = try? StateFolder.path(stateHome: environment["XDG_STATE_HOME"], home: environment["HOME"])
            .appending("packages")
    }

    func package(for runner: PackageRunner) -> PreparedPackage? {
        (try? PackageRequest(runner)).flatMap { package(for: $0) }
    }

    /// - Returns: `nil` when there is no record, or none that can be trusted.
    func package(for request: PackageRequest) -> PreparedPackage? {
        guard let records, let folder, let directory = try? StateFolder.open(records, create: false) else { return nil }
        let name = Self.key(request) + ".json"
        guard let file = try? StateFolder.open(name, in: directory, path: records.appending(name), O_RDONLY),
            let bytes = try? file.readAll(limit: Self.recordLimit), let json = try? JSONValue(parsing: bytes)
        else { return nil }
        guard json["version"] == 1, json["request"]?.string == request.identity, let name = json["name"]?.string,
            let version = json["installed"]?.string, let path = json["folder"]?.string,
            let registry = json["registry"]?.string, let date = json["date"]?.string,
            FilePath(path).starts(with: folder)
        else { return nil }
        return PreparedPackage(name: name, version: version, folder: FilePath(path), registry: registry, date: date)
    }

    /// Keeps what was installed, in the place of what was there before. Written beside and then renamed.
    func keep(_ package: PreparedPackage, for request: PackageRequest) throws(AuditError) {
        guard let records else { throw .noStateFolder }
        let directory = try StateFolder.open(records)
        let json: JSONValue = [
            "version": 1, "request": .string(request.identity), "name": .string(package.name),
            "installed": .string(package.version), "folder": .string(package.folder.string),
            "registry": .string(package.registry), "date": .string(package.date),
        ]
        let name = Self.key(request) + ".json", temporary = ".\(name).\(getpid()).new"
        let path = records.appending(temporary)
        let file = try StateFolder.open(temporary, in: directory, path: path, O_WRONLY | O_CREAT | O_TRUNC)
        let number = directory.rawValue
        do {
            try file.writeAll(json.serialized(pretty: true) + [0x0a])
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
    }

    /// Makes others that want the same package wait until this one is done, or has ended.
    func lock(_ request: PackageRequest) throws(AuditError) -> OwnedDescriptor {
        guard let records else { throw .noStateFolder }
        let directory = try StateFolder.open(records)
        let name = Self.key(request) + ".lock"
        let file = try StateFolder.open(name, in: directory, path: records.appending(name), O_RDWR | O_CREAT)
        let number = file.rawValue
        do { try syscall("flock", records.appending(name)) { flock(number, LOCK_EX) } } catch { throw .system(error) }
        return file
    }

    /// A new folder for the package; what earlier attempts left is removed, but for the one that may be in use.
    func makeFolder(_ request: PackageRequest, keeping kept: FilePath?) throws(AuditError) -> FilePath {
        guard let folder else { throw .noStateFolder }
        _ = try StateFolder.open(folder)
        let own = Self.key(request) + "-"
        for entry in FolderCalls.list(folder) ?? [] where entry.name.hasPrefix(own) {
            let path = folder.appending(entry.name)
            if path != kept { FolderCalls.removeTree(path) }
        }
        let path = folder.appending(own + String(UInt32.random(in: 0 ... .max), radix: 36))
        do { try StateFolder.make(path) } catch { throw .system(error) }
        return path
    }

    /// `mcp-server-time-0123456789abcdef`: a name for people, and what keeps two apart.
    private static func key(_ request: PackageRequest) -> String {
        let name = String(request.name.drop { $0 == "@" }.map { $0 == "/" ? "-" : $0 })
        return "\(name.prefix(40))-\(SHA256.hex(Array(request.identity.utf8)).prefix(16))"
    }
}
