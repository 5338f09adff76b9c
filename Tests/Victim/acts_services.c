// Services of the box's own, and others in their place: what the box bound once must open nothing that is not its own.
#include "victim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// Tells the test what was let go, and waits until somebody else has it.
static void hand_over(unsigned long what) {
    char line[16];
    printf("%lu\n", what);
    fflush(stdout);
    (void)!fgets(line, sizeof line, stdin);
}

static int tcp_connect(uint16_t port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return errno;
    int error = outcome(connect(fd, (struct sockaddr *)&to, sizeof to));
    close(fd);
    return error;
}

// Binds a port that the kernel picks and lets it go; connects to it when it is another's.
int act_connect_lost_port(char **args) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)args;
    if (fd == -1) return errno;
    if (bind(fd, (struct sockaddr *)&here, length) == -1 || listen(fd, 1) == -1) return errno;
    if (getsockname(fd, (struct sockaddr *)&here, &length) == -1) return errno;
    uint16_t port = ntohs(here.sin_port);
    int error = tcp_connect(port);   // while it is its own it is reached
    close(fd);
    if (error == 0 && tcp_connect(port) != ECONNREFUSED) error = ENODATA;   // and nobody's, as the kernel says it
    if (error) return error;
    hand_over(port);
    return tcp_connect(port);
}

static int listen6(uint16_t port, int only) {
    struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == -1) return -1;
    return bind(fd, (struct sockaddr *)&here, sizeof here) == -1 || listen(fd, 1) == -1 ? -1 : fd;
}
// All addresses of IPv6 alone, on a port that somebody else has for IPv4.
int act_connect_other_family(char **args) {
    uint16_t port = (uint16_t)number(args[0]);
    return listen6(port, 1) == -1 ? errno : tcp_connect(port);
}
int act_own_loopback_both(char **args) {
    uint16_t port = (uint16_t)number(args[0]);
    return listen6(port, 0) == -1 ? errno : tcp_connect(port);
}

static socklen_t unix_address(struct sockaddr_un *to, const char *path) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    strncpy(to->sun_path, path, sizeof to->sun_path - 1);
    return sizeof *to;
}
static int unix_connect(const char *path) {
    struct sockaddr_un to;
    socklen_t length = unix_address(&to, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return errno;
    int error = outcome(connect(fd, (struct sockaddr *)&to, length));
    close(fd);
    return error;
}
static int unix_bind(const char *path) {
    struct sockaddr_un here;
    socklen_t length = unix_address(&here, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return -1;
    if (bind(fd, (struct sockaddr *)&here, length) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

// By the name that the socket says it has, as Python's managers find each other.
int act_unix_told_name(char **args) {
    struct sockaddr_un here;
    socklen_t length = sizeof here;
    int fd = unix_bind(args[0]);
    if (fd == -1 || listen(fd, 1) == -1 || getsockname(fd, (struct sockaddr *)&here, &length) == -1) return errno;
    return unix_connect(here.sun_path);
}

// Makes a socket and removes it; connects to OTHER, which may have its number in the file system by then.
int act_unix_connect_later(char **args) {
    struct stat status;
    int fd = unix_bind(args[0]);
    if (fd == -1 || stat(args[0], &status) == -1 || unlink(args[0]) == -1) return errno;
    close(fd);
    hand_over((unsigned long)status.st_ino);
    return unix_connect(args[1]);
}

static struct { const char *other, *own; } moved;
static void *move_over(void *unused) {
    struct stat status;
    double end = seconds() + 10;
    while (lstat(moved.own, &status) == -1 && seconds() < end) {}
    rename(moved.other, moved.own);
    return unused;
}
// Binds a socket while another thread puts OTHER, which somebody else serves, in its place.
int act_race_unix_bind(char **args) {
    char own[108];
    int last = NEVER_WON;
    for (int turn = 0; turn < 100 && last != 0; turn++) {
        pthread_t thread;
        snprintf(own, sizeof own, "%s/own%d", args[0], turn);
        moved.other = args[1], moved.own = own;
        int error = pthread_create(&thread, NULL, move_over, NULL);
        if (error) return error;
        int fd = unix_bind(own);
        pthread_join(thread, NULL);
        error = unix_connect(own);
        if (error != ENOENT && error != ECONNREFUSED) last = error;
        if (rename(own, args[1]) == -1) return errno;
        if (fd != -1) close(fd);
    }
    return last;
}

// --- a listening socket over a unix socket

// An outside service: it hands its own listening socket to everybody, until its input ends.
int act_give_listener(char **args) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int given = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (given == -1 || bind(given, (struct sockaddr *)&here, sizeof here) == -1 || listen(given, 8) == -1) return errno;
    return give_descriptor(args[0], given);
}

// 0 when somebody could be let in by the socket that came.
int act_receive_listener(char **args) {
    int given = receive_descriptor(args[0]);
    if (given == -1) return errno;
    if (accept4(given, NULL, NULL, SOCK_CLOEXEC) == -1 && errno != EAGAIN) return errno;
    return 0;
}
