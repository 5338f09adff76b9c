extension ToolCall {
    /// Real paths that the call certainly names, links followed: for grants that are limited to folders.
    /// - Returns: None when one of them could not be told, or when there are too many: then no such grant covers the call.
    public func realPaths(at moment: PolicyMoment) -> [String] {
        let facts = CallFacts(of: self)
        if facts.isCut { return [] }
        let reader = PathReader(moment)
        var paths: [String] = []
        for candidate in facts.paths where candidate.isCertain {
            let readings = reader.readings(of: candidate.text, followingLinks: true)
            if readings.problem != nil { return [] }
            paths += readings.paths.map(\.text)
        }
        return paths
    }
}
