// Other processes, what is inherited, and limits; groups D and E of the attack catalogue.
#include "victim.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// --- an outside process for the others to act on

static volatile char secret[] = "SECRET in the memory of an outside process";

static void say(int signal_number) {
    char mark = (char)('0' + signal_number % 10);
    (void)!write(STDOUT_FILENO, &mark, 1);
}

// Prints "PID ADDRESS TERMINAL", then a character for every signal that reached it, until its input ends.
int act_peer(char **args) {
    char byte;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal != -1 && (grantpt(terminal) || unlockpt(terminal))) return errno;
    for (int i = 1; i < SIGRTMAX; i++)
        if (i != SIGPIPE) signal(i, say);
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    (void)args;
    printf("%d %p %s\n", getpid(), (void *)secret, terminal == -1 ? "-" : ptsname(terminal));
    fflush(stdout);
    ssize_t got;
    while ((got = read(STDIN_FILENO, &byte, 1)) > 0 || (got == -1 && errno == EINTR)) {}
    return 0;
}

// --- signals

static pid_t target(const char *text) { return (pid_t)number(text); }

int act_kill(char **args) { return outcome(kill(target(args[0]), SIGCONT)); }
int act_kill_group(char **args) {
    pid_t group = getpgid(target(args[0]));
    return group == -1 ? errno : outcome(kill(-group, 0));
}
int act_tkill(char **args) { return outcome(syscall(SYS_tkill, target(args[0]), SIGCONT)); }
int act_tgkill(char **args) { return outcome(syscall(SYS_tgkill, target(args[0]), target(args[0]), SIGCONT)); }
int act_sigqueue(char **args) {
    return outcome(sigqueue(target(args[0]), SIGCONT, (union sigval){.sival_int = 1}));
}
int act_tgsigqueue(char **args) {
    siginfo_t info = {.si_signo = SIGCONT, .si_code = SI_QUEUE};
    return outcome(syscall(SYS_rt_tgsigqueueinfo, target(args[0]), target(args[0]), SIGCONT, &info));
}
int act_pidfd_send_signal(char **args) {
    int fd = (int)syscall(NR_PIDFD_OPEN, target(args[0]), 0);
    return fd == -1 ? errno : outcome(syscall(NR_PIDFD_SEND_SIGNAL, fd, SIGCONT, NULL, 0));
}
// No kill at all: the kernel is asked to tell another process about our pipe.
int act_signal_by_owner(char **args) {
    int pair[2];
    if (pipe(pair) == -1) return errno;
    if (fcntl(pair[0], F_SETOWN, target(args[0])) == -1) return errno;
    if (fcntl(pair[0], F_SETFL, O_ASYNC) == -1) return errno;
    return outcome(write(pair[1], "x", 1));
}

// --- looking into and changing another process

int act_ptrace_attach(char **args) {
    if (ptrace(PTRACE_ATTACH, target(args[0]), NULL, NULL) == -1) return errno;
    waitpid(target(args[0]), NULL, __WALL);
    return outcome(ptrace(PTRACE_DETACH, target(args[0]), NULL, NULL));
}
int act_ptrace_seize(char **args) { return outcome(ptrace(PTRACE_SEIZE, target(args[0]), NULL, NULL)); }
int act_ptrace_traceme(char **args) { (void)args; return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
int act_read_memory(char **args) {
    char buffer[6] = {0};
    struct iovec here = {buffer, sizeof buffer}, there = {(void *)number(args[1]), sizeof buffer};
    if (process_vm_readv(target(args[0]), &here, 1, &there, 1, 0) == -1) return errno;
    return memcmp(buffer, "SECRET", 6) == 0 ? 0 : ENODATA;
}
int act_write_memory(char **args) {
    char buffer[] = "SECRET";
    struct iovec here = {buffer, 6}, there = {(void *)number(args[1]), 6};
    return outcome(process_vm_writev(target(args[0]), &here, 1, &there, 1, 0));
}
int act_kcmp(char **args) { return outcome(syscall(SYS_kcmp, getpid(), target(args[0]), 0, 0, 0)); }
int act_pidfd_getfd(char **args) {
    int fd = (int)syscall(NR_PIDFD_OPEN, target(args[0]), 0);
    return fd == -1 ? errno : outcome(syscall(NR_PIDFD_GETFD, fd, 0, 0));
}
int act_process_madvise(char **args) {
    struct iovec there = {(void *)(number(args[1]) & ~4095L), 4096};
    int fd = (int)syscall(NR_PIDFD_OPEN, target(args[0]), 0);
    return fd == -1 ? errno : outcome(syscall(NR_PROCESS_MADVISE, fd, &there, 1, MADV_WILLNEED, 0));
}
int act_move_pages(char **args) {
    return outcome(syscall(SYS_move_pages, target(args[0]), 0UL, NULL, NULL, NULL, 0));
}

static int proc_read(pid_t pid, const char *file) {
    char path[PATH_MAX], byte;
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1) return errno;
    int error = strcmp(file, "mem") == 0 ? 0 : outcome(read(fd, &byte, 1));   // mem has nothing at 0
    close(fd);
    return error;
}
int act_proc_read(char **args) { return proc_read(target(args[0]), args[1]); }
int act_proc_readlink(char **args) {
    char path[PATH_MAX], to[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/%s", target(args[0]), args[1]);
    return outcome(readlink(path, to, sizeof to));
}
int act_proc_open_below(char **args) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/%s", target(args[0]), args[1]);
    return outcome(open(path, O_RDONLY | O_CLOEXEC));
}

int act_setpriority(char **args) { return outcome(setpriority(PRIO_PROCESS, (id_t)target(args[0]), 19)); }
int act_sched_setscheduler(char **args) {
    struct sched_param none = {0};
    return outcome(sched_setscheduler(target(args[0]), SCHED_BATCH, &none));
}
int act_sched_setaffinity(char **args) {
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    return outcome(sched_setaffinity(target(args[0]), sizeof all, &all));
}
int act_ioprio_set(char **args) {
    return outcome(syscall(SYS_ioprio_set, 1 /* a process */, target(args[0]), 2 << 13 | 7));
}
// Of all processes that the user has, to what this one has.
int act_setpriority_user(char **args) {
    (void)args;
    int error = outcome(setpriority(PRIO_USER, 0, getpriority(PRIO_PROCESS, 0)));
    return error == EACCES ? 0 : error;   // it reached one that has less, and may not be given more
}
int act_prlimit(char **args) {
    struct rlimit same;
    if (prlimit(target(args[0]), RLIMIT_CORE, NULL, &same) == -1) return errno;
    return outcome(prlimit(target(args[0]), RLIMIT_CORE, &same, NULL));
}

// --- what was inherited: 0 when the hostile wish is granted

int act_open_descriptors(char **args) {
    (void)args;
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) != -1) return 0;
    return EBADF;
}
int act_privilege_gain(char **args) {
    (void)args;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? EPERM : 0;
}
int act_core_dump(char **args) {
    struct rlimit limit;
    (void)args;
    return getrlimit(RLIMIT_CORE, &limit) == -1 ? errno : limit.rlim_max == 0 ? EPERM : 0;
}
int act_read_variable(char **args) { return getenv(args[0]) ? 0 : ENOENT; }
// What exec left above the stack: arguments, variables, the auxiliary vector, and gaps between them.
int act_search_stack(char **args) {
    static char line[512], wanted[256];   // not on the stack, where it would find itself
    size_t from, to;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps) return errno;
    snprintf(wanted, sizeof wanted, "%s=", args[0]);
    while (fgets(line, sizeof line, maps))
        if (strstr(line, "[stack]") && sscanf(line, "%zx-%zx", &from, &to) == 2)
            return memmem((void *)from, to - from, wanted, strlen(wanted)) ? 0 : ENOENT;
    return ENODATA;
}
int act_hold_capability(char **args) {
    (void)args;
    for (int capability = 0; capability < 64; capability++)
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1) return 0;
    return EPERM;
}
int act_hold_group(char **args) { (void)args; return getgroups(0, NULL) > 0 ? 0 : EPERM; }

// --- limits

int act_many_processes(char **args) {
    int error = 0;
    pid_t children[4096];
    long wanted = number(args[0]), started = 0;
    for (; started < wanted && started < 4096 && error == 0; started++) {
        children[started] = fork();
        if (children[started] == 0) for (;;) pause();
        if (children[started] == -1) { error = errno; break; }
    }
    for (long i = 0; i < started; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    return error;
}
static void *rest(void *unused) { for (;;) pause(); return unused; }
int act_many_threads(char **args) {
    for (long left = number(args[0]); left > 0; left--) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, rest, NULL);
        if (error) return error;
    }
    return 0;
}
int act_many_descriptors(char **args) {
    for (long left = number(args[0]); left > 0; left--)
        if (open("/dev/null", O_RDONLY | O_CLOEXEC) == -1) return errno;
    return 0;
}
int act_much_memory(char **args) {
    size_t size = (size_t)number(args[0]);
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

int act_much_shared_memory(char **args) {
    size_t size = (size_t)number(args[0]);
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return errno;
    memset(memory, 1, size);
    return 0;
}

// --- what a pidfd and /proc give

int act_pidfd_namespace(char **args) {
    int fd = (int)syscall(NR_PIDFD_OPEN, target(args[0]), 0);
    return fd == -1 ? errno : outcome(syscall(SYS_ioctl, fd, 0xff04 /* PIDFD_GET_NET_NAMESPACE */, 0));
}
int act_own_memory_file(char **args) { (void)args; return outcome(open("/proc/self/mem", O_RDWR | O_CLOEXEC)); }

// 0 when a thread of this process is under no filter.
static void *look_at_filter(void *line) {
    FILE *status = fopen("/proc/thread-self/status", "re");
    while (status && fgets(line, 128, status))
        if (strncmp(line, "Seccomp:", 8) == 0) return line;
    return NULL;
}
int act_free_thread(char **args) {
    char line[128];
    pthread_t thread;
    void *found;
    (void)args;
    int error = pthread_create(&thread, NULL, look_at_filter, line);
    if (error || (error = pthread_join(thread, &found))) return error;
    return !found ? ENODATA : strtol(line + 8, NULL, 10) == 0 ? 0 : EPERM;
}
// All but the standard streams are closed; whatever listens to the box's calls is none of them.
int act_close_all(char **args) {
    return syscall(SYS_close_range, 3, ~0U, 0) == -1 ? errno : act_connect(args);
}
