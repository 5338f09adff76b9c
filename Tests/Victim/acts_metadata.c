// What Landlock does not cover: modes, owners, times, attributes, names and sizes; A12 and A13.
#include "victim.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/stat.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static int with_descriptor(const char *path, int flags, int (*act)(int)) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd == -1) return errno;
    int error = act(fd);
    close(fd);
    return error;
}

// As C libraries do it for a path whose links are not to be followed.
int act_chmod_alias(char **args) {
    char alias[64];
    int fd = open(args[0], O_PATH | O_CLOEXEC);
    if (fd == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d", fd);
    return outcome(chmod(alias, 0640));
}
// To the mode that it has: a device belongs to everybody on the machine.
int act_chmod_same(char **args) {
    struct stat status;
    return stat(args[0], &status) == -1 ? errno : outcome(chmod(args[0], status.st_mode & 0777));
}

static const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

int act_chmod(char **args) { return outcome(chmod(args[0], 0600)); }
int act_chmod_at2(char **args) { return outcome(syscall(NR_FCHMODAT2, AT_FDCWD, args[0], 0600, 0)); }
int act_chown(char **args) { return outcome(chown(args[0], getuid(), getgid())); }
int act_lchown(char **args) { return outcome(lchown(args[0], getuid(), getgid())); }
int act_utimensat(char **args) { return outcome(utimensat(AT_FDCWD, args[0], long_ago, 0)); }
int act_setxattr(char **args) { return outcome(setxattr(args[0], "user.mark", "x", 1, 0)); }
int act_lsetxattr(char **args) { return outcome(lsetxattr(args[0], "user.mark", "x", 1, 0)); }
int act_removexattr(char **args) { return outcome(removexattr(args[0], "user.kept")); }
int act_setxattr_at(char **args) {
    struct { uint64_t value; uint32_t size, flags; } attribute = {(uintptr_t) "x", 1, 0};
    return outcome(syscall(NR_SETXATTRAT, AT_FDCWD, args[0], 0, "user.mark", &attribute, sizeof attribute));
}

static int chmod_descriptor(int fd) { return outcome(fchmod(fd, 0600)); }
static int chown_descriptor(int fd) { return outcome(fchown(fd, getuid(), getgid())); }
static int set_times(int fd) { return outcome(futimens(fd, long_ago)); }
static int set_attribute(int fd) { return outcome(fsetxattr(fd, "user.mark", "x", 1, 0)); }
static int chown_path_descriptor(int fd) { return outcome(fchownat(fd, "", getuid(), getgid(), AT_EMPTY_PATH)); }
static int set_times_of_path_descriptor(int fd) { return outcome(utimensat(fd, "", long_ago, AT_EMPTY_PATH)); }

int act_fchmod(char **args) { return with_descriptor(args[0], O_RDONLY, chmod_descriptor); }
int act_fchown(char **args) { return with_descriptor(args[0], O_RDONLY, chown_descriptor); }
int act_futimens(char **args) { return with_descriptor(args[0], O_RDONLY, set_times); }
int act_fsetxattr(char **args) { return with_descriptor(args[0], O_RDONLY, set_attribute); }
int act_chown_empty_path(char **args) { return with_descriptor(args[0], O_PATH, chown_path_descriptor); }
int act_utimensat_empty_path(char **args) { return with_descriptor(args[0], O_PATH, set_times_of_path_descriptor); }

int act_stat(char **args) {
    struct stat unused;
    return outcome(stat(args[0], &unused));
}
int act_statx(char **args) {
    struct statx unused;
    return outcome(syscall(SYS_statx, AT_FDCWD, args[0], 0, STATX_BASIC_STATS, &unused));
}
int act_access(char **args) { return outcome(access(args[0], F_OK)); }
int act_readlink(char **args) {
    char target[PATH_MAX];
    return outcome(readlink(args[0], target, sizeof target));
}
int act_listxattr(char **args) { return outcome(listxattr(args[0], NULL, 0)); }
int act_change_folder(char **args) { return outcome(chdir(args[0])); }
