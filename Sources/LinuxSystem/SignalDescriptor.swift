internal import CLinuxShims
internal import Glibc

/// Signals as something to read. signalfd(2)
public enum SignalDescriptor {
    /// Keeps the signals from the calling thread and those it starts from now on: they are read instead.
    public static func block(_ signals: [CInt]) {
        var set = set(of: signals)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Keeps every signal from the calling thread.
    public static func blockAll() {
        var set = sigset_t()
        unsafe sigfillset(&set)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    public static func make(_ signals: [CInt]) throws(SyscallError) -> SharedDescriptor {
        var set = set(of: signals)
        return SharedDescriptor(rawValue: try syscall("signalfd") { unsafe ab_signalfd(&set) })
    }

    /// The next pending signal's number.
    public static func next(_ descriptor: SharedDescriptor) -> CInt? {
        var record = [UInt8](repeating: 0, count: 128)  // struct signalfd_siginfo
        // read writes at most 128 bytes.
        guard unsafe read(descriptor.rawValue, &record, record.count) == 128 else { return nil }
        return CInt(bitPattern: record[0..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Signals a process by its pidfd. It may have ended.
    public static func send(_ signal: CInt, to process: SharedDescriptor) {
        _ = ab_pidfd_send_signal(process.rawValue, signal)
    }

    private static func set(of signals: [CInt]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        return set
    }
}
