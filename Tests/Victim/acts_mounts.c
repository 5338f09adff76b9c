// Changing what paths mean: mounts, roots, file handles; A15 and A17 to A21.
#include "victim.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

// sys/mount.h and linux/mount.h clash in older glibc, so the calls are made by number.
int act_mount(char **args) {
    if (syscall(SYS_mount, "none", args[0], "tmpfs", 0UL, NULL) == -1) return errno;
    return outcome(syscall(SYS_umount2, args[0], 0));
}
int act_mount_bind(char **args) {
    if (syscall(SYS_mount, args[0], args[1], NULL, 0x1000UL /* MS_BIND */, NULL) == -1) return errno;
    return outcome(syscall(SYS_umount2, args[1], 0));
}
int act_umount(char **args) { return outcome(syscall(SYS_umount2, args[0], 0)); }
int act_chroot(char **args) { return outcome(chroot(args[0])); }
int act_pivot_root(char **args) { return outcome(syscall(SYS_pivot_root, args[0], args[0])); }
int act_fsopen(char **args) { return outcome(syscall(NR_FSOPEN, "tmpfs", 0)); }
int act_open_tree_clone(char **args) {
    return outcome(syscall(NR_OPEN_TREE, AT_FDCWD, args[0], 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC));
}
int act_move_mount(char **args) {
    return outcome(syscall(NR_MOVE_MOUNT, AT_FDCWD, args[0], AT_FDCWD, args[0], 0));
}
int act_mount_setattr(char **args) {
    uint64_t attributes[4] = {0};   // asks for no change
    return outcome(syscall(NR_MOUNT_SETATTR, AT_FDCWD, args[0], 0, attributes, sizeof attributes));
}

// A handle names a file by number, past every path: this one was made from a path, a hostile one is forged.
int act_open_by_handle(char **args) {
    struct { struct file_handle head; unsigned char bytes[MAX_HANDLE_SZ]; } handle;
    int mount, folder = open(args[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1) return errno;
    handle.head.handle_bytes = MAX_HANDLE_SZ;
    if (name_to_handle_at(AT_FDCWD, args[1], &handle.head, &mount, 0) == -1) return errno;
    return outcome(open_by_handle_at(folder, &handle.head, O_RDONLY | O_CLOEXEC));
}
int act_name_to_handle(char **args) {
    struct { struct file_handle head; unsigned char bytes[MAX_HANDLE_SZ]; } handle;
    int mount;
    handle.head.handle_bytes = MAX_HANDLE_SZ;
    return outcome(name_to_handle_at(AT_FDCWD, args[0], &handle.head, &mount, 0));
}

int act_write_bytes(char **args) {
    static char block[65536];
    signal(SIGXFSZ, SIG_IGN);   // so that the limit answers with EFBIG
    int fd = open(args[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd == -1) return errno;
    for (long left = number(args[1]); left > 0; left -= (long)sizeof block)
        if (write(fd, block, sizeof block) == -1) return errno;
    return 0;
}

// A second layer over a folder that may only be read, so that its files could be written.
int act_mount_overlay(char **args) {
    char options[8192];
    snprintf(options, sizeof options, "lowerdir=%s:%s", args[0], args[1]);   // two layers, neither written
    if (syscall(SYS_mount, "overlay", args[1], "overlay", 0UL, options) == -1) return errno;
    return outcome(syscall(SYS_umount2, args[1], 0));
}
// As an ordinary user may: in namespaces of its own. A process of its own, since there is no way back.
int act_mount_in_own_namespace(char **args) {
    int status;
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1) _exit(errno);
        if (syscall(SYS_mount, "none", "/", NULL, 0x44000UL /* MS_REC | MS_PRIVATE */, NULL) == -1) _exit(errno);
        _exit(act_mount(args));
    }
    return waitpid(child, &status, 0) == -1 ? errno : WEXITSTATUS(status);
}
