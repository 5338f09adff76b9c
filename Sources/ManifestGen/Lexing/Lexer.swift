/// Splits a file into tokens. Comments are set aside; whatever the bytes are, the lexer ends and stays within them.
struct Lexer {
    private let bytes: [UInt8]
    private let form: CompiledSyntax
    private let names: NameTable
    private(set) var tokens: [Token] = []
    /// Comments and text outside of the code, in order.
    private(set) var comments: [(start: Int32, end: Int32)] = []
    /// A bracket or a string was left open, or closed without being open.
    private(set) var isBroken = false
    /// Brackets are nested deeper than anybody writes: what comes behind was left out.
    private(set) var isTooDeep = false
    private static let deepest = 500
    private var i = 0
    private var line: Int32 = 1
    private var brackets: [Int32] = []
    /// Strings whose hole is being read: form, how deep the brackets were, the head's or middle's index.
    private var holes: [(form: Int, hole: CompiledSyntax.Hole, depth: Int, head: Int32, isRaw: Bool)] = []
    /// Here-documents announced on this line.
    private var pending: [(word: [UInt8], indented: Bool, token: Int, isRaw: Bool)] = []
    /// Slashes on one line that began nothing: each look costs the rest of the line.
    private var failedRegexes: (line: Int32, count: Int) = (0, 0)
    private var isRuby: Bool { form.syntax.heredoc == .ruby }

    init(_ bytes: [UInt8], _ syntax: CompiledSyntax, _ names: NameTable) {
        self.bytes = bytes
        form = syntax
        self.names = names
        tokens.reserveCapacity(bytes.count / 5)
    }

    mutating func run() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { i = 3 }
        if form.syntax.isEmbedded {
            skipText()
        } else if bytes.count > 2, bytes[0] == 0x23, bytes[1] == 0x21 {
            skipLine(from: 0)
        } else if isRuby, matches(Array("=begin".utf8), at: 0) {
            while i < bytes.count, !(bytes[i] == 0x0A && matches(Array("\n=end".utf8), at: i)) {
                if bytes[i] == 0x0A { line += 1 }
                i += 1
            }
            comments.append((0, Int32(i)))
            if i < bytes.count { i += 1; line += 1; skipLine(from: i) }
        }
        while i < bytes.count, brackets.count + holes.count < Self.deepest { step() }
        isTooDeep = i < bytes.count
        if !brackets.isEmpty || !holes.isEmpty { isBroken = true }
    }

    private mutating func step() {
        let byte = bytes[i]
        switch form.classes[Int(byte)] {
        case .blank: i += 1
        case .newline:
            if form.startsLineComment, blockComment() { return }
            line += 1
            i += 1
            if !pending.isEmpty { hereDocuments() }
        case .letter: word()
        case .digit: number()
        case .special:
            if comment() || string(at: i, prefix: nil) || regex() || hereDocument() || percentLiteral() { return }
            if byte == 0x3F, form.syntax.isEmbedded, i + 1 < bytes.count, bytes[i + 1] == 0x3E { return skipText() }
            sign()
        case .other: sign()
        }
    }

    // MARK: Words and signs

    private mutating func word() {
        let start = i
        if isRuby { rubyWord() } else { while i < bytes.count, form.isWord[Int(bytes[i])] { i += 1 } }
        if i < bytes.count, !form.prefixes.isEmpty, i - start <= 2, let prefix = prefix(start, i) {
            if bytes[i] == 0x22 || bytes[i] == 0x27 || (bytes[i] == 0x23 && prefix.isRaw && form.syntax.hashRaw) {
                if hashString(start, prefix) || string(at: start, prefix: (prefix, i - start)) { return }
            }
        }
        tokens.append(
            Token(
                kind: .name, start: Int32(start), end: Int32(i), line: line, value: names.intern(bytes, start, i)))
    }

    /// `?` and `!` end a name, unless they begin `?=` or `!=`; `$"` and its like are variables.
    private mutating func rubyWord() {
        if bytes[i] == 0x24, i + 1 < bytes.count, bytes[i + 1] > 0x20, bytes[i + 1] < 0x7F,
            !form.isWord[Int(bytes[i + 1])]
        {
            i += 2
            return
        }
        while i < bytes.count, form.isWord[Int(bytes[i])] {
            let isMark = bytes[i] == 0x3F || bytes[i] == 0x21
            if isMark, i + 1 < bytes.count, bytes[i + 1] == 0x3D,
                i + 2 >= bytes.count || bytes[i + 2] != 0x3D && bytes[i + 2] != 0x7E
            {
                return
            }
            i += 1
            if isMark { return }
        }
    }

    private func prefix(_ start: Int, _ end: Int) -> CompiledSyntax.Prefix? {
        let key = end - start == 1 ? Int(bytes[start]) : Int(bytes[start]) << 8 | Int(bytes[start + 1])
        return form.prefixes[key]
    }

    private mutating func number() {
        let start = i
        i += 1
        while i < bytes.count {
            let byte = bytes[i]
            let isPart =
                form.isWord[Int(byte)]
                || (byte == 0x2E && i + 1 < bytes.count && form.classes[Int(bytes[i + 1])] == .digit)
            if !isPart { break }
            i += 1
        }
        tokens.append(Token(kind: .number, start: Int32(start), end: Int32(i), line: line))
    }

    private mutating func sign() {
        let byte = bytes[i]
        var length = 1
        if i + 1 < bytes.count {
            let next = bytes[i + 1]
            if form.isPair(byte, next) {
                length = 2
                if i + 2 < bytes.count, form.isTriple(byte, next, bytes[i + 2]) { length = 3 }
                // `?.5` and `..` are two signs.
                if byte == 0x3F, next == 0x2E, i + 2 < bytes.count, form.classes[Int(bytes[i + 2])] == .digit {
                    length = 1
                }
            } else if byte == 0x2E, next == 0x2E, i + 2 < bytes.count, bytes[i + 2] == 0x2E {
                length = 3
            }
        }
        var value: Int32 = 0
        for k in 0..<length { value |= Int32(bytes[i + k]) << (8 * Int32(k)) }
        let index = Int32(tokens.count)
        var token = Token(kind: .symbol, start: Int32(i), end: Int32(i + length), line: line, value: value)
        i += length
        if length == 1 {
            switch byte {
            case 0x28, 0x5B, 0x7B: brackets.append(index)
            case 0x29, 0x5D, 0x7D:
                if let hole = holes.last, hole.hole.close == byte, brackets.count == hole.depth {
                    i -= 1
                    return resume()
                }
                close(byte, index, &token)
            default: break
            }
        }
        tokens.append(token)
    }

    private mutating func close(_ byte: UInt8, _ index: Int32, _ token: inout Token) {
        let wanted: Int32 = byte == 0x29 ? 0x28 : byte == 0x5D ? 0x5B : 0x7B
        let floor = holes.last?.depth ?? 0
        // A bracket that was never closed does not unpair all that stand around it.
        var at = brackets.count - 1
        let lowest = max(floor, at - 8)
        while at >= lowest, tokens[Int(brackets[at])].value != wanted { at -= 1 }
        guard at >= lowest else { return isBroken = true }
        if at != brackets.count - 1 { isBroken = true }
        token.partner = brackets[at]
        tokens[Int(brackets[at])].partner = index
        brackets.removeLast(brackets.count - at)
    }

    // MARK: Comments

    private mutating func skipLine(from start: Int) {
        while i < bytes.count, bytes[i] != 0x0A { i += 1 }
        comments.append((Int32(start), Int32(i)))
    }

    private mutating func comment() -> Bool {
        for opening in form.lineComments where matches(opening, at: i) {
            let start = i
            // `#[Attribute]`
            if form.syntax.isEmbedded, bytes[i] == 0x23, i + 1 < bytes.count, bytes[i + 1] == 0x5B { return false }
            while i < bytes.count, bytes[i] != 0x0A {
                if form.syntax.isEmbedded, bytes[i] == 0x3F, i + 1 < bytes.count, bytes[i + 1] == 0x3E { break }
                i += 1
            }
            comments.append((Int32(start), Int32(i)))
            return true
        }
        return blockComment()
    }

    private mutating func blockComment() -> Bool {
        for (opening, closing, nests) in form.blockComments where matches(opening, at: i) {
            let start = i
            var depth = 1
            if bytes[i] == 0x0A { line += 1 }
            i += opening.count
            while i < bytes.count {
                let byte = bytes[i]
                if byte == closing[0], matches(closing, at: i) {
                    if byte == 0x0A { line += 1 }
                    i += closing.count
                    depth -= 1
                    if depth == 0 { break }
                } else if nests, byte == opening[0], matches(opening, at: i) {
                    depth += 1
                    i += opening.count
                } else {
                    if byte == 0x0A { line += 1 }
                    i += 1
                }
            }
            if depth > 0 { isBroken = true }
            comments.append((Int32(start), Int32(i)))
            return true
        }
        return false
    }

    private static let echoTag = Array("<?=".utf8), codeTag = Array("<?php".utf8), upperTag = Array("<?PHP".utf8)

    /// Text outside of `<?php ... ?>`.
    private mutating func skipText() {
        let start = i
        while i < bytes.count {
            if bytes[i] == 0x3C,
                matches(Self.echoTag, at: i) || matches(Self.codeTag, at: i) || matches(Self.upperTag, at: i)
            {
                break
            }
            if bytes[i] == 0x0A { line += 1 }
            i += 1
        }
        i = min(i + (matches(Self.echoTag, at: i) ? 3 : 5), bytes.count)
        if i > start { comments.append((Int32(start), Int32(i))) }
    }

    @inline(__always) private func matches(_ text: [UInt8], at position: Int) -> Bool {
        guard position + text.count <= bytes.count else { return false }
        for k in 0..<text.count where bytes[position + k] != text[k] { return false }
        return true
    }

    // MARK: Strings

    /// - Parameter prefix: What stands before the quote, with its length.
    private mutating func string(at start: Int, prefix: (CompiledSyntax.Prefix, Int)?) -> Bool {
        let quote = start + (prefix?.1 ?? 0)
        guard quote < bytes.count else { return false }
        for index in form.formsByByte[Int(bytes[quote])] where matches(form.forms[index].open, at: quote) {
            let string = form.forms[index]
            if string.character { return character(start, quote) }
            i = quote + string.open.count
            let isRaw = prefix?.0.isRaw ?? (string.escape == .none)
            scan(
                index, hole: prefix == nil ? string.hole : prefix!.0.hole, from: start,
                opening: i - start, head: nil, isRaw: isRaw)
            return true
        }
        return false
    }

    /// `r##"..."##`
    private mutating func hashString(_ start: Int, _ prefix: CompiledSyntax.Prefix) -> Bool {
        guard form.syntax.hashRaw, prefix.isRaw else { return false }
        var at = i
        while at < bytes.count, bytes[at] == 0x23 { at += 1 }
        let hashes = at - i
        guard at < bytes.count, bytes[at] == 0x22 else { return false }
        let first = line
        let opening = at + 1 - start
        at += 1
        while at < bytes.count {
            if bytes[at] == 0x0A { line += 1 }
            if bytes[at] == 0x22 {
                var k = 0
                while k < hashes, at + 1 + k < bytes.count, bytes[at + 1 + k] == 0x23 { k += 1 }
                if k == hashes { break }
            }
            at += 1
        }
        let isClosed = at < bytes.count
        i = min(at + 1 + hashes, bytes.count)
        if !isClosed { isBroken = true }
        tokens.append(
            Token(
                kind: .string, opening: UInt8(min(opening, 255)), closing: isClosed ? UInt8(min(1 + hashes, 255)) : 0,
                flags: Token.raw | (isClosed ? 0 : Token.unterminated), start: Int32(start), end: Int32(i), line: first)
        )
        return true
    }

    /// Reads a string's text from `i` to its end or its next hole.
    private mutating func scan(
        _ index: Int, hole: CompiledSyntax.Hole?, from start: Int, opening: Int, head: Int32?, isRaw: Bool
    ) {
        let string = form.forms[index]
        let close = string.close
        let first = line
        var flags: UInt8 = isRaw ? Token.raw : 0
        while i < bytes.count {
            let byte = bytes[i]
            if byte == close[0], matches(close, at: i) {
                if string.escape == .doubled, i + 1 < bytes.count, bytes[i + 1] == byte {
                    i += 2
                    continue
                }
                i += close.count
                return add(head == nil ? .string : .tail, start, opening, close.count, flags, first, head)
            }
            if byte == 0x5C, string.escape == .backslash {
                if let hole, hole.open[0] == 0x5C, matches(hole.open, at: i) {
                    return enterHole(index, hole, start, opening, flags, first, head, isRaw)
                }
                if i + 1 < bytes.count, bytes[i + 1] == 0x0A { line += 1 }
                i = min(i + 2, bytes.count)
                continue
            }
            if byte == 0x0A {
                if !string.multiline { break }
                line += 1
            } else if let hole, byte == hole.open[0], matches(hole.open, at: i) {
                if hole.open.count == 1, i + 1 < bytes.count, bytes[i + 1] == byte {  // `{{` is a brace
                    i += 2
                    continue
                }
                return enterHole(index, hole, start, opening, flags, first, head, isRaw)
            } else if byte == 0x24, string.dollarNames, i + 1 < bytes.count, form.isWord[Int(bytes[i + 1])] {
                flags |= Token.computed
            }
            i += 1
        }
        isBroken = true
        add(head == nil ? .string : .tail, start, opening, 0, flags | Token.unterminated, first, head)
    }

    private mutating func add(
        _ kind: TokenKind, _ start: Int, _ opening: Int, _ closing: Int, _ flags: UInt8, _ first: Int32, _ head: Int32?
    ) {
        var token = Token(
            kind: kind, opening: UInt8(min(opening, 255)), closing: UInt8(min(closing, 255)), flags: flags,
            start: Int32(start), end: Int32(i), line: first)
        if let head {
            token.partner = head
            tokens[Int(head)].partner = Int32(tokens.count)
        }
        tokens.append(token)
    }

    private mutating func enterHole(
        _ index: Int, _ hole: CompiledSyntax.Hole, _ start: Int, _ opening: Int, _ flags: UInt8, _ first: Int32,
        _ head: Int32?, _ isRaw: Bool
    ) {
        // Deeper than any source that a person wrote: the rest is text.
        guard holes.count < 64 else {
            i += hole.open.count
            return scan(index, hole: nil, from: start, opening: opening, head: head, isRaw: isRaw)
        }
        // PHP's `{$` ends with the first byte of the code.
        let closing = hole.open.count - (hole.open.last == 0x24 ? 1 : 0)
        i += closing
        let at = Int32(tokens.count)
        tokens.append(
            Token(
                kind: head == nil ? .head : .middle, opening: UInt8(min(opening, 255)),
                closing: UInt8(closing), flags: flags, start: Int32(start), end: Int32(i), line: first,
                partner: head ?? -1))
        holes.append((index, hole, brackets.count, head ?? at, isRaw))
    }

    /// The hole's end was reached: the string goes on.
    private mutating func resume() {
        let hole = holes.removeLast()
        let start = i
        i += 1
        scan(hole.form, hole: hole.hole, from: start, opening: 1, head: hole.head, isRaw: hole.isRaw)
    }

    /// `'a'`, `'\n'`, `'\u{1F600}'`; else the quote is a sign, or begins a lifetime.
    private mutating func character(_ start: Int, _ quote: Int) -> Bool {
        var at = quote + 1
        guard at < bytes.count else { return false }
        if bytes[at] == 0x5C {
            at += 2
            let limit = min(at + 12, bytes.count)
            while at < limit, bytes[at] != 0x27, bytes[at] != 0x0A { at += 1 }
        } else {
            at += 1
            while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }  // the rest of a UTF-8 sequence
        }
        guard at < bytes.count, bytes[at] == 0x27 else { return false }
        i = at + 1
        tokens.append(
            Token(
                kind: .character, opening: UInt8(quote + 1 - start), closing: 1, start: Int32(start), end: Int32(i),
                line: line))
        return true
    }

    // MARK: Regular expressions and here-documents

    private mutating func regex() -> Bool {
        guard form.syntax.hasRegex, bytes[i] == 0x2F, failedRegexes.line != line || failedRegexes.count < 64,
            regexMayStart()
        else { return false }
        var at = i + 1
        var inClass = false
        while at < bytes.count, bytes[at] != 0x0A {
            switch bytes[at] {
            case 0x5C: at += 1
            case 0x5B: inClass = true
            case 0x5D: inClass = false
            case 0x2F where !inClass:
                let start = i
                i = at + 1
                while i < bytes.count, form.isWord[Int(bytes[i])] { i += 1 }
                tokens.append(Token(kind: .regex, start: Int32(start), end: Int32(i), line: line))
                return true
            default: break
            }
            at += 1
        }
        failedRegexes = (line, failedRegexes.line == line ? failedRegexes.count + 1 : 1)
        return false
    }

    private func regexMayStart() -> Bool {
        guard let last = tokens.last else { return true }
        switch last.kind {
        case .number, .string, .tail, .regex, .character: return false
        case .head, .middle: return true
        case .name:
            // `puts /a/`: a blank before, and none behind.
            if isRuby, i > 0, bytes[i - 1] == 0x20, i + 1 < bytes.count, bytes[i + 1] != 0x20, bytes[i + 1] != 0x3D {
                return true
            }
            guard let word = Word(rawValue: last.value) else { return false }
            switch word {
            case .return, .typeof, .case, .in, .of, .delete, .void, .throw, .new, .instanceof, .yield, .await, .else,
                .do,
                .if, .unless, .while, .and, .or, .not:
                return true
            default: return false
            }
        case .symbol:
            return !(last.is(.close) || last.is(.closeSquare) || last.is(.closeBrace) || last.is(.less))
        }
    }

    private mutating func hereDocument() -> Bool {
        guard form.syntax.heredoc != .none, bytes[i] == 0x3C, i + 2 < bytes.count, bytes[i + 1] == 0x3C else {
            return false
        }
        var at = i + 2
        if form.syntax.heredoc == .php {
            guard bytes[at] == 0x3C else { return false }
            at += 1
            while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        }
        var indented = form.syntax.heredoc == .php
        if at < bytes.count, bytes[at] == 0x2D || (form.syntax.heredoc == .ruby && bytes[at] == 0x7E) {
            indented = true
            at += 1
        }
        var quote: UInt8?
        if at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 {
            quote = bytes[at]
            at += 1
        }
        let start = at
        while at < bytes.count, form.isWord[Int(bytes[at])] { at += 1 }
        guard at > start, form.classes[Int(bytes[start])] == .letter else { return false }
        let word = Array(bytes[start..<at])
        // `a << B` in Ruby is no here-document unless the word is in capitals.
        if form.syntax.heredoc == .ruby, quote == nil, !(0x41...0x5A).contains(word[0]) { return false }
        if let quote {
            guard at < bytes.count, bytes[at] == quote else { return false }
            at += 1
        }
        let isRaw = quote == 0x27
        tokens.append(
            Token(
                kind: .string, opening: UInt8(min(at - i, 255)), flags: Token.heredoc, start: Int32(i), end: Int32(at),
                line: line))
        i = at
        pending.append((word, indented, tokens.count - 1, isRaw))
        return true
    }

    /// `%w[a b]`, `%q(a)`, `%x{ls}`, `%r{a}`, `%(a)`: one token, whose second byte says what it is.
    private mutating func percentLiteral() -> Bool {
        guard isRuby, bytes[i] == 0x25, i + 2 < bytes.count else { return false }
        var at = i + 1
        let letter = bytes[at]
        let isLettered = "wWiIqQxrs".utf8.contains(letter)
        if isLettered { at += 1 }
        guard at < bytes.count else { return false }
        let open = bytes[at]
        guard "([{<|/!^~-".utf8.contains(open), isLettered || "([{<".utf8.contains(open) else { return false }
        if let last = tokens.last {
            let isValue: Bool
            switch last.kind {
            case .number, .string, .tail, .character, .regex: isValue = true
            case .symbol: isValue = last.is(.close) || last.is(.closeSquare) || last.is(.closeBrace)
            case .name:
                isValue = Word(rawValue: last.value).map { ![.return, .if, .and, .or, .not, .in].contains($0) } ?? true
            default: isValue = false
            }
            // `a %w[b]` after a name is an argument; `a % (b)` and `a%(b)` are divisions.
            if isValue, last.kind != .name || !isLettered || bytes[i - 1] != 0x20, last.line == line { return false }
        }
        let close: UInt8 = open == 0x28 ? 0x29 : open == 0x5B ? 0x5D : open == 0x7B ? 0x7D : open == 0x3C ? 0x3E : open
        let start = i, first = line
        var depth = 0
        var flags: UInt8 = letter == 0x77 || letter == 0x71 || letter == 0x69 ? Token.raw : 0
        i = at + 1
        while i < bytes.count {
            let byte = bytes[i]
            if byte == 0x5C {
                i += 1
            } else if byte == close, depth == 0 {
                break
            } else if byte == open {
                depth += 1
            } else if byte == close {
                depth -= 1
            } else if byte == 0x23, i + 1 < bytes.count, bytes[i + 1] == 0x7B, flags & Token.raw == 0 {
                flags |= Token.computed
            }
            if i < bytes.count, bytes[i] == 0x0A { line += 1 }
            i += 1
        }
        let isClosed = i < bytes.count
        if !isClosed { isBroken = true }
        i = min(i + 1, bytes.count)
        tokens.append(
            Token(
                kind: letter == 0x72 ? .regex : .string, opening: UInt8(at + 1 - start), closing: isClosed ? 1 : 0,
                flags: isClosed ? flags : flags | Token.unterminated, start: Int32(start), end: Int32(i), line: first))
        return true
    }

    private mutating func hereDocuments() {
        let documents = pending
        pending = []
        for document in documents.prefix(16) {
            let start = i
            let first = line
            var end = bytes.count
            while i < bytes.count {
                var at = i
                if document.indented { while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 } }
                if matches(document.word, at: at),
                    at + document.word.count >= bytes.count || !form.isWord[Int(bytes[at + document.word.count])]
                {
                    end = i
                    i = at + document.word.count
                    break
                }
                while i < bytes.count, bytes[i] != 0x0A { i += 1 }
                if i < bytes.count {
                    i += 1
                    line += 1
                }
            }
            let closing = min(i - end, 255)
            tokens[document.token].partner = Int32(tokens.count)
            tokens.append(
                Token(
                    kind: .string, opening: 0, closing: UInt8(max(closing, 0)),
                    flags: document.isRaw ? Token.raw : Token.computed,
                    start: Int32(start),
                    end: Int32(i), line: first))
        }
    }
}
