import Glibc

extension AttackTable {
    static let exec: [AttackCase] =
        [
            ("C1", "Run a readable program with no exec right", Grants.writing, ["exec", "{tools}/unlisted"]),
            ("C1", "Run a readable program that is not listed", .listed, ["exec", "{tools}/unlisted"]),
            ("C1", "Run a system program that is not listed", .listed, ["exec_command", "/usr/bin/env", "true"]),
            ("C2", "Run a copy made in a writable folder", .writing, ["exec_copy", "{tools}/listed", "{work}/copy"]),
            ("C2", "The same with the original listed", .listed, ["exec_copy", "{tools}/listed", "{work}/copy"]),
            ("C3", "Run a script in a writable folder", .listed, ["exec_script", "{work}/script", "{tools}/listed"]),
            ("C3", "Run a script's script", .listed, ["exec_script_chain", "{work}/script", "{tools}/listed"]),
            ("C4", "Run the loader with a readable program", .writing, ["exec_by_loader", "{tools}/unlisted"]),
            ("C5", "Run a memory file with no exec right", .writing, ["exec_descriptor", "{tools}/unlisted"]),
            (
                "C10", "Run by a symlink named otherwise", .listed,
                ["exec_symlink", "{tools}/unlisted", "{work}/listed"]
            ),
            ("C10", "Run with a listed name in argv", .listed, ["exec_named", "{tools}/unlisted", "{tools}/listed"]),
            (
                "C7", "A path that changes while it is judged", .listed,
                ["race_exec", "{tools}/listed", "{tools}/unlisted"]
            ),
        ].map { AttackCase($0, $1, $2, $3, inside: EACCES) }
        + [
            // Landlock lets the loader start where it is some program's interpreter; the tracer then ends it.
            AttackCase(
                "C4", "Run the loader with a readable program, one program listed", .listed,
                ["exec_by_loader", "{tools}/unlisted"], inside: EINTR),
            // Every memory file must be sealed against running, where programs are listed.
            AttackCase("C5", "A memory file that may be run", .listed, ["memory_file", "exec"], inside: EPERM),
            AttackCase("C5", "Run a memory file", .listed, ["exec_memory", "{tools}/unlisted"], inside: EPERM),
            AttackCase(
                "C5", "Run a memory file by its alias", .listed, ["exec_memory_alias", "{tools}/unlisted"],
                inside: EPERM),
            AttackCase(
                "C5", "execveat with an empty path", .listed, ["exec_descriptor", "{tools}/unlisted"],
                inside: EACCES),
            AttackCase(
                "C5", "A memory file sealed against running is allowed", .writing, ["memory_file", "sealed"],
                inside: 0),
            AttackCase("C18", "A child no tracer follows", .listed, ["clone", "0x00800000"], inside: EPERM),
            AttackCase("F3", "clone3 hides its flags", .writing, ["clone3", "0x10000000"], inside: ENOSYS),
            AttackCase("F3", "clone3 without any flag", .writing, ["clone3", "0"], inside: ENOSYS),
            AttackCase("F5", "clone with a user namespace", .writing, ["clone", "0x10000000"], inside: EPERM),
            AttackCase("H8", "Run a listed program is allowed", .listed, ["exec", "{tools}/listed"], inside: 0),
            AttackCase(
                "H8", "Run it by a symlink is allowed", .listed,
                ["exec_symlink", "{tools}/listed", "{work}/link"], inside: 0),
            // What a listed program starts is judged again: by itself, and by what people put on lists.
            AttackCase(
                "C8", "A listed program runs one that is not", .listed,
                ["exec_command", "{tools}/listed", "exec", "{tools}/unlisted"], inside: EACCES),
            AttackCase(
                "C8", "env runs one that is not listed", .listed.with(["--allow-command", "/usr/bin/env"]),
                ["exec_command", "/usr/bin/env", "{tools}/unlisted", "succeed"], inside: 126),
            AttackCase(
                "C3", "The interpreter of a listed script by itself is allowed",
                .listed.with(["--allow-command", "{tools}/script"]), ["exec", "{tools}/unlisted"], inside: 0),
            // Whoever writes may load: docs/threat-model.md.
            AttackCase(
                "C6", "Map code of its own from a writable folder is allowed", .listed,
                ["map_executable", "{work}/library"], inside: 0),
            AttackCase(
                "C14", "Fifty execs with a megabyte of arguments", .listed, ["exec_storm", "{tools}/unlisted"],
                inside: EACCES),
            AttackCase(
                "C14", "The same with no exec right", .writing, ["exec_storm", "{tools}/unlisted"], inside: EACCES),
            // Where a handler is registered for such files it would be started; here nobody looks at what is in it.
            AttackCase(
                "C15", "Run a file that is no program", .listed, ["exec_data", "{work}/data"],
                outside: .answers(ENOEXEC), inside: EACCES),
            AttackCase("C17", "vfork workers are allowed", .writing, ["fork"], inside: 0),
        ]

    /// A job that somebody else runs: through their folders, without leaving anything there outside.
    private static let errands: [AttackCase] = [
        "/etc/cron.d", "/var/spool/cron", "/etc/profile.d", "/etc/systemd/system",
    ]
    .map { folder in
        AttackCase(
            "C16", "A file in \(folder)", .writing, ["create_unnamed", folder], namespaces: ENOENT, plain: EACCES,
            needs: [.root, .kernelFeature])
    }

    static let inherited: [AttackCase] =
        errands + [
            AttackCase("A27", "Gain privilege by a set-id program", .writing, ["privilege_gain"], inside: EPERM),
            AttackCase(
                "D1", "Read a variable that is not granted", .writing, ["read_variable", "SECRET_TOKEN"],
                inside: ENOENT),
            AttackCase(
                "D2", "Read the launcher's environment", .writing, ["proc_read", "parent", "environ"],
                inside: EACCES),
            AttackCase("D2", "Open the launcher's memory", .writing, ["proc_read", "parent", "mem"], inside: EACCES),
            AttackCase(
                "D2", "Read the launcher's mappings", .writing, ["proc_read", "parent", "maps"], inside: EACCES),
            // In a pid namespace 1 is the box's own init, which holds nothing of the launcher's and cannot be read.
            AttackCase(
                "J8", "Read init's environment", .writing, ["proc_read", "1", "environ"], outside: .unrelated,
                inside: EACCES),
            AttackCase(
                "J8", "Open init's memory", .writing, ["proc_read", "1", "mem"], outside: .unrelated,
                inside: EACCES),
            AttackCase(
                "J8", "Read init's mappings", .writing, ["proc_read", "1", "maps"], outside: .unrelated,
                inside: EACCES),
            AttackCase(
                "D3", "Find a dropped variable where exec puts them", .writing, ["search_stack", "SECRET_TOKEN"],
                inside: ENOENT),
            AttackCase(
                "D7", "Use a descriptor that the client left open", .writing, ["open_descriptors"], inside: EBADF),
            AttackCase("D14", "Leave a core dump", .writing, ["core_dump"], outside: .differs, inside: EPERM),
            AttackCase("D16", "Keep a supplementary group", .writing, ["hold_group"], outside: .same, inside: EPERM),
            AttackCase(
                "D17", "Keep a capability in the bounding set", .writing, ["hold_capability"], inside: EPERM,
                needs: [.root]),  // an ordinary user has none to drop, and may not empty the set
            AttackCase(
                "D11", "More processes than the limit", .writing.with(["--limit", "processes=32"]),
                ["many_processes", "300"], inside: EAGAIN, needs: [.ordinaryUser]),  // RLIMIT_NPROC does not bind root
            AttackCase(
                "D11", "More threads than the limit", .writing.with(["--limit", "processes=32"]),
                ["many_threads", "300"], inside: EAGAIN, needs: [.ordinaryUser]),
            AttackCase(
                "D13", "More descriptors than the limit", .writing.with(["--limit", "files=64"]),
                ["many_descriptors", "200"], inside: EMFILE),
            AttackCase(
                "D12", "More memory than the limit", .writing.with(["--limit", "memory=256M"]),
                ["much_memory", "1073741824"], inside: ENOMEM),
        ]

    /// Outside processes are no process at all in a pid namespace; without one Landlock refuses the signal.
    private static func signal(_ title: String, _ act: String) -> AttackCase {
        AttackCase("E8", title, .writing, [act, "{peer}"], namespaces: ESRCH, plain: EPERM)
    }
    /// A pid namespace knows no such process; without one the filter lets only oneself be meant.
    private static func setting(_ title: String, _ act: String) -> AttackCase {
        AttackCase("E17", "\(title) of an outside process", .writing, [act, "{peer}"], namespaces: ESRCH, plain: EPERM)
    }
    /// Refused by the filter before anybody looks for the process.
    private static func dangerous(_ id: String, _ title: String, _ act: String...) -> AttackCase {
        AttackCase(id, title, .writing, act, inside: EPERM)
    }
    private static func procFile(_ file: String) -> AttackCase {
        AttackCase(
            "E10", "Read an outside process's \(file)", .writing, ["proc_read", "{peer}", file],
            namespaces: ENOENT, plain: EACCES)
    }

    static let processes: [AttackCase] = [
        signal("kill", "kill"), signal("tkill", "tkill"), signal("tgkill", "tgkill"), signal("sigqueue", "sigqueue"),
        signal("tgsigqueue", "tgsigqueue"), signal("pidfd_send_signal", "pidfd_send_signal"),
        signal("A whole process group", "kill_group"),
        AttackCase(
            "E9", "Signal by the owner of a pipe; allowed to be set, never delivered", .writing,
            ["signal_by_owner", "{peer}"], namespaces: ESRCH, plain: 0),
        dangerous("E10", "Attach to an outside process", "ptrace_attach", "{peer}"),
        dangerous("E10", "Seize an outside process", "ptrace_seize", "{peer}"),
        dangerous("E10", "Seize the launcher", "ptrace_seize", "parent"),
        // The first process in a pid namespace is the box's own init, which holds nothing.
        dangerous("F18", "Take a descriptor of the launcher", "pidfd_getfd", "parent"),
        AttackCase(
            "F18", "See what the launcher has open", .writing, ["proc_readlink", "parent", "fd/0"], inside: EACCES),
        AttackCase(
            "K9", "Take an outside process's namespaces by its pidfd", .writing, ["pidfd_namespace", "{peer}"],
            namespaces: ESRCH, plain: EACCES, needs: [.kernelFeature]),
        AttackCase("K10", "Write its own memory through /proc", .writing, ["own_memory_file"], inside: EACCES),
        AttackCase(
            "K10", "Tell the kernel to end others before it", .writing, ["open_write", "/proc/self/oom_score_adj"],
            inside: EACCES),
        dangerous("E10", "Be traced", "ptrace_traceme"),
        dangerous("E10", "Read an outside process's memory", "read_memory", "{peer}", "{peer-address}"),
        dangerous("E10", "Write an outside process's memory", "write_memory", "{peer}", "{peer-address}"),
        dangerous("E10", "Compare with an outside process", "kcmp", "{peer}"),
        dangerous("E10", "Move an outside process's pages", "move_pages", "{peer}"),
        AttackCase(
            "E10", "Take an outside process's descriptor", .writing, ["pidfd_getfd", "{peer}"],
            namespaces: ESRCH, plain: EPERM),
        AttackCase(
            "E10", "Advise on an outside process's memory", .writing,
            ["process_madvise", "{peer}", "{peer-address}"], namespaces: ESRCH, plain: EPERM, needs: [.root]),
        procFile("environ"), procFile("mem"), procFile("maps"), procFile("auxv"),
        AttackCase(
            "E10", "See what an outside process has open", .writing, ["proc_readlink", "{peer}", "fd/0"],
            namespaces: ENOENT, plain: EACCES),
        AttackCase(
            "E18", "Read an outside process's command line; visible in plain mode", .writing,
            ["proc_read", "{peer}", "cmdline"], namespaces: ENOENT, plain: 0),
        setting("Priority", "setpriority"),
        setting("Scheduler", "sched_setscheduler"),
        setting("Processors", "sched_setaffinity"),
        setting("Input and output priority", "ioprio_set"),
        setting("Limits", "prlimit"),
        // In a pid namespace the user has the box's processes only. Root's include the kernel's own: nobody tries that.
        AttackCase(
            "K17", "Priority of all processes of the user", .writing, ["setpriority_user"], namespaces: 0, plain: EPERM,
            needs: [.ordinaryUser]),
        // Each namespace has a table of its own; a message queue's file system is no granted place.
        AttackCase("E12", "System V shared memory", .writing, ["shmget"], namespaces: 0, plain: EPERM),
        AttackCase("E12", "System V semaphores", .writing, ["semget"], namespaces: 0, plain: EPERM),
        AttackCase("E12", "System V messages", .writing, ["msgget"], namespaces: 0, plain: EPERM),
        AttackCase("E12", "POSIX message queue", .writing, ["mq_open"], namespaces: EACCES, plain: EPERM),
    ]

    /// Answered before the kernel gets to see it, so the control only has to get another answer.
    private static func call(_ id: String, _ name: String, _ needs: Need...) -> AttackCase {
        AttackCase(
            id, "The call \(name)", .writing, ["call", name], outside: .differs, inside: EPERM,
            needs: Set(needs))
    }

    static let kernel: [AttackCase] = [
        call("E13", "keyctl", .kernelFeature), call("E13", "add_key", .kernelFeature),
        call("E13", "request_key", .kernelFeature),
        AttackCase(
            "E14", "Push input into a terminal", .writing, ["terminal_request", "0x5412"],
            outside: .answers(ENOTTY), inside: EPERM),
        AttackCase(
            "E14", "The same with high bits set", .writing, ["terminal_request", "0x100005412"],
            outside: .answers(ENOTTY), inside: EPERM),
        AttackCase(
            "E14", "Console selection", .writing, ["terminal_request", "0x541C"],
            outside: .answers(ENOTTY), inside: EPERM),
        AttackCase(
            "E14", "Line discipline", .writing, ["terminal_request", "0x5423"],
            outside: .answers(ENOTTY), inside: EPERM),
        call("E19", "fanotify_init", .kernelFeature),
        call("E20", "userfaultfd", .kernelFeature),
        AttackCase(
            "F1", "32-bit entry: getpid", .writing, ["enter_32bit_getpid"], inside: killedByFilter,
            needs: [.x86]),
        AttackCase(
            "F1", "32-bit entry: socketcall", .network, ["enter_32bit_socketcall"], inside: killedByFilter,
            needs: [.x86]),
        AttackCase(
            "B9", "32-bit entry: socket", .network, ["enter_32bit_socket"], inside: killedByFilter,
            needs: [.x86]),
        AttackCase(
            "B10", "x32 entry", .network, ["enter_x32_getpid"], outside: .differs, inside: killedByFilter,
            needs: [.x86]),
        AttackCase(
            "B8", "io_uring", .network, ["call", "io_uring_setup"], outside: .differs, inside: EPERM,
            needs: [.kernelFeature]),
        AttackCase("F4", "A call nobody has heard of", .writing, ["call", "unknown"], outside: .same, inside: ENOSYS),
        AttackCase(
            "F4", "statmount, newer than the list", .writing, ["call", "statmount"], outside: .differs,
            inside: ENOSYS, needs: [.kernelFeature]),
        AttackCase(
            "F4", "file_getattr, newer than the list", .writing, ["call", "file_getattr"], outside: .differs,
            inside: ENOSYS, needs: [.kernelFeature]),
        AttackCase(
            "F4", "lsm_list_modules, newer than the list", .writing, ["call", "lsm_list_modules"],
            outside: .differs, inside: ENOSYS, needs: [.kernelFeature]),
        AttackCase("F5", "A user namespace", .writing, ["unshare", "0x10000000"], inside: EPERM),
        AttackCase("F5", "A mount namespace", .writing, ["unshare", "0x00020000"], inside: EPERM, needs: [.root]),
        AttackCase("F5", "A network namespace", .writing, ["unshare", "0x40000000"], inside: EPERM, needs: [.root]),
        AttackCase("F6", "Addresses without chance", .writing, ["personality", "0x0040000"], inside: EPERM),
        AttackCase("F6", "Reading implies executing", .writing, ["personality", "0x0400000"], inside: EPERM),
        AttackCase("F6", "Asking for the personality is allowed", .writing, ["personality", "0xffffffff"], inside: 0),
        call("F6", "modify_ldt", .x86, .kernelFeature),
        call("F7", "bpf", .kernelFeature), call("F7", "perf_event_open", .kernelFeature),
        call("F7", "kexec_load", .root, .kernelFeature), call("F7", "init_module", .root, .kernelFeature),
        call("F7", "finit_module", .root, .kernelFeature), call("F7", "delete_module", .root, .kernelFeature),
        call("F7", "swapon", .root, .kernelFeature), call("F7", "swapoff", .root, .kernelFeature),
        call("F7", "acct", .root, .kernelFeature), call("F7", "quotactl", .kernelFeature),
        call("F7", "syslog", .root), call("F7", "reboot", .root), call("F7", "settimeofday", .root),
        call("F7", "clock_settime", .root), call("F7", "sethostname", .root), call("F7", "setdomainname", .root),
        call("F7", "iopl", .x86, .kernelFeature), call("F7", "ioperm", .x86, .kernelFeature),
        AttackCase("F17", "A thread under no filter", .writing, ["free_thread"], inside: EPERM),
        AttackCase(
            "F20", "A sandbox of its own: the namespaces of one", .listed, ["clone", "0x20000"], inside: EPERM,
            needs: [.root]),
        AttackCase(
            "F23", "Change what guards against speculation", .writing, ["speculation"], outside: .differs, inside: EPERM
        ),
        AttackCase("F24", "The clock without a system call is allowed", .writing, ["clock"], inside: 0),
        AttackCase(
            "F25", "A signal frame that makes a call", .writing, ["forged_frame", "0x10000000"], inside: EPERM,
            needs: [.x86]),
        AttackCase("F9", "An own listener for notifications", .writing, ["own_listener"], inside: EPERM),
        AttackCase("F8", "An own filter, which can only take away, is allowed", .writing, ["own_filter"], inside: 0),
    ]

    static let ordinary: [AttackCase] =
        [
            ("Threads", ["threads"]),
            ("Saving over an old file", ["save", "{work}/old.txt"]),
            ("Appending to an old file", ["append", "{work}/old.txt"]),
            ("Shortening an old file", ["shorten", "{work}/old.txt"]),
            ("Making and removing an own file", ["create_and_remove", "{work}/own"]),
            ("Making and removing an own folder", ["make_and_remove_folder", "{work}/own"]),
            ("Storing an object as git does", ["link_and_unlink", "{work}/object"]),
            ("Locking a granted file", ["flock", "{work}/old.txt"]),
            ("Locking a record of it", ["record_lock", "{work}/old.txt"]),
            ("Watching a granted folder", ["watch", "{read}"]),
            ("Event loop", ["wait_for_events"]), ("Memory and chance", ["memory"]), ("Timers", ["timers"]),
            ("Names, priorities and limits of its own", ["scheduling"]), ("Listing interfaces", ["interfaces"]),
            ("Its own folder in /proc, and its child's", ["own_proc"]),
            ("Reading a granted file", ["open_read", "{read}/a.txt"]),
            ("Listing a granted folder", ["list_folder", "{read}"]),
            ("The null device", ["open_write", "/dev/null"]), ("Chance from a device", ["open_read", "/dev/urandom"]),
        ].map { AttackCase("H8", $0, .writing, $1, inside: 0) } + [
            AttackCase("E7", "Pipes, socket pairs, event descriptors are allowed", .writing, ["pipes"], inside: 0),
            AttackCase(
                "F15", "Saving while signals arrive is allowed", .writing, ["interrupted_saves", "{work}/old.txt"],
                inside: 0),
            AttackCase(
                "F15", "Renaming while signals arrive that restart nothing is allowed", .writing,
                ["interrupted_renames", "{work}/moving"], inside: 0),
        ]
}
