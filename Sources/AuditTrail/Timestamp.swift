import Glibc

/// A moment in UTC with microseconds; its text is RFC 3339, always 27 characters: `2026-02-28T23:59:59.000001Z`.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// Since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Since 1970-01-01T00:00:00Z.
    public var seconds: Double { Double(microseconds) / 1e6 }

    /// - Parameter text: As ``description`` writes it.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 27 else { return nil }
        func number(_ range: Range<Int>) -> Int64? { Int64(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let fraction = number(20..<26),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // Counted from March, so that the day that some years have comes last.
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        microseconds = (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000 + fraction
        guard description == text else { return nil }
    }

    /// The wall clock.
    public static func now() -> Timestamp {
        var time = timespec()
        // The clock exists and the pointer is to our own variable, so the call cannot fail. clock_gettime(2)
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func append(to text: inout [UInt8]) {
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        let (year, month, day) = civil(fromDays: days)
        text.append(decimal: UInt64(max(year, 0)), width: 4)
        text.append("-")
        text.append(decimal: UInt64(month), width: 2)
        text.append("-")
        text.append(decimal: UInt64(day), width: 2)
        text.append("T")
        text.append(decimal: UInt64(second / 3600), width: 2)
        text.append(":")
        text.append(decimal: UInt64(second / 60 % 60), width: 2)
        text.append(":")
        text.append(decimal: UInt64(second % 60), width: 2)
        text.append(".")
        text.append(decimal: UInt64(fraction), width: 6)
        text.append("Z")
    }
}

private func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
    let rest = ((value % by) + by) % by
    return ((value - rest) / by, rest)
}

/// The Gregorian date of a day count since 1970-01-01, by counting in eras of 400 years that start in March.
private func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}
