// Usage: entries OUTPUT ADDRESSES PROGRAM [ARGUMENT...]
// Runs a program with a breakpoint at each of the addresses, one in hexadecimal on each line of a file, and writes each that one of its threads
// comes to, once, in the order of the first time: which of its functions a start enters. Processes that it starts are let go. ptrace(2)
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
static const uint8_t trap[] = { 0xcc };  // int3, which leaves the counter behind itself
enum { BEHIND = 1 };
#define COUNTER(registers) (registers).rip
#else
static const uint8_t trap[] = { 0x00, 0x00, 0x20, 0xd4 };  // brk #0, little-endian
enum { BEHIND = 0 };
#define COUNTER(registers) (registers).pc
#endif

struct place { uint64_t at; uint8_t code[sizeof trap]; int is_known, is_armed; };
static struct place *places;
static size_t count;

static int by_address(const void *one, const void *other) {
    uint64_t a = ((const struct place *)one)->at, b = ((const struct place *)other)->at;
    return a < b ? -1 : a > b;
}

static void read_places(const char *path) {
    FILE *file = fopen(path, "r");
    unsigned long at;
    size_t room = 0;
    if (!file) exit(66);
    while (fscanf(file, "%lx", &at) == 1) {
        if (count == room && !(places = realloc(places, (room = room * 2 + 1024) * sizeof *places))) exit(71);
        places[count++] = (struct place){ .at = at };
    }
    fclose(file);
    qsort(places, count, sizeof *places, by_address);
}

static int memory(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    return open(path, O_RDWR | O_CLOEXEC);
}

// Arms every place of a program that has not begun, or makes a copy of it whole, which may be older than what was taken meanwhile.
static void set_all(pid_t process, int arms) {
    int file = memory(process);
    for (size_t i = 0; i < count; i++) {
        struct place *place = &places[i];
        if (arms) {
            place->is_armed = place->is_known = pread(file, place->code, sizeof trap, (off_t)place->at) == sizeof trap
                && pwrite(file, trap, sizeof trap, (off_t)place->at) == sizeof trap;
        } else if (place->is_known && pwrite(file, place->code, sizeof trap, (off_t)place->at) < 0) {
            break;  // it has become another program
        }
    }
    close(file);
}

// - Returns: whether a thread stopped at one of the places; then it goes on there.
static int take(pid_t thread, FILE *output) {
    struct user_regs_struct registers;
    struct iovec part = { &registers, sizeof registers };
    if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &part)) return 0;
    struct place key = { .at = COUNTER(registers) - BEHIND };
    struct place *place = bsearch(&key, places, count, sizeof key, by_address);
    if (!place || !place->is_known) return 0;
    if (place->is_armed) {
        int file = memory(thread);
        pwrite(file, place->code, sizeof trap, (off_t)place->at);
        close(file);
        place->is_armed = 0;
        fprintf(output, "%lx\n", (unsigned long)place->at);
    }
    COUNTER(registers) = place->at;
    ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &part);
    return 1;
}

// Whether `id` is a thread of `process`.
static int is_thread(pid_t id, pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d", process, id);
    return access(path, F_OK) == 0;
}

int main(int argc, char **arguments) {
    if (argc < 4) return 64;
    FILE *output = fopen(arguments[1], "w");
    if (!output) return 73;
    read_places(arguments[2]);
    pid_t child = fork();
    if (!child) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execv(arguments[3], arguments + 3);
        _exit(127);
    }
    int status, code = 0;
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, child, 0, 0);
    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0) break;
        if (!WIFSTOPPED(status)) {
            if (thread == child) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        if (!is_thread(thread, child)) {
            set_all(thread, 0);
            ptrace(PTRACE_DETACH, thread, 0, 0);
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_EXEC) set_all(child, 1);
        // Stops of the tracing itself are not passed on.
        if (event || signal == SIGSTOP || (signal == SIGTRAP && take(thread, output))) signal = 0;
        ptrace(PTRACE_CONT, thread, 0, signal);
    }
    return fclose(output) ? 74 : code;
}
