// driver: calls every C function of the product with real arguments, for tools that watch C (valgrind, another machine's
// compiler under an emulator). Exits with 0 when each answered as it should.
// driver --init FILE: writes the init program, an ELF image, to FILE.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child_launch.h"
#include "linux_shims.h"

// What LinuxSystem/Constants.swift says by number.
_Static_assert(O_PATH == 010000000 && O_NOATIME == 01000000 && AT_EMPTY_PATH == 0x1000, "Constants.swift");
_Static_assert(O_EXCL == 0200 && O_TRUNC == 01000, "PIDFD_THREAD and O_TRUNC by number");

static int failures;
#define CHECK(what) do { if (!(what)) { printf("failed: line %d: %s\n", __LINE__, #what); failures++; } } while (0)

// Of calls that valgrind 3.19 or an emulator does not know.
#define CHECK_IF_KNOWN(what) do { errno = 0; if (!(what) && errno != ENOSYS) { \
    printf("failed: line %d: %s: %s\n", __LINE__, #what, strerror(errno)); failures++; } } while (0)

static void report_socket(void) {
    int ours, childs, passed;
    struct child_report sent = { CHILD_READY, 1, 2, 3 }, got;
    pid_t sender = 0;
    CHECK(child_report_pair(&ours, &childs) == 0);
    CHECK(write(childs, &sent, sizeof sent) == sizeof sent);
    CHECK(child_receive(ours, &got, &sender) == sizeof got && got.third == 3 && sender == getpid());
    CHECK(write(childs, &sent, 3) == 3 && child_receive(ours, &got, &sender) == 0);   // cut short
    CHECK(child_say(ours, GO_BASE, -1) == 0 && child_listen(childs, &passed) == GO_BASE && passed == -1);
    CHECK(child_say(ours, GO_CONFINE, 2) == 0 && child_listen(childs, &passed) == GO_CONFINE && passed > 2);
    close(passed);
    close(ours);
    CHECK(child_listen(childs, &passed) == -1);
    close(childs);
}

// A whole start as the launcher makes it: fork, mounts and limits by plan, and a program that ends with 7.
static int start(struct child_plan *plan, uint64_t namespaces, int is_mapped) {
    int ours, childs, status = -1, states[2], init = -1;
    struct child_report got;
    pid_t sender;
    CHECK(child_report_pair(&ours, &childs) == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, states) == 0);
    if (namespaces & 0x20000000) {
        uint64_t size = child_init_image(NULL, 0);
        unsigned char *image = malloc(size);
        CHECK(child_init_image(image, size) == size);
        init = ab_memfd_create("init", 1);
        CHECK(init >= 0 && write(init, image, size) == (ssize_t)size);
        free(image);
    }
    struct child_origin origin = { .namespaces = namespaces, .uid = UINT64_MAX, .gid = UINT64_MAX, .report_fd = childs,
        .launchers_fd = ours, .launchers_status_fd = states[0], .init_fd = init, .status_fd = states[1], .stream_fds = { -1, -1, -1 },
        .plan = plan,
        .new_user_namespace = is_mapped, .map_uid = geteuid(), .map_gid = getegid() };
    pid_t forked = child_fork(&origin);
    CHECK(forked > 0);
    close(childs);
    close(states[1]);
    if (init >= 0) close(init);
    int failed = 0, ready = 0, why = 0;
    while (!ready && !failed && child_receive(ours, &got, &sender) > 0) {
        if (got.message == CHILD_READY) ready = 1;
        if (got.message == CHILD_FAILED) { failed = got.first; why = got.second; }
    }
    if (!failed) {
        CHECK(child_say(ours, GO_ROOT, -1) == 0 && write(states[0], "", 1) == 1);
        CHECK(child_say(ours, GO_CONFINE, -1) == 0 && child_say(ours, GO_FILTER, -1) == 0);
        while (!failed && child_receive(ours, &got, &sender) > 0) {
            if (got.message == CHILD_FAILED) { failed = got.first; why = got.second; }
            if (got.message == CHILD_LISTENER) { CHECK(write(ours, "", 1) == 1); }
        }
    }
    CHECK(waitpid(forked, &status, __WALL) == forked);
    close(ours);
    close(states[0]);
    if (failed) printf("step %d: %s\n", failed, strerror(why));
    errno = failed ? why : 0;
    return failed ? -failed : status;
}

static void child_starts(void) {
    struct child_plan *plan = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *argv[] = { "sh", "-c", "exit 7", NULL }, *envp[] = { "A=B", NULL };
    struct child_limit limits[] = { { 4, 0, 0, 0 }, { 1, 0, UINT64_MAX, 1 << 30 } };
    *plan = (struct child_plan){ .root_place = "/mnt", .limits = limits, .limit_count = 2, .directory = "/",
        .path = "/bin/sh", .argv = argv, .envp = envp };
    CHECK_IF_KNOWN(start(plan, 0, 0) == 7 << 8);
    plan->directory = "/nonexistent";
    CHECK_IF_KNOWN(start(plan, 0, 0) == -CHILD_DIRECTORY);
    plan->directory = "/";
    plan->path = "/nonexistent";
    CHECK_IF_KNOWN(start(plan, 0, 0) == -CHILD_EXEC);
    // With mounts, an init and the stub's sockets, where this may be had.
    struct child_mount mounts[] = {
        { MOUNT_DIRECTORY, 0755, NULL, "proc", 0, 0 }, { MOUNT_PROC, 0, NULL, "proc", 0, 0 },
        { MOUNT_DIRECTORY, 0755, NULL, "tmp", 0, 0 }, { MOUNT_TMPFS, 0, "mode=1777", "tmp", 0, 0 },
        { MOUNT_DIRECTORY, 0755, NULL, "usr", 0, 0 }, { MOUNT_BIND, 1, "/usr", "usr", 0, 0 },
        { MOUNT_SYMLINK, 0, "usr/bin", "bin", 0, 0 }, { MOUNT_SYMLINK, 0, "usr/lib", "lib", 0, 0 },
        { MOUNT_SYMLINK, 0, "usr/lib64", "lib64", 0, 0 }, { MOUNT_DIRECTORY, 0755, NULL, "etc", 0, 0 },
        { MOUNT_FILE, 0444, "text\n", "etc/text", 0, 0 }, { MOUNT_FILE, 0444, "", "etc/empty", 0, 0 } };
    plan->path = "/bin/sh";
    plan->mounts = mounts;
    plan->mount_count = sizeof mounts / sizeof *mounts;
    plan->stub_sockets = plan->ipv6 = 1;
    int ended = start(plan, 0x20000 | 0x4000000 | 0x8000000 | 0x40000000 | (geteuid() ? 0x10000000 : 0), geteuid() != 0);
    int why = errno;   // refused in a container, not known to valgrind
    CHECK(ended == 7 << 8 || (ended < 0 && (why == EPERM || why == ENOSYS || why == ENOSPC)));
    munmap(plan, 4096);
}

static void shims(void) {
    struct ab_status status;
    CHECK(ab_status_at(AT_FDCWD, "/", 0, &status) == 0 && S_ISDIR(status.mode));
    CHECK(ab_status_at(AT_FDCWD, "/nonexistent", 0, &status) == -1);
    int pair[2], out = open("/dev/null", O_WRONLY);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    int given[3] = { 0, 1, 2 }, most[254] = { 0 };
    CHECK(ab_send(pair[0], "abc", 3, NULL, 0, 0, given, 3) == 3);
    CHECK(ab_send(pair[0], "abc", 3, NULL, 0, 0, NULL, 0) == 3);
    CHECK(ab_send(pair[0], "abc", 3, NULL, 0, 0, most, 254) == -1);
    CHECK(ab_ioctl_count(pair[1]) > 0 && ab_status_flags(pair[1]) >= 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(ab_send(udp, "abc", 3, &to, sizeof to, 0, NULL, 0) == 3);
    int folder = open("/", O_PATH | O_DIRECTORY), file = -1;
    CHECK(folder >= 0);
    CHECK_IF_KNOWN((file = ab_openat2(folder, "etc/passwd", O_PATH, 0, AB_RESOLVE_IN_ROOT)) >= 0);
    CHECK(ab_write_now(out, "x", 1) <= 1);
    char here[] = "here", there[5] = { 0 };
    CHECK_IF_KNOWN(ab_read_memory(getpid(), (uint64_t)(uintptr_t)here, there, 5) == 5 && !strcmp(there, "here"));
    CHECK_IF_KNOWN(ab_write_memory(getpid(), (uint64_t)(uintptr_t)there, "hers", 5) == 5 && !strcmp(there, "hers"));
    int self = -1, copy = -1;
    CHECK_IF_KNOWN((self = ab_pidfd_open(getpid(), 0)) >= 0);
    if (self >= 0) CHECK_IF_KNOWN(ab_pidfd_send_signal(self, 0) == 0);
    if (self >= 0) CHECK_IF_KNOWN((copy = ab_pidfd_getfd(self, out)) >= 0);
    char name[] = "/tmp/agentbound-driver-XXXXXX", other[64];
    int temporary = mkstemp(name);
    snprintf(other, sizeof other, "%s-2", name);
    int64_t times[4] = { 1, 2, 3, 4 };
    CHECK(ab_utimens(temporary, times) == 0);
    (void)ab_setxattr(name, "user.a", "b", 1, 0);
    (void)ab_removexattr(name, "user.a");
    CHECK(ab_renameat2(AT_FDCWD, name, AT_FDCWD, other, 1) == 0 && unlink(other) == 0);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    int signals = ab_signalfd(&set);
    CHECK(signals >= 0 && ab_set_thread_name("driver") == 0 && ab_gettid() == getpid());
    CHECK(ab_tgkill(getpid(), ab_gettid(), 0) == 0);
    int abi = (int)syscall(444, NULL, 0, 1u);
    if (abi > 0) {
        int rules = ab_landlock_create(AB_LL_READ_FILE, 0, 0, abi);
        CHECK(rules >= 0 && ab_landlock_add_path(rules, folder, AB_LL_READ_FILE) == 0);
        close(rules);
    }
    struct ab_notification none;
    CHECK(ab_notify_receive(out, &none) == -1 && ab_notify_reply(out, 1, 0, 0, 0) == -1);
    CHECK(ab_notify_valid(out, 1) == -1 && ab_notify_inject(out, 1, 0, 0) == -1);
    int all[] = { pair[0], pair[1], out, udp, folder, file, self, copy, temporary, signals };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0) close(all[i]);
}

static int write_init(const char *path) {
    unsigned char image[65536];
    uint64_t size = child_init_image(image, sizeof image);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    return size > sizeof image || fd < 0 || write(fd, image, size) != (ssize_t)size;
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "--init")) return write_init(argv[2]);
    unsigned char small[8] = { 0 };
    CHECK(child_init_image(small, sizeof small) > sizeof small && small[0] == 0);
    report_socket();
    shims();
    if (argc == 1) child_starts();   // an emulator has no clone(2) to offer
    printf("%d failed\n", failures);
    return failures != 0;
}
