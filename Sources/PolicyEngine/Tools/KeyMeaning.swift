/// What an argument's key says of the texts behind it: `repoPath`, `repo_path` and `repo-path` hold paths.
struct KeyMeaning: OptionSet {
    let rawValue: UInt8
    static let path = KeyMeaning(rawValue: 1)
    static let host = KeyMeaning(rawValue: 2)
    static let command = KeyMeaning(rawValue: 4)
    /// Also said of things that are no hosts: `remote` is one of git's, `site` a folder. Only rules that close a host look there.
    static let maybeHost = KeyMeaning(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// One pass over the key, without a copy of it.
    init(_ key: String) {
        var found: KeyMeaning = []
        var word = Self.seed
        var last: UInt64 = 0
        var wasSmall = false
        for byte in key.utf8 {
            let small = PathReadings.Place.lowercase(byte)
            last = last << 8 | UInt64(small)
            // `path` anywhere: `mypath` holds one as well.
            if UInt32(truncatingIfNeeded: last) == 0x7061_7468 || last == 0x6669_6c65_6e61_6d65 { found.insert(.path) }
            let isCapital = small != byte
            let isLetter = (0x61...0x7A).contains(small) || byte >= 0x80
            if !isLetter || isCapital && wasSmall {
                found.formUnion(Self.meaning(of: word))
                word = Self.seed
            }
            if isLetter { word = Self.hash(word, small) }
            wasSmall = isLetter && !isCapital
        }
        self = found.union(Self.meaning(of: word))
    }

    /// FNV-1a. Two words with one hash would only make a text judged that need not be.
    private static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func meaning(of hash: UInt64) -> KeyMeaning { mayBeWord[slot(hash)] ? words[hash] ?? [] : [] }

    /// Nearly all words of other people's keys are none of these: one look tells that. There can be very many.
    private static let mayBeWord: [Bool] = {
        var slots = [Bool](repeating: false, count: 2_048)
        for hash in words.keys { slots[slot(hash)] = true }
        return slots
    }()
    private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: (hash ^ hash >> 32) & 2_047) }

    private static let words: [UInt64: KeyMeaning] = {
        var words: [UInt64: KeyMeaning] = [:]
        for (meaning, list) in table {
            for word in list.split(separator: " ") {
                words[word.utf8.reduce(seed, hash), default: []].formUnion(meaning)
            }
        }
        return words
    }()

    private static let table: [(KeyMeaning, String)] = [
        (
            .path,
            """
            path paths file files dir dirs directory directories folder folders source sources src destination dest dst target \
            targets cwd root roots uri uris workdir workspace location filepath filepaths filenames
            """
        ),
        (.host, "host hosts hostname domain server address endpoint url urls uri uris origin"),
        (
            .maybeHost,
            """
            href link links webhook webhooks callback proxy remote ip ips site sites target targets upstream gateway domains servers \
            addresses endpoints hostnames origins
            """
        ),
        (.command, "command commands cmd cmdline script shell argv exec program executable"),
    ]
}
