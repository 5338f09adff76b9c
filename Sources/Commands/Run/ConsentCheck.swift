enum ConsentCheck {
    /// - Returns: What the start rests on, for the record.
    static func pass(_ preparation: RunPreparation) throws(Refusal) -> String {
        if preparation.arguments.isConsentGiven { return "--yes" }
        throw Refusal(.consent, "not consented", next: "--yes")
    }
}
