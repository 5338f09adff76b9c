/// Spans of time as people write them, on the command line and in policies.
public enum DurationText {
    /// For messages.
    public static let forms = "`90s`, `15m`, `8h` or `7d`"

    /// - Parameter text: Digits and a unit, `s`, `m`, `h` or `d`; a hundred years at most.
    /// - Returns: Seconds.
    public static func seconds(_ text: String) -> Int64? {
        let digits = text.utf8.dropLast()
        guard let unit = text.utf8.last, !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let factor = factors[unit], let count = Int64(text.dropLast()), count <= longest / factor
        else { return nil }
        return count * factor
    }

    private static let longest: Int64 = 36_500 * 86_400
    private static let factors: [UInt8: Int64] = [
        UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3_600, UInt8(ascii: "d"): 86_400,
    ]
}
