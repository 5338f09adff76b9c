import SecretText
import Signatures
import StrictJSON

/// Writes untrusted text as a JSON string that is safe to show: control bytes, the C1 set, bidirectional marks and
/// invisible characters are escaped, so a name can forge neither a line of the journal nor one on a terminal.
enum SafeText {
    /// Longer input is not even looked at.
    static let inputLimit = 16_384

    /// Appends `"…"` with at most `limit` bytes between the quotes, and a mark that says how many bytes of the
    /// redacted text were left out.
    static func append(_ text: String, limit: Int, to line: inout [UInt8]) {
        var text = text
        let isDone = text.withUTF8 { bytes in
            // Nearly every text: nothing to escape, to take out or to cut.
            guard bytes.count <= limit, KnownSecrets.isEmpty, unsafe SecretRemoval.isPlain(bytes) else { return false }
            line.append(0x22)
            unsafe line.append(contentsOf: bytes)
            line.append(0x22)
            return true
        }
        if isDone { return }
        append(redacted: redact(text), originalCount: text.utf8.count, limit: limit, to: &line)
    }

    /// Appends the mark of a secret in the place of a value.
    static func appendRedacted(to line: inout [UInt8]) {
        line += Array("\"\(Redaction.mark)\"".utf8)
    }

    private static func redact(_ text: String) -> String {
        guard text.utf8.count > inputLimit else { return Redaction.redact(text) }
        return Redaction.redact(String(decoding: text.utf8.prefix(inputLimit), as: UTF8.self), wasCut: true)
    }

    private static func append(redacted: String, originalCount: Int, limit: Int, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        let start = line.count
        var taken = 0
        var cut = originalCount > inputLimit
        // Where the text would end if it had to make room for the mark.
        var fitting = (end: start, taken: 0)
        for scalar in redacted.unicodeScalars {
            append(scalar, to: &line)
            taken += UTF8.width(scalar)
            if line.count - start <= limit - 32 { fitting = (line.count, taken) }
            if line.count - start > limit {
                cut = true
                break
            }
        }
        if cut {
            line.removeLast(line.count - fitting.end)
            let whole = originalCount > inputLimit ? originalCount : redacted.utf8.count
            line += Array("…[\(whole - fitting.taken) bytes cut]".utf8)
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\"", "\\":
            line.append(UInt8(ascii: "\\"))
            line.append(UInt8(truncatingIfNeeded: scalar.value))
        case _ where scalar.isUnsafeToShow:
            for unit in UTF16.encode(scalar)! { appendEscape(unit, to: &line) }
        case _ where scalar.isASCII:
            line.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            line += UTF8.encode(scalar)!
        }
    }

    private static func appendEscape(_ unit: UInt16, to line: inout [UInt8]) {
        line += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
        Hex.append([UInt8(unit >> 8), UInt8(unit & 0xff)], to: &line)
    }
}

extension String {
    /// The text with unsafe characters written as `\u{…}`, for a terminal.
    public var terminalSafe: String {
        guard unicodeScalars.contains(where: \.isUnsafeToShow) else { return self }
        var safe = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isUnsafeToShow {
                safe.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                safe.append(scalar)
            }
        }
        return String(safe)
    }
}
