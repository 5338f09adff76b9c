public import ArgumentParser
import StrictJSON

/// `agentbound controls`
public struct ControlsCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "controls",
        abstract: "Say what agentbound does for the controls of three frameworks, and what it does not.",
        discussion: """
            A mapping in our own words, no certificate.
            Exit code: 0.
            Example: agentbound controls --format md > controls.md
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, md, json }

    @Option(help: "text, md or json.") var format = Format.text
    @Flag(help: "One JSON object.") var json = false

    public init() {}

    public func run() throws {
        switch json ? .json : format {
        case .text: try writeOutput(ControlsText.text)
        case .md: try writeOutput(ControlsText.markdown)
        case .json: try writeOutput(ControlsText.json.text(pretty: true))
        }
    }
}

/// The table in its forms.
enum ControlsText {
    private static func controls(_ framework: Control.Framework) -> [Control] {
        Control.all.filter { $0.framework == framework }
    }

    private static func word(_ extent: Control.Extent) -> String {
        switch extent {
        case .addressed: "yes"
        case .partly: "partly"
        case .no: "no"
        }
    }

    static var text: String {
        var lines: [String] = []
        for framework in Control.Framework.allCases {
            lines += [framework.rawValue, framework.source, ""]
            for control in controls(framework) {
                lines += [
                    "  \(control.id)  \(control.name): \(word(control.extent))", "    does   \(control.does)",
                    "    lacks  \(control.lacks)", "",
                ]
            }
        }
        return lines.dropLast().joined(separator: "\n")
    }

    static var markdown: String {
        var lines: [String] = []
        for framework in Control.Framework.allCases {
            lines += ["## \(framework.rawValue)", "", "<\(framework.source)>", ""]
            lines += ["| | | addressed | what agentbound does | what it does not |", "| --- | --- | --- | --- | --- |"]
            lines += controls(framework).map {
                "| \($0.id) | \($0.name) | \(word($0.extent)) | \($0.does) | \($0.lacks) |"
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n")
    }

    static var json: JSONValue {
        .object(
            Control.Framework.allCases.map { framework in
                JSONMember(
                    framework.rawValue,
                    [
                        "source": .string(framework.source),
                        "controls": .array(
                            controls(framework).map {
                                [
                                    "id": .string($0.id), "name": .string($0.name),
                                    "addressed": .string(word($0.extent)),
                                    "does": .string($0.does), "lacks": .string($0.lacks),
                                ]
                            }),
                    ])
            })
    }
}
