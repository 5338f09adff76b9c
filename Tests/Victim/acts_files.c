// Opening, creating, losing and renaming files; group A of the attack catalogue.
#include "victim.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_and_close(int folder, const char *path, int flags) {
    int fd = openat(folder, path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
    if (fd == -1) return errno;
    close(fd);
    return 0;
}

static int open_and_read(const char *path) {
    char byte;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd == -1) return errno;
    int error = outcome(read(fd, &byte, 1));
    close(fd);
    return error == EAGAIN ? 0 : error;
}

int act_open_read(char **args) { return open_and_read(args[0]); }
int act_open_write(char **args) { return open_and_close(AT_FDCWD, args[0], O_WRONLY); }
int act_open_append(char **args) { return open_and_close(AT_FDCWD, args[0], O_WRONLY | O_APPEND); }
int act_open_truncate(char **args) { return open_and_close(AT_FDCWD, args[0], O_WRONLY | O_TRUNC); }
int act_open_path_only(char **args) { return open_and_close(AT_FDCWD, args[0], O_PATH); }
int act_create(char **args) { return open_and_close(AT_FDCWD, args[0], O_WRONLY | O_CREAT | O_EXCL); }
int act_create_folder(char **args) { return outcome(mkdir(args[0], 0755)); }
int act_create_fifo(char **args) { return outcome(mkfifo(args[0], 0644)); }
int act_create_symlink(char **args) { return outcome(symlink(args[0], args[1])); }
int act_truncate(char **args) { return outcome(truncate(args[0], 1)); }
int act_unlink(char **args) { return outcome(unlink(args[0])); }
int act_rmdir(char **args) { return outcome(rmdir(args[0])); }
int act_link(char **args) { return outcome(link(args[0], args[1])); }
int act_rename(char **args) { return outcome(rename(args[0], args[1])); }
int act_rename_exchange(char **args) {
    return outcome(renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1], RENAME_EXCHANGE));
}
int act_rename_whiteout(char **args) {
    return outcome(renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1], RENAME_WHITEOUT));
}

int act_list_folder(char **args) {
    DIR *folder = opendir(args[0]);
    if (!folder) return errno;
    errno = 0;
    int error = readdir(folder) ? 0 : errno;
    closedir(folder);
    return error;
}

int act_link_descriptor(char **args) {
    char alias[64];
    int fd = open(args[0], O_PATH | O_CLOEXEC);
    if (fd == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d", fd);
    return outcome(linkat(AT_FDCWD, alias, AT_FDCWD, args[1], AT_SYMLINK_FOLLOW));
}

// A file without a name takes the place of one that has: no unlink is seen.
int act_replace_by_tmpfile(char **args) {
    char alias[64], name[PATH_MAX];
    int fd = open(args[0], O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
    if (fd == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d", fd);
    snprintf(name, sizeof name, "%s/unnamed", args[0]);
    if (linkat(AT_FDCWD, alias, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == -1) return errno;
    return outcome(rename(name, args[1]));
}

// Rename over an old name is a write; the old name must not become removable by it.
int act_replace_then_unlink(char **args) {
    char fresh[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s.fresh", args[0]);
    int error = write_file(fresh, "new", 0644);
    if (error) return error;
    if (rename(fresh, args[0]) == -1) return errno;
    return outcome(unlink(args[0]));
}

int act_open_in_proc_root(char **args) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/root%s", getpid(), args[0]);
    return open_and_read(path);
}

int act_open_by_descriptor(char **args) {
    char path[PATH_MAX];
    int folder = open(args[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1) return errno;
    snprintf(path, sizeof path, "/dev/fd/%d/%s", folder, args[1]);
    return open_and_read(path);
}

int act_open_by_openat(char **args) {
    int folder = open(args[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1) return errno;
    return open_and_close(folder, args[1], O_RDONLY);
}

int act_open_by_symlink(char **args) {
    if (symlink(args[1], args[0]) == -1) return errno;
    return open_and_read(args[0]);
}

// An O_PATH descriptor is opened again by its alias, which a check of path strings never sees.
int act_reopen_descriptor(char **args) {
    char alias[64];
    int fd = open(args[0], O_PATH | O_CLOEXEC);
    if (fd == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d", fd);
    return open_and_read(alias);
}

int act_rename_folder_above(char **args) {
    char path[PATH_MAX];
    if (rename(args[0], args[1]) == -1) return errno;
    snprintf(path, sizeof path, "%s/%s", args[1], args[2]);
    return open_and_read(path);
}

int act_rename_folder_of_descriptor(char **args) {
    int folder = open(args[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1 || rename(args[0], args[1]) == -1) return errno;
    return open_and_close(folder, args[2], O_RDONLY);
}

int act_open_symlink_loop(char **args) {
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s.other", args[0]);
    if (symlink(other, args[0]) == -1 || symlink(args[0], other) == -1) return errno;
    return open_and_read(args[0]);
}

int act_open_long_path(char **args) {
    char path[2 * PATH_MAX];
    size_t length = (size_t)snprintf(path, sizeof path, "%s", args[0]);
    while (length < PATH_MAX + 100) length += (size_t)snprintf(path + length, sizeof path - length, "/.");
    return open_and_read(path);
}

// As long as the kernel takes: the verdict must be that of the short spelling.
int act_open_padded_path(char **args) {
    char path[PATH_MAX];
    size_t length = strlen(args[0]), used = 0;
    while (used + length + 2 < sizeof path - 2) path[used++] = '/';
    snprintf(path + used, sizeof path - used, "%s", args[0]);
    return open_and_read(path);
}

// Newline, escape and bytes that are no UTF-8: nothing a log or a parser may stumble over.
int act_open_odd_name(char **args) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/\xff\xfe\n\x1b[2J\"", args[0]);
    return open_and_read(path);
}
int act_create_odd_name(char **args) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/\xff\xfe\n\x1b[2J\"", args[0]);
    return write_file(path, "SECRET", 0644);
}

static struct { const char *link, *good, *bad; volatile bool stop; } swap;

static void *swap_targets(void *unused) {
    char fresh[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s.fresh", swap.link);
    for (unsigned turn = 0; !swap.stop; turn++) {
        if (symlink(turn % 2 ? swap.good : swap.bad, fresh) == 0) (void)rename(fresh, swap.link);
        else unlink(fresh);
    }
    return unused;
}

int act_race_symlink(char **args) {
    char content[6];
    int last = NEVER_WON;
    pthread_t thread;
    swap.link = args[0], swap.good = args[1], swap.bad = args[2];
    if (symlink(swap.good, swap.link) == -1) return errno;
    if (pthread_create(&thread, NULL, swap_targets, NULL)) return EAGAIN;
    for (double end = seconds() + 0.5; racing(end, last);) {
        int fd = open(swap.link, O_RDONLY | O_CLOEXEC);
        if (fd == -1) { last = errno; continue; }
        if (read(fd, content, sizeof content) == sizeof content && memcmp(content, "SECRET", 6) == 0) last = 0;
        close(fd);
    }
    swap.stop = true;
    pthread_join(thread, NULL);
    return last;
}

// The path itself changes, between the look of whoever judges it and the kernel's own.
static struct { char path[PATH_MAX]; char *good, *bad; _Atomic bool stop; } moving;

static void *swap_paths(void *unused) {
    (void)unused;
    while (!moving.stop) {
        strcpy(moving.path, moving.bad);
        strcpy(moving.path, moving.good);
    }
    return NULL;
}

int act_race_path(char **args) {
    char content[6];
    int last = NEVER_WON;
    pthread_t thread;
    moving.good = args[0], moving.bad = args[1];
    strcpy(moving.path, moving.good);
    if (pthread_create(&thread, NULL, swap_paths, NULL)) return EAGAIN;
    for (double end = seconds() + 0.5; racing(end, last);) {
        int fd = open(moving.path, O_RDONLY | O_CLOEXEC);
        if (fd == -1) {
            if (errno == EACCES) last = EACCES;  // a mixture of both paths is nowhere
            continue;
        }
        if (read(fd, content, sizeof content) == sizeof content && memcmp(content, "SECRET", 6) == 0) last = 0;
        close(fd);
    }
    moving.stop = true;
    pthread_join(thread, NULL);
    return last;
}

int act_create_by_symlink(char **args) {
    if (symlink(args[1], args[0]) == -1) return errno;
    return open_and_close(AT_FDCWD, args[0], O_WRONLY | O_CREAT);
}

// A repository's hook, made where it will not be looked at: PLACE/made becomes PLACE/.git afterwards.
static int make_hooks(const char *place, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", place, name);
    if (mkdir(path, 0755) == -1) return errno;
    strcat(path, "/hooks");
    if (mkdir(path, 0755) == -1) return errno;
    strcat(path, "/pre-commit");
    return write_file(path, "#!/bin/sh", 0755);
}

static int plant(const char *place, int (*move)(const char *made, const char *git)) {
    char made[PATH_MAX], git[PATH_MAX];
    snprintf(made, sizeof made, "%s/made", place);
    snprintf(git, sizeof git, "%s/.git", place);
    int error = make_hooks(place, "made");
    // What comes before the attack must work: another errno than the one that a refusal has.
    return error ? ENOTRECOVERABLE : move(made, git);
}

static int rename_to(const char *made, const char *git) { return outcome(rename(made, git)); }
static int link_to(const char *made, const char *git) { return outcome(symlink(made, git)); }
static int exchange_with(const char *made, const char *git) {
    if (mkdir(git, 0755) == -1) return ENOTRECOVERABLE;
    return outcome(renameat2(AT_FDCWD, made, AT_FDCWD, git, RENAME_EXCHANGE));
}

int act_plant_in_place(char **args) { return make_hooks(args[0], ".git"); }
int act_plant_by_rename(char **args) { return plant(args[0], rename_to); }
int act_plant_by_symlink(char **args) { return plant(args[0], link_to); }
int act_plant_by_exchange(char **args) { return plant(args[0], exchange_with); }

// A file .git leads git to a folder with hooks. Made where no such name is closed, it comes with the folder that it is in.
int act_plant_git_file(char **args) {
    char from[PATH_MAX], file[PATH_MAX + 8], to[PATH_MAX];
    const char *place = getenv("TMPDIR");
    snprintf(from, sizeof from, "%s/made", place ? place : args[0]);
    snprintf(file, sizeof file, "%s/.git", from);
    snprintf(to, sizeof to, "%s/brought", args[0]);
    if (mkdir(from, 0700) == -1 || write_file(file, "gitdir: /tmp", 0600)) return ENOTRECOVERABLE;
    return outcome(rename(from, to));
}

int act_watch(char **args) {
    int fd = inotify_init1(IN_CLOEXEC);
    return fd == -1 ? errno : outcome(inotify_add_watch(fd, args[0], IN_ALL_EVENTS));
}

static int with_open_file(const char *path, int (*act)(int)) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1) return errno;
    int error = act(fd);
    close(fd);
    return error;
}

static int lock_exclusively(int fd) { return outcome(flock(fd, LOCK_EX | LOCK_NB)); }
static int lock_record(int fd) {
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    return outcome(fcntl(fd, F_OFD_SETLK, &lock));
}
// Whoever wrote the file may have started a program meanwhile, which has it open until its exec: that passes.
static int take_lease(int fd) {
    int error;
    for (double end = seconds() + 5; (error = outcome(fcntl(fd, F_SETLEASE, F_RDLCK))) == EAGAIN && seconds() < end;)
        usleep(1000);
    return error;
}
static int dig_hole(int fd) { return outcome(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096)); }

int act_flock(char **args) { return with_open_file(args[0], lock_exclusively); }
int act_record_lock(char **args) { return with_open_file(args[0], lock_record); }
int act_lease(char **args) { return with_open_file(args[0], take_lease); }
int act_punch_hole(char **args) {
    int fd = open(args[0], O_RDWR | O_CLOEXEC);
    return fd == -1 ? errno : dig_hole(fd);
}

// Prints where it leaves folders inside folders, names that are no text, folders that nobody may enter, and a link outside.
int act_litter(char **args) {
    const char *place = getenv("TMPDIR");
    if (!place || chdir(place) == -1) return place ? errno : ENOENT;
    printf("%s\n", place);
    if (symlink(args[0], "link") == -1 || write_file("odd\xff\n", "x", 0600)) return errno;
    for (int depth = 0; depth < 5000; depth++) {
        if (mkdir("agentbound-1", 0700) == -1 || chdir("agentbound-1") == -1) return errno;
        if (depth % 100 != 0 || depth > 200) continue;
        if (mkdir("closed", 0700) == -1 || mkdir("closed/in", 0) == -1) return errno;
        if (symlink(args[0], "closed/link") == -1 || chmod("closed", 0) == -1) return errno;
    }
    return fflush(stdout) == 0 ? 0 : errno;
}
int act_create_unnamed(char **args) { return outcome(open(args[0], O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)); }

// A request about the file itself, through a descriptor that may only read. The number that goes with it is its own.
int act_file_request(char **args) {
    unsigned char number_of_it[256] = {1};
    int fd = open(args[0], O_RDONLY | O_CLOEXEC);
    return fd == -1 ? errno : outcome(syscall(SYS_ioctl, fd, strtoul(args[1], NULL, 0), number_of_it));
}

// 0 when it comes into being with set-id bits. Writing would take them from whoever is not root.
int act_set_id_file(char **args) {
    struct stat status;
    const char *path = args[0], *call = args[1];
    mode_t mode = S_IFREG | 06755;
    int fd = -1;
    if (strcmp(call, "open") == 0) fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    else if (strcmp(call, "creat") == 0) fd = creat(path, mode);
    else if (strcmp(call, "O_TMPFILE") == 0) fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    else if (strcmp(call, "mknod") == 0) fd = mknod(path, mode, 0) == -1 ? -1 : open(path, O_PATH | O_CLOEXEC);
    if (fd == -1 || fstat(fd, &status) == -1) return errno;
    return status.st_mode & 06000 ? 0 : EPERM;
}
