// Kernel constants and structs that Debian 12's headers lack, and typed wrappers for calls that Swift cannot reach:
// variadic ones (prctl, ptrace, ioctl, syscall) and those the C library does not wrap. Each returns what the call
// returns, -1 with errno set on failure.
#ifndef AGENTBOUND_LINUX_SHIMS_H
#define AGENTBOUND_LINUX_SHIMS_H
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel_probe.h"

// --- Landlock: linux/landlock.h, ABI 1 to 7 (kernel documentation, userspace-api/landlock.rst) ---
enum {
    AB_LL_EXECUTE = 1 << 0, AB_LL_WRITE_FILE = 1 << 1, AB_LL_READ_FILE = 1 << 2, AB_LL_READ_DIR = 1 << 3,
    AB_LL_REMOVE_DIR = 1 << 4, AB_LL_REMOVE_FILE = 1 << 5, AB_LL_MAKE_CHAR = 1 << 6, AB_LL_MAKE_DIR = 1 << 7,
    AB_LL_MAKE_REG = 1 << 8, AB_LL_MAKE_SOCK = 1 << 9, AB_LL_MAKE_FIFO = 1 << 10, AB_LL_MAKE_BLOCK = 1 << 11,
    AB_LL_MAKE_SYM = 1 << 12, AB_LL_REFER = 1 << 13, AB_LL_TRUNCATE = 1 << 14, AB_LL_IOCTL_DEV = 1 << 15,
};
enum { AB_LL_NET_BIND_TCP = 1 << 0, AB_LL_NET_CONNECT_TCP = 1 << 1 };
enum { AB_LL_SCOPE_ABSTRACT_UNIX = 1 << 0, AB_LL_SCOPE_SIGNAL = 1 << 1 };

int ab_landlock_create(uint64_t files, uint64_t net, uint64_t scoped, int abi);
int ab_landlock_add_path(int ruleset, int path_fd, uint64_t access);

// --- seccomp user notification: seccomp_unotify(2) ---
struct ab_notification {
    uint64_t id;
    uint32_t pid;   // thread id of the caller, in the reader's pid namespace
    uint32_t flags;
    int32_t number;
    uint32_t arch;
    uint64_t instruction_pointer;
    uint64_t arguments[6];
};
int ab_notify_receive(int listener, struct ab_notification *out);
int ab_notify_reply(int listener, uint64_t id, int64_t value, int32_t error, int let_kernel);
int ab_notify_valid(int listener, uint64_t id);
// Has the kernel wake the supervisor on the caller's own processor, which is about to wait (Linux 6.6).
int ab_notify_wake_here(int listener);
// Puts a copy of `fd` into the caller's table and returns its number there; the caller goes on waiting.
int ab_notify_inject(int listener, uint64_t id, int fd, int close_on_exec);

// --- processes ---
int ab_pidfd_open(pid_t pid, unsigned flags);
int ab_pidfd_getfd(int pidfd, int fd);
int ab_pidfd_send_signal(int pidfd, int signal);
ssize_t ab_read_memory(pid_t pid, uint64_t address, void *into, size_t length);
ssize_t ab_write_memory(pid_t pid, uint64_t address, const void *from, size_t length);
int ab_ptrace_seize(pid_t pid, uint64_t options);
int ab_ptrace_continue(pid_t pid, int signal);
int ab_ptrace_listen(pid_t pid);
int ab_ptrace_message(pid_t pid, uint64_t *out);
int ab_set_dumpable(int dumpable);
int ab_set_thread_name(const char *name);
int ab_gettid(void);
int ab_signalfd(const void *set);  // set: sigset_t
int ab_tgkill(pid_t process, pid_t thread, int signal);
// The calling thread alone gives up every capability, and takes these ids where `uid` is not -1. Raw calls: the C
// library's would change every thread.
int ab_thread_become(uid_t uid, gid_t gid);
// The calling thread gets a working directory and umask of its own.
int ab_thread_unshare_fs(void);
// Has a thread that gets these attributes start on another processor than the caller's; nothing where there is none.
void ab_start_elsewhere(pthread_attr_t *attributes);
// Lets the calling thread run wherever the process's first thread may, sched_setaffinity(2).
void ab_run_anywhere(void);
// One heap for all threads, mallopt(3): ours are few and seldom meet, and a second one costs each start a large mapping.
// What is larger than a megabyte stays out of it, and goes back to the system when it is freed.
void ab_set_up_heap(void);

// --- sockets ---
int ab_status_flags(int fd);    // F_GETFL
// sendmsg(2) of one buffer, with an address (or none) and descriptors to pass (or none).
ssize_t ab_send(int socket, const void *data, size_t length, const void *address, uint32_t address_length, int flags,
                const int *descriptors, int descriptor_count);

// --- files ---
int ab_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
enum { AB_RESOLVE_NO_MAGICLINKS = 2, AB_RESOLVE_NO_SYMLINKS = 4, AB_RESOLVE_BENEATH = 8, AB_RESOLVE_IN_ROOT = 16,
    AB_RESOLVE_CACHED = 32 };
int ab_renameat2(int olddir, const char *oldname, int newdir, const char *newname, unsigned flags);
struct ab_status {
    uint64_t device, inode, size, mode, links;
    int64_t birth_seconds;      // of the file's creation; 0 where the file system does not keep it
    uint32_t birth_nanoseconds;
    uint32_t uid, gid;
};
// statx(2); `flags` as there. An empty name with AT_EMPTY_PATH looks at `dirfd` itself.
int ab_status_at(int dirfd, const char *name, int flags, struct ab_status *out);
// utimensat(2) of an O_PATH descriptor: access and modification time, each seconds and nanoseconds (or UTIME_NOW, UTIME_OMIT).
int ab_utimens(int fd, const int64_t times[4]);
int ab_setxattr(const char *path, const char *name, const void *value, size_t size, int flags);
int ab_removexattr(const char *path, const char *name);
// write(2) that never waits, whatever the descriptor's flags: EAGAIN instead (RWF_NOWAIT of pwritev2(2)). EOPNOTSUPP where
// the file does not know that: terminals, many file systems, pipes before Linux 6.4.
ssize_t ab_write_now(int fd, const void *data, size_t length);
// pwrite(2) that returns when the disk has the bytes (RWF_DSYNC of pwritev2(2), since Linux 4.7).
ssize_t ab_write_through(int fd, const void *data, size_t length, int64_t place);
int ab_become_subreaper(void);     // prctl(PR_SET_CHILD_SUBREAPER)
int ab_pipe(int ends[2]);          // both ends close-on-exec
int ab_memfd_create(const char *name, unsigned flags);
int ab_terminal_peer(int master, int flags);  // TIOCGPTPEER: opens the other end of a pseudo-terminal. ioctl_tty(2)
int ab_ioctl_count(int fd);     // FIONREAD: bytes that wait to be read, -1 where it does not apply
#endif
