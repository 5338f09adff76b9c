internal import CLinuxShims
internal import Glibc
internal import SystemPackage

/// Plain threads, for loops that block in the kernel.
public enum SystemThread {
    /// Has all threads use one heap, and what is large go back to the system; before the first one starts. mallopt(3)
    public static func setUpHeap() { ab_set_up_heap() }

    /// Starts a detached thread.
    /// - Parameter elsewhere: Starts on another processor than the caller's, where there is one. The scheduler often leaves
    ///   a new thread behind its starter until that one waits, which for work that is to be done meanwhile is too late.
    /// - Throws: ``SyscallError`` of pthread_create(3): the user may have as many processes and threads as he may have, and
    ///   a server with the same user may be what uses them up.
    public static func start(
        _ name: String, elsewhere: Bool = false, _ body: @escaping @Sendable () -> Void
    ) throws(SyscallError) {
        let box = unsafe Unmanaged.passRetained(Body(name: name, isElsewhere: elsewhere, run: body))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        // The attributes live until pthread_create has read them, the box until the thread has taken it over.
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, 256 << 10)
        if elsewhere { unsafe ab_start_elsewhere(&attributes) }
        defer { unsafe pthread_attr_destroy(&attributes) }
        let result = unsafe pthread_create(
            &thread, &attributes,
            { raw in
                let body = unsafe Unmanaged<Body>.fromOpaque(raw!).takeRetainedValue()
                if body.isElsewhere { ab_run_anywhere() }
                _ = unsafe ab_set_thread_name(body.name)
                body.run()
                return nil
            }, box.toOpaque())
        if result == 0 { return }
        unsafe box.release()
        // The processors may have changed meanwhile.
        if elsewhere { return try start(name, body) }
        throw SyscallError(call: "pthread_create", errno: Errno(rawValue: result))
    }

    private final class Body {
        let name: String
        let isElsewhere: Bool
        let run: @Sendable () -> Void
        init(name: String, isElsewhere: Bool, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.isElsewhere = isElsewhere
            self.run = run
        }
    }

    /// The calling thread's number.
    public static var current: CInt { ab_gettid() }

    /// Lets ``callOff(_:)`` interrupt system calls of this process's threads.
    public static func prepareCallOff() {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in }  // no SA_RESTART: the call ends with EINTR
        unsafe sigaction(SIGURG, &action, nil)
    }

    /// Lets the calling thread be called off, whatever signals its starter had blocked.
    public static func acceptCallOff() {
        var urgent = sigset_t()
        // Both only read and write the local set.
        unsafe sigemptyset(&urgent)
        unsafe sigaddset(&urgent, SIGURG)
        unsafe pthread_sigmask(SIG_UNBLOCK, &urgent, nil)
    }

    /// Ends the system call that a thread of this process waits in. SIGURG is ignored by default and rarely used.
    public static func callOff(_ thread: CInt) { _ = ab_tgkill(getpid(), thread, SIGURG) }
}

/// Who the supervisor's threads act as.
public enum CallerIdentity {
    /// The calling thread gives up every capability and takes the server's ids, and gets a umask of its own where the
    /// machine lets it: containers refuse unshare(2). Then a umask that is set for a caller is the process's for that call.
    /// - Returns: `false` when that failed: then the thread must not act for anybody.
    public static func assume(_ user: UserIdentity?) -> Bool {
        let stay = UInt32.max  // (uid_t)-1
        _ = ab_thread_unshare_fs()
        return ab_thread_become(user?.uid ?? stay, user?.gid ?? stay) == 0
    }
}
