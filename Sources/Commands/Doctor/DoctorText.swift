extension DoctorReport {
    /// For people: one line each, its fix below it.
    /// - Parameter colour: Whether the words ok, warn and fail are coloured.
    public func text(colour: Bool) -> String {
        let width = lines.map(\.title.count).max() ?? 0
        var text = ""
        for line in lines {
            let title = line.title + String(repeating: " ", count: width - line.title.count)
            text += "\(line.status.padded(colour: colour))  \(title)  \(line.detail)\n"
            if let fix = line.fix { text += "      \(String(repeating: " ", count: width))  fix: \(fix)\n" }
        }
        return text + (canStartBoxes ? "boxes can start on this machine\n" : "boxes cannot start on this machine\n")
    }

    /// One object with all lines, keys in a fixed order.
    public var json: String {
        let items = lines.map { line in
            let fix = line.fix.map { Self.quoted($0) } ?? "null"
            return
                #"{"id":\#(Self.quoted(line.id)),"status":"\#(line.status.rawValue)","title":\#(Self.quoted(line.title)),"#
                + #""detail":\#(Self.quoted(line.detail)),"fix":\#(fix)}"#
        }
        return #"{"canStartBoxes":\#(canStartBoxes),"checks":[\#(items.joined(separator: ","))]}"# + "\n"
    }

    /// RFC 8259, section 7.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension DoctorReport.Status {
    fileprivate func padded(colour: Bool) -> String {
        let word = self == .ok ? "ok  " : rawValue
        if !colour { return word }
        let code =
            switch self {
            case .ok: 32
            case .warn: 33
            case .fail: 31
            }
        return "\u{1B}[\(code)m\(word)\u{1B}[0m"
    }
}
