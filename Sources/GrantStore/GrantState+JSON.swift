import Signatures
import StrictJSON

/// The store's file: one JSON object whose `digest` is the SHA-256 of its `state`. Times and amounts are texts, so that they come back
/// exactly as they were.
extension GrantState {
    static let version: Int64 = 2
    /// Bytes of the file at most: more than all that the limits on its parts allow an agent to fill.
    static let sizeLimit = 16 << 20

    var fileBytes: [UInt8] {
        let state = json
        let file: JSONValue = [
            "version": .integer(Self.version), "digest": .string(SHA256.hex(state.serialized())),
            "state": state,
        ]
        return file.serialized() + [0x0a]
    }

    /// - Returns: `nil` unless every member is there, of its type, and the digest is that of the state.
    init?(fileBytes: [UInt8]) {
        guard let file = try? JSONValue(parsing: fileBytes, limits: JSONLimits(maxBytes: Self.sizeLimit)),
            file["version"]?.int64 == Self.version,
            let digest = file["digest"]?.string, let state = file["state"],
            digest == SHA256.hex(state.serialized())
        else { return nil }
        self.init(json: state)
    }

    private var json: JSONValue {
        var members = [
            JSONMember("serial", .string(String(serial))), JSONMember("failures", .integer(failures)),
            JSONMember("lockedUntil", .double(lockedUntil)), JSONMember("approvals", .array(approvals.map(\.json))),
            JSONMember("grants", .array(grants.map(\.json))),
            JSONMember(
                "accounts",
                .object(
                    accounts.sorted { $0.key < $1.key }.map {
                        JSONMember($0.key, $0.value.json)
                    })),
        ]
        if let passphrase {
            members.append(
                JSONMember(
                    "passphrase",
                    [
                        "salt": .string(Hex.text(passphrase.salt)), "rounds": .integer(passphrase.rounds),
                        "publicKey": .string(Hex.text(passphrase.publicKey)),
                    ]))
        }
        return .object(members)
    }

    private init?(json: JSONValue) {
        guard let serial = json["serial"]?.string.flatMap({ UInt64($0) }), let failures = json["failures"]?.int64,
            let lockedUntil = json["lockedUntil"]?.exactDouble,
            let approvals = json["approvals"]?.array?.allOrNone(Approval.init(json:)),
            let grants = json["grants"]?.array?.allOrNone(Grant.init(json:)), let accounts = json["accounts"]?.members
        else { return nil }
        self.serial = serial
        self.failures = Int(failures)
        self.lockedUntil = lockedUntil
        self.approvals = approvals
        self.grants = grants
        for member in accounts {
            guard let account = RollingTotal(json: member.value) else { return nil }
            self.accounts[member.key] = account
        }
        guard let key = json["passphrase"] else { return }
        guard let salt = key["salt"]?.string.flatMap({ Hex.bytes($0) }), let rounds = key["rounds"]?.int64, rounds > 0,
            let publicKey = key["publicKey"]?.string.flatMap({ Hex.bytes($0) }), publicKey.count == 32
        else { return nil }
        passphrase = PassphraseKey(salt: salt, rounds: Int(rounds), publicKey: publicKey)
    }
}

extension RollingTotal {
    /// `["3600.0",["29833333","5.0"],...]`: the window, then each part with its amount.
    fileprivate var json: JSONValue {
        .array([.double(window)] + spent.map { .strings([String($0.number), $0.amount.description]) })
    }

    fileprivate init?(json: JSONValue) {
        guard let array = json.array, let window = array.first?.exactDouble,
            let spent = Array(array.dropFirst()).allOrNone({ part -> Part? in
                guard let pair = part.array, pair.count == 2, let number = pair[0].string.flatMap({ Int64($0) }),
                    let amount = pair[1].exactDouble
                else { return nil }
                return Part(number: number, amount: amount)
            })
        else { return nil }
        self.init(window: window, spent: spent)
    }
}

extension Approval {
    fileprivate var json: JSONValue {
        var members = [
            JSONMember("id", .string(id)), JSONMember("digest", .string(digest.description)),
            JSONMember("server", .string(server)),
            JSONMember("tool", .string(tool)), JSONMember("summary", .string(summary)),
            JSONMember("reason", .string(reason)),
            JSONMember("threats", .strings(threats)), JSONMember("session", .string(session)),
            JSONMember("agent", .string(agent)),
            JSONMember("critical", .bool(isCritical)), JSONMember("asked", .double(asked)),
            JSONMember("expires", .double(expires)), JSONMember("waitsUntil", .double(waitsUntil)),
        ]
        switch answer {
        case .allow(let signature):
            members.append(JSONMember("answer", "allow"))
            if let signature { members.append(JSONMember("signature", .string(Hex.text(signature)))) }
        case .deny: members.append(JSONMember("answer", "deny"))
        case nil: break
        }
        return .object(members)
    }

    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.string, let digest = json["digest"]?.string.flatMap({ CallDigest($0) }),
            let server = json["server"]?.string, let tool = json["tool"]?.string, let summary = json["summary"]?.string,
            let reason = json["reason"]?.string, let threats = json["threats"]?.array?.allOrNone(\.string),
            let session = json["session"]?.string, let agent = json["agent"]?.string,
            let isCritical = json["critical"]?.bool,
            let asked = json["asked"]?.exactDouble, let expires = json["expires"]?.exactDouble
        else { return nil }
        self.init(
            id: id, digest: digest, server: server, tool: tool, summary: summary, reason: reason, threats: threats,
            session: session, agent: agent, isCritical: isCritical, asked: asked, expires: expires,
            // A store of an older version has none.
            waitsUntil: json["waitsUntil"]?.exactDouble)
        switch json["answer"] {
        case nil: break
        case "deny": answer = .deny
        case "allow": answer = .allow(signature: json["signature"]?.string.flatMap({ Hex.bytes($0) }))
        default: return nil
        }
    }
}

extension Grant {
    fileprivate var json: JSONValue {
        var members = [
            JSONMember("id", .string(id)), JSONMember("server", .string(server)), JSONMember("tool", .string(tool)),
            JSONMember("paths", .strings(paths)), JSONMember("agent", .string(agent)),
            JSONMember("created", .double(created)),
            JSONMember("expires", .double(expires)), JSONMember("usesLeft", .integer(usesLeft)),
            JSONMember("uses", .integer(uses)),
            JSONMember("giver", .string(giver)),
        ]
        if let signature { members.append(JSONMember("signature", .string(Hex.text(signature)))) }
        return .object(members)
    }

    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.string, let server = json["server"]?.string, let tool = json["tool"]?.string,
            let paths = json["paths"]?.array?.allOrNone(\.string), let agent = json["agent"]?.string,
            let created = json["created"]?.exactDouble, let expires = json["expires"]?.exactDouble,
            let usesLeft = json["usesLeft"]?.int64, let uses = json["uses"]?.int64, let giver = json["giver"]?.string
        else { return nil }
        self.init(
            id: id, server: server, tool: tool, paths: paths, agent: agent, created: created, expires: expires,
            uses: Int(uses),
            giver: giver)
        self.usesLeft = Int(usesLeft)
        signature = json["signature"]?.string.flatMap({ Hex.bytes($0) })
    }
}

extension JSONValue {
    fileprivate static func double(_ value: Double) -> JSONValue { .string(value.description) }

    fileprivate var exactDouble: Double? {
        guard let value = string.flatMap({ Double($0) }), value.isFinite else { return nil }
        return value
    }
}

extension Array {
    fileprivate func allOrNone<T>(_ make: (Element) -> T?) -> [T]? {
        let made = compactMap(make)
        return made.count == count ? made : nil
    }
}
