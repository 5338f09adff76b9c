// eat KIND COUNT: uses up something. What each kind does is beside it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void megabytes(long count) {   // shared, so that no limit of one process's data holds it
    char *memory = mmap(NULL, (size_t)count << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) _exit(12);
    memset(memory, 1, (size_t)count << 20);
}

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    long count = atol(argv[2]);
    int status = 0, forks = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    switch (argv[1][0]) {
    case 'm': megabytes(count); return 0;                       // memory
    case 'c':                                                    // a child's memory
        if (fork() == 0) { megabytes(count); _exit(0); }
        wait(&status);
        return WIFSIGNALED(status) ? 3 : 0;
    case 'f':                                                    // forks
        for (; forks < count; forks++) {
            pid_t child = fork();
            if (child < 0) break;
            if (child == 0) { pause(); _exit(0); }
        }
        printf("%d forks\n", forks);
        return 0;
    case 's': puts("ready"); sleep((unsigned)count); return 0;   // seconds
    }
    return 64;
}
