import PolicyEngine
import StrictJSON
import SystemPackage

/// The join to the policy engine: what a gateway asks it.
struct GatePolicy: Sendable {
    var decide: @Sendable (ToolCall) -> ToolDecision
    var mayPass: @Sendable (ToolCall) -> Bool

    /// Reads the files, each of which is one layer.
    static func load(_ files: [String]) throws(Refusal) -> GatePolicy {
        var denied: Set<String> = []
        var isOpen = true
        for file in files {
            let bytes: [UInt8]
            do throws(OverrideFileError) { bytes = try OverrideFile.contents(of: FilePath(file)) } catch {
                throw Refusal(.input, "cannot read the policy: \(error)", next: "check the path given with --policy")
            }
            let value: JSONValue
            do throws(JSONErrors) { value = try JSONValue(parsing: bytes) } catch {
                throw Refusal(.malformed, "\(file): \(error)", next: "correct the policy")
            }
            guard let members = value.members, members.allSatisfy({ ["version", "default", "deny"].contains($0.key) }),
                let effect = value["default"]?.string, ["allow", "deny"].contains(effect)
            else { throw Refusal(.malformed, "\(file): this is no policy", next: "correct the policy") }
            isOpen = isOpen && effect == "allow"
            denied.formUnion((value["deny"]?.array ?? []).compactMap(\.string))
        }
        let decide: @Sendable (ToolCall) -> ToolDecision = { [denied, isOpen] call in
            if denied.contains(call.tool) || denied.contains(call.method) {
                return ToolDecision(.deny, layer: "policy", rule: "deny", reason: "the policy names it")
            }
            return ToolDecision(
                isOpen ? .allow : .deny, layer: "policy", rule: "default",
                reason: isOpen ? "nothing speaks against it" : "no rule allows it")
        }
        return GatePolicy(decide: decide) { decide($0).effect < .deny }
    }
}
