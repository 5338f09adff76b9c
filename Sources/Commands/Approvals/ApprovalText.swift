import AuditTrail
import GrantStore
import PolicyEngine
import SecretText
import StrictJSON

/// What people are shown of a call. Pure, without secrets, and safe to show: agents and servers wrote most of it.
enum ApprovalText {
    static let summaryLimit = 1_200

    static func question(
        _ call: DeskCall, _ digest: CallDigest, asked: Double, expires: Double, waitsUntil: Double
    ) -> Approval {
        Approval(
            digest: digest, server: short(call.server, 64),
            tool: short(subject(call), 128),
            summary: summary(call.arguments), reason: short(call.reason, 300),
            threats: (call.threats?.hits ?? []).prefix(8).map {
                short("\($0.meaning) (\($0.rule), at \($0.path)): \($0.excerpt)", 240)
            },
            session: call.session, agent: short(call.agent, 64), isCritical: call.isCritical, asked: asked,
            expires: expires, waitsUntil: waitsUntil)
    }

    /// A resource or a prompt is not to be taken for a tool of that name.
    private static func subject(_ call: DeskCall) -> String {
        if call.method == "tools/call" { return call.tool }
        return call.tool.isEmpty ? call.method : "\(call.method) \(call.tool)"
    }

    /// The arguments on one line, without what looks like a secret, cut short.
    static func summary(_ arguments: JSONElement?) -> String {
        guard let arguments else { return "no arguments" }
        let clean = WireRedaction(kinds: [.apiKeys, .secrets]).redact(arguments)
        let value = clean.map { (try? JSONTape($0, in: 0..<$0.count))?.root.value ?? .string(WireRedaction.mark) }
        return short(cutting(value ?? arguments.value).text(), summaryLimit)
    }

    /// Long texts are cut one by one, so that none can push what follows it out of sight.
    private static func cutting(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(short(text, 200))
        case .array(let elements): .array(elements.map(cutting))
        case .object(let members): .object(members.map { JSONMember(short($0.key, 64), cutting($0.value)) })
        default: value
        }
    }

    /// For `approvals list` and `watch`.
    static func lines(_ approval: Approval, now: Double) -> String {
        var text = "\(approval.id)  \(approval.server.terminalSafe).\(approval.tool.terminalSafe)"
        text += approval.isCritical ? "  CRITICAL: takes the passphrase" : ""
        switch approval.answer {
        case .allow: text += "  allowed, not used yet"
        case .deny: text += "  denied, not taken yet"
        case nil: break
        }
        text += "\n  arguments  \(approval.summary.terminalSafe)\n  why        \(approval.reason.terminalSafe)\n"
        for threat in approval.threats { text += "  threat     \(threat.terminalSafe)\n" }
        if approval.agent != "anonymous", !approval.agent.isEmpty {
            text += "  agent      \(approval.agent.terminalSafe)\n"
        }
        text += "  digest     \(approval.digest)\n"
        return text + "  asked      \(age(of: approval, now: now))\n"
    }

    private static func age(of approval: Approval, now: Double) -> String {
        func seconds(_ time: Double) -> String { "\(Int(max(0, time))) s" }
        let left = seconds(approval.expires - now), wait = approval.waitsUntil - now
        let call =
            wait > 0
            ? "the call waits for another \(seconds(wait)), an answer counts for another \(left)"
            : "timed out \(seconds(-wait)) ago, an answer counts for another \(left) if the call is made again"
        return "\(seconds(now - approval.asked)) ago; " + call
    }

    /// For the client to show. What the server or the agent wrote stands in quotes, after our own words.
    static func elicitation(_ approval: Approval, _ id: String) -> String {
        var text =
            "agentbound asks: allow this call once?\n\nServer: \(approval.server.terminalSafe)\nTool: \(approval.tool.terminalSafe)\nWhy it is asked: \(approval.reason.terminalSafe)\n"
        for threat in approval.threats.prefix(3) { text += "Noticed: \(threat.terminalSafe)\n" }
        text += "Arguments: \(approval.summary.terminalSafe)\n\nOr in a terminal: agentbound approvals allow \(id)"
        return text
    }

    static func notification(_ approval: Approval, _ id: String) -> (title: String, body: String) {
        (
            "agentbound: \(approval.isCritical ? "a critical call" : "a call") waits",
            "\(short(approval.server, 40)).\(short(approval.tool, 60))\nagentbound approvals allow \(id)".terminalSafe
                .replacing("\\u{a}", with: "\n")
        )
    }

    static func lines(_ grant: Grant, now: Double) -> String {
        var text = "\(grant.id)  \(grant.server.terminalSafe).\(grant.tool.terminalSafe)"
        if !grant.paths.isEmpty { text += "  below \(grant.paths.map(\.terminalSafe).joined(separator: ", "))" }
        if grant.agent != "*" { text += "  agent \(grant.agent.terminalSafe)" }
        text += "  \(grant.usesLeft) of \(grant.uses) calls, another \(Int(max(0, grant.expires - now)) / 60) min"
        if grant.signature != nil { text += "  critical calls too" }
        return text
    }

    private static func short(_ text: String, _ limit: Int) -> String {
        // Before it is cut: half a secret is not recognised.
        let text = KnownSecrets.hide(text)
        let scalars = text.unicodeScalars
        guard scalars.count > limit else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(limit))) + "…[\(scalars.count - limit) more characters]"
    }
}
