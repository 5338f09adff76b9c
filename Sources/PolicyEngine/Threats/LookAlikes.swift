/// Which characters read as which ASCII ones. Not the whole of Unicode's confusables: what is seen in attacks, and accents.
enum LookAlikes {
    struct Fold {
        /// The ASCII character, or 0 for none.
        var letter: UInt8 = 0
        var kind = Kind.plain
    }
    enum Kind: UInt8 {
        /// Accents and the like: nothing to say about it.
        case plain
        /// Looks like the ASCII letter, and is one of another script.
        case lookAlike
        /// A Cyrillic letter that looks like no ASCII one.
        case cyrillic
        /// Goes on the letter before.
        case mark
        /// Is not seen.
        case invisible
    }

    /// U+0080 to U+07FF, by number less 0x80.
    static let twoBytes: [Fold] = {
        var table = [Fold](repeating: Fold(), count: 0x780)
        func set(_ scalar: UInt32, _ letter: UInt8, _ kind: Kind = .plain) {
            table[Int(scalar) - 0x80] = Fold(letter: letter, kind: kind)
        }
        set(0xa0, 0x20)
        set(0xad, 0, .invisible)
        for (offset, letter) in accented.utf8.enumerated() where letter != UInt8(ascii: "?") {
            set(0xc0 + UInt32(offset), letter)
        }
        for scalar: UInt32 in 0x300...0x36f { set(scalar, 0, .mark) }
        set(0x34f, 0, .invisible)
        for scalar: UInt32 in 0x400...0x52f { set(scalar, 0, .cyrillic) }
        set(0x61c, 0, .invisible)
        let small: [(UInt32, Character)] = [
            (0x299, "b"), (0x262, "g"), (0x29c, "h"), (0x26a, "i"), (0x29f, "l"), (0x274, "n"), (0x280, "r"),
            (0x28f, "y"),
            (0x251, "a"), (0x261, "g"),
        ]
        for (scalar, letter) in small { set(scalar, letter.asciiValue!) }
        for (scalar, letter) in others { set(scalar, letter.asciiValue!, .lookAlike) }
        // Greek that is used beside ASCII in formulas: read as letters, and no sign of anything.
        for (scalar, letter) in [(0x3b1, "a"), (0x3ba, "k"), (0x3c5, "u"), (0x3c7, "x")] as [(UInt32, Character)] {
            set(scalar, letter.asciiValue!)
        }
        return table
    }()

    private static let accented =
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuytyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJj"
        + "KkkLlLlLlLlLlNnNnNn?NnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"

    /// U+1E00 to U+1EFF.
    static let additional = Array(
        ("AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTt"
            + "UuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyas????AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOo"
            + "UuUuUuUuUuUuUuYyYyYyYy??????").utf8)

    private static let others: [(UInt32, Character)] = [
        // Cyrillic
        (0x430, "a"), (0x435, "e"), (0x451, "e"), (0x43e, "o"), (0x440, "p"), (0x441, "c"), (0x443, "y"), (0x445, "x"),
        (0x456, "i"),
        (0x457, "i"), (0x458, "j"), (0x455, "s"), (0x501, "d"), (0x51b, "q"), (0x51d, "w"), (0x4bb, "h"), (0x4cf, "l"),
        (0x43a, "k"),
        (0x442, "t"), (0x43c, "m"), (0x410, "A"), (0x415, "E"), (0x41e, "O"), (0x420, "P"), (0x421, "C"), (0x423, "y"),
        (0x425, "X"),
        (0x406, "I"), (0x408, "J"), (0x405, "S"), (0x41a, "K"), (0x422, "T"), (0x41c, "M"), (0x401, "E"), (0x4ae, "Y"),
        (0x4c0, "l"),
        // Greek
        (0x3bf, "o"), (0x3c1, "p"), (0x3bd, "v"), (0x3b9, "i"), (0x391, "A"), (0x392, "B"), (0x395, "E"), (0x396, "Z"),
        (0x397, "H"),
        (0x399, "I"), (0x39a, "K"), (0x39c, "M"), (0x39d, "N"), (0x39f, "O"), (0x3a1, "P"), (0x3a4, "T"), (0x3a5, "Y"),
        (0x3a7, "X"),
        // Armenian
        (0x585, "o"), (0x57d, "u"), (0x570, "h"), (0x578, "n"), (0x581, "g"),
    ]

    /// U+0800 to U+FFFF without U+3000 to U+DFFF, which are copied.
    static func threeBytes(_ scalar: UInt32) -> Fold {
        switch scalar {
        case 0x1e00...0x1eff:
            let letter = additional[Int(scalar - 0x1e00)]
            return Fold(letter: letter == UInt8(ascii: "?") ? 0 : letter)
        case 0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20ff, 0xfe20...0xfe2f: return Fold(kind: .mark)
        case 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f: return Fold(letter: 0x20)
        case 0x180b...0x180f, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0xfeff, 0xfe00...0xfe0f, 0x115f,
            0x1160,
            0xfff9...0xfffb, 0xffa0:
            return Fold(kind: .invisible)
        case 0x2010...0x2015, 0x2212: return Fold(letter: UInt8(ascii: "-"))
        case 0x2018, 0x2019: return Fold(letter: UInt8(ascii: "'"))
        case 0x201c, 0x201d: return Fold(letter: UInt8(ascii: "\""))
        case 0x2024: return Fold(letter: UInt8(ascii: "."))
        case 0x2044, 0x2215: return Fold(letter: UInt8(ascii: "/"))
        case 0x2216: return Fold(letter: UInt8(ascii: "\\"))
        case 0x24b6...0x24cf: return Fold(letter: UInt8(scalar - 0x24b6) + 0x41, kind: .lookAlike)
        case 0x24d0...0x24e9: return Fold(letter: UInt8(scalar - 0x24d0) + 0x61, kind: .lookAlike)
        case 0xff01...0xff5e:
            let letter = UInt8(scalar - 0xff01) + 0x21
            return Fold(letter: letter, kind: ThreatVocabulary.isWord(letter) ? .lookAlike : .plain)
        case 0x1d00...0x1d22: return Fold(letter: capitals[Int(scalar - 0x1d00)])
        case 0x210a...0x2134:
            let letters: [UInt32: Character] = [0x210a: "g", 0x210e: "h", 0x2113: "l", 0x212f: "e", 0x2134: "o"]
            return Fold(letter: letters[scalar]?.asciiValue ?? 0)
        default: return Fold()
        }
    }

    /// U+1D00 to U+1D22: letters in the shape of small capitals.
    private static let capitals: [UInt8] = Array("a???cd?e??jk?m?o????????p??tu???vwz".utf8).map { $0 == 0x3f ? 0 : $0 }

    static func fourBytes(_ scalar: UInt32) -> Fold {
        func letter(_ number: UInt32) -> UInt8 { UInt8(number < 26 ? number + 0x41 : number - 26 + 0x61) }
        switch scalar {
        case 0x1d400...0x1d6a3: return Fold(letter: letter((scalar - 0x1d400) % 52), kind: .lookAlike)
        case 0x1d7ce...0x1d7ff: return Fold(letter: UInt8((scalar - 0x1d7ce) % 10) + 0x30)
        case 0x1f130...0x1f149: return Fold(letter: letter(scalar - 0x1f130), kind: .lookAlike)
        case 0x1f150...0x1f169: return Fold(letter: letter(scalar - 0x1f150), kind: .lookAlike)
        case 0x1f170...0x1f189: return Fold(letter: letter(scalar - 0x1f170), kind: .lookAlike)
        default: return Fold()
        }
    }
}
