#include "child_launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Preconditions of all below: in the child, between fork and exec. The origin is the child's own copy; the plan and all it
// points to lie in memory shared with the launcher, which writes them before it says so and not afterwards.
// Only raw system calls and functions of signal-safety(7): the parent has threads, so a lock here may be held for ever.

// Numbers above 423 are the same on every architecture.
#define NR_OPEN_TREE 428
#define NR_MOVE_MOUNT 429
#define NR_CLOSE_RANGE 436
#define NR_MOUNT_SETATTR 442
#define NR_LANDLOCK_ADD 445
#define NR_LANDLOCK_RESTRICT 446

static __attribute__((noreturn)) void stop(const struct child_origin *o, int step, int index) {
    struct child_report report = { CHILD_FAILED, step, errno, index };
    (void)!write(o->report_fd, &report, sizeof report);
    _exit(127);
}

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t done = write(fd, text, strlen(text));
    int saved = errno;
    close(fd);
    errno = saved;
    return done < 0 ? -1 : 0;
}

// "ID ID 1\n" without stdio.
static void one_id(char *out, uint32_t id) {
    char digits[12];
    int n = 0;
    do digits[n++] = (char)('0' + id % 10); while (id /= 10);
    for (int copy = 0; copy < 2; copy++) {
        for (int i = n; i-- > 0;) *out++ = digits[i];
        *out++ = ' ';
    }
    *out++ = '1';
    *out++ = '\n';
    *out = 0;
}

// An ordinary user may map itself and nothing else, and only after giving up setgroups. user_namespaces(7)
static int map_ids(const struct child_origin *o) {
    char line[32];
    if (write_file("/proc/self/setgroups", "deny")) return -1;
    one_id(line, o->map_uid);
    if (write_file("/proc/self/uid_map", line)) return -1;
    one_id(line, o->map_gid);
    return write_file("/proc/self/gid_map", line);
}

static int loopback_up(int with_ipv6) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    int result = ioctl(fd, SIOCSIFFLAGS, &request);
    if (!result) {
        // Resolvers ask for IPv4 names only where there is an address that is not 127.0.0.1 (AI_ADDRCONFIG of glibc).
        memcpy(request.ifr_name, "lo:1", 5);
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(0xc0000201) } };  // 192.0.2.1, RFC 5737
        memcpy(&request.ifr_addr, &address, sizeof address);
        result = ioctl(fd, SIOCSIFADDR, &request);
    }
    close(fd);
    if (result || !with_ipv6) return result;
    fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;  // no IPv6 in this kernel: nothing to add
    struct { struct in6_addr address; uint32_t prefix; int32_t interface; } request6 = { .prefix = 128, .interface = 1 };
    request6.address.s6_addr[0] = 0x20;  // 2001:db8::1, RFC 3849
    request6.address.s6_addr[1] = 0x01;
    request6.address.s6_addr[2] = 0x0d;
    request6.address.s6_addr[3] = 0xb8;
    request6.address.s6_addr[15] = 1;
    (void)ioctl(fd, SIOCSIFADDR, &request6);  // IPv6 may be switched off here; names then resolve to IPv4 only
    close(fd);
    return 0;
}

// The stub's sockets are born in the box's network namespace; the launcher fetches them with pidfd_getfd(2).
static int stub_sockets(int *udp, int *tcp) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(53), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    *udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    *tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return *udp < 0 || *tcp < 0 || bind(*udp, (struct sockaddr *)&address, sizeof address)
        || bind(*tcp, (struct sockaddr *)&address, sizeof address) || listen(*tcp, 16) ? -1 : 0;
}

static int bind_mount(const struct child_mount *m) {
    int tree = (int)syscall(NR_OPEN_TREE, AT_FDCWD, m->source, 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC | 0x8000 /* AT_RECURSIVE */);
    if (tree < 0) return -1;
    int result = 0;
    if (m->inode) {
        // What was granted is this very file: a name that was swapped since the plan was made must not take its place.
        struct statx now;
        result = statx(tree, "", AT_EMPTY_PATH, STATX_INO, &now);
        if (!result && (now.stx_ino != m->inode || (((uint64_t)now.stx_dev_major << 32) | now.stx_dev_minor) != m->device)) {
            errno = ESTALE;
            result = -1;
        }
    }
    struct { uint64_t set, clear, propagation, userns; } attributes = { m->attributes, 0, 0, 0 };
    if (!result) result = (int)syscall(NR_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | 0x8000, &attributes, sizeof attributes);
    // An empty target is the new root itself, which this mount then covers.
    const char *target = *m->target ? m->target : ".";
    if (!result) result = (int)syscall(NR_MOVE_MOUNT, tree, "", AT_FDCWD, target, 4 /* MOVE_MOUNT_F_EMPTY_PATH */);
    int saved = errno;
    close(tree);
    errno = saved;
    return result;
}

static int place_file(const char *target, const char *text, mode_t mode) {
    if (!*text) return mknod(target, S_IFREG | mode, 0);
    int fd = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) return -1;
    size_t length = strlen(text);
    ssize_t done = write(fd, text, length);
    close(fd);
    return done == (ssize_t)length ? 0 : -1;
}

static int do_mount(const struct child_mount *m) {
    switch (m->kind) {
    case MOUNT_DIRECTORY: return mkdir(m->target, m->attributes) && errno != EEXIST ? -1 : 0;
    case MOUNT_TMPFS: return mount("tmpfs", m->target, "tmpfs", MS_NOSUID | MS_NODEV, m->source);
    case MOUNT_BIND: return bind_mount(m);
    case MOUNT_PROC: return mount("proc", m->target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    // An instance of its own, with none of the host's terminals. devpts(5)
    case MOUNT_TERMINALS: return mount("devpts", m->target, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0600");
    case MOUNT_SYMLINK: return symlink(m->source, m->target) && errno != EEXIST ? -1 : 0;
    case MOUNT_FILE: return place_file(m->target, m->source, m->attributes);
    }
    errno = EINVAL;
    return -1;
}

// A new root made of tmpfs and the granted places, nothing else. The working directory is the new root meanwhile.
static void begin_root(const struct child_origin *o) {
    if (mount("tmpfs", o->plan->root_place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")) stop(o, CHILD_ROOT, 1);
    if (chdir(o->plan->root_place)) stop(o, CHILD_ROOT, 2);
}

static void add_mounts(const struct child_origin *o, const struct child_mount *mounts, uint64_t count, uint64_t before) {
    mode_t mask = umask(0);
    for (uint64_t i = 0; i < count; i++) {
        if (do_mount(&mounts[i])) stop(o, CHILD_MOUNT, (int)(before + i));
        if (!*mounts[i].target && chdir(o->plan->root_place)) stop(o, CHILD_ROOT, 7);
    }
    umask(mask);
}

// pivot_root(".", ".") put the old root on top of the new one, from where it is taken off. pivot_root(2), NOTES
// Precondition: the working directory is the new root.
static void leave_old_root(const struct child_origin *o) {
    if (umount2(".", MNT_DETACH)) stop(o, CHILD_ROOT, 4);
}

static void enter_root(const struct child_origin *o, int turn) {
    if (syscall(SYS_pivot_root, ".", ".")) stop(o, CHILD_ROOT, 3);
    if (chdir("/")) stop(o, CHILD_ROOT, 5);
    if (turn < 0) leave_old_root(o);
    struct { uint64_t set, clear, propagation, userns; } read_only = { 1 /* MOUNT_ATTR_RDONLY */, 0, 0, 0 };
    if (syscall(NR_MOUNT_SETATTR, AT_FDCWD, "/", 0, &read_only, sizeof read_only)) stop(o, CHILD_ROOT, 6);
}

// Returns whether there was the right to do so, CAP_SETPCAP. What the process itself holds stays.
static int empty_bounding_set(void) {
    int privileged = prctl(PR_CAPBSET_DROP, 0, 0, 0, 0) == 0;
    for (int capability = 1; privileged && capability < 64; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) && errno == EINVAL) break;  // past the kernel's last one
    return privileged;
}

// A user namespace in which setgroups(2) is denied, such as `unshare -r` makes: nobody in it can give up groups, and they are
// those of the ordinary user outside. user_namespaces(7)
static int must_keep_groups(void) {
    char word[8] = { 0 };
    int fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t got = read(fd, word, sizeof word - 1);
    close(fd);
    return got >= 4 && !memcmp(word, "deny", 4);
}

// Before anything is mounted: the new root is built over /proc, which says why groups must be kept.
static void drop_groups(const struct child_origin *o) {
    if (!o->drop_groups || !syscall(SYS_setgroups, 0, NULL)) return;
    int error = errno;
    int is_denied = error == EPERM && must_keep_groups();
    errno = error;
    if (!is_denied) stop(o, CHILD_GROUPS, 0);
}

static void drop_privileges(const struct child_origin *o, int privileged) {
    // Who has no privilege needs the last of these for Landlock and the filter; a test may leave out the rest.
    if (o->keep_privileges && geteuid() == 0) return;
    // Group before user: setuid gives up the right to setgid. setuid(2)
    if (o->gid != UINT64_MAX && syscall(SYS_setresgid, o->gid, o->gid, o->gid)) stop(o, CHILD_USER, 0);
    // Without these bits uid 0 would win capabilities back at exec. capabilities(7)
    int bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED
        | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (privileged && prctl(PR_SET_SECUREBITS, bits, 0, 0, 0)) stop(o, CHILD_CAPABILITIES, 0);
    if (o->uid != UINT64_MAX && syscall(SYS_setresuid, o->uid, o->uid, o->uid)) stop(o, CHILD_USER, 1);
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)) stop(o, CHILD_CAPABILITIES, 1);
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
    if (syscall(SYS_capset, &head, none)) stop(o, CHILD_CAPABILITIES, 2);
    // Changing ids clears the parent-death signal. PR_SET_PDEATHSIG(2const)
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) stop(o, CHILD_PARENT_DEATH, 1);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) stop(o, CHILD_NO_NEW_PRIVS, 0);  // Landlock and the filter need it
}

static void reset_signals(void) {
    struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } usual = { 0, 0, 0, 0 };
    for (int number = 1; number <= 64; number++)  // an ignored signal stays ignored through exec
        syscall(SYS_rt_sigaction, number, &usual, NULL, sizeof(uint64_t));
    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

static void add_rules(const struct child_origin *o, int ruleset) {
    const struct child_plan *p = o->plan;
    for (uint64_t i = 0; i < p->rule_count; i++) {
        int fd = open(p->rules[i].path, O_PATH | O_CLOEXEC);
        if (fd < 0) stop(o, CHILD_LANDLOCK_RULE, (int)i);
        struct { uint64_t access; int32_t fd; } __attribute__((packed)) rule = { p->rules[i].access, fd };
        if (syscall(NR_LANDLOCK_ADD, ruleset, 1, &rule, 0u)) stop(o, CHILD_LANDLOCK_RULE, (int)i);
        close(fd);
    }
}

// The process is the server-to-be. What needs no plan, done while the launcher still makes it.
static int prepare_server(const struct child_origin *o) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) stop(o, CHILD_PARENT_DEATH, 0);
    if (setsid() < 0 && errno != EPERM) stop(o, CHILD_SESSION, 0);  // EPERM: leads one already
    // KEYCTL_JOIN_SESSION_KEYRING with no name: an empty one of its own. A kernel without keys has none to hide, and where
    // a container refuses the call or the user's quota is used up, the filter still refuses every use of keys.
    int keyring = syscall(SYS_keyctl, 1, NULL) < 0 && errno != ENOSYS ? errno : 0;
    (void)write_file("/proc/self/oom_score_adj", "300");  // the launcher is to outlive it; without /proc it makes no odds
    reset_signals();
    return keyring;
}

// The launcher goes on planning while the child is at work. A child that is born on the launcher's processor would wait there for
// milliseconds, and a word to it brings it back there: the kernel takes whoever writes to a socket for about to sleep. So the child
// keeps off that processor until it is ready: the launcher moves it there, in case it waits, and it moves itself, for its own
// children. sched(7)
static _Thread_local cpu_set_t allowed, others;
static _Thread_local int can_steer;  // 0: one processor, or too many to name

static void plan_processors(void) {
    const int own = sched_getcpu();
    can_steer = own >= 0 && own < CPU_SETSIZE && !sched_getaffinity(0, sizeof allowed, &allowed);
    if (!can_steer) return;
    others = allowed;
    CPU_CLR(own, &others);
    can_steer = CPU_COUNT(&others) > 0;
}

static void keep_off(pid_t who) { if (can_steer) (void)sched_setaffinity(who, sizeof others, &others); }

static int go_anywhere(void) { return can_steer ? sched_setaffinity(0, sizeof allowed, &allowed) : 0; }

// `turn`: where init, if there is one, waits for a byte, which says that the new root is entered.
static __attribute__((noreturn)) void become_server(const struct child_origin *o, int privileged, int turn) {
    const struct child_plan *p = o->plan;
    int keyring = prepare_server(o);
    struct child_report report = { CHILD_READY, 0, 0, 0 };
    if (write(o->report_fd, &report, sizeof report) != sizeof report) stop(o, CHILD_WAIT, 0);
    int ruleset, word = child_listen(o->report_fd, &ruleset);
    int has_root = o->namespaces & CLONE_NEWNS, has_base = has_root && word == GO_BASE;
    if (has_base) {
        begin_root(o);
        add_mounts(o, p->base, p->base_count, 0);
        word = child_listen(o->report_fd, &ruleset);
    }
    if (word != GO_ROOT) stop(o, CHILD_WAIT, 1);
    report = (struct child_report){ CHILD_LISTENER, -1, -1, -1 };
    if (p->stub_sockets) {
        if (loopback_up(p->ipv6)) stop(o, CHILD_LOOPBACK, 0);
        if (stub_sockets(&report.second, &report.third)) stop(o, CHILD_STUB_SOCKETS, 0);
    }
    if (has_root) {
        if (!has_base) begin_root(o);
        add_mounts(o, p->mounts, p->mount_count, has_base ? p->base_count : 0);
        enter_root(o, turn);
    }
    if (turn >= 0 && (write(turn, "", 1) != 1 || close(turn))) stop(o, CHILD_WAIT, 5);
    if (child_listen(o->report_fd, &ruleset) != GO_CONFINE) stop(o, CHILD_WAIT, 2);
    for (uint64_t i = 0; i < p->limit_count; i++) {
        struct rlimit limit, wanted = { p->limits[i].soft, p->limits[i].hard };
        if (getrlimit(p->limits[i].resource, &limit)) stop(o, CHILD_LIMITS, (int)i);
        if (wanted.rlim_max < limit.rlim_max) limit.rlim_max = wanted.rlim_max;  // a limit never gives more
        if (wanted.rlim_cur != RLIM_INFINITY) limit.rlim_cur = wanted.rlim_cur;
        if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
        if (setrlimit(p->limits[i].resource, &limit)) stop(o, CHILD_LIMITS, (int)i);
    }
    drop_privileges(o, privileged);
    if (chdir(p->directory)) stop(o, CHILD_DIRECTORY, 0);
    for (int fd = 0; fd < 3; fd++)
        if (o->stream_fds[fd] >= 0 && dup3(o->stream_fds[fd], fd, 0) < 0) stop(o, CHILD_DESCRIPTORS, 1);
    if (!p->keep_descriptors && syscall(NR_CLOSE_RANGE, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */))
        stop(o, CHILD_DESCRIPTORS, 0);
    if (ruleset >= 0) {
        add_rules(o, ruleset);
        if (syscall(NR_LANDLOCK_RESTRICT, ruleset, 0u)) stop(o, CHILD_LANDLOCK, 0);
    }
    int unused;
    if (child_listen(o->report_fd, &unused) != GO_FILTER) stop(o, CHILD_WAIT, 3);
    if (go_anywhere()) stop(o, CHILD_LIMITS, -1);
    errno = keyring;
    if (keyring && (!p->filter || (keyring != EPERM && keyring != EDQUOT))) stop(o, CHILD_KEYRING, 0);
    if (p->filter) {
        report.first = (int)syscall(SYS_seccomp, 1u /* SECCOMP_SET_MODE_FILTER */, p->filter_flags, p->filter);
        if (report.first < 0) stop(o, CHILD_SECCOMP, 0);
    }
    // exec would close the listener before the launcher has it, so the launcher says when it does. seccomp(2)
    char go;
    if (write(o->report_fd, &report, sizeof report) != sizeof report || read(o->report_fd, &go, 1) != 1)
        stop(o, CHILD_WAIT, 4);
    execve(p->path, p->argv, p->envp);
    stop(o, CHILD_EXEC, 0);
}

// The first process of a pid namespace: starts the server as its child and becomes the init program, which holds
// nothing of the launcher's memory.
static __attribute__((noreturn)) void become_init(const struct child_origin *o, int privileged) {
    int turn[2];
    if (pipe2(turn, O_CLOEXEC)) stop(o, CHILD_INIT, 5);
    // All signals stay blocked: whoever is in the namespace cannot disturb init.
    long server = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (server < 0) stop(o, CHILD_FORK_SERVER, 0);
    if (server == 0) become_server(o, privileged, turn[1]);
    close(turn[1]);
    // The server has more to do, and this one would take its processor.
    char go;
    if (read(turn[0], &go, 1) != 1 || go_anywhere()) stop(o, CHILD_INIT, 4);
    // Its working directory must not keep the host's tree.
    if (chdir("/")) stop(o, CHILD_INIT, 3);
    // The kernel waits here for all processors; the server confines itself meanwhile, and begins when init has.
    if (o->namespaces & CLONE_NEWNS) leave_old_root(o);
    setsid();
    drop_privileges(o, privileged);
    // Standard streams are the server's: were init to hold them too, the client would wait for an end of file.
    if (dup3(o->status_fd, 0, 0) < 0 || syscall(NR_CLOSE_RANGE, 1u, 2u, 0u)) stop(o, CHILD_INIT, 0);
    if (syscall(NR_CLOSE_RANGE, 3u, ~0u, 4u)) stop(o, CHILD_INIT, 1);
    char *const nothing[] = { NULL };
    char *const name[] = { "agentbound-init", NULL };
    syscall(SYS_execveat, o->init_fd, "", name, nothing, AT_EMPTY_PATH);
    stop(o, CHILD_INIT, 2);
}

pid_t child_fork(const struct child_origin *o) {
    // A process namespace is for those born in it, and a user namespace is what makes the others possible. These take a
    // millisecond of the kernel's, which the child spends while the launcher plans.
    const uint64_t at_birth = o->namespaces & (CLONE_NEWPID | CLONE_NEWUSER), later = o->namespaces & ~at_birth;
    plan_processors();
    // No handler of the launcher's may run in the child.
    uint64_t all = ~(uint64_t)0, before;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    long pid = syscall(SYS_clone, (unsigned long)(at_birth | SIGCHLD), 0, 0, 0, 0);
    if (pid) {
        int error = errno;
        if (pid > 0) keep_off((pid_t)pid);
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
        errno = error;
        return (pid_t)pid;
    }
    keep_off(0);
    // The launcher may die before the death signal is asked for: then its ends are closed, and the child ends when it waits.
    close(o->launchers_fd);
    if (o->namespaces & CLONE_NEWPID) close(o->launchers_status_fd);
    // A launcher that runs another box already is not dumpable: then its child could neither map ids nor hand anything over.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (o->namespaces && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) stop(o, CHILD_PARENT_DEATH, 0);
    if (o->new_user_namespace && map_ids(o)) stop(o, CHILD_ID_MAP, 0);
    if (!o->keep_privileges) drop_groups(o);
    if (later && unshare((int)later)) stop(o, CHILD_NAMESPACES, 0);
    if (o->namespaces & CLONE_NEWNS && mount("", "/", "", MS_REC | MS_PRIVATE, NULL)) stop(o, CHILD_ROOT, 0);
    int privileged = !o->keep_privileges && empty_bounding_set();
    if (o->namespaces & CLONE_NEWPID) become_init(o, privileged);
    become_server(o, privileged, -1);
}
