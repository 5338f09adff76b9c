#ifndef AGENTBOUND_KERNEL_PROBE_H
#define AGENTBOUND_KERNEL_PROBE_H

/// The kernel's Landlock ABI, 0 when it has none or it is switched off. landlock_create_ruleset(2)
int probe_landlock_abi(void);

/// 1 when filters can notify a supervisor, and the kernel's structures have at least the size that we know.
int probe_user_notification(void);

/// 1 when a paused caller can be made to wait unkillably by ordinary signals (Linux 5.19).
int probe_wait_killable(void);

/// 1 when pidfd_getfd(2) reaches the kernel: container profiles refuse it with EPERM or ENOSYS.
int probe_pidfd_getfd(void);

/// 1 when ptrace(2) reaches the kernel: container profiles may refuse it. What Yama says is a question of its own.
int probe_ptrace(void);

/// Where a real attempt stopped, and with which errno. `step` 0: nothing stopped it.
struct probe_result {
    int step;
    int error;
};

/// The steps of probe_namespaces, in the order in which they are tried.
enum probe_namespace_step {
    PROBE_DONE = 0,
    PROBE_FORK = 1,
    PROBE_UNSHARE = 2,
    PROBE_ID_MAP = 3,
    PROBE_PRIVATE_MOUNTS = 4,
    PROBE_TMPFS = 5,
    PROBE_PROC = 6,
};

/// Makes the namespaces that a box uses in a child process, and mounts a tmpfs and a /proc there. Takes milliseconds.
struct probe_result probe_namespaces(void);

/// The steps of probe_listener.
enum probe_listener_step {
    PROBE_NO_NEW_PRIVS = 2,
    PROBE_INSTALL = 3,
    PROBE_ADDFD = 4,
};

/// Installs a filter with a listener in a child process. EBUSY at PROBE_INSTALL: we run under a listener already.
struct probe_result probe_listener(void);

#endif
