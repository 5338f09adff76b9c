/// A record type, as its number on the wire.
public struct DNSType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let a = DNSType(rawValue: 1)
    public static let cname = DNSType(rawValue: 5)
    public static let aaaa = DNSType(rawValue: 28)
    static let opt = DNSType(rawValue: 41)
}

/// Why a message from the box is not answered as a question.
public enum DNSFault: Error, Hashable, Sendable {
    /// Shorter than a header, or itself an answer: no reply, else two stubs could answer each other for ever.
    case notAQuery
    /// Breaks the format: FORMERR.
    case malformed(id: UInt16)
    /// Not a standard query: NOTIMP.
    case unknownOperation(id: UInt16)
}

/// The one question of a query.
public struct DNSQuestion: Hashable, Sendable {
    public let id: UInt16
    public let recursionDesired: Bool
    /// As the box spelled it: the answer repeats it, because some resolvers check the case of each letter.
    public let name: DNSName
    public let type: DNSType
    /// 1 is the Internet.
    public let recordClass: UInt16

    /// The longest query that is read, in bytes: what plain DNS allows over UDP.
    public static let maximumLength = 512

    /// Reads a query: exactly one question without compression, no other record but one EDNS OPT, which is not looked
    /// into.
    /// - Throws: ``DNSFault`` saying which answer it deserves.
    public static func parse(_ bytes: [UInt8]) throws(DNSFault) -> DNSQuestion {
        var reader = DNSReader(bytes)
        guard let id = reader.uint16(), let flags = reader.uint16(), let counts = Counts(from: &reader) else {
            throw .notAQuery
        }
        guard flags & 0x8000 == 0 else { throw .notAQuery }
        guard flags & 0x7800 == 0 else { throw .unknownOperation(id: id) }
        guard bytes.count <= maximumLength, counts.questions == 1, counts.answers == 0, counts.authorities == 0,
            counts.additional <= 1,
            let name = reader.name(followPointers: false), let type = reader.uint16(), let recordClass = reader.uint16()
        else { throw .malformed(id: id) }
        if counts.additional == 1 { guard skipOption(&reader) else { throw .malformed(id: id) } }
        guard reader.isAtEnd else { throw .malformed(id: id) }
        return DNSQuestion(
            id: id, recursionDesired: flags & 0x0100 != 0, name: name, type: DNSType(rawValue: type),
            recordClass: recordClass)
    }

    private static func skipOption(_ reader: inout DNSReader) -> Bool {
        guard reader.byte() == 0, reader.uint16() == DNSType.opt.rawValue, reader.take(6) != nil,
            let length = reader.uint16(), reader.take(Int(length)) != nil
        else { return false }
        return true
    }

    /// The four counts of a header.
    struct Counts {
        let questions, answers, authorities, additional: UInt16

        init?(from reader: inout DNSReader) {
            guard let questions = reader.uint16(), let answers = reader.uint16(), let authorities = reader.uint16(),
                let additional = reader.uint16()
            else { return nil }
            (self.questions, self.answers) = (questions, answers)
            (self.authorities, self.additional) = (authorities, additional)
        }
    }
}
