// Process 1 of a box's pid namespace: reaps, and when the server (process 2) has ended kills whatever is left, reports
// how the server ended, and ends. Once the report is there nothing of the box runs any more. A byte before the report says
// that init has begun. It is copied into a memfd with an ELF header of its own and exec'ed, so it must stand alone: no
// calls, no data, no library. pid_namespaces(7)
#include "child_launch.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#define INIT_CODE __attribute__((section("agentbound_init"), used, noinline, no_stack_protector))
#define ALWAYS static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define INIT_MACHINE EM_X86_64
#define INIT_ENTRY INIT_CODE __attribute__((force_align_arg_pointer))
ALWAYS long raw(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = 0;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
#define INIT_MACHINE EM_AARCH64
#define INIT_ENTRY INIT_CODE
ALWAYS long raw(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = 0;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
#else
#error "the init program is written for x86-64 and arm64"
#endif

enum { SERVER = 2, ALL_KINDS = 0x40000000, NO_CHILD = -10, KILL = 9 };

INIT_ENTRY void agentbound_init_main(void) {
    raw(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 0, 0, 0);
    volatile int ending = KILL;  // what is reported should the server's status never come
    raw(SYS_write, 0, (long)&ending, 1, 0);  // nothing of the launcher's memory is left here
    for (;;) {
        volatile int status = 0;
        long ended = raw(SYS_wait4, -1, (long)&status, ALL_KINDS, 0);
        if (ended == SERVER) {
            ending = status;
            raw(SYS_kill, -1, KILL, 0, 0);  // everybody but process 1
        }
        if (ended == NO_CHILD) {
            raw(SYS_write, 0, (long)&ending, 4, 0);
            raw(SYS_exit_group, 0, 0, 0, 0);
        }
    }
}

extern const unsigned char __start_agentbound_init[], __stop_agentbound_init[];

uint64_t child_init_image(unsigned char *into, uint64_t capacity) {
    struct { Elf64_Ehdr head; Elf64_Phdr load, stack; } image;
    const uint64_t base = 0x400000, code = (uint64_t)(__stop_agentbound_init - __start_agentbound_init);
    const uint64_t size = sizeof image + code;
    if (size > capacity) return size;
    memset(&image, 0, sizeof image);
    memcpy(image.head.e_ident, ELFMAG, SELFMAG);
    image.head.e_ident[EI_CLASS] = ELFCLASS64;
    image.head.e_ident[EI_DATA] = ELFDATA2LSB;
    image.head.e_ident[EI_VERSION] = EV_CURRENT;
    image.head.e_type = ET_EXEC;
    image.head.e_machine = INIT_MACHINE;
    image.head.e_version = EV_CURRENT;
    image.head.e_entry = base + sizeof image + (uint64_t)((const unsigned char *)agentbound_init_main - __start_agentbound_init);
    image.head.e_phoff = offsetof(__typeof__(image), load);
    image.head.e_ehsize = sizeof image.head;
    image.head.e_phentsize = sizeof(Elf64_Phdr);
    image.head.e_phnum = 2;
    image.load = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base, .p_paddr = base,
                               .p_filesz = size, .p_memsz = size, .p_align = 4096 };
    image.stack = (Elf64_Phdr){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16 };
    memcpy(into, &image, sizeof image);
    memcpy(into + sizeof image, __start_agentbound_init, code);
    return size;
}
