// Usage: steps OUTPUT PROGRAM [ARGUMENT...]
// Runs a program, one instruction after the other, and writes the address of each that one of its threads executes, once, in the order of
// the first time: what a start needs of an executable. Processes that it starts are not followed. Takes minutes. ptrace(2)
#define _GNU_SOURCE
#include <elf.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOWEST = 0x200000, SPAN = 64 << 20 };  // where the text of a static executable lies
static uint8_t seen[SPAN / 8];

static uint64_t place(pid_t thread) {
    struct user_regs_struct registers;
    struct iovec part = { &registers, sizeof registers };
    if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &part)) return 0;
#ifdef __x86_64__
    return registers.rip;
#else
    return registers.pc;
#endif
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    FILE *output = fopen(arguments[1], "w");
    if (!output) return 73;
    pid_t child = fork();
    if (!child) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execv(arguments[2], arguments + 2);
        _exit(127);
    }
    int status, code = 0, has_started = 0;
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, child, 0, 0);
    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0) break;
        if (!WIFSTOPPED(status)) {
            if (thread == child) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_EXEC) has_started = 1;
        // Stops of the tracing itself are not passed on.
        if (event || signal == SIGTRAP || signal == SIGSTOP) signal = 0;
        uint64_t at = has_started ? place(thread) - LOWEST : SPAN;
        if (at < SPAN && !(seen[at / 8] & 1 << at % 8)) {
            seen[at / 8] |= (uint8_t)(1 << at % 8);
            fprintf(output, "%lx\n", (unsigned long)(at + LOWEST));
        }
        ptrace(has_started ? PTRACE_SINGLESTEP : PTRACE_CONT, thread, 0, signal);
    }
    return fclose(output) ? 74 : code;
}
