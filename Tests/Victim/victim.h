// The acts this program can perform. Each makes one named call, hostile or ordinary, with harmless arguments.
#ifndef VICTIM_H
#define VICTIM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

/// Carries out one act. Returns 0 when it succeeded, else the errno of the call the act is named after.
typedef int act_function(char **args);

#define ACT(name, arguments, call) act_function act_##name;
#include "acts.def"
#undef ACT

// How an act that is a race reports: 0 when it won at least once, else the last errno it got, and this when nobody
// ever refused anything and it still never won.
#define NEVER_WON ENODATA

// What `run_program` answers when the program started and was then killed: no call failed, so there is no errno.
#define STARTED_AND_KILLED EINTR

// Shared by the files of acts; each is defined in victim.c.
int outcome(long result);                                 // -1 becomes errno, anything else 0
long number(const char *text);                            // decimal, octal or hexadecimal; "parent" is getppid()
int run_program(const char *path, char *const argv[]);    // fork, execve, wait: 0 when it ran and exited with 0
int write_file(const char *path, const char *text, int mode);
int copy_file(const char *from, const char *to, int mode);
int give_descriptor(const char *name, int given);         // to whoever connects to the unix socket, until the input ends
int receive_descriptor(const char *name);                 // from there; -1 with errno
double seconds(void);                                     // monotonic clock
bool racing(double end, int last);                        // until it was won, or the end, or later when nothing came of it yet

// Not in every libc's headers yet. Numbers from 424 on are the same on all architectures.
#define NR_IO_URING_SETUP 425
#define NR_OPEN_TREE 428
#define NR_MOVE_MOUNT 429
#define NR_FSOPEN 430
#define NR_PIDFD_OPEN 434
#define NR_CLONE3 435
#define NR_PIDFD_GETFD 438
#define NR_PIDFD_SEND_SIGNAL 424
#define NR_PROCESS_MADVISE 440
#define NR_MOUNT_SETATTR 442
#define NR_FCHMODAT2 452
#define NR_STATMOUNT 457
#define NR_LSM_LIST_MODULES 461
#define NR_SETXATTRAT 463
#define NR_FILE_GETATTR 468

#endif
