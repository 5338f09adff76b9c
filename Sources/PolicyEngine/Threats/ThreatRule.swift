/// One thing to look for, as data.
public struct ThreatRule: Sendable {
    /// Stable, for policies, records and `agentbound explain`.
    public let id: String
    public let category: ThreatCategory
    /// 1: seen in harmless text every day. 2: worth a look with something else. 3: rarely harmless. 4, 5: ask a person.
    public let weight: Int
    public let meaning: String
    /// Empty for what code looks for: then the id is the link.
    let patterns: [Pattern]

    enum Pattern: Sendable {
        /// Words in this order: `ignore|disregard <3 previous <2 instruction*`. `|` parts alternatives, `*` ends what may go on, `<n`
        /// lets up to n other words stand between (none otherwise). Any case, any spaces and signs between the words; characters
        /// that only look like letters count as those letters.
        case words(String)
        /// This text, in any case; a blank stands for one to four blanks, tabs, line ends, `_`, `-` or `+`. What ends with a letter
        /// must end a word there, unless `*` follows.
        case text(String)
    }

    init(
        _ id: String, _ category: ThreatCategory, _ weight: Int, _ meaning: String, words: [String] = [],
        texts: [String] = []
    ) {
        self.id = id
        self.category = category
        self.weight = weight
        self.meaning = meaning
        patterns = words.map { .words($0) } + texts.map { .text($0) }
    }

    /// The rule with this id.
    public static func named(_ id: String) -> ThreatRule? { index[id].map { all[$0] } }

    private static let index = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.id, $0) })

    /// Where a rule that code refers to stands in ``all``.
    static func number(_ id: String) -> Int {
        guard let number = index[id] else { preconditionFailure("no threat rule \(id)") }
        return number
    }
}

/// The rules that code looks for, by number.
struct BuiltRules: Sendable {
    let chainDestructive: Int
    let chainNetwork: Int
    let chainCommand: Int
    let pipeToShell: Int
    let substitution: Int
    let backquoted: Int
    let forkBomb: Int
    let token: Int
    let webToken: Int
    let privateKey: Int
    let imageQuery: Int
    let upward: Int
    let farUpward: Int
    let insidePath: Int
    let encodedUpward: Int
    let zeroByte: Int
    let numericHost: Int
    let oddHost: Int
    let metadata: Int
    let userInformation: Int
    let punycode: Int
    let cheapDomain: Int
    let collector: Int
    let shortener: Int
    let scriptDownload: Int
    let zeroWidthInWord: Int
    let zeroWidth: Int
    let zeroWidthRun: Int
    let override: Int
    let embedding: Int
    let tags: Int
    let selectors: Int
    let mixedScript: Int
    let lookalikeWord: Int
    let styledLetters: Int
    let stackedMarks: Int
    let terminalColour: Int
    let terminalControl: Int
    let control: Int
    let decoded: Int
    let unread: Int

    init() {
        let number = ThreatRule.number
        chainDestructive = number("ci.chain-destructive")
        chainNetwork = number("ci.chain-network")
        chainCommand = number("ci.chain-command")
        pipeToShell = number("ci.pipe-to-shell")
        substitution = number("ci.substitution")
        backquoted = number("ci.backquoted")
        forkBomb = number("ci.fork-bomb")
        token = number("se.token")
        webToken = number("se.web-token")
        privateKey = number("se.private-key")
        imageQuery = number("se.image-with-query")
        upward = number("pt.upward")
        farUpward = number("pt.far-upward")
        insidePath = number("pt.inside-path")
        encodedUpward = number("pt.encoded")
        zeroByte = number("pt.zero-byte")
        numericHost = number("su.numeric-host")
        oddHost = number("su.odd-number-host")
        metadata = number("su.metadata-service")
        userInformation = number("su.user-information")
        punycode = number("su.punycode")
        cheapDomain = number("su.cheap-domain")
        collector = number("su.collector")
        shortener = number("su.shortener")
        scriptDownload = number("su.script-download")
        zeroWidthInWord = number("hu.zero-width-in-word")
        zeroWidth = number("hu.zero-width")
        zeroWidthRun = number("hu.zero-width-run")
        override = number("hu.direction-override")
        embedding = number("hu.direction-embedding")
        tags = number("hu.tags")
        selectors = number("hu.variation-selectors")
        mixedScript = number("hu.mixed-script")
        lookalikeWord = number("hu.lookalike-word")
        styledLetters = number("hu.styled-letters")
        stackedMarks = number("hu.stacked-marks")
        terminalColour = number("hu.terminal-colour")
        terminalControl = number("hu.terminal-control")
        control = number("hu.control")
        decoded = number("en.decoded")
        unread = number("en.not-looked-into")
    }
}
