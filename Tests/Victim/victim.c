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

static pid_t boss;   // who started the series that this act belongs to

long number(const char *text) {
    if (strcmp(text, "parent") == 0) return boss ? boss : getppid();
    return (long)strtoul(text, NULL, 0);
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool racing(double end, int last) {
    return last != 0 && seconds() < end + (last == NEVER_WON ? 10 : 0);   // a busy machine may run one of two tasks only
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

static int perform(const struct act *act, char **args, size_t given) {
    size_t wanted = words(act->arguments);
    bool open_ended = strstr(act->arguments, "...") != NULL;
    if (open_ended ? given < wanted - 1 : given != wanted) {
        fprintf(stderr, "usage: Victim %s %s\n", act->name, act->arguments);
        return MISUSED;
    }
    int result = act->run(args);
    const char *word = result == 0 ? "success" : strerrorname_np(result);
    fprintf(stderr, "%s: %s -> %s\n", act->name, act->call, word ? word : "?");
    return result;
}

static const struct act *find(const char *name) {
    for (size_t i = 0; i < ACT_COUNT; i++)
        if (strcmp(acts[i].name, name) == 0) return &acts[i];
    return NULL;
}

// Many acts in one box, each in a process of its own: a line on standard input names folder, act and arguments with
// tabs between them; "=CODE" is written when the act is over, 128 + n when a signal ended it.
int act_series(char **args) {
    char *line = NULL, *word[64];
    size_t size = 0;
    (void)args;
    boss = getppid();
    while (getline(&line, &size, stdin) > 0) {
        size_t count = 0;
        int status = 0;
        line[strcspn(line, "\n")] = '\0';
        for (char *rest = line; rest && count < 63;) word[count++] = strsep(&rest, "\t");
        word[count] = NULL;
        const struct act *act = count > 1 ? find(word[1]) : NULL;
        pid_t child = fork();
        if (child == 0) _exit(!act || chdir(word[0]) == -1 ? MISUSED : perform(act, word + 2, count - 2));
        if (child == -1 || waitpid(child, &status, 0) == -1) return errno;
        printf("=%d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
        fflush(stdout);
    }
    free(line);
    return 0;
}

int main(int argc, char **argv) {
    const struct act *act = find(argc > 1 ? argv[1] : "");
    if (act) return perform(act, argv + 2, (size_t)argc - 2);
    for (size_t i = 0; i < ACT_COUNT; i++) printf("%s %s: %s\n", acts[i].name, acts[i].arguments, acts[i].call);
    return MISUSED;
}
