/// A word of a script: its text as far as it is known, and whether a part of it is known only when the script runs.
struct ShellWord {
    var text: [UInt8] = []
    var isComputed = false
    /// Text stands before the first computed part.
    var prefix: [UInt8]?
    var isQuoted = false
    var start: Int
    /// The name when the word is nothing but one variable.
    var variable: String?

    var string: String { String(decoding: text, as: UTF8.self) }
    /// What stands behind the last computed part.
    var suffix: [UInt8] = []
}

/// What a script does, in the order in which it stands.
enum ShellEvent {
    /// A simple command with the words of its line; where its output and input go.
    case command(words: [ShellWord], redirections: [ShellRedirection], at: Int)
    case assignment(name: String, value: ShellWord?, at: Int)
    case variable(name: String, at: Int, isDefaulted: Bool)
    case function(name: String, at: Int)
    case functionEnd
}

struct ShellRedirection {
    var isOutput: Bool
    var isInput: Bool
    var target: ShellWord
}

/// Splits a shell script into commands, by the grammar of POSIX sh with what bash and zsh add.
struct ShellScript {
    private let bytes: [UInt8]
    private var i: Int
    private let limit: Int
    private(set) var events: [ShellEvent] = []
    private(set) var isBroken = false
    private var heredocs: [(word: [UInt8], isIndented: Bool, isQuoted: Bool)] = []
    private var depth: Int
    /// Bytes that may be looked at for ends of brackets; shared with what stands in them.
    private final class Budget {
        var left: Int
        init(_ left: Int) { self.left = left }
    }
    private let budget: Budget
    private var caseDepth = 0
    /// Groups in braces that are open: whether they are the body of a function.
    private var braces: [Bool] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        i = 0
        limit = bytes.count
        depth = 0
        budget = Budget(16 * bytes.count + 100_000)
    }

    /// A part of a script, such as what stands in `$(...)`.
    private init(_ bytes: [UInt8], from: Int, to: Int, depth: Int, _ budget: Budget) {
        self.budget = budget
        self.bytes = bytes
        i = from
        limit = to
        self.depth = depth
    }

    static func events(of text: String) -> [ShellEvent] {
        var script = ShellScript(Array(text.utf8))
        script.depth = 8
        script.run()
        return script.events
    }

    mutating func run() {
        while i < limit {
            let before = i
            list()
            if i == before { i += 1 }  // a bracket that closes nothing
        }
    }

    private func byte(_ at: Int) -> UInt8 { at < limit ? bytes[at] : 0 }
    private func isName(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }

    // MARK: Commands

    /// Commands up to a bracket that closes them, or to the end.
    private mutating func list() {
        while i < limit {
            blanks()
            guard i < limit else { return }
            switch bytes[i] {
            case 0x0A:
                i += 1
                if !heredocs.isEmpty { hereDocuments() }
            case 0x3B:  // ;
                i += 1
                if caseDepth > 0, byte(i) == 0x3B || byte(i) == 0x26 {
                    while byte(i) == 0x3B || byte(i) == 0x26 { i += 1 }
                    pattern()
                }
            case 0x26:  // &
                if byte(i + 1) == 0x3E {
                    command()
                } else {
                    i += 1
                }
            case 0x7C:  // |
                i += 1
                if byte(i) == 0x7C || byte(i) == 0x26 { i += 1 }
            case 0x28:  // (
                if byte(i + 1) == 0x28, let end = arithmeticEnd(i + 2) {
                    arithmetic(i + 2, end)
                    i = min(end + 2, limit)
                } else {
                    i += 1
                }
            case 0x29, 0x7D:  // ) }
                i += 1
                if bytes[i - 1] == 0x7D { closeFunction() }
            case 0x7B where byte(i + 1) <= 0x20:  // {
                i += 1
                braces.append(false)
            default: command()
            }
        }
    }

    private mutating func closeFunction() {
        if let last = braces.popLast(), last { events.append(.functionEnd) }
    }

    private mutating func blanks() {
        while i < limit {
            let byte = bytes[i]
            if byte == 0x20 || byte == 0x09 || byte == 0x0D {
                i += 1
            } else if byte == 0x5C, self.byte(i + 1) == 0x0A {
                i += 2
            } else if byte == 0x23,
                i == 0 || bytes[i - 1] <= 0x20 || bytes[i - 1] == 0x3B || bytes[i - 1] == 0x28 || bytes[i - 1] == 0x29
            {
                while i < limit, bytes[i] != 0x0A { i += 1 }
            } else {
                return
            }
        }
    }

    private static let openers: Set<String> = [
        "if", "then", "else", "elif", "while", "until", "do", "!", "time", "coproc",
    ]
    private static let closers: Set<String> = ["fi", "done", "esac"]

    private mutating func command() {
        var words: [ShellWord] = []
        var redirections: [ShellRedirection] = []
        let start = i
        loop: while i < limit {
            blanks()
            guard i < limit else { break }
            switch bytes[i] {
            case 0x0A, 0x3B, 0x7C, 0x29: break loop
            case 0x26:
                guard byte(i + 1) == 0x3E else { break loop }
                i += 1
                redirect(&redirections, 0x3E)
                continue
            case 0x7D where words.isEmpty: break loop
            case 0x3C, 0x3E:
                if byte(i + 1) == 0x28 { break }  // `<(command)`: a word
                redirect(&redirections, bytes[i])
                continue
            case 0x28:
                // `name()`: a function.
                if words.count == 1, !words[0].isComputed {
                    var k = i + 1
                    while byte(k) == 0x20 { k += 1 }
                    if byte(k) == 0x29 {
                        i = k + 1
                        return function(words[0])
                    }
                }
                if words.isEmpty, redirections.isEmpty { return }
                i += 1
                continue
            default: break
            }
            let at = i
            if words.isEmpty, let assigned = assignment() {
                if assigned { continue }
            }
            i = max(i, at)
            let word = self.word()
            if i == at {
                i += 1
                continue
            }
            if words.isEmpty, !word.isComputed, !word.isQuoted {
                let text = word.string
                if Self.openers.contains(text) { continue }
                if Self.closers.contains(text) {
                    if text == "esac" { caseDepth -= 1 }
                    continue
                }
                switch text {
                case "case":
                    cases()
                    return
                case "for", "select":
                    forLoop()
                    return
                case "function":
                    blanks()
                    let name = self.word()
                    blanks()
                    if byte(i) == 0x28 {
                        i += 1
                        blanks()
                        if byte(i) == 0x29 { i += 1 }
                    }
                    return function(name)
                case "[[":
                    conditional()
                    continue
                case "{":
                    braces.append(false)
                    return
                default: break
                }
            }
            if words.count < 4_000, word.variable != Self.descriptor { words.append(word) }
        }
        if !words.isEmpty || !redirections.isEmpty {
            events.append(.command(words: words, redirections: redirections, at: start))
        }
    }

    /// Marks a number that says which descriptor is sent elsewhere.
    private static let descriptor = "2>"

    private mutating func function(_ name: ShellWord) {
        events.append(.function(name: name.string, at: name.start))
        var k = i
        while k < limit, bytes[k] <= 0x20 { k += 1 }
        if byte(k) == 0x7B {
            i = k + 1
            braces.append(true)
        } else {
            // A body in brackets, or one command: it ends where this is not looked for.
            events.append(.functionEnd)
        }
    }

    /// `case word in`: patterns are read as they come, by the bracket behind each.
    private mutating func cases() {
        blanks()
        _ = word()
        blanks()
        let at = i
        let word = self.word()
        if word.string != "in" { i = at }
        caseDepth += 1
        pattern()
    }

    /// A pattern of a `case`, up to its bracket.
    private mutating func pattern() {
        var k = i
        while k < limit {
            if bytes[k] <= 0x20 || bytes[k] == 0x28 {
                k += 1
            } else if bytes[k] == 0x23 {
                while k < limit, bytes[k] != 0x0A { k += 1 }
            } else {
                break
            }
        }
        if k + 4 <= limit, bytes[k..<k + 4].elementsEqual(Array("esac".utf8)), k + 4 == limit || !isName(bytes[k + 4]) {
            i = k
            return
        }
        var n = k
        var quote: UInt8 = 0
        while n < limit, n < k + 2_000 {
            let byte = bytes[n]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x5C {
                n += 1
            } else if byte == 0x29 {
                i = n + 1
                return
            } else if byte == 0x0A || byte == 0x3B {
                return
            }
            n += 1
        }
    }

    private mutating func forLoop() {
        blanks()
        if byte(i) == 0x28, byte(i + 1) == 0x28, let end = arithmeticEnd(i + 2) {
            arithmetic(i + 2, end)
            i = min(end + 2, limit)
            return
        }
        let at = i
        let name = word()
        if !name.isComputed { events.append(.assignment(name: name.string, value: nil, at: at)) }
        // The list: words up to the end of the line.
        while i < limit {
            blanks()
            guard i < limit, bytes[i] != 0x0A, bytes[i] != 0x3B, bytes[i] != 0x29, bytes[i] != 0x7C, bytes[i] != 0x26
            else { return }
            let before = i
            _ = word()
            if i == before { i += 1 }
        }
    }

    /// `[[ -f $x && $y == z ]]`
    private mutating func conditional() {
        let start = i
        var words: [ShellWord] = []
        while i < limit {
            while i < limit, bytes[i] <= 0x20 {
                if bytes[i] == 0x0A, words.count > 200 { break }
                i += 1
            }
            guard i < limit else { break }
            if bytes[i] == 0x5D, byte(i + 1) == 0x5D {
                i += 2
                break
            }
            let before = i
            if "()|&<>;".utf8.contains(bytes[i]) {
                i += 1
                continue
            }
            let word = self.word()
            if i == before { i += 1 }
            if words.count < 200 { words.append(word) }
        }
        var test = ShellWord(start: start)
        test.text = Array("[[".utf8)
        events.append(.command(words: [test] + words, redirections: [], at: start))
    }

    /// `NAME=value`, `NAME+=value`, `NAME=(a b)`, `NAME[x]=value`: `true` when one was read.
    private mutating func assignment() -> Bool? {
        var k = i
        while k < limit, isName(bytes[k]) { k += 1 }
        guard k > i, !(0x30...0x39).contains(bytes[i]) else { return nil }
        let name = String(decoding: bytes[i..<k], as: UTF8.self)
        if byte(k) == 0x5B {
            var n = k + 1
            while n < limit, n < k + 200, bytes[n] != 0x5D, bytes[n] != 0x0A { n += 1 }
            guard byte(n) == 0x5D else { return nil }
            k = n + 1
        }
        if byte(k) == 0x2B, byte(k + 1) == 0x3D { k += 1 }
        guard byte(k) == 0x3D else { return nil }
        let at = i
        i = k + 1
        if byte(i) == 0x28 {
            // An array.
            i += 1
            while i < limit {
                while i < limit, bytes[i] <= 0x20 { i += 1 }
                guard i < limit else { break }
                if bytes[i] == 0x29 {
                    i += 1
                    break
                }
                let before = i
                if bytes[i] == 0x23 {
                    while i < limit, bytes[i] != 0x0A { i += 1 }
                    continue
                }
                _ = word()
                if i == before { i += 1 }
            }
            events.append(.assignment(name: name, value: nil, at: at))
            return true
        }
        let value = word()
        events.append(.assignment(name: name, value: value, at: at))
        return true
    }

    private mutating func redirect(_ list: inout [ShellRedirection], _ sign: UInt8) {
        i += 1
        var isInput = sign == 0x3C
        var isOutput = sign == 0x3E
        if isInput, byte(i) == 0x3C {
            i += 1
            if byte(i) == 0x3C {  // <<<
                i += 1
                blanks()
                _ = word()
                return
            }
            return hereDocument()
        }
        if byte(i) == 0x3E {
            i += 1
            if isInput { isOutput = true }  // <>
        } else if byte(i) == 0x7C {
            i += 1
        }
        if byte(i) == 0x26 {
            i += 1
            if byte(i) == 0x2D || (0x30...0x39).contains(byte(i)) || byte(i) == 0x24 {
                // `>&2`, `2>&-`: another descriptor.
                _ = word()
                return
            }
        }
        blanks()
        let target = word()
        if target.text.isEmpty, !target.isComputed { return }
        if isOutput, isInput { isInput = true }
        list.append(ShellRedirection(isOutput: isOutput, isInput: isInput, target: target))
    }

    // MARK: Here-documents

    private mutating func hereDocument() {
        var isIndented = false
        if byte(i) == 0x2D {
            isIndented = true
            i += 1
        }
        while byte(i) == 0x20 { i += 1 }
        var word: [UInt8] = []
        var isQuoted = false
        while i < limit, bytes[i] > 0x20, !";|&<>)".utf8.contains(bytes[i]) {
            if bytes[i] == 0x22 || bytes[i] == 0x27 || bytes[i] == 0x5C {
                isQuoted = true
            } else {
                word.append(bytes[i])
            }
            i += 1
        }
        if !word.isEmpty { heredocs.append((word, isIndented, isQuoted)) }
    }

    private mutating func hereDocuments() {
        let documents = heredocs
        heredocs = []
        for document in documents.prefix(16) {
            let start = i
            var end = limit
            while i < limit {
                var at = i
                if document.isIndented { while at < limit, bytes[at] == 0x09 { at += 1 } }
                let after = at + document.word.count
                if after <= limit, bytes[at..<after].elementsEqual(document.word),
                    after == limit || bytes[after] == 0x0A || bytes[after] == 0x0D
                {
                    end = i
                    i = after
                    break
                }
                while i < limit, bytes[i] != 0x0A { i += 1 }
                i = min(i + 1, limit)
            }
            if !document.isQuoted { expansions(start, end) }
        }
    }

    /// What a text in double quotes or a here-document has in it.
    private mutating func expansions(_ from: Int, _ to: Int) {
        let rest = i
        i = from
        var word = ShellWord(start: from)
        while i < to {
            let before = i
            switch bytes[i] {
            case 0x5C: i += 2
            case 0x24: dollar(&word)
            case 0x60: backtick(&word)
            default: i += 1
            }
            if i == before { i += 1 }
            if word.text.count > 4_096 { word.text = [] }
        }
        i = max(rest, i)
    }

    // MARK: Words

    private mutating func word() -> ShellWord {
        var word = ShellWord(start: i)
        while i < limit {
            let byte = bytes[i]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x3B, 0x7C, 0x26, 0x29: return word
            case 0x28:
                // `@(a|b)` is a pattern; anything else ends the word.
                if i > word.start, "@?*+!".utf8.contains(bytes[i - 1]), let end = closing(i) {
                    word.isComputed = true
                    i = end + 1
                } else {
                    return word
                }
            case 0x3C, 0x3E:
                guard self.byte(i + 1) == 0x28, i == word.start else {
                    // `2>`: what stands before is a descriptor.
                    if !word.isComputed, !word.text.isEmpty, word.text.allSatisfy({ (0x30...0x39).contains($0) }) {
                        word.text = []
                        return redirected(word)
                    }
                    return word
                }
                i += 1
                substitution(&word)
            case 0x27:
                let start = i + 1
                i += 1
                while i < limit, bytes[i] != 0x27 { i += 1 }
                append(bytes[start..<min(i, limit)], &word)
                if i >= limit { isBroken = true }
                i = min(i + 1, limit)
                word.isQuoted = true
            case 0x22: doubleQuoted(&word)
            case 0x5C:
                if self.byte(i + 1) == 0x0A {
                    i += 2
                } else {
                    i += 1
                    if i < limit { append(bytes[i..<i + 1], &word) }
                    i = min(i + 1, limit)
                }
            case 0x24: dollar(&word)
            case 0x60: backtick(&word)
            default:
                if byte == 0x2A || byte == 0x3F || byte == 0x5B && i > word.start {
                    word.isComputed = word.isComputed || byte != 0x5B
                }
                append(bytes[i..<i + 1], &word)
                i += 1
            }
        }
        return word
    }

    /// A number right before a redirection is no word.
    private func redirected(_ word: ShellWord) -> ShellWord {
        var word = word
        word.isQuoted = false
        word.variable = Self.descriptor
        return word
    }

    private func append(_ text: ArraySlice<UInt8>, _ word: inout ShellWord) {
        guard word.text.count < 65_536 else { return }
        word.text += text
        if word.isComputed { word.suffix += text }
    }

    private func compute(_ word: inout ShellWord) {
        if !word.isComputed { word.prefix = word.text }
        word.isComputed = true
        word.suffix = []
    }

    private mutating func doubleQuoted(_ word: inout ShellWord) {
        word.isQuoted = true
        i += 1
        while i < limit {
            switch bytes[i] {
            case 0x22:
                i += 1
                return
            case 0x5C:
                if byte(i + 1) != 0x0A, i + 1 < limit {
                    let isEscape = "$`\"\\".utf8.contains(bytes[i + 1])
                    append(bytes[(isEscape ? i + 1 : i)..<i + 2], &word)
                }
                i = min(i + 2, limit)
            case 0x24: dollar(&word)
            case 0x60: backtick(&word)
            default:
                append(bytes[i..<i + 1], &word)
                i += 1
            }
        }
        isBroken = true
    }

    /// `$x`, `${x:-y}`, `$(command)`, `$((1 + x))`, `$'text'`
    private mutating func dollar(_ word: inout ShellWord) {
        let at = i
        let next = byte(i + 1)
        switch next {
        case 0x28:
            compute(&word)
            if byte(i + 2) == 0x28, let end = arithmeticEnd(i + 3) {
                arithmetic(i + 3, end)
                i = min(end + 2, limit)
            } else {
                i += 1
                substitution(&word)
            }
        case 0x7B:
            let isWhole = word.text.isEmpty && !word.isComputed
            compute(&word)
            braced(isWhole, &word)
        case 0x27 where !word.isQuoted:
            i += 2
            while i < limit, bytes[i] != 0x27 {
                if bytes[i] == 0x5C { i += 1 }
                if i < limit { append(bytes[i..<i + 1], &word) }
                i = min(i + 1, limit)
            }
            i = min(i + 1, limit)
        default:
            var k = i + 1
            if k < limit, isName(bytes[k]), !(0x30...0x39).contains(bytes[k]) {
                while k < limit, isName(bytes[k]) { k += 1 }
                let name = String(decoding: bytes[i + 1..<k], as: UTF8.self)
                let isWhole = word.text.isEmpty && !word.isComputed
                compute(&word)
                if isWhole { word.variable = name } else { word.variable = nil }
                events.append(.variable(name: name, at: at, isDefaulted: false))
                i = k
            } else if k < limit, "@*#?$!-0123456789".utf8.contains(bytes[k]) {
                let isWhole = word.text.isEmpty && !word.isComputed
                compute(&word)
                if isWhole { word.variable = String(decoding: bytes[k...k], as: UTF8.self) }
                i = k + 1
            } else {
                append(bytes[i..<i + 1], &word)
                i += 1
            }
        }
    }

    private mutating func braced(_ isWhole: Bool, _ word: inout ShellWord) {
        let at = i
        i += 2
        if byte(i) == 0x23 || byte(i) == 0x21 { i += 1 }
        let start = i
        while i < limit, isName(bytes[i]) { i += 1 }
        let name = String(decoding: bytes[start..<i], as: UTF8.self)
        if byte(i) == 0x5B {
            while i < limit, bytes[i] != 0x5D, bytes[i] != 0x7D, bytes[i] != 0x0A { i += 1 }
            if byte(i) == 0x5D { i += 1 }
        }
        let isDefaulted = byte(i) == 0x3D || byte(i) == 0x3A && byte(i + 1) == 0x3D
        if let first = name.utf8.first, !(0x30...0x39).contains(first) {
            events.append(.variable(name: name, at: at, isDefaulted: isDefaulted))
            if isWhole { word.variable = name }
        }
        // What stands for a missing value, or a pattern: it may hold expansions of its own.
        depth += 1
        defer { depth -= 1 }
        var inner = ShellWord(start: i)
        var quote = false
        while i < limit {
            switch bytes[i] {
            case 0x7D where !quote:
                i += 1
                return
            case 0x22:
                quote.toggle()
                i += 1
            case 0x5C: i = min(i + 2, limit)
            case 0x27 where !quote:
                i += 1
                while i < limit, bytes[i] != 0x27, bytes[i] != 0x0A { i += 1 }
                i = min(i + 1, limit)
            case 0x24 where depth < 24: dollar(&inner)
            case 0x60 where depth < 24: backtick(&inner)
            default: i += 1
            }
        }
        isBroken = true
    }

    /// The `)` that closes the bracket at `open`.
    private func closing(_ open: Int) -> Int? {
        var level = 0
        var k = open
        guard budget.left > 0 else { return nil }
        defer { budget.left -= k - open }
        while k < limit {
            switch bytes[k] {
            case 0x5C: k += 1
            case 0x27:
                k += 1
                while k < limit, bytes[k] != 0x27 { k += 1 }
            case 0x22:
                k += 1
                while k < limit, bytes[k] != 0x22 {
                    if bytes[k] == 0x5C { k += 1 }
                    // A command in quotes may have quotes of its own.
                    if k + 1 < limit, bytes[k] == 0x24, bytes[k + 1] == 0x28 {
                        var inner = 0
                        k += 1
                        while k < limit {
                            if bytes[k] == 0x28 { inner += 1 }
                            if bytes[k] == 0x29 {
                                inner -= 1
                                if inner == 0 { break }
                            }
                            if bytes[k] == 0x5C { k += 1 }
                            k += 1
                        }
                    }
                    k += 1
                }
            case 0x3C where byte(k + 1) == 0x3C && byte(k + 2) != 0x3C: k = afterHereDocument(k)
            case 0x23 where k > open && (bytes[k - 1] == 0x20 || bytes[k - 1] == 0x0A):
                while k < limit, bytes[k] != 0x0A { k += 1 }
            case 0x28: level += 1
            case 0x29:
                level -= 1
                if level == 0 { return k }
            default: break
            }
            k += 1
        }
        return nil
    }

    /// The last byte of the here-document that is announced at `k`.
    private func afterHereDocument(_ k: Int) -> Int {
        var n = k + 2
        let isIndented = byte(n) == 0x2D
        if isIndented { n += 1 }
        while byte(n) == 0x20 || byte(n) == 0x22 || byte(n) == 0x27 || byte(n) == 0x5C { n += 1 }
        let start = n
        while n < limit, isName(bytes[n]) { n += 1 }
        let word = bytes[start..<n]
        guard !word.isEmpty, !(0x30...0x39).contains(word.first!) else { return k + 1 }
        while n < limit, bytes[n] != 0x0A { n += 1 }
        while n < limit {
            n += 1
            var at = n
            if isIndented { while byte(at) == 0x09 { at += 1 } }
            if at + word.count <= limit, bytes[at..<at + word.count].elementsEqual(word), byte(at + word.count) <= 0x20
            {
                return at + word.count - 1
            }
            while n < limit, bytes[n] != 0x0A { n += 1 }
        }
        return k + 1
    }

    private func arithmeticEnd(_ from: Int) -> Int? {
        var level = 0
        var k = from
        guard budget.left > 0 else { return nil }
        defer { budget.left -= k - from }
        while k < limit, k < from + 2_000 {
            if bytes[k] == 0x28 { level += 1 }
            if bytes[k] == 0x29 {
                if level == 0 { return byte(k + 1) == 0x29 ? k : nil }
                level -= 1
            }
            if bytes[k] == 0x22 || bytes[k] == 0x27 { return nil }
            k += 1
        }
        return nil
    }

    /// Names in arithmetic are variables without a sign.
    private mutating func arithmetic(_ from: Int, _ to: Int) {
        var k = from
        while k < to {
            if isName(bytes[k]), !(0x30...0x39).contains(bytes[k]) {
                let start = k
                while k < to, isName(bytes[k]) { k += 1 }
                let name = String(decoding: bytes[start..<k], as: UTF8.self)
                var after = k
                while after < to, bytes[after] == 0x20 { after += 1 }
                let isAssigned =
                    byte(after) == 0x3D && byte(after + 1) != 0x3D || byte(after) == 0x2B && byte(after + 1) == 0x2B
                if isAssigned {
                    events.append(.assignment(name: name, value: nil, at: start))
                } else {
                    events.append(.variable(name: name, at: start, isDefaulted: false))
                }
            } else if (0x30...0x39).contains(bytes[k]) {
                while k < to, isName(bytes[k]) { k += 1 }
            } else {
                k += 1
            }
        }
    }

    /// What stands between brackets is a script of its own; `i` is at the opening one.
    private mutating func substitution(_ word: inout ShellWord) {
        compute(&word)
        word.variable = nil
        let from = i + 1
        guard depth < 24, let end = closing(i) else {
            i = from
            isBroken = true
            return
        }
        nested(from, end)
        i = end + 1
    }

    private mutating func nested(_ from: Int, _ to: Int) {
        var inner = ShellScript(bytes, from: from, to: to, depth: depth + 1, budget)
        inner.run()
        events += inner.events
        if inner.isBroken { isBroken = true }
    }

    private mutating func backtick(_ word: inout ShellWord) {
        compute(&word)
        word.variable = nil
        let from = i + 1
        var k = from
        while k < limit, bytes[k] != 0x60 { k += bytes[k] == 0x5C ? 2 : 1 }
        guard depth < 24, k < limit else {
            i = from
            isBroken = true
            return
        }
        nested(from, k)
        i = k + 1
    }
}
