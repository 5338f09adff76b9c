// Looks a name up the way most C programs do; prints its addresses, or why there are none.
// Build with gcc for glibc, with `musl-gcc -static` for musl.
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int count, char **words) {
    if (count != 2) return 64;
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found;
    int failure = getaddrinfo(words[1], 0, &wanted, &found);
    if (failure) return puts(gai_strerror(failure)), 1;
    for (; found; found = found->ai_next) {
        char text[64];
        if (getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, 0, 0, NI_NUMERICHOST) == 0) puts(text);
    }
    return 0;
}
