#include "linux_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

// Numbers above 423 are the same on every architecture.
#define NR_PIDFD_SEND_SIGNAL 424
#define NR_PIDFD_OPEN 434
#define NR_OPENAT2 437
#define NR_PIDFD_GETFD 438
#define NR_LANDLOCK_CREATE 444
#define NR_LANDLOCK_ADD 445

int ab_landlock_create(uint64_t files, uint64_t net, uint64_t scoped, int abi) {
    struct { uint64_t files, net, scoped; } attr = { files, net, scoped };
    // An older kernel refuses a longer struct only when the tail is not zero; the exact size says what is meant.
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    return (int)syscall(NR_LANDLOCK_CREATE, &attr, size, 0u);
}

int ab_landlock_add_path(int ruleset, int path_fd, uint64_t access) {
    struct { uint64_t access; int32_t fd; } __attribute__((packed)) attr = { access, path_fd };
    return (int)syscall(NR_LANDLOCK_ADD, ruleset, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &attr, 0u);
}

struct notification_answer { uint64_t id; int64_t value; int32_t error; uint32_t flags; };
struct notification_addfd { uint64_t id; uint32_t flags, srcfd, newfd, newfd_flags; };
_Static_assert(sizeof(struct ab_notification) == 80, "struct seccomp_notif");

int ab_notify_receive(int listener, struct ab_notification *out) {
    memset(out, 0, sizeof *out);  // the kernel refuses one that is not zero
    return ioctl(listener, _IOWR('!', 0, struct ab_notification), out);
}

int ab_notify_reply(int listener, uint64_t id, int64_t value, int32_t error, int let_kernel) {
    struct notification_answer answer = { id, value, error > 0 ? -error : 0, let_kernel ? 1u : 0u };
    return ioctl(listener, _IOWR('!', 1, struct notification_answer), &answer);
}

int ab_notify_valid(int listener, uint64_t id) {
    return ioctl(listener, _IOW('!', 2, uint64_t), &id);
}

int ab_notify_wake_here(int listener) {
    return ioctl(listener, _IOW('!', 4, uint64_t), 1ul /* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP */);
}

int ab_notify_inject(int listener, uint64_t id, int fd, int close_on_exec) {
    struct notification_addfd add = { id, 0, (uint32_t)fd, 0, close_on_exec ? O_CLOEXEC : 0 };
    return ioctl(listener, _IOW('!', 3, struct notification_addfd), &add);
}

int ab_pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(NR_PIDFD_OPEN, pid, flags); }
int ab_pidfd_getfd(int pidfd, int fd) { return (int)syscall(NR_PIDFD_GETFD, pidfd, fd, 0u); }
int ab_pidfd_send_signal(int pidfd, int sig) { return (int)syscall(NR_PIDFD_SEND_SIGNAL, pidfd, sig, NULL, 0u); }

ssize_t ab_read_memory(pid_t pid, uint64_t address, void *into, size_t length) {
    struct iovec here = { into, length }, there = { (void *)(uintptr_t)address, length };
    return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

ssize_t ab_write_memory(pid_t pid, uint64_t address, const void *from, size_t length) {
    struct iovec here = { (void *)(uintptr_t)from, length }, there = { (void *)(uintptr_t)address, length };
    return process_vm_writev(pid, &here, 1, &there, 1, 0);
}

int ab_ptrace_seize(pid_t pid, uint64_t options) {
    return (int)ptrace(PTRACE_SEIZE, pid, NULL, (void *)(uintptr_t)options);
}
int ab_ptrace_continue(pid_t pid, int sig) { return (int)ptrace(PTRACE_CONT, pid, NULL, (void *)(uintptr_t)sig); }
int ab_ptrace_listen(pid_t pid) { return (int)ptrace(PTRACE_LISTEN, pid, NULL, NULL); }
int ab_ptrace_message(pid_t pid, uint64_t *out) {
    unsigned long message = 0;
    int result = (int)ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
    *out = message;
    return result;
}

int ab_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }
int ab_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }
int ab_gettid(void) { return (int)syscall(SYS_gettid); }
int ab_signalfd(const void *set) { return signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK); }
int ab_tgkill(pid_t process, pid_t thread, int sig) { return (int)syscall(SYS_tgkill, process, thread, sig); }

// A thread that another one with the server's ids has started has them already, and no right to set them again.
static int is_already(uid_t uid, gid_t gid) {
    uid_t u[3];
    gid_t g[3];
    if (getresuid(&u[0], &u[1], &u[2]) || getresgid(&g[0], &g[1], &g[2]) || getgroups(0, NULL)) return 0;
    return u[0] == uid && u[1] == uid && u[2] == uid && g[0] == gid && g[1] == gid && g[2] == gid;
}

int ab_thread_become(uid_t uid, gid_t gid) {
    // The server has no supplementary groups where they can be dropped, so whoever acts for it must not have them either.
    if (syscall(SYS_setgroups, 0, NULL) && (errno != EPERM || (uid != (uid_t)-1 && !is_already(uid, gid)))) return -1;
    if (uid != (uid_t)-1 && !is_already(uid, gid)) {  // group before user: setuid gives up the right to setgid. setuid(2)
        if (syscall(SYS_setresgid, gid, gid, gid)) return -1;
        if (syscall(SYS_setresuid, uid, uid, uid)) return -1;
    }
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
    return (int)syscall(SYS_capset, &head, none);
}

int ab_thread_unshare_fs(void) { return unshare(CLONE_FS); }

void ab_start_elsewhere(pthread_attr_t *attributes) {
    cpu_set_t processors;
    int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof processors, &processors)) return;
    CPU_CLR((size_t)here, &processors);
    if (CPU_COUNT(&processors)) pthread_attr_setaffinity_np(attributes, sizeof processors, &processors);
}

void ab_run_anywhere(void) {
    cpu_set_t processors;
    if (!sched_getaffinity(getpid(), sizeof processors, &processors)) sched_setaffinity(0, sizeof processors, &processors);
}

void ab_set_up_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

int ab_status_flags(int fd) { return fcntl(fd, F_GETFL); }

ssize_t ab_send(int socket, const void *data, size_t length, const void *address, uint32_t address_length, int flags,
                const int *descriptors, int descriptor_count) {
    enum { MOST = 253 };  // SCM_MAX_FD
    union { struct cmsghdr align; char bytes[CMSG_SPACE(MOST * sizeof(int))]; } control;
    struct iovec part = { (void *)data, length };
    struct msghdr message = { .msg_name = address_length ? (void *)address : NULL, .msg_namelen = address_length,
                              .msg_iov = &part, .msg_iovlen = 1 };
    if (descriptor_count > MOST) {
        errno = EINVAL;
        return -1;
    }
    if (descriptor_count > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE((size_t)descriptor_count * sizeof(int));
        memset(&control, 0, message.msg_controllen);  // the last bytes may be padding
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        *head = (struct cmsghdr){ CMSG_LEN((size_t)descriptor_count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
        memcpy(CMSG_DATA(head), descriptors, (size_t)descriptor_count * sizeof(int));
    }
    return sendmsg(socket, &message, flags | MSG_NOSIGNAL);
}

int ab_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct { uint64_t flags, mode, resolve; } how = { flags, mode, resolve };
    return (int)syscall(NR_OPENAT2, dirfd, path, &how, sizeof how);
}

int ab_renameat2(int olddir, const char *oldname, int newdir, const char *newname, unsigned flags) {
    return (int)syscall(SYS_renameat2, olddir, oldname, newdir, newname, flags);
}

int ab_status_at(int dirfd, const char *name, int flags, struct ab_status *out) {
    const unsigned mask = STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_UID | STATX_GID | STATX_INO | STATX_SIZE | STATX_BTIME;
    struct statx s;
    if (statx(dirfd, name, flags, mask, &s)) return -1;
    *out = (struct ab_status){
        .device = ((uint64_t)s.stx_dev_major << 32) | s.stx_dev_minor, .inode = s.stx_ino, .size = s.stx_size,
        .mode = s.stx_mode, .links = s.stx_nlink, .uid = s.stx_uid, .gid = s.stx_gid,
        .birth_seconds = s.stx_mask & STATX_BTIME ? s.stx_btime.tv_sec : 0,
        .birth_nanoseconds = s.stx_mask & STATX_BTIME ? s.stx_btime.tv_nsec : 0,
    };
    return 0;
}

int ab_utimens(int fd, const int64_t times[4]) {
    struct timespec pair[2] = { { times[0], times[1] }, { times[2], times[3] } };
    return utimensat(fd, "", pair, AT_EMPTY_PATH);
}
int ab_setxattr(const char *path, const char *name, const void *value, size_t size, int flags) {
    return setxattr(path, name, value, size, flags);
}
int ab_removexattr(const char *path, const char *name) { return removexattr(path, name); }

ssize_t ab_write_now(int fd, const void *data, size_t length) {
    struct iovec part = { (void *)data, length };
    return pwritev2(fd, &part, 1, -1, 0x8 /* RWF_NOWAIT */);
}

ssize_t ab_write_through(int fd, const void *data, size_t length, int64_t place) {
    struct iovec part = { (void *)data, length };
    return pwritev2(fd, &part, 1, place, 0x2 /* RWF_DSYNC */);
}

int ab_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int ab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int ab_memfd_create(const char *name, unsigned flags) { return (int)syscall(SYS_memfd_create, name, flags); }

int ab_terminal_peer(int master, int flags) { return ioctl(master, TIOCGPTPEER, flags); }

int ab_ioctl_count(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) ? -1 : count;
}
