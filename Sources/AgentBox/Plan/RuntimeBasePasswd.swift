extension RuntimeBase {
    /// A passwd file for a box: root, nobody and the user who runs it, so that no other account's name is seen. passwd(5)
    /// - Parameters:
    ///   - host: The host's own file, which may be empty or damaged.
    ///   - uid: The box's user. Its line is taken from the host when it has a sound one.
    ///   - home: Written when the host has no line for the user.
    public static func passwd(host: String, uid: UInt32, gid: UInt32, home: String) -> String {
        var text =
            uid == 0
            ? line(of: 0, host) ?? "root:x:0:0:root:\(clean(home)):/bin/sh" : "root:x:0:0:root:/root:/usr/sbin/nologin"
        text += "\n"
        if uid != 0, uid != 65534 {
            text += (line(of: uid, host) ?? "user:x:\(uid):\(gid)::\(clean(home)):/bin/sh") + "\n"
        }
        return text + "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    }

    /// A group file for a box: root, nogroup and the user's own group, without members. group(5)
    public static func group(host: String, gid: UInt32) -> String {
        var text = "root:x:0:\n"
        if gid != 0, gid != 65534 { text += "\(groupName(gid, host) ?? "user"):x:\(gid):\n" }
        return text + "nogroup:x:65534:\n"
    }

    /// passwd(5): seven fields; the password and the person's data are left out.
    private static func line(of uid: UInt32, _ host: String) -> String? {
        record(uid, host, fields: 7) { fields in
            UInt32(fields[3]) == nil ? nil : "\(fields[0]):x:\(uid):\(fields[3])::\(fields[5]):\(fields[6])"
        }
    }

    /// group(5): four fields.
    private static func groupName(_ gid: UInt32, _ host: String) -> String? {
        record(gid, host, fields: 4) { String($0[0]) }
    }

    /// The first sound line for an account with this number, as `make` makes it of the line's fields.
    ///
    /// By hand: the library's `split` and `joined` make types at their first use, a tenth of a millisecond of every start.
    private static func record(
        _ number: UInt32, _ host: String, fields count: Int, _ make: ([Substring]) -> String?
    ) -> String? {
        let text = host + "\n"
        var fields: [Substring] = [], start = text.startIndex
        for at in text.utf8.indices {
            let byte = text.utf8[at], endsLine = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            guard endsLine || byte == UInt8(ascii: ":") else { continue }
            fields.append(text[start..<at])
            start = text.utf8.index(after: at)
            guard endsLine else { continue }
            if fields.count == count, UInt32(fields[2]) == number, isName(fields[0]), let made = make(fields) {
                return made
            }
            fields.removeAll(keepingCapacity: true)
        }
        return nil
    }

    /// `+` and `-` start a line for NIS, which is no account.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first else { return false }
        return first != UInt8(ascii: "+") && first != UInt8(ascii: "-")
    }

    private static func clean(_ path: String) -> String {
        path.contains { $0 == ":" || $0.isNewline } ? "/" : path
    }
}
