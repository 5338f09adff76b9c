extension RuntimeBase {
    /// A passwd file for a box: root, nobody and the user who runs it, so that no other account's name is seen.
    /// - Parameters:
    ///   - host: The host's own file, which may be empty or damaged.
    ///   - uid: The box's user. Its line is taken from the host when it has a sound one.
    ///   - home: Written when the host has no line for the user.
    public static func passwd(host: String, uid: UInt32, gid: UInt32, home: String) -> String {
        var lines = ["root:x:0:0:root:/root:/usr/sbin/nologin"]
        if uid != 0, uid != 65534 {
            lines.append(line(of: uid, host) ?? "user:x:\(uid):\(gid)::\(clean(home)):/bin/sh")
        }
        lines.append("nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin")
        if uid == 0 { lines[0] = line(of: 0, host) ?? "root:x:0:0:root:\(clean(home)):/bin/sh" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A group file for a box: root, nogroup and the user's own group, without members.
    public static func group(host: String, gid: UInt32) -> String {
        var lines = ["root:x:0:"]
        if gid != 0, gid != 65534 { lines.append("\(groupName(gid, host) ?? "user"):x:\(gid):") }
        lines.append("nogroup:x:65534:")
        return lines.joined(separator: "\n") + "\n"
    }

    /// passwd(5): seven fields; the password and the person's data are left out.
    private static func line(of uid: UInt32, _ host: String) -> String? {
        for line in host.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 7, UInt32(fields[2]) == uid, let gid = UInt32(fields[3]), isName(fields[0]) else {
                continue
            }
            return "\(fields[0]):x:\(uid):\(gid)::\(fields[5]):\(fields[6])"
        }
        return nil
    }

    /// group(5): four fields.
    private static func groupName(_ gid: UInt32, _ host: String) -> String? {
        for line in host.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count == 4, UInt32(fields[2]) == gid, isName(fields[0]) { return String(fields[0]) }
        }
        return nil
    }

    /// `+` and `-` start a line for NIS, which is no account.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first else { return false }
        return first != "+" && first != "-"
    }

    private static func clean(_ path: String) -> String {
        path.contains { $0 == ":" || $0.isNewline } ? "/" : path
    }
}
