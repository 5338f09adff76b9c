import StrictJSON
import Synchronization

/// Policies, compiled: what may be called. A value; deciding is pure.
///
/// Several layers are joined by the strictest answer. No layer at all denies.
public struct ToolPolicy: Sendable {
    public let layers: [PolicyLayer]
    private let compiled: [CompiledLayer]
    private let choices = Choices()

    public init(layers: [PolicyLayer]) {
        self.layers = layers
        let isForbidden = layers.contains { $0.approvals.onTimeout == .deny }
        compiled = layers.map {
            CompiledLayer($0, passesUnanswered: !isForbidden && $0.approvals.onTimeout == .allow)
        }
    }

    /// Whether an answer can depend on ``ToolCall/threatScore``.
    public var usesThreatScore: Bool { compiled.contains { $0.rules.contains { $0.rule.usesThreatScore } } }
    /// Whether an answer can depend on ``PolicyMoment/budgets``.
    public var usesBudgets: Bool { compiled.contains { $0.rules.contains { $0.rule.budget != nil } } }
    /// Whether the redaction settings or a rule take anything out of what is passed on.
    public var redacts: Bool {
        redaction != RedactionSettings() || compiled.contains { $0.rules.contains { !$0.redactedFields.isEmpty } }
    }

    /// What any layer wants taken out.
    public var redaction: RedactionSettings {
        RedactionSettings(
            secrets: layers.contains { $0.redaction.secrets }, emails: layers.contains { $0.redaction.emails },
            apiKeys: layers.contains { $0.redaction.apiKeys })
    }

    /// Seconds that a question waits at most: the shortest time that a layer gives; `nil` where none does.
    public var approvalTimeout: Double? { layers.compactMap(\.approvals.timeout).min() }

    /// Never throws: what cannot be evaluated is denied.
    public func decide(_ call: ToolCall, at moment: PolicyMoment) -> ToolDecision {
        guard let choice = choice(for: call) else { return Self.tooLong }
        var work = DecisionWork(moment)
        guard let first = compiled.first else { return Self.noPolicy }
        var decision = first.decide(call, choice.rules[0], &work)
        for (layer, rules) in zip(compiled, choice.rules).dropFirst() {
            // Another layer may say plainly what this one cannot.
            if decision.effect == .deny, !decision.isUnevaluable || decision.holdsAnyway { break }
            Self.join(&decision, layer.decide(call, rules, &work))
        }
        return decision
    }

    /// The stricter of the two, with what both want taken out and booked.
    private static func join(_ decision: inout ToolDecision, _ next: ToolDecision) {
        let (loose, strict) = next.effect > decision.effect ? (decision, next) : (next, decision)
        decision = strict
        if loose.effect == .approve { decision.passesUnanswered = strict.passesUnanswered && loose.passesUnanswered }
        if strict.effect != .deny || strict.isUnevaluable {
            decision.redactedFields += loose.redactedFields.filter { !strict.redactedFields.contains($0) }
        }
        if strict.effect == .deny {
            decision.holdsAnyway =
                strict.holdsAnyway || loose.holdsAnyway || !loose.isUnevaluable && loose.effect >= .approve
            return
        }
        decision.charges += loose.charges
        decision.obligations += loose.obligations
    }

    private static let noPolicy = ToolDecision(.deny, layer: "", rule: "default", reason: "there is no policy")
    /// Whoever asks chooses the length, so that this holds whatever is to happen to other calls that cannot be judged.
    private static let tooLong = ToolDecision(
        .deny, layer: "", rule: "default", reason: "a name in the call is longer than \(CallSubject.longest) bytes")

    /// Whether some arguments could make the call pass, or a person could let it pass: for lists of tools, before any is called.
    public func mayPass(_ call: ToolCall) -> Bool {
        guard let choice = choice(for: call), !compiled.isEmpty else { return false }
        return zip(compiled, choice.rules).allSatisfy { $0.mayPass(call, $1) }
    }

    /// The decision, with what each rule that was asked before it said.
    public func explain(_ call: ToolCall, at moment: PolicyMoment) -> PolicyExplanation {
        PolicyExplanation(
            decision: decide(call, at: moment),
            layers: compiled.map { layer in
                var work = DecisionWork(moment)
                return layer.explain(call, &work)
            })
    }

    private func choice(for call: ToolCall) -> RuleChoice? {
        let subject = CallSubject(call)
        if let known = choices.find(subject) { return known }
        if [call.tool, call.server, call.method].contains(where: { $0.utf8.count > CallSubject.longest }) {
            return nil
        }
        let exact = SubjectNames(subject), folded = SubjectNames.folded(subject)
        let choice = RuleChoice(
            subject,
            rules: compiled.map { layer in
                layer.rules.indices.compactMap { index in
                    switch layer.rules[index].fit(exact, folded) {
                    case .exact: .init(index: index, isExact: true)
                    case .otherSpelling: .init(index: index, isExact: false)
                    case .not: nil
                    }
                }
            })
        choices.keep(choice, for: subject)
        return choice
    }
}

/// The rules of each layer that are about a subject, by their places.
final class RuleChoice: Sendable {
    struct Entry: Sendable {
        let index: Int
        let isExact: Bool
    }
    let rules: [[Entry]]
    private let subject: CallSubject
    private let isASCII: Bool

    init(_ subject: CallSubject, rules: [[Entry]]) {
        self.subject = subject
        self.rules = rules
        isASCII = subject.isASCII
    }

    /// Whether an equal subject is the same one, byte by byte. What equals an ASCII text and has its length does.
    func isFor(_ other: CallSubject) -> Bool {
        isASCII ? subject.length == other.length : subject.isSame(as: other)
    }
}

/// Choices that were made, so that a hundred rules are not gone through for every call. A server chooses the names of its
/// tools, so there is a bound.
private final class Choices: Sendable {
    private let made = Mutex<[CallSubject: RuleChoice]>([:])
    private static let most = 4_096

    func find(_ subject: CallSubject) -> RuleChoice? {
        guard let choice = made.withLock({ $0[subject] }), choice.isFor(subject) else { return nil }
        return choice
    }

    func keep(_ choice: RuleChoice, for subject: CallSubject) {
        if subject.length > CallSubject.longestKept { return }
        made.withLock {
            if $0.count >= Self.most { $0.removeAll(keepingCapacity: true) }
            $0[subject] = choice
        }
    }
}

/// A layer, ready to be asked.
struct CompiledLayer: Sendable {
    let name: String
    let rules: [CompiledRule]
    private let toolDefault: ToolDecision
    private let otherDefault: ToolDecision
    private let passesUnanswered: Bool

    /// - Parameter passesUnanswered: Whether what this layer asks about passes when nobody answers.
    init(_ layer: PolicyLayer, passesUnanswered: Bool) {
        name = layer.name
        self.passesUnanswered = passesUnanswered
        rules = layer.orderedRules.map { CompiledRule($0) }
        let words: (ToolEffect) -> String = {
            "no rule of `\(printable(layer.name))` is about it, and its default is \($0.rawValue)"
        }
        toolDefault = ToolDecision(
            layer.defaultEffect, layer: layer.name, rule: "default", reason: words(layer.defaultEffect))
        otherDefault = ToolDecision(
            layer.otherMethods, layer: layer.name, rule: "default", reason: words(layer.otherMethods))
    }

    /// - Parameter left: The first rule that fits but for its budget: then `no rule is about it` would be false.
    private func defaultDecision(_ call: ToolCall, _ left: Overspent? = nil) -> ToolDecision {
        var decision = call.method == "tools/call" ? toolDefault : otherDefault
        if let left { decision.reason = "\(words(left)); the default is \(decision.effect.rawValue)" }
        decision.passesUnanswered = passesUnanswered && decision.effect == .approve
        return decision
    }

    /// A rule whose budget is spent, by its place: words are made of it when they are needed.
    private struct Overspent {
        let index: Int
        let spent, amount: Double
    }

    private func words(_ left: Overspent) -> String {
        let rule = rules[left.index].rule
        guard let budget = rule.budget else { return "" }
        let more = left.amount == 1 && budget.field == nil ? "" : ", and this is \(plain(left.amount))"
        return
            "rule `\(printable(rule.id))` fits, but its budget `\(printable(budget.key))` has \(budget.words(left.spent))\(more)"
    }

    func decide(_ call: ToolCall, _ choice: [RuleChoice.Entry], _ work: inout DecisionWork) -> ToolDecision {
        var left: Overspent?
        for (place, entry) in choice.enumerated() {
            let rule = rules[entry.index]
            switch rule.answer(call, entry.isExact, &work) {
            case .not(.budget(_, let spent, let amount)):
                if left == nil { left = Overspent(index: entry.index, spent: spent, amount: amount) }
            case .not: continue
            case .fits(let charge): return decision(rule, charge, work.culprit)
            case .unknown(let why):
                var decision = unevaluable(rule, why)
                if let next = next(call, choice[(place + 1)...], &work) {
                    decision.holdsAnyway = next.rule.effect >= .approve
                    // Where the call passes all the same.
                    decision.redactedFields = next.redactedFields
                }
                return decision
            }
        }
        return defaultDecision(call, left)
    }

    /// The first of these rules that fits.
    private func next(
        _ call: ToolCall, _ rest: ArraySlice<RuleChoice.Entry>, _ work: inout DecisionWork
    ) -> CompiledRule? {
        for entry in rest {
            if case .fits = rules[entry.index].answer(call, entry.isExact, &work) { return rules[entry.index] }
        }
        return nil
    }

    private func decision(
        _ rule: CompiledRule, _ charge: BudgetCharge?, _ culprit: DecisionWork.Culprit?
    ) -> ToolDecision {
        var decision = ToolDecision(
            rule.rule.effect, layer: name, rule: rule.rule.id,
            reason: rule.isAboutFacts ? culprit.map { rule.reason + $0.words } ?? rule.reason : rule.reason,
            redactedFields: rule.redactedFields,
            charges: rule.rule.effect == .deny ? [] : charge.map { [$0] } ?? [], obligations: rule.rule.obligations)
        decision.passesUnanswered = passesUnanswered && decision.effect == .approve
        return decision
    }

    private func unevaluable(_ rule: CompiledRule, _ why: Unknown) -> ToolDecision {
        ToolDecision(
            .deny, layer: name, rule: rule.rule.id,
            reason: "rule `\(printable(rule.rule.id))` cannot be evaluated: \(why.words)", isUnevaluable: true,
            obligations: rule.rule.obligations)
    }

    func mayPass(_ call: ToolCall, _ choice: [RuleChoice.Entry]) -> Bool {
        for entry in choice {
            let rule = rules[entry.index].rule
            if !rule.roles.allSatisfy(call.agent.judged.roles.contains) { continue }
            if rule.annotations.contains(where: { ToolAnnotations.value($0.name, of: call) != $0.value }) { continue }
            if rule.effect != .deny, entry.isExact { return true }
            if !rule.needsArguments {
                var work = DecisionWork(PolicyMoment())
                if case .not = rules[entry.index].answer(call, entry.isExact, &work) { continue }
                return false
            }
        }
        return defaultDecision(call).effect != .deny
    }

    func explain(_ call: ToolCall, _ work: inout DecisionWork) -> PolicyExplanation.Layer {
        let subject = CallSubject(call)
        let exact = SubjectNames(subject), folded = SubjectNames.folded(subject)
        var asked: [PolicyExplanation.Rule] = []
        var left: Overspent?
        for (index, compiled) in rules.enumerated() {
            let rule = compiled.rule
            func note(_ outcome: PolicyExplanation.Outcome, _ words: String) {
                asked.append(.init(id: rule.id, effect: rule.effect, line: rule.line, outcome: outcome, words: words))
            }
            let fit = compiled.fit(exact, folded)
            if case .not(let mismatch) = fit {
                note(.passedOver, mismatch.words)
                continue
            }
            let isExact = if case .exact = fit { true } else { false }
            switch compiled.answer(call, isExact, &work) {
            case .not(.condition):
                note(.passedOver, rule.when.map { "`when` does not hold: \($0.words(call, &work, wanted: .no))" } ?? "")
            case .not(let mismatch):
                note(.passedOver, mismatch.words)
                if case .budget(_, let spent, let amount) = mismatch, left == nil {
                    left = Overspent(index: index, spent: spent, amount: amount)
                }
            case .fits(let charge):
                note(.decides, compiled.reason)
                return .init(name: name, rules: asked, decision: decision(compiled, charge, work.culprit))
            case .unknown(let why):
                note(.unevaluable, why.words)
                return .init(name: name, rules: asked, decision: unevaluable(compiled, why))
            }
        }
        return .init(name: name, rules: asked, decision: defaultDecision(call, left))
    }
}
