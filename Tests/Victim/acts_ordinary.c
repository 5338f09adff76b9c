// What honest servers do all day and must go on doing in the box; H8 of the attack catalogue.
#include "victim.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int act_pipes(char **args) {
    int pair[2];
    char byte = 0;
    (void)args;
    if (pipe(pair) == -1) return errno;
    if (write(pair[1], "p", 1) != 1 || read(pair[0], &byte, 1) != 1) return errno;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) return errno;
    if (send(pair[1], "s", 1, 0) != 1 || recv(pair[0], &byte, 1, 0) != 1) return errno;
    uint64_t count = 1;
    int event = eventfd(0, EFD_CLOEXEC);
    return event == -1 ? errno : outcome(write(event, &count, sizeof count));
}

static void *add_one(void *counter) { (*(volatile int *)counter)++; return NULL; }
int act_threads(char **args) {
    pthread_t thread;
    int counter = 0;
    (void)args;
    for (int i = 0; i < 32; i++) {
        int error = pthread_create(&thread, NULL, add_one, &counter);
        if (error == 0) error = pthread_join(thread, NULL);
        if (error) return error;
    }
    return counter == 32 ? 0 : ENODATA;
}

int act_fork(char **args) {
    (void)args;
    for (volatile int i = 0; i < 16; i++) {
        int status;
        pid_t child = i % 2 ? fork() : vfork();
        if (child == 0) _exit(7);
        if (child == -1 || waitpid(child, &status, 0) == -1) return errno;
        if (WEXITSTATUS(status) != 7) return ECHILD;
    }
    return 0;
}

// As editors save: write beside, sync, rename over the old file.
int act_save(char **args) {
    char fresh[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s.tmp", args[0]);
    int error = write_file(fresh, "saved", 0644);
    return error ? error : outcome(rename(fresh, args[0]));
}
int act_create_and_remove(char **args) {
    int error = write_file(args[0], "own", 0600);
    if (error) return error;
    if (chmod(args[0], 0640) == -1 || utimensat(AT_FDCWD, args[0], NULL, 0) == -1) return errno;
    return outcome(unlink(args[0]));
}
int act_make_and_remove_folder(char **args) {
    char below[PATH_MAX];
    snprintf(below, sizeof below, "%s/file", args[0]);
    if (mkdir(args[0], 0755) == -1) return errno;
    int error = write_file(below, "own", 0644);
    if (error) return error;
    if (unlink(below) == -1) return errno;
    return outcome(rmdir(args[0]));
}
// As git stores an object: write under a temporary name, link to the final one, unlink the temporary.
int act_link_and_unlink(char **args) {
    char fresh[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s.tmp", args[0]);
    int error = write_file(fresh, "object", 0444);
    if (error) return error;
    if (link(fresh, args[0]) == -1) return errno;
    return outcome(unlink(fresh));
}
int act_append(char **args) {
    int fd = open(args[0], O_WRONLY | O_APPEND | O_CLOEXEC);
    return fd == -1 ? errno : outcome(write(fd, "more", 4));
}
int act_shorten(char **args) {
    int fd = open(args[0], O_RDWR | O_CLOEXEC);
    return fd == -1 ? errno : outcome(ftruncate(fd, 2));
}

int act_shorten_output(char **args) { (void)args; return outcome(ftruncate(STDOUT_FILENO, 0)); }

int act_wait_for_events(char **args) {
    struct epoll_event event = {.events = EPOLLIN};
    struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
    sigset_t none;
    (void)args;
    sigemptyset(&none);
    int set = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (set == -1 || timer == -1 || signalfd(-1, &none, SFD_CLOEXEC) == -1) return errno;
    if (timerfd_settime(timer, 0, &soon, NULL) == -1) return errno;
    if (epoll_ctl(set, EPOLL_CTL_ADD, timer, &event) == -1) return errno;
    int ready = epoll_wait(set, &event, 1, 2000);
    return ready == 1 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

int act_memory(char **args) {
    char random[16];
    (void)args;
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    if (mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1) return errno;   // as every JIT does
    if (madvise(page + 4096, 4096, MADV_DONTNEED) == -1) return errno;
    if (getrandom(random, sizeof random, 0) == -1) return errno;
    return outcome(munmap(page, 8192));
}

static volatile sig_atomic_t rang;
static void ring(int unused) { (void)unused; rang = 1; }

int act_timers(char **args) {
    timer_t timer;
    struct sigaction action = {.sa_handler = ring};
    struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
    (void)args;
    sigaction(SIGALRM, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, NULL, &timer) == -1) return errno;
    if (timer_settime(timer, 0, &soon, NULL) == -1) return errno;
    for (double end = seconds() + 2; !rang && seconds() < end;) poll(NULL, 0, 10);
    return rang ? 0 : ETIMEDOUT;
}

int act_scheduling(char **args) {
    cpu_set_t cpus;
    struct rlimit limit;
    (void)args;
    if (prctl(PR_SET_NAME, "worker") == -1 || sched_yield() == -1) return errno;
    if (setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0)) == -1) return errno;
    if (sched_getaffinity(0, sizeof cpus, &cpus) == -1) return errno;
    if (getrlimit(RLIMIT_NOFILE, &limit) == -1) return errno;
    limit.rlim_cur = limit.rlim_max;                               // as node does at its start
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1) return errno;
    return outcome(kill(getpid(), 0));
}

int act_interfaces(char **args) {
    struct ifaddrs *list;
    (void)args;
    if (getifaddrs(&list) == -1) return errno;
    int error = list ? 0 : ENODATA;
    freeifaddrs(list);
    return error;
}

// Signals with SA_RESTART arrive all the time; the calls that a supervisor answers must not come back with EINTR.
int act_interrupted_saves(char **args) {
    struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
    struct itimerval often = {.it_interval = {.tv_usec = 500}, .it_value = {.tv_usec = 500}};
    int error = 0;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (double end = seconds() + 1; error == 0 && seconds() < end;) error = act_save(args);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    return error;
}

int act_own_proc(char **args) {
    char byte;
    (void)args;
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd == -1 || read(fd, &byte, 1) != 1) return errno;
    int status;
    pid_t child = fork();                                          // a child's own /proc/self is another folder
    if (child == 0) _exit(open("/proc/self/maps", O_RDONLY | O_CLOEXEC) == -1 ? errno : 0);
    if (child == -1 || waitpid(child, &status, 0) == -1) return errno;
    return WEXITSTATUS(status);
}

// --- for the tests of a server's life

int act_speak(char **args) {
    printf("%s", args[0]);
    return fflush(stdout) == 0 ? 0 : errno;
}
int act_echo(char **args) {
    char block[4096];
    ssize_t got;
    (void)args;
    while ((got = read(STDIN_FILENO, block, sizeof block)) > 0)
        if (write(STDOUT_FILENO, block, (size_t)got) != got) return errno;
    return got == 0 ? 0 : errno;
}
int act_die(char **args) {
    signal((int)number(args[0]), SIG_DFL);
    raise((int)number(args[0]));
    return 0;
}
int act_environment(char **args) {
    (void)args;
    for (char **variable = environ; *variable; variable++) puts(*variable);
    return 0;
}

// "key value" lines on what a process inherits, for a test to compare.
int act_inheritance(char **args) {
    sigset_t blocked;
    struct sigaction action;
    (void)args;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    mode_t mask = umask(0);
    printf("umask %03o\nsession %s\n", (unsigned)mask, getsid(0) == getpid() || getsid(0) == getppid() ? "own" : "shared");
    printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
    for (int i = 1; i < 32; i++) {
        if (sigismember(&blocked, i)) printf("blocked %d\n", i);
        if (sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN) printf("ignored %d\n", i);
    }
    int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    printf("terminal %s\n", terminal == -1 ? "none" : "open");
    return 0;
}

// Leaves a daemon behind (double fork, own session, deaf to polite signals) that touches FILE ten times a second,
// then stays itself until its input ends, and longer when told to be stubborn.
int act_daemonise(char **args) {
    char byte;
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    // Where the supervisor opens files, nobody is left to do it for an orphan.
    int fd = open(args[0], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd == -1) return errno;
    pid_t child = fork();
    if (child == 0) {
        setsid();
        if (fork() != 0) _exit(0);
        struct stat status;
        while (write(fd, ".", 1) == 1 && !fstat(fd, &status) && status.st_nlink > 0) poll(NULL, 0, 100);
        _exit(errno);
    }
    if (child == -1 || waitpid(child, NULL, 0) == -1) return errno;
    printf("ready\n");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {}
    while (strcmp(args[1], "stubborn") == 0) pause();
    return 0;
}
