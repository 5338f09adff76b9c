/// "Did you mean": the known name nearest to a misspelt one.
enum Nearest {
    /// - Returns: `nil` when none is at most two letters, or a third of its own, away.
    static func name(to word: String, among known: some Sequence<String>) -> String? {
        guard word.utf8.count <= 80 else { return nil }
        return known.map { ($0, distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.1 <= max(2, $0.0.count / 3) }
            .min { $0.1 < $1.1 }?.0
    }

    /// How many letters have to be changed, added or taken away. Levenshtein 1966
    static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (x == y ? 0 : 1), above + 1, row[j] + 1)
                diagonal = above
            }
        }
        return row[b.count]
    }
}
