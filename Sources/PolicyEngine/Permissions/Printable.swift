/// `text` fit for one line of a terminal: control and direction-changing characters are written as `\u{...}`, length is bounded.
func printable(_ text: some StringProtocol, limit: Int = 120) -> String {
    var line = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit { return line + "..." }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
            line += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: line.unicodeScalars.append(scalar)
        }
    }
    return line
}

/// The known word that is at most two single-character edits (a third of its length for short ones) away from `word`.
func closest(to word: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8.prefix(64))
    return known.map { ($0, editDistance(wanted, Array($0.lowercased().utf8))) }
        .filter { $0.1 <= max(1, min(2, $0.0.utf8.count / 3)) }
        .min { $0.1 < $1.1 }?.0
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            (diagonal, row[j + 1]) = (row[j + 1], min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1))
        }
    }
    return row[b.count]
}
