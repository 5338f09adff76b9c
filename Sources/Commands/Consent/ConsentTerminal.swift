import AuditTrail
import Glibc
import LinuxSystem

/// The person at the terminal. There is one only when both standard input and standard error are terminals: whoever
/// answers must have been able to read the question.
enum ConsentTerminal {
    static var isThere: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// Shows `text` and asks for yes or no until one of them comes. Everything but a clear yes is a no.
    /// - Note: Blocks until a line was typed. Reads no further than that line: what follows belongs to the server.
    static func agrees(to text: String, question: String) -> Bool {
        write(text)
        // What was typed before the question could be read is no answer to it.
        tcflush(0, TCIFLUSH)
        for _ in 0..<3 {
            write("\(question) [y/N] ")
            guard let line = readLine() else {
                write("\n")
                return false
            }
            switch line.lowercased() {
            case "y", "yes": return true
            case "", "n", "no": return false
            default: write("type `yes` or `no`\n")
            }
        }
        return false
    }

    /// A terminal hands out one line a call. termios(3), canonical mode
    private static func readLine() -> String? {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        // read writes at most what the array holds.
        let count = unsafe read(0, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].filter { $0 > 0x20 }, as: UTF8.self)
    }

    private static func write(_ text: String) {
        try? OwnedDescriptor.copy(of: 2).writeAll(Array(text.utf8))
    }
}
