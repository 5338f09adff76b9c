import StrictJSON

/// Events that stand in the journal as allowed, and whose requests were refused after all: the disk did not confirm the record.
/// A journal is only added to, so that the next event that can be written says it.
struct RefusedEvents: Sendable {
    private let first: UInt64, last: UInt64
    private let count: Int
    private let cause: String

    /// - Parameters:
    ///   - events: As they were written in one go.
    ///   - last: The number of the last of them.
    /// - Returns: `nil` when none of them allows anything.
    init?(_ events: some Collection<AuditEvent>, last: UInt64, because error: AuditError) {
        let allowed = events.enumerated().filter { $0.element.decision == .allow }.map(\.offset)
        guard let low = allowed.first, let high = allowed.last else { return nil }
        let start = last - UInt64(events.count) + 1
        (first, self.last) = (start + UInt64(low), start + UInt64(high))
        count = allowed.count
        cause = error.description
    }

    var event: AuditEvent {
        let which = first == last ? "event \(first)" : "\(count) allowed of events \(first) to \(last)"
        return AuditEvent(
            .lifecycle, JournalFormat.recoverySubject, .error, rule: JournalFormat.refusedRule,
            reason: "refused after all: \(which); \(cause)",
            detail: [
                .init("first", .integer(Int64(clamping: first))), .init("last", .integer(Int64(clamping: last))),
                .init("refused", .integer(count)),
            ])
    }
}
