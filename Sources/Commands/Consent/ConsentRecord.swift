import AuditTrail
import StrictJSON

/// What a person agreed to, and when, as it is kept.
struct ConsentRecord: Hashable, Sendable {
    var request: ConsentRequest
    var time: Timestamp
    var digest: ConsentDigest { ConsentDigest(request) }

    init(_ request: ConsentRequest, at time: Timestamp = .now()) {
        self.request = request
        self.time = time
    }
}

extension ConsentRecord {
    /// The file's content.
    var json: JSONValue {
        [
            "version": 1, "digest": .string("\(digest)"), "time": .string("\(time)"),
            "microseconds": .integer(time.microseconds), "server": .string(request.server),
            "program": .string(request.program), "manifest": .string(request.manifestDigest),
            "argv": .strings(request.argv), "permissions": .strings(request.permissions.sorted()),
            "grants": Self.table(request.grants), "denials": Self.table(request.denials),
            "limits": .object(
                request.limits.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string(String($0.value))) }),
        ]
    }

    /// - Returns: `nil` unless every member is there, of its type, and the digest is that of the others: a record that
    ///   was written halfway or by hand is none.
    init?(json: JSONValue) {
        guard json["version"] == 1, let digest = json["digest"]?.string, let time = json["microseconds"]?.int64,
            let server = json["server"]?.string, let program = json["program"]?.string,
            let manifest = json["manifest"]?.string, let argv = json["argv"].flatMap(Self.strings),
            let permissions = json["permissions"].flatMap(Self.strings),
            let grants = json["grants"].flatMap(Self.table), let denials = json["denials"].flatMap(Self.table),
            let limits = json["limits"]?.members
        else { return nil }
        var bounds: [String: UInt64] = [:]
        for limit in limits {
            guard let value = limit.value.string.flatMap({ UInt64($0) }) else { return nil }
            bounds[limit.key] = value
        }
        self.init(
            ConsentRequest(
                server: server, program: program, manifestDigest: manifest, argv: argv, permissions: Set(permissions),
                grants: grants, denials: denials, limits: bounds),
            at: Timestamp(microseconds: time))
        guard "\(self.digest)" == digest else { return nil }
    }

    private static func table(_ table: [String: Set<String>]) -> JSONValue {
        .object(table.sorted { $0.key < $1.key }.map { JSONMember($0.key, .strings($0.value.sorted())) })
    }

    private static func table(_ json: JSONValue) -> [String: Set<String>]? {
        guard let members = json.members else { return nil }
        var table: [String: Set<String>] = [:]
        for member in members {
            guard let values = strings(member.value) else { return nil }
            table[member.key] = Set(values)
        }
        return table
    }

    private static func strings(_ json: JSONValue) -> [String]? {
        guard let elements = json.array else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : nil
    }
}
