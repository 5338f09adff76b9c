// Victim ACT [ARGUMENTS...]: performs one act and exits with its errno, 0 when it succeeded.
// One line on standard error says what was called and what came of it.
#include "victim.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct act {
    const char *name, *arguments, *call;
    act_function *run;
};

static const struct act acts[] = {
#define ACT(name, arguments, call) {#name, arguments, call, act_##name},
#include "acts.def"
#undef ACT
};

enum { ACT_COUNT = sizeof acts / sizeof *acts, MISUSED = 254 };

int outcome(long result) { return result == -1 ? errno : 0; }

long number(const char *text) {
    if (strcmp(text, "parent") == 0) return getppid();
    return (long)strtoul(text, NULL, 0);
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int write_file(const char *path, const char *text, int mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd == -1) return errno;
    size_t length = strlen(text);
    int error = write(fd, text, length) == (ssize_t)length ? outcome(fchmod(fd, (mode_t)mode)) : EIO;
    close(fd);
    return error;
}

int copy_file(const char *from, const char *to, int mode) {
    char block[65536];
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source == -1) return errno;
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    int error = outcome(target);
    ssize_t got;
    while (error == 0 && (got = read(source, block, sizeof block)) > 0)
        if (write(target, block, (size_t)got) != got) error = EIO;
    if (error == 0) error = outcome(fchmod(target, (mode_t)mode));
    close(source);
    if (target != -1) close(target);
    return error;
}

int run_program(const char *path, char *const argv[]) {
    int report[2], error = 0, status = 0;
    if (pipe2(report, O_CLOEXEC) == -1) return errno;
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        execv(path, argv);
        error = errno;
        _exit(write(report[1], &error, sizeof error) == sizeof error ? 0 : 1);
    }
    close(report[1]);
    bool failed = read(report[0], &error, sizeof error) == sizeof error;   // end of file: it started, or was killed
    close(report[0]);
    if (waitpid(child, &status, 0) == -1) return errno;
    if (failed) return error;
    if (WIFSIGNALED(status)) return STARTED_AND_KILLED;
    return WEXITSTATUS(status);
}

static size_t words(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        if (text[0] != ' ' && (text[1] == ' ' || text[1] == '\0')) count++;
    return count;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < ACT_COUNT; i++) {
        if (strcmp(acts[i].name, name) != 0) continue;
        size_t wanted = words(acts[i].arguments), given = (size_t)argc - 2;
        bool open_ended = strstr(acts[i].arguments, "...") != NULL;
        if (open_ended ? given < wanted - 1 : given != wanted) {
            fprintf(stderr, "usage: Victim %s %s\n", name, acts[i].arguments);
            return MISUSED;
        }
        int result = acts[i].run(argv + 2);
        const char *word = result == 0 ? "success" : strerrorname_np(result);
        fprintf(stderr, "%s: %s -> %s\n", name, acts[i].call, word ? word : "?");
        return result;
    }
    for (size_t i = 0; i < ACT_COUNT; i++) printf("%s %s: %s\n", acts[i].name, acts[i].arguments, acts[i].call);
    return MISUSED;
}
