import Glibc
import LinuxSystem
import SystemPackage

/// A passphrase from the terminal, and from nowhere else: no argument, no variable, no pipe.
enum PassphrasePrompt {
    /// - Throws: ``Refusal`` when there is no terminal, or the person gave up.
    static func read(_ question: String) throws(Refusal) -> [UInt8] {
        let terminal: SharedDescriptor
        do { terminal = SharedDescriptor(try OwnedDescriptor.open("/dev/tty", O_RDWR | O_NOCTTY)) } catch {
            throw Refusal(
                .consent, "a passphrase is typed at a terminal, and there is none",
                next: "run it in a terminal of your own")
        }
        let number = terminal.rawValue
        var saved = termios()
        guard unsafe tcgetattr(number, &saved) == 0 else {
            throw Refusal(
                .consent, "a passphrase is typed at a terminal, and there is none",
                next: "run it in a terminal of your own")
        }
        var silent = saved
        // Neither echo nor signals: a key that ended the program would leave the terminal mute.
        silent.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL | ISIG | ICANON)
        // What was typed before the question is no answer to it.
        guard unsafe tcsetattr(number, TCSAFLUSH, &silent) == 0 else {
            throw Refusal(.consent, "the terminal cannot be kept from showing the passphrase", next: nil)
        }
        defer { unsafe tcsetattr(number, TCSAFLUSH, &saved) }
        try? terminal.writeAll(Array(question.utf8))
        defer { try? terminal.writeAll([0x0a]) }
        var typed: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            // One byte into our own variable.
            guard unsafe Glibc.read(number, &byte, 1) == 1 else { break }
            switch byte {
            case 0x0a, 0x0d: return typed
            case 0x03, 0x04, 0x1c: throw Refusal(.consent, "no passphrase was given", next: nil)
            case 0x7f, 0x08:
                // A whole character.
                while let last = typed.popLast(), last & 0xc0 == 0x80 {}
            case 0x15: typed = []
            default: if typed.count < 1_024 { typed.append(byte) }
            }
        }
        throw Refusal(.consent, "no passphrase was given", next: nil)
    }
}
