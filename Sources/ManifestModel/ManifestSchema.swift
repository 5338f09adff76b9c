public import StrictJSON

/// The JSON Schema (draft 2020-12) of a manifest, made from the tables that the reader uses.
/// It says what a schema can say; that scopes and tools name declared permissions only `validate` checks.
public enum ManifestSchema {
    public static var json: JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "urn:agentbound:manifest:1",
            "title": "agentbound manifest",
            "description": "What an MCP server asks for. Unknown top-level keys are warnings, all else is an error.",
            "type": "object",
            "required": .strings(ManifestField.allCases.filter(\.isRequired).map(\.rawValue)),
            "additionalProperties": false,
            "properties": .object(
                ManifestField.allCases.map { JSONMember($0.rawValue, describe(schema(of: $0), $0.summary)) }),
            "$defs": [
                "text": ["type": "string", "pattern": "\\S"],
                "permission": [
                    "oneOf": .array(
                        Permission.allCases.map {
                            ["const": .string($0.rawValue), "description": .string($0.facts.summary)]
                        })
                ],
                "permissionList": ["type": "array", "uniqueItems": true, "items": ["$ref": "#/$defs/permission"]],
            ],
        ]
    }

    private static let text: JSONValue = ["$ref": "#/$defs/text"]

    private static func describe(_ schema: JSONValue, _ summary: String) -> JSONValue {
        .object([JSONMember("description", .string(summary))] + (schema.members ?? []))
    }

    private static func schema(of field: ManifestField) -> JSONValue {
        switch field {
        case .schema, .name, .version, .description: text
        case .registry: ["type": "string", "pattern": "^[a-z0-9-]+$"]
        case .packageName: ["type": "string", "pattern": "^\\S+$"]
        case .permissions, .optionalPermissions: ["$ref": "#/$defs/permissionList"]
        case .rationales:
            ["type": "object", "propertyNames": ["$ref": "#/$defs/permission"], "additionalProperties": text]
        case .tools:
            ["type": "object", "propertyNames": text, "additionalProperties": ["$ref": "#/$defs/permissionList"]]
        case .scopes:
            [
                "type": "object", "additionalProperties": false,
                "properties": .object(
                    ScopeKey.allCases.map { JSONMember($0.rawValue, describe(schema(of: $0), $0.summary)) }),
            ]
        }
    }

    private static func schema(of key: ScopeKey) -> JSONValue {
        switch key.shape {
        case .string: text
        case .limits:
            [
                "type": "object", "additionalProperties": false,
                "properties": .object(
                    LimitKey.allCases.map { JSONMember($0.rawValue, describe(schema(of: $0), $0.grammar)) }),
            ]
        case .ports:
            list(of: [
                "anyOf": [
                    ["type": "integer", "minimum": 0, "maximum": 65535],
                    ["type": "string", "pattern": "^.+:[0-9]{1,5}$"],
                ]
            ])
        case .strings:
            switch key {
            case .envVars: list(of: ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"])
            case .devices: list(of: ["type": "string", "pattern": "^/dev/"])
            default: list(of: text)
            }
        }
    }

    private static func list(of items: JSONValue) -> JSONValue {
        ["type": "array", "maxItems": .integer(ScopeKey.mostEntries), "items": items]
    }

    private static func schema(of key: LimitKey) -> JSONValue {
        let pattern: JSONValue =
            switch key.unit {
            case .bytes: "^[0-9]+[KMGTkmgt]?$"
            case .seconds: "^[0-9]+[smhSMH]?$"
            case .count: "^[0-9]+$"
            }
        return ["anyOf": [["type": "integer", "minimum": 1], ["type": "string", "pattern": pattern]]]
    }
}
