// The parent's side of the report socket: ancillary data is macros, which Swift cannot call.
#include "child_launch.h"

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
    if (got <= 0) return got;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred from;
            memcpy(&from, CMSG_DATA(c), sizeof from);
            *sender = from.pid;
        }
    return got == sizeof *out ? got : 0;
}
