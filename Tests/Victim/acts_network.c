// Reaching an address, by every call that can; group B of the attack catalogue.
#include "victim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 30
#endif

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    char bytes[128];
} address;

static socklen_t read_address(address *to, const char *host, const char *port) {
    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, host, &to->v4.sin_addr) == 1) {
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons((uint16_t)number(port));
        return sizeof to->v4;
    }
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons((uint16_t)number(port));
    return inet_pton(AF_INET6, host, &to->v6.sin6_addr) == 1 ? sizeof to->v6 : 0;
}

static int connect_and_send(int fd, const address *to, socklen_t length) {
    if (connect(fd, &to->any, length) == -1) return errno;
    return outcome(send(fd, "x", 1, MSG_NOSIGNAL));
}

static int with_socket(int type, char **args, int (*act)(int, const address *, socklen_t)) {
    address to;
    socklen_t length = read_address(&to, args[0], args[1]);
    int fd = length ? socket(to.any.sa_family, type | SOCK_CLOEXEC, 0) : -1;
    if (length == 0) return EINVAL;
    if (fd == -1) return errno;
    int error = act(fd, &to, length);
    close(fd);
    return error;
}

int act_connect(char **args) { return with_socket(SOCK_STREAM, args, connect_and_send); }

// As event loops do it: EINPROGRESS, then poll, then SO_ERROR.
static int connect_later(int fd, const address *to, socklen_t length) {
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, &to->any, length) == -1 && errno != EINPROGRESS) return errno;
    if (poll(&ready, 1, 5000) < 1) return ETIMEDOUT;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error ? error : outcome(send(fd, "x", 1, MSG_NOSIGNAL));
}
int act_connect_nonblocking(char **args) { return with_socket(SOCK_STREAM | SOCK_NONBLOCK, args, connect_later); }

int act_connect_length(char **args) {
    address to;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    read_address(&to, args[0], args[1]);
    return fd == -1 ? errno : outcome(syscall(SYS_connect, fd, &to, (int)number(args[2])));
}
int act_connect_unmapped(char **args) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd == -1 ? errno : outcome(syscall(SYS_connect, fd, number(args[0]), 16));
}

// The supervisor must not be kept from reading the address by the program's own dumpable flag.
int act_connect_undumpable(char **args) {
    (void)syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 0, 0, 0, 0);
    return act_connect(args);
}

// --- an address that changes between check and use

static struct race { address target; uint16_t good, bad; volatile int stop; } *race;

static void flip_port(void) {
    for (unsigned turn = 0; !race->stop; turn++) race->target.v4.sin_port = turn % 2 ? race->good : race->bad;
}
static void *flip_in_thread(void *unused) { flip_port(); return unused; }
static int flip_in_task(void *unused) { (void)unused; flip_port(); return 0; }

int act_race_connect(char **args) {
    static char stack[65536] __attribute__((aligned(16)));
    int last = NEVER_WON;
    pid_t peer = 0;
    pthread_t thread;
    race = mmap(NULL, sizeof *race, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (race == MAP_FAILED) return errno;
    read_address(&race->target, "127.0.0.1", args[1]);
    race->good = htons((uint16_t)number(args[1])), race->bad = htons((uint16_t)number(args[2]));
    if (strcmp(args[0], "thread") == 0) pthread_create(&thread, NULL, flip_in_thread, NULL);
    else if (strcmp(args[0], "vm") == 0) peer = clone(flip_in_task, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
    else if ((peer = fork()) == 0) { flip_port(); _exit(0); }
    if (peer == -1) return errno;
    for (double end = seconds() + 0.5; racing(end, last);) {
        address reached;
        socklen_t size = sizeof reached;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd == -1) { last = errno; break; }
        if (connect(fd, &race->target.any, sizeof race->target.v4) == -1) last = errno;
        else if (getpeername(fd, &reached.any, &size) == 0 && reached.v4.sin_port == race->bad) last = 0;
        close(fd);
    }
    race->stop = 1;
    if (peer) waitpid(peer, NULL, 0);
    else pthread_join(thread, NULL);
    return last;
}

static struct { int number, stream, datagram; volatile bool stop; } swap;

static void *swap_descriptors(void *unused) {
    for (unsigned turn = 0; !swap.stop; turn++) dup3(turn % 2 ? swap.stream : swap.datagram, swap.number, O_CLOEXEC);
    return unused;
}

// The descriptor's number comes to mean another socket while the call is being judged.
int act_race_descriptor(char **args) {
    address to;
    int last = NEVER_WON;
    pthread_t thread;
    socklen_t length = read_address(&to, args[0], args[1]);
    swap.datagram = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    swap.stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (swap.datagram == -1 || swap.stream == -1) return errno;
    swap.number = dup(swap.stream);
    pthread_create(&thread, NULL, swap_descriptors, NULL);
    for (double end = seconds() + 0.5; racing(end, last);) {
        address reached;
        socklen_t size = sizeof reached;
        if (connect(swap.number, &to.any, length) == -1 && errno != EISCONN) last = errno;
        if (getpeername(swap.datagram, &reached.any, &size) == 0) last = 0;
    }
    swap.stop = true;
    pthread_join(thread, NULL);
    return last;
}

// A thread with a descriptor table of its own: its number N is another socket than the leader's.
static struct { address to; socklen_t length; int number, own, result; } table;

static void *connect_with_own_table(void *unused) {
    if (unshare(CLONE_FILES) == -1) { table.result = errno; return unused; }
    table.own = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    dup3(table.own, table.number, O_CLOEXEC);
    table.result = outcome(connect(table.number, &table.to.any, table.length));
    address reached;
    socklen_t size = sizeof reached;
    if (table.result == 0 && getpeername(table.own, &reached.any, &size) == -1) table.result = EBADF;
    return unused;
}
int act_thread_table_connect(char **args) {
    pthread_t thread;
    address reached;
    socklen_t size = sizeof reached;
    table.length = read_address(&table.to, args[0], args[1]);
    table.number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (table.number == -1) return errno;
    pthread_create(&thread, NULL, connect_with_own_table, NULL);
    pthread_join(thread, NULL);
    return getpeername(table.number, &reached.any, &size) == 0 ? EBADF : table.result;   // the leader's was connected
}

// --- reaching a peer without connect()

static int fastopen_sendto(int fd, const address *to, socklen_t length) {
    return outcome(sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, &to->any, length));
}
static int fastopen_sendmsg(int fd, const address *to, socklen_t length) {
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_name = (void *)&to->any, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
    return outcome(sendmsg(fd, &message, MSG_FASTOPEN | MSG_NOSIGNAL));
}
static int fastopen_sendmmsg(int fd, const address *to, socklen_t length) {
    struct iovec part = {"x", 1};
    struct mmsghdr message = {.msg_hdr = {.msg_name = (void *)&to->any, .msg_namelen = length, .msg_iov = &part,
                                          .msg_iovlen = 1}};
    return outcome(sendmmsg(fd, &message, 1, MSG_FASTOPEN | MSG_NOSIGNAL));
}
static int fastopen_connect(int fd, const address *to, socklen_t length) {
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on) == -1) return errno;
    return connect_and_send(fd, to, length);
}
int act_fastopen_sendto(char **args) { return with_socket(SOCK_STREAM, args, fastopen_sendto); }
int act_fastopen_sendmsg(char **args) { return with_socket(SOCK_STREAM, args, fastopen_sendmsg); }
int act_fastopen_sendmmsg(char **args) { return with_socket(SOCK_STREAM, args, fastopen_sendmmsg); }
int act_fastopen_connect(char **args) { return with_socket(SOCK_STREAM, args, fastopen_connect); }

static int send_to(int fd, const address *to, socklen_t length) {
    return outcome(sendto(fd, "x", 1, 0, &to->any, length));
}
static int send_message(int fd, const address *to, socklen_t length) {
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_name = (void *)&to->any, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
    return outcome(sendmsg(fd, &message, 0));
}
static int send_messages(int fd, const address *to, socklen_t length) {
    static struct iovec parts[1024];
    struct mmsghdr messages[4] = {0};
    for (int i = 0; i < 1024; i++) parts[i] = (struct iovec){"x", 1};
    for (int i = 0; i < 4; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_name = (void *)&to->any, .msg_namelen = length,
                                              .msg_iov = parts, .msg_iovlen = 1024};
    return outcome(sendmmsg(fd, messages, 4, 0));
}
static int reconnect_and_send(int fd, const address *to, socklen_t length) {
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    (void)connect(fd, &to->any, length);
    if (connect(fd, &none, sizeof none) == -1) return errno;
    return connect_and_send(fd, to, length);
}
static int send_unmapped(int fd, const address *to, socklen_t length) {
    (void)to, (void)length;
    return outcome(syscall(SYS_sendmsg, fd, 16L, 0));   // an address nothing can be mapped at
}
int act_udp_sendto(char **args) { return with_socket(SOCK_DGRAM, args, send_to); }
int act_udp_sendmsg(char **args) { return with_socket(SOCK_DGRAM, args, send_message); }
int act_udp_sendmmsg(char **args) { return with_socket(SOCK_DGRAM, args, send_messages); }
int act_udp_connect(char **args) { return with_socket(SOCK_DGRAM, args, connect_and_send); }
int act_udp_reconnect(char **args) { return with_socket(SOCK_DGRAM, args, reconnect_and_send); }
int act_udp_send_unmapped(char **args) { return with_socket(SOCK_DGRAM, args, send_unmapped); }

// --- being reached

static int bind_only(int fd, const address *to, socklen_t length) { return outcome(bind(fd, &to->any, length)); }
static int bind_and_listen(int fd, const address *to, socklen_t length) {
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, &to->any, length) == -1 ? errno : outcome(listen(fd, 1));
}
static int bind_beside(int fd, const address *to, socklen_t length) {
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == -1) return errno;
    return bind_and_listen(fd, to, length);
}
int act_bind(char **args) { return with_socket(SOCK_STREAM, args, bind_only); }
int act_bind_udp(char **args) { return with_socket(SOCK_DGRAM, args, bind_only); }
int act_listen(char **args) { return with_socket(SOCK_STREAM, args, bind_and_listen); }
int act_listen_reuseport(char **args) { return with_socket(SOCK_STREAM, args, bind_beside); }
int act_listen_unbound(char **args) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)args;
    return fd == -1 ? errno : outcome(listen(fd, 1));
}

// The box's own service on loopback, as test servers and language runtimes use it.
int act_own_loopback(char **args) {
    address here;
    socklen_t length = read_address(&here, "127.0.0.1", args[0]);
    int on = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server == -1) return errno;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, &here.any, length) == -1 || listen(server, 1) == -1) return errno;
    if (getsockname(server, &here.any, &length) == -1) return errno;
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client, &here.any, length) == -1) return errno;
    return outcome(accept4(server, NULL, NULL, SOCK_CLOEXEC));
}

static void *connect_for_long(void *host) {
    char *args[] = {host, "9", NULL};
    act_connect(args);
    return NULL;
}

// A server whose threads all wait for a peer that never answers; another process of it must still be served.
// The threads die with their process while their calls are pending.
int act_stall(char **args) {
    pid_t waiting = fork();
    if (waiting == -1) return errno;
    if (waiting == 0) {
        for (int i = 0; i < 60; i++) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, connect_for_long, args[0])) _exit(EAGAIN);
        }
        for (;;) pause();
    }
    poll(NULL, 0, 500);
    char *near[] = {"127.0.0.1", args[1], NULL};
    double start = seconds();
    int error = act_connect(near);
    if (error == 0 && seconds() - start > 2) error = ETIMEDOUT;
    kill(waiting, SIGKILL);
    waitpid(waiting, NULL, 0);
    for (int i = 0; i < 20 && error == 0; i++) error = act_connect(near);   // the workers are free again
    return error;
}

// Processes until there can be no more: the launcher, which has the same user, can have no thread for what blocks.
int act_crowded_connect(char **args) {
    pid_t child;
    while ((child = fork()) > 0) {}
    if (child == 0) for (;;) pause();
    return errno == EAGAIN ? act_connect(args) : errno;
}

// A client that does not read what its server says: standard error is full when the launcher has a denial to tell.
// Ends the process itself, since the line that tells an act's outcome would wait for ever.
int act_flood_errors(char **args) {
    static const char page[4096];
    int flags = fcntl(STDERR_FILENO, F_GETFL);
    if (flags == -1 || fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK) == -1) _exit(errno);
    for (size_t size = sizeof page; size > 0;)   // what no longer fits as a page fits by bytes
        if (write(STDERR_FILENO, page, size) == -1) size /= 2;
    if (fcntl(STDERR_FILENO, F_SETFL, flags) == -1) _exit(errno);
    _exit(act_connect(args) == EACCES ? 3 : 4);
}
