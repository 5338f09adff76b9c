import StrictJSON

/// An agent's token in a message of the client's, in the `_meta` of its parameters or of its result.
///
/// It is a credential: it is taken out before anything else looks at the message, so that neither the server nor a record
/// can have it, whether anybody here can check it or not.
struct MetaToken {
    /// MCP wants a prefix in the order of domain names before names that are not its own.
    static let key = "dev.agentbound/agent-token"

    let value: JSONElement
    /// The member with one comma, in the bytes of the message.
    let place: Range<Int>

    /// - Returns: `nil` when the message has none, which is known after looking at the keys of `_meta`.
    init?(in envelope: Envelope) {
        let holder: JSONElement?
        switch envelope.shape {
        case .request, .notification: holder = envelope.parameters
        case .result(_, let result): holder = result
        case .failure: holder = nil
        }
        guard let meta = holder?["_meta"], let value = meta[Self.key] else { return nil }
        var previousEnd: Int?, start: Int?, next: Int?
        meta.forEachMember { key, member in
            if member.range == value.range {
                start = key.range.lowerBound
            } else if start == nil {
                previousEnd = member.range.upperBound
            } else if next == nil {
                next = key.range.lowerBound
            }
        }
        guard let start else { return nil }
        self.value = value
        if let next {
            place = start..<next
        } else {
            place = (previousEnd ?? start)..<value.range.upperBound
        }
    }
}
