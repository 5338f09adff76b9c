import StrictJSON

/// What could not be written, counted until it can be told: no gap in a journal is a silent one.
struct UnrecordedEvents: Sendable {
    private var passed = 0, refused = 0, others = 0
    private let since = Timestamp.now()
    private var until = Timestamp.now()
    private var cause = ""

    /// - Parameter happensAnyway: Whether what these events allow happens all the same.
    mutating func add(_ events: some Collection<AuditEvent>, because error: AuditError, happensAnyway: Bool) {
        for event in events {
            switch (event.kind, event.decision) {
            case (.tool, .allow), (.box, .allow):
                if happensAnyway { passed += 1 } else { refused += 1 }
            case (.tool, .deny), (.box, .deny): refused += 1
            default: others += 1
            }
        }
        until = .now()
        cause = error.description
    }

    var event: AuditEvent {
        let counts = [("requests that passed", passed), ("refused", refused), ("other events", others)]
            .filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        return AuditEvent(
            .lifecycle, JournalFormat.recoverySubject, .error, rule: JournalFormat.unrecordedRule,
            reason: "not recorded from \(since) to \(until): \(counts.joined(separator: ", ")); \(cause)",
            detail: [
                .init("passed", .integer(passed)), .init("refused", .integer(refused)),
                .init("others", .integer(others)), .init("from", .string(since.description)),
                .init("to", .string(until.description)),
            ])
    }
}
