import ManifestModel
import StrictJSON
import Testing

@Suite("The tables")
struct TableTests {
    @Test("There are 18 permissions, each with words of its own")
    func permissions() {
        #expect(Permission.allCases.count == 18)
        #expect(Set(Permission.allCases.map(\.facts.summary)).count == 18)
        #expect(Permission.allCases.allSatisfy { !$0.facts.heldBy.isEmpty })
    }

    @Test("Each scope narrows some permission; only limits need none", arguments: ScopeKey.allCases)
    func scopes(key: ScopeKey) {
        #expect(key.permissions.isEmpty == (key == .limits))
        #expect(key.flag.hasPrefix("--"))
    }

    @Test("Rule ids are unique, and each rule has a title and a remedy")
    func rules() {
        #expect(Set(ManifestRule.allCases.map(\.rawValue)).count == ManifestRule.allCases.count)
        #expect(ManifestRule.allCases.allSatisfy { !$0.title.isEmpty && !$0.remedy.isEmpty })
    }

    @Test("The schema names every field, permission, scope and limit")
    func schema() {
        let schema = ManifestSchema.json
        let properties = schema["properties"]
        #expect(properties?.members?.map(\.key) == ManifestField.allCases.map(\.rawValue))
        #expect(
            schema["$defs"]?["permission"]?["oneOf"]?.array?.compactMap { $0["const"]?.string }
                == Permission.allCases.map(\.rawValue))
        let scopes = properties?["scopes"]?["properties"]
        #expect(scopes?.members?.map(\.key) == ScopeKey.allCases.map(\.rawValue))
        #expect(scopes?["limits"]?["properties"]?.members?.map(\.key) == LimitKey.allCases.map(\.rawValue))
    }
}
