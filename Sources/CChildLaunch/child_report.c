// The report socket: ancillary data is macros, which Swift cannot call. What the child calls is safe between fork and exec.
#include "child_launch.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int child_report_pair(int *ours, int *childs) {
    int pair[2], on = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -1;
    *ours = pair[0];
    *childs = pair[1];
    return setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
}

ssize_t child_receive(int report_fd, struct child_report *out, pid_t *sender) {
    union { struct cmsghdr align; char bytes[CMSG_SPACE(sizeof(struct ucred))]; } control;
    struct iovec part = { out, sizeof *out };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t got = recvmsg(report_fd, &message, MSG_CMSG_CLOEXEC);
    // A child that ended with a word unread is an error before it is what it said last. The error is told once. unix(7)
    if (got < 0 && errno == ECONNRESET) got = recvmsg(report_fd, &message, MSG_CMSG_CLOEXEC);
    if (got <= 0) return got;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred from;
            memcpy(&from, CMSG_DATA(c), sizeof from);
            *sender = from.pid;
        }
    return got == sizeof *out ? got : 0;
}

// One byte, and room for one descriptor.
union word_control { struct cmsghdr align; char bytes[CMSG_SPACE(sizeof(int))]; };

int child_say(int report_fd, char word, int fd) {
    union word_control control;
    struct iovec part = { &word, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (fd >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    return sendmsg(report_fd, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int child_listen(int report_fd, int *fd) {
    char word;
    union word_control control;
    struct iovec part = { &word, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t got = recvmsg(report_fd, &message, MSG_CMSG_CLOEXEC);
    if (got != 1) {
        if (got == 0) errno = EPIPE;
        return -1;
    }
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    *fd = -1;
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) memcpy(fd, CMSG_DATA(c), sizeof *fd);
    return word;
}
