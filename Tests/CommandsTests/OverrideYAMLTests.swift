import PolicyEngine
import SystemPackage
import Testing

@testable import Commands

@Suite("Override files in YAML")
struct OverrideYAMLTests {
    private func decode(_ text: String) throws(OverrideFileError) -> Overrides {
        try OverrideFile.decode(Array(text.utf8), "o.yaml")
    }

    @Test(
        "YAML and JSON of the same meaning give the same entries",
        arguments: [
            ("readPaths:\n  - ./docs\n  - no\n", #"{"readPaths": ["./docs", "no"]}"#),  // `no` is a folder, not false
            ("listenPorts: [8080, '8081']\n", #"{"listenPorts": [8080, "8081"]}"#),
            ("limits: {processes: 64, memory: 2G}\n", #"{"limits": {"processes": 64, "memory": "2G"}}"#),
            ("envVars: {MODE: 'on', A: off}\n", #"{"envVars": {"MODE": "on", "A": "off"}}"#),
            ("# nothing\n", "{}"),
        ])
    func likeJSON(yaml: String, json: String) throws {
        func values(_ overrides: Overrides) -> [String] { overrides.entries.map { "\($0.key) \($0.value)" } }
        let fromJSON = try OverrideFile.decode(Array(json.utf8), "o.json")
        #expect(values(try decode(yaml)) == values(fromJSON))
    }

    @Test(
        "A value of another type than its key takes is refused at its place",
        arguments: [
            ("readPaths:\n  - 80\n", "o.yaml:2:5: an entry of readPaths is a string, not a number"),
            ("readPaths: [true]\n", "o.yaml:1:13: an entry of readPaths is a string, not a boolean"),
            ("envVars: {A: 1}\n", "o.yaml:1:14: the value of A is a string, not a number"),
            ("readPaths:\n", "o.yaml:1:11: readPaths takes a list of strings, not null"),
            (
                "allowedHosts:\n  - *.example.org\n",
                "o.yaml:2:5: aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
            ),
        ])
    func refused(text: String, message: String) {
        #expect { try decode(text) } throws: { "\($0)" == message }
    }
}
