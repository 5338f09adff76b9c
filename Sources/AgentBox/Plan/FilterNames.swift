// The calls that every box may make, and those that none may, by what they are for.
extension FilterTable {
    /// Allowed in every box: what they reach is held by Landlock, namespaces, capabilities or the descriptors themselves.
    static let harmless = [files, processCalls, memoryCalls, signals, time, waiting, identity, socketsInUse]

    private static let files = [
        "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "close",
        "dup", "dup2", "dup3", "fcntl", "flock", "lseek", "open", "openat", "openat2", "creat", "stat", "fstat",
        "lstat",
        "newfstatat", "fstatat64", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2", "readlink",
        "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir", "pipe", "pipe2", "sendfile", "splice",
        "tee",
        "vmsplice", "copy_file_range", "fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "fadvise64",
        "readahead", "fallocate", "ftruncate", "truncate", "umask", "mkdir", "mkdirat", "mknod", "mknodat", "symlink",
        "symlinkat", "link", "linkat", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
        "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "cachestat",
    ]
    private static let processCalls =
        [
            "fork", "vfork", "exit", "exit_group", "wait4", "waitid", "getpid", "getppid", "gettid", "getpgid",
            "setpgid",
            "getpgrp", "getsid", "setsid", "set_tid_address", "sched_yield", "sched_getaffinity", "sched_getparam",
            "sched_getscheduler", "sched_getattr", "sched_get_priority_max", "sched_get_priority_min",
            "sched_rr_get_interval", "getpriority", "setpriority", "ioprio_get", "ioprio_set", "getrlimit", "setrlimit",
            "prlimit64", "getrusage", "times", "sysinfo", "uname", "getrandom", "pidfd_open", "getcpu", "arch_prctl",
            "rseq",
            "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr", "restart_syscall",
            "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
        ] + interProcess
    /// System V and POSIX message queues: one table for the whole machine, so only in an ipc namespace of the box's own.
    static let interProcess = [
        "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semctl", "semtimedop", "msgget", "msgsnd", "msgrcv",
        "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr",
    ]
    private static let memoryCalls = [
        "brk", "mmap", "munmap", "mremap", "mprotect", "msync", "madvise", "mincore", "mlock", "mlock2", "munlock",
        "mlockall", "munlockall", "mbind", "set_mempolicy", "get_mempolicy", "pkey_alloc", "pkey_free", "pkey_mprotect",
        "membarrier", "remap_file_pages", "map_shadow_stack", "mseal",
    ]
    private static let signals = [
        "rt_sigaction", "rt_sigprocmask", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigreturn",
        "sigaltstack", "pause", "signalfd", "signalfd4", "alarm", "getitimer", "setitimer",
    ]
    private static let time = [
        "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "timer_create",
        "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete", "timerfd_create", "timerfd_settime",
        "timerfd_gettime",
    ]
    private static let waiting = [
        "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
        "epoll_pwait",
        "epoll_pwait2", "eventfd", "eventfd2", "futex", "futex_waitv", "futex_wake", "futex_wait", "futex_requeue",
        "set_robust_list", "get_robust_list",
    ]
    private static let identity = [
        "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "setuid", "setgid", "setreuid",
        "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capget", "capset",
    ]
    private static let socketsInUse = [
        "accept", "accept4", "shutdown", "getsockname", "getpeername", "getsockopt", "recvfrom", "recvmsg", "recvmmsg",
    ]

    /// Refused with EPERM in every box, and recorded: no server needs them, and each is a step of a known way out.
    static let dangerous = [
        "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise", "process_mrelease",
        "mount", "umount2", "move_mount", "open_tree", "open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick",
        "mount_setattr", "pivot_root", "chroot", "unshare", "setns", "bpf", "perf_event_open", "userfaultfd",
        "fanotify_init", "fanotify_mark", "name_to_handle_at", "open_by_handle_at", "io_uring_setup", "io_uring_enter",
        "io_uring_register", "keyctl", "add_key", "request_key", "kexec_load", "kexec_file_load", "init_module",
        "finit_module", "delete_module", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog",
        "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "vhangup", "iopl",
        "ioperm", "modify_ldt", "lookup_dcookie", "nfsservctl", "uselib", "move_pages", "migrate_pages",
    ]
}
