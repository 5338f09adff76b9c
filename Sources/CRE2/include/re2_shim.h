// libre2 for Swift: its C++ behind plain functions. Matching takes time linear in the text, whatever the pattern.
#ifndef AGENTBOUND_RE2_SHIM_H
#define AGENTBOUND_RE2_SHIM_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ab_regex;
// Compiles a pattern (RE2 syntax, UTF-8). `max_memory` bounds program and automaton, in bytes. Returns NULL when there is no
// memory; else what ab_regex_error says is empty for a good pattern.
struct ab_regex *ab_regex_make(const char *pattern, uint64_t length, int ignores_case, int64_t max_memory);
// The reason why a pattern was not taken, or "". Lives as long as the regex.
const char *ab_regex_error(const struct ab_regex *regex);
// Whether the pattern matches somewhere in the text from `start`; then the bytes of the first, leftmost-first match.
// Returns 1, 0, or -1 when the pattern is not usable.
int ab_regex_find(const struct ab_regex *regex, const char *text, uint64_t length, uint64_t start, uint64_t *from, uint64_t *to);
void ab_regex_free(struct ab_regex *regex);

struct ab_regex_set;
// Many patterns matched in one pass. Add all, then seal.
struct ab_regex_set *ab_regex_set_make(int64_t max_memory);
// Returns the pattern's index, or -1 when it was not taken.
int ab_regex_set_add(struct ab_regex_set *set, const char *pattern, uint64_t length);
// Returns 1, or 0 when memory does not suffice.
int ab_regex_set_seal(struct ab_regex_set *set);
// Which patterns match somewhere in the text: writes up to `capacity` indices in ascending order. Returns how many there are,
// or -1 when the automaton ran out of memory: then nothing is known.
int ab_regex_set_match(const struct ab_regex_set *set, const char *text, uint64_t length, int32_t *into, uint64_t capacity);
void ab_regex_set_free(struct ab_regex_set *set);

#ifdef __cplusplus
}
#endif
#endif
