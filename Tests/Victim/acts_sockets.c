// Which sockets there are, their options, and unix sockets by path; B29 to B35, E1 to E6, J1 to J5.
#include "victim.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct word { const char *name; int value; };

static const struct word families[] = {
    {"unix", AF_UNIX}, {"inet", AF_INET}, {"inet6", AF_INET6}, {"netlink", AF_NETLINK}, {"packet", AF_PACKET},
    {"key", 15}, {"tipc", 30}, {"bluetooth", 31}, {"can", 29}, {"alg", 38}, {"vsock", 40}, {"qipcrtr", 42},
    {"smc", 43}, {"xdp", 44}, {"mctp", 45}, {NULL, 0}};
static const struct word types[] = {
    {"stream", SOCK_STREAM}, {"dgram", SOCK_DGRAM}, {"raw", SOCK_RAW}, {"seqpacket", SOCK_SEQPACKET}, {NULL, 0}};

static int word(const struct word *list, const char *name) {
    for (; list->name; list++)
        if (strcmp(list->name, name) == 0) return list->value;
    return (int)number(name);
}

int act_socket(char **args) {
    return outcome(socket(word(families, args[0]), word(types, args[1]) | SOCK_CLOEXEC, (int)number(args[2])));
}
int act_socketpair(char **args) {
    int pair[2];
    return outcome(socketpair(word(families, args[0]), word(types, args[1]), (int)number(args[2]), pair));
}
// The kernel looks at 32 bits; a filter that compares 64 sees another family.
int act_socket_high_bits(char **args) {
    return outcome(syscall(SYS_socket, 0x100000000L | word(families, args[0]), word(types, args[1]), 0));
}

// --- options

int act_option(char **args) {
    static const struct word levels[] = {{"socket", SOL_SOCKET}, {"tcp", IPPROTO_TCP}, {"ip", IPPROTO_IP},
                                         {"ipv6", IPPROTO_IPV6}, {NULL, 0}};
    int level = word(levels, args[0]), value = (int)number(args[2]);
    int fd = socket(level == IPPROTO_IPV6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd == -1 ? errno : outcome(setsockopt(fd, level, (int)number(args[1]), &value, sizeof value));
}
int act_bind_to_device(char **args) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)strlen(args[0]);
    return fd == -1 ? errno : outcome(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, args[0], length));
}
int act_upper_layer(char **args) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)strlen(args[0]);
    return fd == -1 ? errno : outcome(setsockopt(fd, IPPROTO_TCP, 31 /* TCP_ULP */, args[0], length));
}
int act_routing_header(char **args) {
    unsigned char header[24] = {0, 2, 4, 0};   // type 4, segment routing, one segment: ::1
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)args;
    header[23] = 1;
    return fd == -1 ? errno : outcome(setsockopt(fd, IPPROTO_IPV6, 57 /* IPV6_RTHDR */, header, sizeof header));
}
int act_source_route(char **args) {
    unsigned char option[8] = {131, 7, 4, 127, 0, 0, 1, 0};   // loose source route by 127.0.0.1
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)args;
    return fd == -1 ? errno : outcome(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option, sizeof option));
}
int act_attach_filter(char **args) {
    struct sock_filter all[] = {{BPF_RET | BPF_K, 0, 0, 0xffff}};
    struct sock_fprog program = {1, all};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)args;
    return fd == -1 ? errno : outcome(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

// --- netlink: a question about routes is ordinary, a change is not

static int netlink_ask(int type, int flags) {
    struct { struct nlmsghdr head; struct ifinfomsg body; } request = {
        .head = {sizeof request, (uint16_t)type, (uint16_t)(NLM_F_REQUEST | flags), 1, 0}};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct { struct nlmsghdr head; struct nlmsgerr error; char rest[8192]; } answer;
    request.body.ifi_index = 1;   // the loopback device, with nothing changed
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd == -1) return errno;
    if (sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&kernel, sizeof kernel) == -1) return errno;
    if (recv(fd, &answer, sizeof answer, 0) == -1) return errno;
    return answer.head.nlmsg_type == NLMSG_ERROR ? -answer.error.error : 0;
}
int act_netlink_change(char **args) { (void)args; return netlink_ask(RTM_NEWLINK, NLM_F_ACK); }
int act_netlink_query(char **args) { (void)args; return netlink_ask(RTM_GETLINK, NLM_F_DUMP); }

// --- unix sockets

static socklen_t unix_address(struct sockaddr_un *to, const char *name) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    snprintf(to->sun_path, sizeof to->sun_path, "%s", name);
    if (name[0] != '@') return sizeof *to;
    to->sun_path[0] = '\0';                                     // abstract: a leading zero byte
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
}

static int unix_reach(int type, const char *name) {
    struct sockaddr_un to;
    socklen_t length = unix_address(&to, name);
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd == -1) return errno;
    int error = outcome(connect(fd, (struct sockaddr *)&to, length));
    close(fd);
    return error;
}

int act_unix_connect(char **args) { return unix_reach(SOCK_STREAM, args[0]); }
int act_unix_connect_seqpacket(char **args) { return unix_reach(SOCK_SEQPACKET, args[0]); }
int act_unix_connect_symlink(char **args) {
    return symlink(args[1], args[0]) == -1 ? errno : unix_reach(SOCK_STREAM, args[0]);
}
int act_unix_connect_descriptor(char **args) {
    char alias[PATH_MAX];
    int folder = open(args[0], O_PATH | O_CLOEXEC);
    if (folder == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d/%s", folder, args[1]);
    return unix_reach(SOCK_STREAM, alias);
}

static int unix_send(int fd, const char *name) {
    struct sockaddr_un to;
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_name = &to, .msg_namelen = unix_address(&to, name), .msg_iov = &part,
                             .msg_iovlen = 1};
    return outcome(sendmsg(fd, &message, MSG_NOSIGNAL));
}
int act_unix_send_datagram(char **args) {
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd == -1 ? errno : unix_send(fd, args[0]);
}
int act_unix_send_from_pair(char **args) {
    int pair[2];
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == -1 ? errno : unix_send(pair[0], args[0]);
}

static struct { struct sockaddr_un *to; const char *good, *bad; volatile bool stop; } names;

static void *flip_name(void *unused) {
    for (unsigned turn = 0; !names.stop; turn++) strcpy(names.to->sun_path, turn % 2 ? names.good : names.bad);
    return unused;
}
int act_race_unix(char **args) {
    static struct sockaddr_un to, reached;
    int last = NEVER_WON;
    pthread_t thread;
    unix_address(&to, args[0]);
    names.to = &to, names.good = args[0], names.bad = args[1];
    pthread_create(&thread, NULL, flip_name, NULL);
    for (double end = seconds() + 0.5; racing(end, last);) {
        socklen_t size = sizeof reached;
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd == -1) { last = errno; break; }
        memset(&reached, 0, sizeof reached);
        if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) last = errno == ENOENT ? last : errno;   // torn name
        else if (getpeername(fd, (struct sockaddr *)&reached, &size) == 0 && strcmp(reached.sun_path, args[1]) == 0)
            last = 0;
        close(fd);
    }
    names.stop = true;
    pthread_join(thread, NULL);
    return last;
}

int act_unix_bind(char **args) {
    struct sockaddr_un here;
    socklen_t length = unix_address(&here, args[0]);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd == -1 ? errno : outcome(bind(fd, (struct sockaddr *)&here, length));
}
int act_unix_own_service(char **args) {
    struct sockaddr_un here;
    socklen_t length = unix_address(&here, args[0]);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server == -1) return errno;
    if (bind(server, (struct sockaddr *)&here, length) == -1 || listen(server, 1) == -1) return errno;
    return unix_reach(SOCK_STREAM, args[0]);
}

// --- descriptors over a unix socket

union passed { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; };

int give_descriptor(const char *name, int given) {
    struct sockaddr_un here;
    socklen_t length = unix_address(&here, name);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server == -1) return errno;
    if (bind(server, (struct sockaddr *)&here, length) == -1 || listen(server, 8) == -1) return errno;
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct pollfd wait[2] = {{server, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
        if (poll(wait, 2, -1) == -1 || wait[1].revents) return 0;
        union passed control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
        struct iovec part = {"x", 1};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                                 .msg_controllen = sizeof control};
        int client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
        memcpy(CMSG_DATA(&control.head), &given, sizeof given);
        if (client != -1) (void)!sendmsg(client, &message, MSG_NOSIGNAL);
        close(client);
    }
}

// An outside service: it hands the same open file or folder to everybody, until its input ends.
int act_give_descriptor(char **args) {
    int file = open(args[1], O_RDONLY | O_CLOEXEC);
    return file == -1 ? errno : give_descriptor(args[0], file);
}

int receive_descriptor(const char *name) {
    struct sockaddr_un to;
    socklen_t length = unix_address(&to, name);
    union passed control;
    char byte;
    int file, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                             .msg_controllen = sizeof control};
    if (fd == -1 || connect(fd, (struct sockaddr *)&to, length) == -1) return -1;
    if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) == -1) return -1;
    struct cmsghdr *first = CMSG_FIRSTHDR(&message);
    if (!first || first->cmsg_type != SCM_RIGHTS) { errno = ENODATA; return -1; }
    memcpy(&file, CMSG_DATA(first), sizeof file);
    return file;
}
int act_receive_file(char **args) {
    char byte;
    int file = receive_descriptor(args[0]);
    return file == -1 ? errno : outcome(pread(file, &byte, 1, 0));
}
int act_receive_folder(char **args) {
    int folder = receive_descriptor(args[0]);
    return folder == -1 ? errno : outcome(openat(folder, args[1], O_RDONLY | O_CLOEXEC));
}
