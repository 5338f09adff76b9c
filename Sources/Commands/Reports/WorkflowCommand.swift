/// A workflow command of GitHub Actions: a line of output that becomes an annotation.
enum WorkflowCommand {
    /// - Parameters:
    ///   - severity: `error` or `warning`.
    ///   - place: Counted from 1; `nil` is the whole file.
    static func annotation(
        _ severity: String, _ file: String, _ place: (line: Int, column: Int)? = nil, title: String, _ message: String
    ) -> String {
        let position = place.map { ",line=\($0.line),col=\($0.column)" } ?? ""
        return "::\(severity) file=\(property(file))\(position),title=\(property(title))::\(data(message))"
    }

    /// Source of both escapes: the command escapes of actions/toolkit.
    private static func data(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func property(_ text: String) -> String {
        data(text).unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case ":": result += "%3A"
            case ",": result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
