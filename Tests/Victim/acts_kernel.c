// Calls that change the machine, foreign call tables, IPC, keys, terminals; groups E and F of the attack catalogue.
#include "victim.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// Each with arguments that change nothing even where the caller may make the call.
static const struct { const char *name; long call, arguments[6]; } calls[] = {
    {"bpf", SYS_bpf, {9999}},                        // no such command
    {"perf_event_open", SYS_perf_event_open, {0}},   // no attributes
    {"userfaultfd", SYS_userfaultfd, {1}},           // user mode only: anyone may
    {"fanotify_init", SYS_fanotify_init, {0x200}},   // FAN_REPORT_FID, no privilege asked for
    {"kexec_load", SYS_kexec_load, {0, 17, 0, 0}},   // one segment too many
    {"init_module", SYS_init_module, {0, 0, 0}},
    {"finit_module", SYS_finit_module, {-1, 0, 0}},
    {"delete_module", SYS_delete_module, {0, 0}},
    {"swapon", SYS_swapon, {0, 0}},
    {"swapoff", SYS_swapoff, {16, 0}},
    {"acct", SYS_acct, {16}},
    {"quotactl", SYS_quotactl, {0, 0, 0, 0}},
    {"syslog", SYS_syslog, {10, 0, 0}},              // the size of the buffer
    {"reboot", SYS_reboot, {0, 0, 0, 0}},            // without the magic numbers
    {"settimeofday", SYS_settimeofday, {0, 0}},      // sets neither
    {"clock_settime", SYS_clock_settime, {0, 16}},   // an unmapped time
    {"sethostname", SYS_sethostname, {16, -1}},      // no such length
    {"setdomainname", SYS_setdomainname, {16, -1}},
    {"vhangup", SYS_vhangup, {0}},
    {"mlockall", SYS_mlockall, {0}},
    {"lsm_list_modules", NR_LSM_LIST_MODULES, {0, 0, 0}},
    {"statmount", NR_STATMOUNT, {0, 0, 0, 0}},
    {"file_getattr", NR_FILE_GETATTR, {-100, 0, 0, 0, 0}},
    {"io_uring_setup", NR_IO_URING_SETUP, {0, 0}},
    {"add_key", SYS_add_key, {0, 0, 0, 0, -3}},
    {"request_key", SYS_request_key, {0, 0, 0, 0}},
    {"keyctl", SYS_keyctl, {0, -3, 0}},              // the session keyring's number
    {"unknown", 1999, {0}},
#ifdef __x86_64__
    {"iopl", SYS_iopl, {0}},
    {"ioperm", SYS_ioperm, {0x80, 1, 0}},
    {"modify_ldt", SYS_modify_ldt, {0, 0, 0}},       // reads nothing
#endif
};

int act_call(char **args) {
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const long *a = calls[i].arguments;
        if (strcmp(calls[i].name, args[0]) == 0)
            return outcome(syscall(calls[i].call, a[0], a[1], a[2], a[3], a[4], a[5]));
    }
    return ENOTSUP;   // not on this architecture
}

int act_unshare(char **args) { return outcome(unshare((int)number(args[0]))); }
int act_setns(char **args) {
    int fd = open(args[0], O_RDONLY | O_CLOEXEC);
    return fd == -1 ? errno : outcome(setns(fd, 0));
}
int act_personality(char **args) { return outcome(syscall(SYS_personality, number(args[0]))); }
int act_set_undumpable(char **args) { (void)args; return outcome(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)); }

static int install_filter(unsigned flags) {
    struct sock_filter allow[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
    struct sock_fprog program = {1, allow};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return outcome(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}
int act_own_filter(char **args) { (void)args; return install_filter(0); }
int act_own_listener(char **args) { (void)args; return install_filter(SECCOMP_FILTER_FLAG_NEW_LISTENER); }

// What a container's profile refuses: CALLS, with commas, of pidfd_getfd, ptrace, unshare and namespaces (by clone).
// The rest passes; clone3 is unknown there, as its flags lie in memory. (The x32 and 32-bit ways in stay open: no matter.)
int act_contained(char **args) {
    struct { const char *name; long call; } known[] = {
        {"pidfd_getfd", NR_PIDFD_GETFD}, {"ptrace", SYS_ptrace}, {"unshare", SYS_unshare}};
    struct sock_filter lines[32];
    unsigned short count = 0;
    const uint32_t refused = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;
    lines[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!strstr(args[0], known[i].name)) continue;
        lines[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)known[i].call, 0, 1);
        lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refused);
    }
    if (strstr(args[0], "namespaces")) {
        lines[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NR_CLONE3, 0, 1);
        lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, unknown);
        lines[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
        lines[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args));
        lines[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x7e020000 /* CLONE_NEW* */, 0, 1);
        lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refused);
    }
    lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {count, lines};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
        return errno;
    execvp(args[1], args + 1);
    return errno;
}

// A daemon that waits for its supervisor to go: then the newest listener would be the one that counts, and could let
// everything through. FILE gets both errnos of each turn, as "LISTENER CONNECT"; it ends when one of them is 0.
int act_outlive(char **args) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", args[1]);
    for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        setsid();
        if (fork() != 0) _exit(0);
        int log = open(args[0], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        for (int listener = -1, reached = -1; log != -1 && listener && reached; poll(NULL, 0, 1)) {
            int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            listener = install_filter(SECCOMP_FILTER_FLAG_NEW_LISTENER);
            reached = fd == -1 ? errno : outcome(connect(fd, (struct sockaddr *)&to, sizeof to));
            close(fd);
            if (dprintf(log, "%d %d\n", listener, reached) < 0) break;
        }
        _exit(0);
    }
    waitpid(child, NULL, 0);
    printf("ready\n");
    fflush(stdout);
    for (;;) pause();
}

// --- the other entries into the kernel

#ifdef __x86_64__
static long enter_32bit(long call, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(call), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10",
                     "r11");
    return result;
}
static int outcome_32bit(long result) { return (int)result < 0 ? -(int)result : 0; }
int act_enter_32bit_getpid(char **args) { (void)args; return outcome_32bit(enter_32bit(20, 0, 0, 0)); }
int act_enter_32bit_socket(char **args) {
    (void)args;
    return outcome_32bit(enter_32bit(359, AF_INET, SOCK_STREAM, 0));
}
int act_enter_32bit_socketcall(char **args) {
    int *request = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    (void)args;
    if (request == MAP_FAILED) return errno;
    request[0] = AF_INET, request[1] = SOCK_STREAM, request[2] = 0;
    return outcome_32bit(enter_32bit(102, 1, (long)request, 0));
}
int act_enter_x32_getpid(char **args) { (void)args; return outcome(syscall(0x40000000 | SYS_getpid)); }
#else
// One entry only: 32-bit programs exist on arm64, but a 64-bit one cannot make their calls.
int act_enter_32bit_getpid(char **args) { (void)args; return ENOTSUP; }
int act_enter_32bit_socket(char **args) { (void)args; return ENOTSUP; }
int act_enter_32bit_socketcall(char **args) { (void)args; return ENOTSUP; }
int act_enter_x32_getpid(char **args) { (void)args; return ENOTSUP; }
#endif

// --- System V and POSIX IPC: what is made is removed at once

int act_shmget(char **args) {
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    (void)args;
    return id == -1 ? errno : outcome(shmctl(id, IPC_RMID, NULL));
}
int act_semget(char **args) {
    int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    (void)args;
    return id == -1 ? errno : outcome(semctl(id, 0, IPC_RMID));
}
int act_msgget(char **args) {
    int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    (void)args;
    return id == -1 ? errno : outcome(msgctl(id, IPC_RMID, NULL));
}
int act_mq_open(char **args) {
    char name[64];
    (void)args;
    snprintf(name, sizeof name, "/agentbound-victim-%d", getpid());
    return mq_open(name, O_CREAT | O_RDWR, 0600, NULL) == (mqd_t)-1 ? errno : outcome(mq_unlink(name));
}

// A pipe is no terminal, so outside the kernel answers ENOTTY; the filter has to answer before it.
int act_terminal_request(char **args) {
    int pair[2];
    char byte = 'x';
    if (pipe(pair) == -1) return errno;
    return outcome(syscall(SYS_ioctl, pair[0], strtoul(args[0], NULL, 0), &byte));
}

// --- what goes round a filter, or changes how the kernel guards it

int act_speculation(char **args) {
    (void)args;
    return outcome(prctl(53 /* PR_SET_SPECULATION_CTRL */, 0 /* PR_SPEC_STORE_BYPASS */, 1UL << 3 /* DISABLE */, 0, 0));
}
// The clock without a system call.
int act_clock(char **args) {
    struct timespec now;
    (void)args;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 && time(NULL) >= now.tv_sec - 1 ? 0 : EIO;
}

#ifdef __x86_64__
// Returning from a signal sets all registers: here to those of a call, at an instruction that makes one.
static long forged;
static void forge(int unused, siginfo_t *info, void *context) {
    extern const char act_kernel_syscall[];
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    (void)unused, (void)info;
    registers[REG_RAX] = SYS_unshare;
    registers[REG_RDI] = forged;
    registers[REG_R12] = registers[REG_RIP];
    registers[REG_RIP] = (greg_t)act_kernel_syscall;
}
int act_forged_frame(char **args) {
    struct sigaction action = {.sa_sigaction = forge, .sa_flags = SA_SIGINFO};
    long result;
    forged = number(args[0]);
    sigaction(SIGUSR1, &action, NULL);
    pid_t self = getpid();
    // kill(self, SIGUSR1); the frame comes back at the second instruction, and that to where R12 says.
    __asm__ volatile("syscall\n\tjmp 1f\n\t.globl act_kernel_syscall\nact_kernel_syscall:\n\tsyscall\n\tjmp *%%r12\n1:"
                     : "=a"(result)
                     : "a"((long)SYS_kill), "D"((long)self), "S"((long)SIGUSR1)
                     : "rcx", "r11", "r12", "memory");
    return result < 0 ? (int)-result : 0;
}
#else
int act_forged_frame(char **args) { (void)args; return ENOTSUP; }
#endif

// COUNT Landlock domains, then PROGRAM below them: the kernel stacks sixteen.
int act_landlocked(char **args) {
    uint64_t handled[3] = {1ULL << 11 /* LANDLOCK_ACCESS_FS_MAKE_BLOCK */};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (long left = number(args[0]); left > 0; left--) {
        int ruleset = (int)syscall(444 /* landlock_create_ruleset */, handled, sizeof handled[0], 0);
        if (ruleset == -1 || syscall(446 /* landlock_restrict_self */, ruleset, 0) == -1) return errno;
        close(ruleset);
    }
    execvp(args[1], args + 1);
    return errno;
}
// An environment that no shell would make: names twice, without value, without name, no text, very long.
int act_odd_environment(char **args) {
    static char huge[100000];
    char *odd[] = {"WANTED=first", "WANTED=second", "=nameless", "NOVALUE", "", "WANTED2=\xff\xfe", "1ODD=x", huge,
                   "A-B=x", getenv("PATH") - 5, getenv("HOME") - 5, NULL};
    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "WANTED3=", 8);
    execve(args[0], args, odd);
    return errno;
}
