// The only code that runs between fork and exec, and the tiny init of a pid namespace.
#ifndef AGENTBOUND_CHILD_LAUNCH_H
#define AGENTBOUND_CHILD_LAUNCH_H
#include <linux/filter.h>
#include <stdint.h>
#include <sys/types.h>

// Where a launch failed; the parent puts it in words.
enum child_step {
    CHILD_OK = 0,
    CHILD_PARENT_DEATH, CHILD_SESSION, CHILD_ID_MAP, CHILD_LOOPBACK, CHILD_STUB_SOCKETS, CHILD_MOUNT, CHILD_ROOT,
    CHILD_FORK_SERVER, CHILD_KEYRING, CHILD_LIMITS, CHILD_GROUPS, CHILD_USER, CHILD_CAPABILITIES, CHILD_NO_NEW_PRIVS,
    CHILD_DIRECTORY, CHILD_LANDLOCK_RULE, CHILD_LANDLOCK, CHILD_SECCOMP, CHILD_DESCRIPTORS, CHILD_WAIT, CHILD_EXEC,
    CHILD_INIT, CHILD_NAMESPACES,
};

// One message of the report socket (SOCK_SEQPACKET, so each arrives whole and with its sender's pid).
//   CHILD_READY     from the server-to-be: it waits for its plan
//   CHILD_LISTENER  from the server-to-be: first is the listener's number, second and third those of the stub's sockets
//                   (UDP, TCP), -1 for what there is not
//   CHILD_FAILED    first is the step, second errno, third in a list which entry
enum child_message { CHILD_FAILED = 1, CHILD_LISTENER = 2, CHILD_READY = 3 };
struct child_report { int32_t message, first, second, third; };

enum child_mount_kind { MOUNT_DIRECTORY, MOUNT_TMPFS, MOUNT_BIND, MOUNT_PROC, MOUNT_TERMINALS, MOUNT_SYMLINK, MOUNT_FILE };
struct child_mount {
    int32_t kind;
    uint32_t attributes;   // BIND: MOUNT_ATTR_* to set on the whole tree; DIRECTORY, FILE: mode
    const char *source;    // BIND: path on the host; SYMLINK: what it holds; FILE: its text; TMPFS: options
    const char *target;    // relative to the new root
    uint64_t device, inode; // BIND: what the source must still be; 0 when it need not be checked
};

struct child_rule { const char *path; uint64_t access; }; // a Landlock rule for a place that exists only in the new root
struct child_limit { int32_t resource; uint32_t unused; uint64_t soft, hard; };

// What has to be known to fork. All else comes later, so that the child makes its namespaces while the launcher plans.
struct child_origin {
    uint64_t namespaces;          // CLONE_NEW*; 0 forks the server directly
    uint64_t uid, gid;            // UINT64_MAX: stay
    int32_t drop_groups;
    int32_t keep_privileges;      // 0 (1 is test-only)
    int32_t new_user_namespace;   // write the id maps
    uint32_t map_uid, map_gid;
    int32_t report_fd;            // child's end
    int32_t launchers_fd;         // the launcher's end, which the child closes
    int32_t launchers_status_fd;  // pid namespace: the other end of status_fd, which the child closes too
    int32_t init_fd;              // pid namespace: the init program, a memfd
    int32_t status_fd;            // pid namespace: init writes a byte here when it has become itself and the old root is gone, and
                                  // the server's wait status; a stream socket
    int32_t stream_fds[3];        // what becomes each standard stream, above 2; -1: it stays the launcher's
    const struct child_plan *plan; // in memory that launcher and child share; the child reads it when told to
};

// Words to go on, in their order. The first may be left out; the third brings the Landlock ruleset, if there is one.
enum child_go { GO_BASE = 'b', GO_ROOT = 'r', GO_CONFINE = 'c', GO_FILTER = 'f' };

struct child_plan {
    const struct child_mount *base; uint64_t base_count;  // GO_BASE: the mounts that come first
    const char *root_place;       // GO_BASE or GO_ROOT: a folder that no mount comes from, over which the root is built
    // GO_ROOT
    int32_t stub_sockets;         // namespaces: make them on 127.0.0.1:53
    int32_t ipv6;                 // namespaces: give loopback an address that resolvers count as IPv6
    const struct child_mount *mounts; uint64_t mount_count;
    // GO_CONFINE
    const struct child_rule *rules; uint64_t rule_count;
    const struct child_limit *limits; uint64_t limit_count;
    int32_t keep_descriptors;     // 0 (1 is test-only)
    const char *directory;        // working directory of the server
    const char *path;             // program
    char *const *argv;
    char *const *envp;
    // GO_FILTER
    const struct sock_fprog *filter; // NULL: none (test-only)
    uint32_t filter_flags;
};

// Forks. The child dies with the calling thread. Returns its pid, or -1 with errno.
pid_t child_fork(const struct child_origin *origin);

// Says a word, with a descriptor if `fd` is not -1. Returns 0, or -1 with errno.
int child_say(int report_fd, char word, int fd);

// The child's side of it: waits; puts the descriptor, or -1, into `fd`. Returns the word, or -1 with errno.
int child_listen(int report_fd, int *fd);

// A connected pair of SOCK_SEQPACKET sockets; the first end learns each sender's pid. Returns 0, or -1 with errno.
int child_report_pair(int *ours, int *childs);
// Receives one message and the pid of its sender, as seen from here. Returns its length, 0 at the end, -1 with errno.
ssize_t child_receive(int report_fd, struct child_report *out, pid_t *sender);

// The init program: an ELF image for a memfd. Returns its size; writes nothing when `capacity` is too small.
uint64_t child_init_image(unsigned char *into, uint64_t capacity);
#endif
