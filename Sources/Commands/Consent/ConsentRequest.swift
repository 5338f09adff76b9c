import AuditTrail
import Signatures

/// What a person is asked to agree to: a server's manifest, the command that starts it and what it will be able to do.
/// The caller fills it from the resolved permissions, defaults included: consent is to what the box will hold.
struct ConsentRequest: Hashable, Sendable {
    /// The manifest's name, or its real path when it has none.
    var server: String
    /// Which program this is: the real path of the program or script that `argv` starts. With `server` it finds the record.
    var program: String
    /// SHA-256 of the manifest's bytes, 64 hexadecimal digits.
    var manifestDigest: String
    /// The command as it will be started.
    var argv: [String]
    /// Full names: `mcp.ac.filesystem.read`.
    var permissions: Set<String>
    /// What widens: `readPaths`, `allowedHosts` and so on, with resolved values.
    var grants: [String: Set<String>]
    /// What narrows: `denyPaths`, `deniedHosts`.
    var denials: [String: Set<String>]
    /// Numbers that bound the box: `memory` in bytes and so on. A missing one is no bound.
    var limits: [String: UInt64]
}

/// A digest of all that consent covers. Two requests with one digest ask for the same, word for word.
struct ConsentDigest: Hashable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    let description: String

    /// SHA-256 over the parts, each with its length before it, so that no two lists run together into one text.
    init(_ request: ConsentRequest) {
        var hash = SHA256()
        func add(_ text: String) { hash.update(Array("\(text.utf8.count):\(text)".utf8)) }
        func add(_ list: [String]) {
            hash.update(Array("[\(list.count)".utf8))
            list.forEach(add)
        }
        func add(_ table: [String: Set<String>]) {
            // A key without values says as much as no key.
            let filled = table.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            hash.update(Array("{\(filled.count)".utf8))
            for (key, values) in filled {
                add(key)
                add(values.sorted())
            }
        }
        add("agentbound consent 1")
        add(request.manifestDigest)
        add(request.argv)
        add(request.permissions.sorted())
        add(request.grants)
        add(request.denials)
        add(request.limits.mapValues { [String($0)] })
        description = hash.finish().hex
    }
}

/// One thing that a request asks for and the consent did not cover, or the other way round.
struct ConsentItem: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case permission
        /// A value of `grants`, under its key.
        case grant(String)
        /// A value of `denials` that is gone (more) or new (less).
        case denial(String)
        /// A limit that is higher or gone (more), lower or new (less).
        case limit(String)
        /// Another command line; always counts as more.
        case command
    }
    var kind: Kind
    var value: String
}
