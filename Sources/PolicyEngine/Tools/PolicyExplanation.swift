import StrictJSON

/// Which rule decided, and why the ones before it did not.
public struct PolicyExplanation: Sendable {
    public enum Outcome: String, Hashable, Sendable {
        case passedOver = "no match", decides, unevaluable
    }

    /// One rule that was asked.
    public struct Rule: Sendable {
        public let id: String
        public let effect: ToolEffect
        /// In its file; 0 when unknown.
        public let line: Int
        public let outcome: Outcome
        public let words: String
    }

    public struct Layer: Sendable {
        public let name: String
        /// In the order in which they were asked; the last one decided, unless that was the default.
        public let rules: [Rule]
        public let decision: ToolDecision
    }

    /// Of all layers together.
    public let decision: ToolDecision
    public let layers: [Layer]
}

extension PolicyCondition {
    /// The part that made the answer what it is.
    func words(_ call: ToolCall, _ work: inout DecisionWork, wanted: Answer) -> String {
        switch self {
        case .all(let parts), .any(let parts):
            for part in parts where part.evaluate(call, &work).answer == wanted {
                return part.words(call, &work, wanted: wanted)
            }
            return "none of its parts holds"
        case .not(let part): return "not: " + part.words(call, &work, wanted: wanted == .yes ? .no : .yes)
        case .field(let test):
            let shown = test.field.values(in: call).count > 1 ? " for all of them alike" : ""
            return "`\(test.field.text)` \(test.op.rawValue) \(printable(test.value.text()))\(shown)"
                + (wanted == .no ? " is false" : " is true")
        case .facts(let test):
            let noun = test.fact.rawValue
            return switch (test.kind, wanted) {
            case (.any, .no): "no \(noun) of the call is in the list"
            case (.any, _): "a \(noun) of the call is in the list"
            case (.all, .yes), (.outside, .no): "every \(noun) of the call is in the list"
            default: "a \(noun) of the call is not in the list"
            }
        }
    }

    enum Answer: Sendable { case yes, no, unknown }
}

extension Truth {
    fileprivate var answer: PolicyCondition.Answer {
        switch self {
        case .yes: .yes
        case .no: .no
        case .unknown: .unknown
        }
    }
}
