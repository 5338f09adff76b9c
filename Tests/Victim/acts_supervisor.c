// The supervisor as the target: bad memory, floods, callers that die or are interrupted, no descriptors left.
// Each ends with an ordinary call, which must still get its ordinary answer.
#include "victim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int reach(const char *host, uint16_t port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return errno;
    int error = outcome(connect(fd, (struct sockaddr *)&to, sizeof to));
    close(fd);
    return error;
}
static int reach_port(const char *port) { return reach("127.0.0.1", (uint16_t)number(port)); }

// --- pointers and lengths that lie

static uint32_t seed = 1;
static uint32_t chance(uint32_t below) { return (seed = seed * 1664525 + 1013904223) / 65536 % below; }

static char *edge;   // the last bytes of a page; the next page is not there

// Nothing that could be a path out of this folder or an address of somebody: the same is done outside the box.
static long odd_pointer(void) {
    static char text[8192];
    size_t length;
    memset(text, 0, sizeof text);
    switch (chance(8)) {
    case 0: return 0;
    case 1: return 16;
    case 2: return -4096;
    case 3: return (long)(edge + 4096);                       // not mapped
    case 4: return (long)(edge + 4096 - chance(32));          // the beginning of something, then nothing
    case 5: length = 5000; break;
    case 6: length = 255 + chance(8); break;
    default: length = chance(120);
    }
    if (chance(2)) text[0] = (char)chance(40);   // some family, and nothing else
    else for (size_t i = 0; i < length; i++) text[i] = "xyz\xff\n\x01 "[chance(7)];
    return (long)text;
}
static long odd_number(void) {
    static const long some[] = {0, 1, -1, 2, 3, 16, 110, 128, 129, 4096, 0x7fffffff, 0x80000000L, 0x100000010L, -100};
    return some[chance(sizeof some / sizeof *some)];
}

// Calls that a supervisor may have to look into, with arguments that make no sense.
int act_odd_calls(char **args) {
    static const struct { long call; const char *shape; } calls[] = {   // p a pointer, n a number, s a socket, c this folder
        {SYS_connect, "spn"}, {SYS_bind, "spn"}, {SYS_listen, "sn"}, {SYS_sendto, "spnnpn"}, {SYS_sendmsg, "spn"},
        {SYS_sendmmsg, "spnn"}, {SYS_unlinkat, "cpn"}, {SYS_renameat, "cpcp"}, {SYS_renameat2, "cpcpn"},
        {SYS_fchmodat, "cp0"}, {SYS_fchownat, "cpnnn"}, {SYS_utimensat, "cppn"}, {SYS_setxattr, "pppnn"},
        {SYS_removexattr, "pp"}, {SYS_execve, "ppp"}, {SYS_execveat, "cpppn"}, {SYS_inotify_add_watch, "npn"},
        {SYS_socket, "nnn"}};
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || munmap(page + 4096, 4096) == -1) return errno;
    edge = page;
    memset(edge, 'x', 4096);
    signal(SIGPIPE, SIG_IGN);
    for (int turn = 0; turn < 4000; turn++) {
        uint32_t which = chance(sizeof calls / sizeof *calls);
        const char *shape = calls[which].shape;
        long given[6] = {0}, call = calls[which].call;
        int fd = socket(chance(2) ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        for (size_t i = 0; shape[i]; i++)
            given[i] = shape[i] == 'p' ? odd_pointer() : shape[i] == 's' ? fd : shape[i] == 'c' ? AT_FDCWD
                     : shape[i] == 'n' ? odd_number() : 0;
        long result = syscall(call, given[0], given[1], given[2], given[3], given[4], given[5]);
        if (call == SYS_socket && result > 2) close((int)result);
        close(fd);
    }
    return reach_port(args[0]);
}

// --- many at once

static volatile bool enough;
static void *call_always(void *port) {
    while (!enough) reach_port(port);
    return NULL;
}
// Threads that ask for what is refused, without a pause, and one process that asks for what is granted.
int act_flood(char **args) {
    pid_t flooding = fork();
    if (flooding == -1) return errno;
    if (flooding == 0) {
        for (int i = 0; i < 16; i++) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, call_always, args[1])) _exit(EAGAIN);
        }
        for (;;) pause();
    }
    int error = 0;
    for (int turn = 0; turn < 50 && error == 0; turn++) error = reach_port(args[0]);
    kill(flooding, SIGKILL);
    waitpid(flooding, NULL, 0);
    return error;
}

// Every one of so many processes is served.
int act_crowd(char **args) {
    int error = 0, status, gate[2];
    char byte;
    long wanted = number(args[0]);
    if (pipe(gate) == -1) return errno;
    for (long i = 0; i < wanted; i++) {
        pid_t child = fork();
        if (child == -1) { error = errno; break; }
        if (child == 0) {
            close(gate[1]);
            (void)!read(gate[0], &byte, 1);   // until all are there
            _exit(reach_port(args[1]));
        }
    }
    close(gate[1]);
    while (waitpid(-1, &status, 0) > 0)
        if (error == 0 && status != 0) error = WIFEXITED(status) ? WEXITSTATUS(status) : STARTED_AND_KILLED;
    return error;
}

// --- callers that go away

// Processes that are killed while they wait for an answer, one after another, at every moment of it.
int act_die_waiting(char **args) {
    for (int turn = 0; turn < 200; turn++) {
        pid_t child = fork();
        if (child == -1) return errno;
        if (child == 0) _exit(reach(turn % 2 ? args[0] : "127.0.0.1", turn % 2 ? 9 : (uint16_t)number(args[1])));
        usleep((useconds_t)(turn * 10));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return reach_port(args[1]);
}

static void nothing(int unused) { (void)unused; }
// Signals without SA_RESTART: a call may say EINTR, but then it was not made, and nothing is lost by asking again.
int act_interrupted_renames(char **args) {
    char names[2][108];
    struct sigaction action = {.sa_handler = nothing};
    struct itimerval often = {.it_interval = {.tv_usec = 500}, .it_value = {.tv_usec = 500}};
    for (int i = 0; i < 2; i++) snprintf(names[i], sizeof names[i], "%s%d", args[0], i);
    int error = write_file(names[0], "moves", 0600);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    double end = seconds() + 1;   // on a busy machine the last one may only come through when it is quiet again
    for (int turn = 0; error == 0 && seconds() < end; turn++) {
        while ((error = outcome(rename(names[turn % 2], names[1 - turn % 2]))) == EINTR) {
            struct stat status;   // it is where it was
            if (stat(names[turn % 2], &status) == -1) return errno;
            if (seconds() > end) setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
        }
    }
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    return error;
}

// --- nothing left to work with

union many { struct cmsghdr head; char bytes[CMSG_SPACE(200 * sizeof(int))]; };

// Sends so many descriptors with a message that nobody takes. Whoever makes the call for it needs as many.
static void *send_descriptors(void *unused) {
    int pair[2];
    char byte = 'x';
    union many control = {.head = {CMSG_LEN(200 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) return NULL;
    int most = fcntl(pair[0], F_SETFL, O_NONBLOCK);
    while (most == 0 && send(pair[0], &control, sizeof control, MSG_NOSIGNAL) > 0) {}
    fcntl(pair[0], F_SETFL, 0);
    for (int i = 0; i < 200; i++) memcpy(CMSG_DATA(&control.head) + i * sizeof(int), &pair[1], sizeof(int));
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                             .msg_controllen = sizeof control};
    while (sendmsg(pair[0], &message, MSG_NOSIGNAL) == -1 && !enough) {}
    return unused;
}
int act_exhaust_descriptors(char **args) {
    pid_t greedy = fork();
    if (greedy == -1) return errno;
    if (greedy == 0) {
        for (int i = 0; i < 12; i++) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, send_descriptors, NULL)) _exit(EAGAIN);
        }
        for (;;) pause();
    }
    int passed = 0;
    for (int turn = 0; turn < 50 && !passed; turn++) {   // refused or not, it is never let through
        passed = reach_port(args[1]) == 0;
        if (!passed) usleep(10000);
    }
    kill(greedy, SIGKILL);
    waitpid(greedy, NULL, 0);
    if (passed) return ENODATA;
    int error = EMFILE;
    for (double end = seconds() + 10; error && seconds() < end;) error = reach_port(args[0]);   // and then served again
    return error;
}

// --- memory that is there, not there, and different, while it is read

static volatile char *shifting;
static void *shift_memory(void *unused) {
    for (unsigned turn = 0; !enough; turn++) {
        switch (turn % 5) {
        case 0: mprotect((void *)shifting, 4096, PROT_NONE); break;
        case 1: munmap((void *)shifting, 4096); break;
        case 2: mmap((void *)shifting, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0); break;
        default:   // lengths, pointers and families that change under the reader; the first byte of an address of a page
                   // is zero, so that as a path it is always empty, and hits nothing where the act is tried outside
            mmap((void *)shifting, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
            for (size_t i = 0; i < 512; i++) ((volatile uint64_t *)shifting)[i] = i % 3 ? turn : (uint64_t)shifting + i;
        }
    }
    return unused;
}
int act_changing_memory(char **args) {
    static const struct { long call; const char *shape; } calls[] = {   // p that memory, s a socket, c this folder, 1 itself
        {SYS_connect, "sp1"}, {SYS_bind, "sp1"}, {SYS_sendto, "sp11p1"}, {SYS_sendmsg, "sp0"}, {SYS_sendmmsg, "sp10"},
        {SYS_unlinkat, "cp0"}, {SYS_renameat2, "cpcp0"}, {SYS_fchmodat, "cp0"}, {SYS_fchownat, "cp000"},
        {SYS_utimensat, "cpp0"}, {SYS_setxattr, "ppp10"}, {SYS_removexattr, "pp"}, {SYS_execve, "ppp"},
        {SYS_execveat, "cppp0"}, {SYS_inotify_add_watch, "0p1"}, {SYS_openat, "cp0"}, {SYS_linkat, "cpcp0"}};
    pthread_t thread;
    shifting = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shifting == MAP_FAILED || pthread_create(&thread, NULL, shift_memory, NULL)) return errno;
    signal(SIGPIPE, SIG_IGN);
    for (int turn = 0; turn < 200 * (int)(sizeof calls / sizeof *calls); turn++) {
        const char *shape = calls[turn % (int)(sizeof calls / sizeof *calls)].shape;
        long given[6] = {0};
        int fd = socket(turn & 64 ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        for (size_t i = 0; shape[i]; i++)
            given[i] = shape[i] == 'p' ? (long)shifting : shape[i] == 's' ? fd : shape[i] == 'c' ? AT_FDCWD
                     : shape[i] == '1' ? 16 : 0;
        (void)syscall(calls[turn % (int)(sizeof calls / sizeof *calls)].call, given[0], given[1], given[2], given[3],
                      given[4], given[5]);
        close(fd);
    }
    enough = true;
    pthread_join(thread, NULL);
    return reach_port(args[0]);
}

// Whoever has no number left gets no socket, and the next one when there is a number again.
int act_full_table(char **args) {
    int last = -1, fd, error = 0;
    while ((fd = dup(2)) != -1) last = fd;
    if (errno != EMFILE) return errno;
    for (int turn = 0; turn < 50; turn++)
        if ((error = reach_port(args[0])) != EMFILE) return error ? error : ENODATA;
    close(last);
    return reach_port(args[0]);
}

// So many connections, one after another; a line for every hundred.
int act_reach_always(char **args) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number(args[0]))};
    struct linger reset = {1, 0};   // else the ports of connections that are over run out
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (long turn = 0; turn < number(args[1]); turn++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd == -1) return errno;
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        int error = outcome(connect(fd, (struct sockaddr *)&to, sizeof to));
        close(fd);
        if (error) return error;
        usleep(200);
        if (turn % 100 == 0) printf("%ld\n", turn);
    }
    return 0;
}

// Signals at whoever supervises.
int act_signal_storm(char **args) {
    int error = 0;
    for (int turn = 0; turn < 1000 && error != EPERM; turn++) error = outcome(kill((pid_t)number(args[0]), SIGURG));
    for (int turn = 0; turn < 10000; turn++) (void)kill((pid_t)number(args[0]), turn % 2 ? SIGCHLD : SIGWINCH);
    return error;
}
