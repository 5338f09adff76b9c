// Starting programs that are not on the list; group C of the attack catalogue.
#include "victim.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/memfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

#if defined(__x86_64__)
#define LOADER "/lib64/ld-linux-x86-64.so.2"
#elif defined(__aarch64__)
#define LOADER "/lib/ld-linux-aarch64.so.1"
#endif

static char *const succeed[] = {"Victim", "succeed", NULL};

int act_succeed(char **args) { (void)args; return 0; }
int act_exit(char **args) { return (int)number(args[0]); }

int act_exec(char **args) {
    char *const given[] = {args[0], "succeed", NULL};
    return run_program(args[0], given);
}
int act_exec_command(char **args) { return run_program(args[0], args); }
int act_exec_named(char **args) {
    char *const given[] = {args[1], "succeed", NULL};
    return run_program(args[0], given);
}
int act_exec_copy(char **args) {
    int error = copy_file(args[0], args[1], 0755);
    return error ? error : run_program(args[1], succeed);
}
int act_exec_symlink(char **args) { return symlink(args[0], args[1]) == -1 ? errno : run_program(args[1], succeed); }
int act_exec_link(char **args) { return link(args[0], args[1]) == -1 ? errno : run_program(args[1], succeed); }

// `#!` and the interpreter; the kernel appends the script's name, so the interpreter gets "succeed SCRIPT".
int act_exec_script(char **args) {
    char text[PATH_MAX];
    char *const given[] = {args[0], NULL};
    snprintf(text, sizeof text, "#!%s exec_as_interpreter\n", args[1]);
    int error = write_file(args[0], text, 0755);
    return error ? error : run_program(args[0], given);
}
int act_exec_as_interpreter(char **args) { (void)args; return 0; }
int act_exec_script_chain(char **args) {
    char text[2 * PATH_MAX], inner[PATH_MAX];
    char *const given[] = {args[0], NULL};
    snprintf(inner, sizeof inner, "%s.inner", args[0]);
    snprintf(text, sizeof text, "#!%s exec_as_interpreter\n", args[1]);
    int error = write_file(inner, text, 0755);
    snprintf(text, sizeof text, "#!%s\n", inner);
    if (error == 0) error = write_file(args[0], text, 0755);
    return error ? error : run_program(args[0], given);
}

// The loader runs a file that may only be read. A static program needs none, so PROGRAM is a dynamic one.
int act_exec_by_loader(char **args) {
    char *const given[] = {LOADER, args[0], "succeed", NULL};
    return run_program(LOADER, given);
}

static int fill_memory_file(const char *program, unsigned flags) {
    char block[65536];
    ssize_t got;
    int memory = (int)syscall(SYS_memfd_create, "victim", flags);
    if (memory == -1) return -1;
    int source = open(program, O_RDONLY | O_CLOEXEC);
    if (source == -1) return -1;
    while ((got = read(source, block, sizeof block)) > 0)
        if (write(memory, block, (size_t)got) != got) return -1;
    close(source);
    return memory;
}

static int exec_descriptor(int fd) {
    int error = 0, status, report[2];
    if (pipe2(report, O_CLOEXEC) == -1) return errno;
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        syscall(SYS_execveat, fd, "", succeed, environ, AT_EMPTY_PATH);
        error = errno;
        _exit(write(report[1], &error, sizeof error) == sizeof error ? 0 : 1);
    }
    close(report[1]);
    bool failed = read(report[0], &error, sizeof error) == sizeof error;
    if (waitpid(child, &status, 0) == -1) return errno;
    if (failed) return error;
    return WIFSIGNALED(status) ? STARTED_AND_KILLED : WEXITSTATUS(status);
}

int act_exec_memory(char **args) {
    int memory = fill_memory_file(args[0], 0);
    return memory == -1 ? errno : exec_descriptor(memory);
}
int act_exec_memory_alias(char **args) {
    char alias[64];
    int memory = fill_memory_file(args[0], 0);
    if (memory == -1) return errno;
    snprintf(alias, sizeof alias, "/proc/self/fd/%d", memory);
    return run_program(alias, succeed);
}
int act_exec_descriptor(char **args) {
    int fd = open(args[0], O_PATH | O_CLOEXEC);
    return fd == -1 ? errno : exec_descriptor(fd);
}
int act_memory_file(char **args) {
    unsigned flags = strcmp(args[0], "sealed") == 0 ? MFD_NOEXEC_SEAL : strcmp(args[0], "exec") == 0 ? MFD_EXEC : 0;
    return outcome(syscall(SYS_memfd_create, "victim", flags));
}

static struct { char path[PATH_MAX]; const char *good, *bad; volatile bool stop; } swap;

static int flip_path(void *unused) {
    (void)unused;
    for (unsigned turn = 0; !swap.stop; turn++) strcpy(swap.path, turn % 2 ? swap.good : swap.bad);
    return 0;
}

// Threads end at an exec, a task that only shares memory does not. BAD says by its own name that it ran.
int act_race_exec(char **args) {
    static char stack[65536] __attribute__((aligned(16)));
    const char *base = strrchr(args[1], '/');
    char *const given[] = {"Victim", "running_as", (char *)(base ? base + 1 : args[1]), NULL};
    int last = NEVER_WON;
    swap.good = args[0], swap.bad = args[1];
    strcpy(swap.path, swap.good);
    pid_t peer = clone(flip_path, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
    if (peer == -1) return errno;
    for (double end = seconds() + 1; racing(end, last);) {
        static volatile int failure;
        int status = 0;
        failure = 0;
        pid_t child = vfork();   // shares our memory too, so that the path changes under it
        if (child == 0) {
            execve(swap.path, given, environ);
            failure = errno;
            _exit(ENOENT);
        }
        if (child == -1) { last = errno; break; }
        waitpid(child, &status, 0);
        if (failure != 0 && failure != ENOENT) last = failure;            // a torn path is no answer
        if (WIFSIGNALED(status)) last = STARTED_AND_KILLED;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) last = 0;
    }
    swap.stop = true;
    kill(peer, SIGKILL);
    waitpid(peer, NULL, 0);
    return last;
}

static void *connect_always(void *port) {
    char *args[] = {"127.0.0.1", port, NULL};
    for (;;) act_connect(args);
    return NULL;
}

// An exec ends the other threads, here while their calls wait for an answer.
int act_exec_beside_calls(char **args) {
    char *const given[] = {args[0], "succeed", NULL};
    for (int turn = 0; turn < 20; turn++) {
        int status;
        pid_t child = fork();
        if (child == -1) return errno;
        if (child == 0) {
            pthread_t thread;
            for (int i = 0; i < 4; i++)
                if (pthread_create(&thread, NULL, connect_always, args[1])) _exit(EAGAIN);
            usleep(2000);
            execv(args[0], given);
            _exit(errno);
        }
        if (waitpid(child, &status, 0) == -1) return errno;
        if (status != 0) return WIFEXITED(status) ? WEXITSTATUS(status) : STARTED_AND_KILLED;
    }
    return 0;
}

// 0 when this process runs the file of that name, so that a race can tell which program it got.
int act_running_as(char **args) {
    char path[PATH_MAX] = {0};
    if (readlink("/proc/self/exe", path, sizeof path - 1) == -1) return errno;
    const char *base = strrchr(path, '/');
    return base && strcmp(base + 1, args[0]) == 0 ? 0 : ENOENT;
}

static int new_task(unsigned long flags) {
    pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child == -1 ? errno : outcome(waitpid(child, NULL, __WALL));
}
int act_clone(char **args) { return new_task((unsigned long)number(args[0])); }
int act_clone3(char **args) {
    uint64_t request[8] = {(uint64_t)number(args[0]), 0, 0, 0, SIGCHLD};
    pid_t child = (pid_t)syscall(NR_CLONE3, request, sizeof request);
    if (child == 0) _exit(0);
    return child == -1 ? errno : outcome(waitpid(child, NULL, 0));
}

// Code of its own, in a file of its own: as a library that is loaded, or a compiler at run time.
int act_map_executable(char **args) {
    int error = write_file(args[0], "\xc3\xc3\xc3\xc3", 0600);   // never called
    int fd = error ? -1 : open(args[0], O_RDONLY | O_CLOEXEC);
    if (fd == -1) return error ? error : errno;
    return mmap(NULL, 4, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? errno : 0;
}
// A program that belongs to somebody else and runs as them.
int act_effective_root(char **args) { (void)args; return geteuid() == 0 ? 0 : EPERM; }

int act_exec_data(char **args) {
    int error = write_file(args[0], "no program", 0755);
    return error ? error : run_program(args[0], succeed);
}

// Over and over, with as many arguments as there may be.
int act_exec_storm(char **args) {
    enum { COUNT = 900, SIZE = 1000 };
    static char words[COUNT][SIZE], *given[COUNT + 1];
    for (int i = 0; i < COUNT; i++) {
        memset(words[i], 'x', SIZE - 1);
        given[i] = words[i];
    }
    strcpy(words[1], "succeed");
    int error = 0;
    for (int turn = 0; turn < 50; turn++) {
        int now = run_program(args[0], given);
        if (turn && now != error) return ENODATA;
        error = now;
    }
    return error;
}
// A name, looked up in PATH as shells do.
int act_exec_found(char **args) {
    int status;
    pid_t child = vfork();
    if (child == -1) return errno;
    if (child == 0) {
        execlp(args[0], args[0], "succeed", NULL);
        _exit(errno);
    }
    return waitpid(child, &status, 0) == -1 ? errno : WIFEXITED(status) ? WEXITSTATUS(status) : STARTED_AND_KILLED;
}
// A process that becomes a program by a thread that is not its first: that thread's number is nobody's afterwards.
static void *become(void *program) {
    char number_of_it[32];
    snprintf(number_of_it, sizeof number_of_it, "%d\n", (int)syscall(SYS_gettid));
    execl(program, program, "speak", number_of_it, NULL);
    _exit(errno);
}
int act_exec_in_thread(char **args) {
    int status;
    char byte;
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, become, args[0])) _exit(EAGAIN);
        pthread_join(thread, NULL);
        _exit(ENODATA);
    }
    if (waitpid(child, &status, 0) == -1) return errno;
    while (read(STDIN_FILENO, &byte, 1) > 0) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : STARTED_AND_KILLED;
}
