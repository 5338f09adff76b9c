extension Permission {
    /// The permission that a misspelt name most likely means.
    /// - Parameter text: With or without `mcp.ac.`, in any case, a few letters off.
    static func closest(to text: String) -> Permission? {
        closestName(to: text, among: allCases.map { ($0.rawValue, $0) } + allCases.map { ($0.shortName, $0) })
    }
}

/// The value whose name is nearest to `text`, if it is near: at most a quarter of its letters differ.
func closestName<Value>(to text: String, among names: [(String, Value)]) -> Value? {
    let wanted = Array(text.unicodeScalars.prefix(80).map { $0.properties.lowercaseMapping.unicodeScalars.first ?? $0 })
    guard !wanted.isEmpty, text.unicodeScalars.count <= 80 else { return nil }
    var best: (distance: Int, value: Value)?
    for (name, value) in names {
        let known = Array(name.lowercased().unicodeScalars)
        let allowed = max(1, known.count / 4)
        guard abs(known.count - wanted.count) <= allowed else { continue }
        let distance = editDistance(wanted, known)
        if distance <= allowed, distance < best?.distance ?? .max { best = (distance, value) }
    }
    return best?.value
}

/// How many insertions, removals and replacements lead from one to the other (Levenshtein).
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let replaced = diagonal + (left == right ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}

/// A text as a message may show it: short, on one line, and with look-alike letters made visible.
func shown(_ text: String) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == 60 { return result + "..." }
        if (0x20..<0x7F).contains(scalar.value) {
            result.unicodeScalars.append(scalar)
        } else {
            result += "<U+\(String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4))>"
        }
    }
    return result
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - utf8.count)) + self
    }
}
