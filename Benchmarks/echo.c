// A server that answers every request at once, so that what a gateway adds is what is measured: a line in, a line out. The
// id is taken from the start of the line, as the benchmark writes it. With FILE it keeps a record of its own, durable before it
// answers: what any gateway costs that does so.
//
//     echo [FILE]
//
//     {"jsonrpc":"2.0","id":7,...}  ->  {"jsonrpc":"2.0","id":7,"result":{...}}
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char in[1 << 18], out[1 << 18];
static size_t used;

static void flush(void) {
    for (size_t done = 0; done < used;) {
        ssize_t wrote = write(1, out + done, used - done);
        if (wrote <= 0) exit(0);
        done += (size_t)wrote;
    }
    used = 0;
}

int main(int argc, char **argv) {
    char head[64], record[600];
    size_t kept = 0;
    int file = argc > 1 ? open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    memset(record, 'x', sizeof record);
    for (;;) {
        ssize_t got = read(0, in, sizeof in);
        if (got <= 0) return 0;
        for (char *at = in, *end = in + got; at < end;) {
            char *line = memchr(at, '\n', (size_t)(end - at)), *stop = line ? line : end;
            size_t take = (size_t)(stop - at);
            if (take > sizeof head - 1 - kept) take = sizeof head - 1 - kept;
            memcpy(head + kept, at, take);
            kept += take;
            at = stop + 1;
            if (!line) break;
            head[kept] = 0;
            kept = 0;
            char *id = strstr(head, "\"id\":");
            if (!id) continue;
            if (used + 256 > sizeof out) flush();
            used += (size_t)snprintf(out + used, 256,
                "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}]}}\n",
                (int)strcspn(id + 5, ",}"), id + 5);
        }
        if (file >= 0 && (write(file, record, sizeof record) < 0 || fdatasync(file) != 0)) return 1;
        flush();
    }
}
