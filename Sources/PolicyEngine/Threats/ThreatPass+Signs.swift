/// What begins with a sign, not with a word: chains of commands, paths that go up, escapes, control characters.
extension ThreatPass {
    mutating func takeSign(_ place: Int) {
        switch byte(place) {
        case UInt8(ascii: "."): takeDots(place)
        case UInt8(ascii: "%"): takePercent(place)
        case UInt8(ascii: "\\"): takeEscapes(place)
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "`"), UInt8(ascii: "$"): takeSeparator(place)
        case UInt8(ascii: "&"):
            takeSeparator(place)
            if byte(place + 1) == UInt8(ascii: "#") { takeEscapes(place) }
        default: takeControl(place)
        }
    }

    // MARK: - Commands

    private func takeSeparator(_ place: Int) {
        let sign = byte(place)
        var at = place + 1
        switch sign {
        case UInt8(ascii: "$"):
            guard byte(at) == UInt8(ascii: "(") else { return }
            at += 1
        case UInt8(ascii: "&"), UInt8(ascii: "|"):
            if byte(at) == sign {
                at += 1
            } else if sign == UInt8(ascii: "&"), byte(at) != 0x20 {
                return  // `&cat=` of an address, `&quot;`
            }
            if sign == UInt8(ascii: "|"), byte(at) == UInt8(ascii: ":"), byte(at + 1) == UInt8(ascii: "&"),
                byte(place - 1) == 0x3a
            {
                return add(unsafe rules.pointee.forkBomb, place - 1, at + 2)
            }
        default: break
        }
        // Most signs are signs of something else.
        let next = byte(at)
        guard next == 0x20 || next == UInt8(ascii: "/") || ThreatVocabulary.isWord(next) else { return }
        let isPipe = sign == UInt8(ascii: "|") && at == place + 1
        let start = at
        while at < start + 8, byte(at) == 0x20 { at += 1 }
        if matches("sudo ", at) { at += 5 }
        if byte(at) == UInt8(ascii: "/") {
            for folder in ShellCommand.folders where matches(folder, at) {
                at += folder.utf8CodeUnitCount
                break
            }
        }
        guard let (command, end) = ShellCommand.read(self, at), ShellCommand.isArgument(self, command, end) else {
            return
        }
        let rule: Int
        switch (sign, command.kind) {
        case (UInt8(ascii: "`"), _): rule = unsafe rules.pointee.backquoted
        case (UInt8(ascii: "$"), _): rule = unsafe rules.pointee.substitution
        case (_, .shell): rule = unsafe isPipe ? rules.pointee.pipeToShell : rules.pointee.chainCommand
        case (_, .destructive): rule = unsafe rules.pointee.chainDestructive
        case (_, .network): rule = unsafe rules.pointee.chainNetwork
        case (_, .other): rule = unsafe rules.pointee.chainCommand
        }
        if isPipe, rule == (unsafe rules.pointee.chainCommand) { return }  // a filter
        add(rule, place, end)
    }

    // MARK: - Paths

    /// Two dots.
    private func takeDots(_ place: Int) {
        if byte(place - 1) == UInt8(ascii: ".") { return }
        let after = byte(place + 2)
        switch after {
        case UInt8(ascii: "."):
            // `....//` is `../` again when somebody has taken `../` out of it.
            if byte(place + 3) == UInt8(ascii: "."), isSlash(byte(place + 4)), isSlash(byte(place + 5)) {
                add(unsafe rules.pointee.encodedUpward, place, place + 6)
            }
        case UInt8(ascii: "%"):
            if ["%2f", "%5c", "%25", "%c0", "%c1"].contains(where: { matches($0, place + 2) }) {
                add(unsafe rules.pointee.encodedUpward, place, place + 5)
            }
        case UInt8(ascii: ";"):
            if isSlash(byte(place + 3)) { add(unsafe rules.pointee.encodedUpward, place, place + 4) }
        case _ where isSlash(after):
            let isInside = isSlash(byte(place - 1))
            if isInside, byte(place - 2) == UInt8(ascii: "."), byte(place - 3) == UInt8(ascii: ".") { return }
            var end = place + 3, steps = 1
            while steps < 3, byte(end) == UInt8(ascii: "."), byte(end + 1) == UInt8(ascii: ".") {
                steps += 1
                end += 2
                guard isSlash(byte(end)) else { break }
                end += 1
            }
            if steps == 3 {
                add(unsafe rules.pointee.farUpward, place, end)
            } else if isInside, isName(byte(place - 2)) {
                add(unsafe rules.pointee.insidePath, place - 2, end)
            } else {
                add(unsafe rules.pointee.upward, place, end)
            }
        default: break
        }
    }

    private func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    private func isName(_ byte: UInt8) -> Bool { ThreatVocabulary.isWord(byte) || byte &- 0x30 < 10 }

    private mutating func takePercent(_ place: Int) {
        guard let first = hex(byte(place + 1)), let second = hex(byte(place + 2)) else {
            if byte(place + 1) | 0x20 == UInt8(ascii: "u"), matches("%u002e", place) || matches("%u2215", place) {
                add(unsafe rules.pointee.encodedUpward, place, place + 6)
            }
            return
        }
        switch first << 4 | second {
        case 0x2e:
            if byte(place - 1) != UInt8(ascii: "."), byte(place + 3) == UInt8(ascii: ".") || matches("%2e", place + 3) {
                add(unsafe rules.pointee.encodedUpward, place, place + 6)
            } else if byte(place - 1) == UInt8(ascii: "."), isSlash(byte(place + 3)) || matches("%2f", place + 3) {
                add(unsafe rules.pointee.encodedUpward, place - 1, place + 4)
            }
        case 0x25:
            if matches("%252e", place) || matches("%255c", place) {
                add(unsafe rules.pointee.encodedUpward, place, place + 5)
            }
        case 0xc0:
            if matches("%c0%ae", place) || matches("%c0%af", place) {
                add(unsafe rules.pointee.encodedUpward, place, place + 6)
            }
        case 0x00:
            if !isName(byte(place + 3)) { add(unsafe rules.pointee.zeroByte, place, place + 3) }
        default: break
        }
        takeEscapes(place)
    }

    func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x57
        default: nil
        }
    }

    // MARK: - Control characters

    private func takeControl(_ place: Int) {
        guard byte(place) == 0x1b else {
            add(unsafe byte(place) == 0 ? rules.pointee.zeroByte : rules.pointee.control, place, place + 1)
            return
        }
        guard byte(place + 1) == UInt8(ascii: "[") else {
            return add(unsafe rules.pointee.terminalControl, place, place + 2)
        }
        // `ESC [ 31 m`: colour. `8 m` hides, all other final bytes do more.
        var end = place + 2
        while end < place + 20, (0x30...0x3b).contains(byte(end)) { end += 1 }
        let isHidden = end == place + 3 && byte(place + 2) == UInt8(ascii: "8")
        let isColour = byte(end) == UInt8(ascii: "m") && !isHidden
        add(unsafe isColour ? rules.pointee.terminalColour : rules.pointee.terminalControl, place, end + 1)
    }
}

/// Commands of shells, by name. Those that are words of English count only with an argument that is not.
struct ShellCommand {
    enum Kind { case destructive, network, shell, other }
    var kind: Kind
    /// Whether it is a word of English, or of code, too.
    var isWord: Bool

    static let folders: [StaticString] = ["/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"]

    /// The command at `place`, and where its name ends.
    static func read(_ pass: ThreatPass, _ place: Int) -> (ShellCommand, Int)? {
        var name: UInt64 = 0, at = place
        while at < place + 9 {
            let byte = pass.byte(at)
            guard ThreatVocabulary.isWord(byte) || byte &- 0x30 < 10 else { break }
            name = name << 8 | UInt64(lowered(byte))
            at += 1
        }
        guard at > place + 1, at < place + 9, mayBeName(name),
            let command = table[name]
        else { return nil }
        return (command, at)
    }

    /// Most words behind a sign are no names of commands: that is settled by one bit of 4096.
    @inline(__always) private static func mayBeName(_ word: UInt64) -> Bool {
        let bit = hash(word)
        return names[bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    @inline(__always) private static func hash(_ word: UInt64) -> Int { Int((word &* 0x9e37_79b9_7f4a_7c15) >> 52) }

    private static let names: [UInt64] = table.keys.reduce(into: [UInt64](repeating: 0, count: 64)) {
        $0[hash($1) >> 6] |= 1 << UInt64(hash($1) & 63)
    }

    /// Whether what follows the name can only be a command line.
    static func isArgument(_ pass: ThreatPass, _ command: ShellCommand, _ end: Int) -> Bool {
        let next = pass.byte(end)
        switch next {
        case UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "<"): return true
        case 0, 0x0a, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: ")"), UInt8(ascii: "`"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            // The end of the whole text, too: a sentence goes on.
            return !command.isWord || next == UInt8(ascii: ")") || end >= pass.count && command.kind == .destructive
        case 0x20, 0x09:
            guard command.isWord else { return true }
            switch pass.byte(end + 1) {
            case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "~"), UInt8(ascii: "."), UInt8(ascii: "$"),
                UInt8(ascii: "*"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), 0x30...0x39:
                return true
            default: return false
            }
        case UInt8(ascii: "$"): return pass.byte(end + 1) == UInt8(ascii: "{")  // ${IFS}
        default: return false
        }
    }

    private static let table: [UInt64: ShellCommand] = {
        var table: [UInt64: ShellCommand] = [:]
        func add(_ kind: Kind, _ names: String, isWord: Bool = false) {
            for name in names.split(separator: " ") {
                table[name.utf8.reduce(0) { $0 << 8 | UInt64($1) }] = ShellCommand(kind: kind, isWord: isWord)
            }
        }
        add(.destructive, "rm mkfs shred pkill killall poweroff rmdir fdisk wipefs")
        add(.destructive, "dd shutdown reboot halt format del kill erase", isWord: true)
        add(.network, "curl wget nc ncat netcat socat ssh scp sftp telnet tftp rsync nslookup ftp")
        add(.network, "dig ping host", isWord: true)
        add(.shell, "sh bash zsh dash ksh python python3 perl ruby php pwsh")
        add(.shell, "node cmd fish", isWord: true)
        add(
            .other,
            "whoami uname printenv chmod chown crontab useradd iptables ifconfig netstat sudo mkfifo xxd base64 systemctl"
        )
        add(.other, "id env cat ls ps eval exec tee passwd mount find echo sleep touch mv cp set", isWord: true)
        return table
    }()
}
