public import PolicyEngine

/// Writes the messages that the stub sends: answers to the box, questions to the upstream servers.
public enum DNSMessage {
    /// RFC 1035 section 4.1.1.
    public enum Code: UInt16, Hashable, Sendable {
        case noError = 0
        case formatError, serverFailure, nameError, notImplemented, refused
    }

    /// The longest answer, in bytes: what a resolver without EDNS takes over UDP.
    public static let maximumAnswerLength = 512

    /// How many addresses an answer can carry.
    public static func capacity(for question: DNSQuestion) -> Int {
        let fixed = 12 + question.name.wire.count + 4
        return max(0, (maximumAnswerLength - fixed) / (question.type == .aaaa ? 28 : 16))
    }

    /// An answer that repeats the question as it was spelled.
    /// - Parameters:
    ///   - addresses: Only those of the question's own family are written, as many as fit.
    ///   - ttl: In seconds, the same for all.
    public static func answer(
        to question: DNSQuestion, _ code: Code, addresses: [IPAddress] = [], ttl: UInt32 = 0
    ) -> [UInt8] {
        let records = addresses.compactMap { data(of: $0, for: question.type) }.prefix(capacity(for: question))
        // An answer, recursion available, the rest as asked.
        let flags = 0x8080 | (question.recursionDesired ? 0x0100 : 0) | code.rawValue
        var bytes = header(id: question.id, flags: flags, questions: 1, answers: UInt16(records.count))
        bytes += question.name.wire + pair(question.type.rawValue) + pair(question.recordClass)
        for record in records {
            bytes += [0xC0, 12]  // the question's name
            bytes += pair(question.type.rawValue) + pair(1) + pair(UInt16(ttl >> 16)) + pair(UInt16(ttl & 0xFFFF))
            bytes += pair(UInt16(record.count)) + record
        }
        return bytes
    }

    /// The answer to a message that could not be read as a question.
    /// - Returns: A bare header, or `nil` when silence is the answer.
    public static func answer(to fault: DNSFault) -> [UInt8]? {
        switch fault {
        case .notAQuery: nil
        case .malformed(let id): header(id: id, flags: 0x8080 | Code.formatError.rawValue)
        case .unknownOperation(let id): header(id: id, flags: 0x8080 | Code.notImplemented.rawValue)
        }
    }

    /// A fresh question: lower case, recursion desired, no EDNS. Nothing of the box's own message is in it but the
    /// name.
    public static func upstreamQuery(name: DNSName, type: DNSType, id: UInt16) -> [UInt8] {
        header(id: id, flags: 0x0100, questions: 1) + name.lowercased.wire + pair(type.rawValue) + pair(1)
    }

    private static func data(of address: IPAddress, for type: DNSType) -> [UInt8]? {
        switch (address, type) {
        case (.v4(let number), .a): pair(UInt16(number >> 16)) + pair(UInt16(number & 0xFFFF))
        case (.v6(let high, let low), .aaaa): bigEndian(high) + bigEndian(low)
        default: nil
        }
    }

    private static func header(id: UInt16, flags: UInt16, questions: UInt16 = 0, answers: UInt16 = 0) -> [UInt8] {
        pair(id) + pair(flags) + pair(questions) + pair(answers) + [0, 0, 0, 0]
    }

    private static func pair(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}
