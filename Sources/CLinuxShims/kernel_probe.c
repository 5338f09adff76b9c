#include "kernel_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Our own copies, for headers that are older than the kernel. These numbers are the same on x86-64 and arm64.
enum {
    NR_PIDFD_GETFD = 438,
    NR_LANDLOCK_CREATE_RULESET = 444,
    LANDLOCK_VERSION = 1 << 0,
    FILTER_NEW_LISTENER = 1 << 3,
    FILTER_WAIT_KILLABLE = 1 << 5,
};
struct addfd {
    uint64_t id;
    uint32_t flags, srcfd, newfd, newfd_flags;
};
#define IOCTL_ADDFD _IOW('!', 3, struct addfd)

int probe_landlock_abi(void) {
    long abi = syscall(NR_LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION);
    return abi > 0 ? (int)abi : 0;
}

int probe_user_notification(void) {
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    struct seccomp_notif_sizes sizes = {0};
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0
        && syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0
        && sizes.seccomp_notif >= sizeof(struct seccomp_notif)
        && sizes.seccomp_notif_resp >= sizeof(struct seccomp_notif_resp);
}

int probe_wait_killable(void) {
    // Flags are checked before the program is read: EFAULT says that they are known. seccomp(2)
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, FILTER_NEW_LISTENER | FILTER_WAIT_KILLABLE, NULL);
    return result == -1 && errno == EFAULT;
}

int probe_pidfd_getfd(void) {
    return syscall(NR_PIDFD_GETFD, -1, 0, 0) == -1 && errno == EBADF;
}

int probe_ptrace(void) {
    // PTRACE_DETACH of nobody: ESRCH comes before every question of rights. ptrace(2)
    return syscall(SYS_ptrace, 17, 0, 0, 0) == -1 && errno == ESRCH;
}

/// Runs `attempt` in a child that answers through a pipe: a process that dies without an answer stopped at PROBE_FORK.
static struct probe_result in_child(void (*attempt)(int)) {
    struct probe_result result = {.step = PROBE_FORK, .error = 0};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return (struct probe_result){PROBE_FORK, errno};
    pid_t child = fork();
    if (child == -1) {
        result.error = errno;
    } else if (child == 0) {
        close(ends[0]);
        attempt(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    if (child > 0) {
        ssize_t got;
        do got = read(ends[0], &result, sizeof result);
        while (got == -1 && errno == EINTR);
        if (got != sizeof result) result = (struct probe_result){PROBE_FORK, EIO};
        while (waitpid(child, NULL, 0) == -1 && errno == EINTR) {}
    }
    close(ends[0]);
    return result;
}

/// The first answer is the one that counts; errno is 0 after success.
static _Noreturn void answer(int to, int step) {
    struct probe_result result = {.step = step, .error = step ? errno : 0};
    ssize_t ignored = write(to, &result, sizeof result);
    (void)ignored;
    _exit(0);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file == -1) return -1;
    ssize_t done = write(file, text, strlen(text));
    int saved = errno;
    close(file);
    errno = saved;
    return done == (ssize_t)strlen(text) ? 0 : -1;
}

static void try_namespaces(int to) {
    char uids[64], gids[64];
    snprintf(uids, sizeof uids, "%u %u 1\n", geteuid(), geteuid());
    snprintf(gids, sizeof gids, "%u %u 1\n", getegid(), getegid());
    int spaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (unshare(spaces)) answer(to, PROBE_UNSHARE);
    // Groups first: an ordinary user may map its group only after giving up setgroups. user_namespaces(7)
    if (write_file("/proc/self/setgroups", "deny")) answer(to, PROBE_ID_MAP);
    if (write_file("/proc/self/uid_map", uids) || write_file("/proc/self/gid_map", gids)) answer(to, PROBE_ID_MAP);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) answer(to, PROBE_PRIVATE_MOUNTS);
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, NULL)) answer(to, PROBE_TMPFS);
    // The new pid namespace holds our children, and only one of them may mount its /proc. pid_namespaces(7)
    pid_t init = fork();
    if (init == -1) answer(to, PROBE_FORK);
    if (init == 0) {
        if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) answer(to, PROBE_PROC);
        answer(to, PROBE_DONE);
    }
    while (waitpid(init, NULL, 0) == -1 && errno == EINTR) {}
}

struct probe_result probe_namespaces(void) { return in_child(try_namespaces); }

static void try_listener(int to) {
    // Only a call that nothing here makes is notified; the rest passes.
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) answer(to, PROBE_NO_NEW_PRIVS);
    long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, FILTER_NEW_LISTENER, &filter);
    if (listener == -1) answer(to, PROBE_INSTALL);
    // No call is waiting: ENOENT says that the request is known. seccomp_unotify(2)
    struct addfd request = {.id = 1, .srcfd = (uint32_t)to};
    if (ioctl((int)listener, IOCTL_ADDFD, &request) == -1 && errno != ENOENT) answer(to, PROBE_ADDFD);
    answer(to, PROBE_DONE);
}

struct probe_result probe_listener(void) { return in_child(try_listener); }
