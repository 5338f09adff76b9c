import StrictJSON

/// The one form of a journal line, documented in docs/audit.md:
///
///     {"seq":1,"time":"…","session":"…","kind":"…","subject":"…","decision":"…","rule":"…","reason":"…","detail":{…},"prev":"…","hash":"…"}
///
/// Members stand in this order, without spaces. `hash` is the SHA-256 of the line without `,"hash":"…"`: of the bytes
/// before it and the closing brace. So every byte of a line counts, and the chain can be checked without a JSON reader.
enum EventLine {
    /// Bytes of a line at most, newline included.
    static let limit = 8_192
    /// `prev` of the first line.
    static let genesis = [UInt8](repeating: UInt8(ascii: "0"), count: 64)

    static let seqStart = Array("{\"seq\":".utf8)
    static let prevStart = Array(",\"prev\":\"".utf8)
    static let hashStart = Array("\",\"hash\":\"".utf8)
    static let end = Array("\"}".utf8)
    /// How far from the end of a line (newline excluded) `,"prev":"` begins.
    static let chainLength = prevStart.count + 64 + hashStart.count + 64 + end.count

    // Bytes between the quotes. With the fixed parts (under 400) they stay below `limit`.
    private static let sessionLimit = 64
    private static let subjectLimit = 2_048
    private static let ruleLimit = 128
    private static let reasonLimit = 1_024
    private static let detailLimit = 4_096
    private static let detailTextLimit = 1_024

    /// Builds a line with its newline into `line`.
    /// - Parameter prev: 64 hexadecimal digits.
    /// - Returns: The line's hash, 64 hexadecimal digits.
    static func write(
        _ event: AuditEvent, seq: UInt64, time: Timestamp, session: String, prev: [UInt8], into line: inout [UInt8]
    ) -> [UInt8] {
        line.removeAll(keepingCapacity: true)
        line += seqStart
        line += Array(String(seq).utf8)
        line += Array(",\"time\":\"\(time)\",\"session\":".utf8)
        SafeText.append(session, limit: sessionLimit, to: &line)
        line += Array(",\"kind\":\"\(event.kind.rawValue)\",\"subject\":".utf8)
        SafeText.append(event.subject, limit: subjectLimit, to: &line)
        line += Array(",\"decision\":\"\(event.decision.rawValue)\",\"rule\":".utf8)
        SafeText.append(event.rule, limit: ruleLimit, to: &line)
        line += Array(",\"reason\":".utf8)
        SafeText.append(event.reason, limit: reasonLimit, to: &line)
        line += Array(",\"detail\":".utf8)
        var room = detailLimit
        append(event.detail, depth: 0, room: &room, to: &line)
        line += prevStart
        line += prev
        line += [UInt8(ascii: "\""), UInt8(ascii: "}")]
        let hash = hexDigits(SHA256.digest(line))
        line.removeLast(2)
        line += hashStart
        line += hash
        line += end
        line.append(0x0a)
        return hash
    }

    // MARK: - Detail

    /// Appends an object; what does not fit is left out, and `"…":true` says so.
    private static func append(_ members: [JSONMember], depth: Int, room: inout Int, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        var seen: Set<String> = []
        for (index, member) in members.enumerated() where seen.insert(member.key).inserted {
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
            guard case .string(let text) = value else {
                line += value.serialized()
                return
            }
            SafeText.append(text, limit: detailTextLimit, to: &line)
        case .null, .bool: line += value.serialized()
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
