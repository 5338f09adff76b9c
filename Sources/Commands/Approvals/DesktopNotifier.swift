import Glibc
import Synchronization

/// Tells the desktop that somebody waits, with notify-send where there is one. Best effort: nothing depends on it, no shell is involved,
/// and what is shown cannot be read as markup or as an option.
final class DesktopNotifier: Sendable {
    private let program: String
    private let children = Mutex<[pid_t]>([])
    /// More at a time are left out: a flood of questions must not become a flood of processes.
    private static let most = 4

    init(program: String) { self.program = program }

    /// Where the distributions put it; never looked up in PATH.
    static let installed: DesktopNotifier? = {
        let path = "/usr/bin/notify-send"
        return unsafe access(path, X_OK) == 0 ? DesktopNotifier(program: path) : nil
    }()

    func tell(_ text: (title: String, body: String)) {
        reap()
        guard children.withLock({ $0.count }) < Self.most else { return }
        let words = [
            program, "--app-name=agentbound", "--urgency=normal", "--expire-time=30000", "--", Self.plain(text.title),
            Self.plain(text.body),
        ]
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for number in 0..<CInt(3) { unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0) }
        // The copies live until the program has been started; the list ends with nil.
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var child = pid_t()
        guard unsafe posix_spawn(&child, program, &actions, nil, arguments, environ) == 0 else { return }
        children.withLock { $0.append(child) }
    }

    /// Takes the ended ones' statuses, without waiting.
    /// - Returns: How many still run.
    @discardableResult
    func reap() -> Int {
        children.withLock { children in
            children.removeAll { child in
                var status: CInt = 0
                // The status is our own variable.
                return unsafe waitpid(child, &status, WNOHANG) != 0
            }
            return children.count
        }
    }

    /// Notification daemons read a little HTML.
    static func plain(_ text: String) -> String {
        var plain = ""
        for character in text.unicodeScalars {
            switch character {
            case "<": plain += "&lt;"
            case ">": plain += "&gt;"
            case "&": plain += "&amp;"
            case "\0": plain += " "
            default: plain.unicodeScalars.append(character)
            }
        }
        return plain
    }
}
