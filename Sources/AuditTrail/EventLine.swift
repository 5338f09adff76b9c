import Signatures
import StrictJSON

/// The one form of a journal line, documented in docs/audit-format.md:
///
///     {"seq":1,"time":"…","session":"…","kind":"…","subject":"…","decision":"…","rule":"…","reason":"…","detail":{…},"prev":"…","hash":"…"}
///
/// Members stand in this order, without spaces; `prev` of the first line is 64 zeros. `hash` is the SHA-256 of the line without `,"hash":"…"`: of the bytes
/// before it and the closing brace. So every byte of a line counts, and the chain can be checked without a JSON reader.
enum EventLine {
    /// Bytes of a line at most, newline included.
    static let limit = 8_192

    static let seqStart = Array("{\"seq\":".utf8)
    static let prevStart = Array(",\"prev\":\"".utf8)
    static let hashStart = Array("\",\"hash\":\"".utf8)
    static let end = Array("\"}".utf8)
    /// How far from the end of a line (newline excluded) `,"prev":"` begins.
    static let chainLength = prevStart.count + 64 + hashStart.count + 64 + end.count

    /// Whether a line's kind, subject, decision and rule are those of an event by which a writer accounts for damage.
    static func isRecovery(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        // `{"seq":1,"time":"27 characters","session":"…",`: the first comma, fixed text, and the quote that closes the session.
        guard let comma = unsafe line.firstIndex(of: UInt8(ascii: ",")) else { return false }
        var at = comma + ",\"time\":\"".utf8.count + 27 + "\",\"session\":\"".utf8.count
        while at < line.count, unsafe line[at] != UInt8(ascii: "\"") {
            at += unsafe line[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        at += 2
        return unsafe at + JournalFormat.recoveryMark.count <= line.count
            && line.has(JournalFormat.recoveryMark, at: at)
    }

    // Bytes between the quotes. With the fixed parts (under 400) they stay below `limit`.
    private static let sessionLimit = 64
    private static let subjectLimit = 2_048
    private static let ruleLimit = 128
    private static let reasonLimit = 1_024
    private static let detailLimit = 4_096
    private static let detailTextLimit = 1_024

    /// Appends a line with its newline to `lines`.
    /// - Returns: The line's hash.
    static func append(
        _ event: AuditEvent, seq: UInt64, time: Timestamp, session: String, prev: SHA256.Digest,
        to lines: inout [UInt8]
    ) -> SHA256.Digest {
        let start = lines.count
        lines.append("{\"seq\":")
        lines.append(decimal: seq)
        lines.append(",\"time\":\"")
        time.append(to: &lines)
        lines.append("\",\"session\":")
        SafeText.append(session, limit: sessionLimit, to: &lines)
        lines.append(",\"kind\":\"")
        lines.append(contentsOf: event.kind.rawValue.utf8)
        lines.append("\",\"subject\":")
        SafeText.append(event.subject, limit: subjectLimit, to: &lines)
        lines.append(",\"decision\":\"")
        lines.append(contentsOf: event.decision.rawValue.utf8)
        lines.append("\",\"rule\":")
        SafeText.append(event.rule, limit: ruleLimit, to: &lines)
        lines.append(",\"reason\":")
        SafeText.append(event.reason, limit: reasonLimit, to: &lines)
        lines.append(",\"detail\":")
        var room = detailLimit
        append(event.detail, depth: 0, room: &room, to: &lines)
        lines.append(",\"prev\":\"")
        prev.appendHex(to: &lines)
        lines.append("\"}")
        let hash = unsafe lines.withUnsafeBufferPointer {
            unsafe SHA256.digest(of: UnsafeBufferPointer(rebasing: $0[start...]))
        }
        lines.removeLast(2)
        lines.append("\",\"hash\":\"")
        hash.appendHex(to: &lines)
        lines.append("\"}\n")
        return hash
    }

    // MARK: - Detail

    /// Appends an object; what does not fit is left out, and `"…":true` says so.
    private static func append(_ members: [JSONMember], depth: Int, room: inout Int, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        // Looking back is quicker for what is usual; a set keeps it linear for what is not.
        var seen: Set<String>? = members.count > 24 ? [] : nil
        for (index, member) in members.enumerated() {
            let isFirst =
                seen?.insert(member.key).inserted ?? !members[..<index].contains { $0.key == member.key }
            guard isFirst else { continue }
            let start = line.count
            if index > 0 { line.append(UInt8(ascii: ",")) }
            SafeText.append(member.key, limit: 64, to: &line)
            line.append(UInt8(ascii: ":"))
            let secret = Redaction.isSecretName(member.key)
            append(member.value, secret: secret, depth: depth, room: room - (line.count - start), to: &line)
            guard line.count - start <= room else {
                line.removeLast(line.count - start)
                line += Array((index > 0 ? ",\"…\":true" : "\"…\":true").utf8)
                room = 0
                break
            }
            room -= line.count - start
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func append(
        _ value: JSONValue, secret: Bool, depth: Int, room: Int, to line: inout [UInt8]
    ) {
        switch value {
        case .string, .number:
            if secret { return SafeText.appendRedacted(to: &line) }
            if case .number(let number) = value { return line.append(contentsOf: number.text.utf8) }
            guard case .string(let text) = value else { return }
            SafeText.append(text, limit: detailTextLimit, to: &line)
        case .null: line.append("null")
        case .bool(let value): line.append(value ? "true" : "false")
        case .array, .object: appendNested(value, secret: secret, depth: depth + 1, room: room, to: &line)
        }
    }

    private static func appendNested(
        _ value: JSONValue, secret: Bool, depth: Int, room: Int, to line: inout [UInt8]
    ) {
        guard depth <= 8 else {
            line += Array("\"…\"".utf8)
            return
        }
        switch value {
        case .object(let members):
            var room = max(room - 16, 0)
            append(members, depth: depth, room: &room, to: &line)
        case .array(let values):
            let start = line.count
            var secretNext = false
            line.append(UInt8(ascii: "["))
            for (index, element) in values.enumerated() {
                let before = line.count
                if index > 0 { line.append(UInt8(ascii: ",")) }
                let left = room - (line.count - start)
                append(element, secret: secret || secretNext, depth: depth, room: left, to: &line)
                guard line.count - start <= room - 16 else {
                    line.removeLast(line.count - before)
                    line += Array((index > 0 ? ",\"…\"" : "\"…\"").utf8)
                    break
                }
                secretNext = startsSecret(element)
            }
            line.append(UInt8(ascii: "]"))
        default: break
        }
    }

    /// Whether the next element of a command line is a secret: this one is `--token` or the like.
    private static func startsSecret(_ element: JSONValue) -> Bool {
        guard case .string(let flag) = element, flag.utf8.first == UInt8(ascii: "-"), flag.utf8.count <= 64 else {
            return false
        }
        return Redaction.isSecretName(flag)
    }
}
