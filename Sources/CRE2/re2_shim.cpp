#include "re2_shim.h"

#include <algorithm>
#include <new>
#include <re2/re2.h>
#include <re2/set.h>
#include <vector>

namespace {
RE2::Options options(bool ignores_case, int64_t max_memory) {
    RE2::Options made;
    made.set_log_errors(false);
    made.set_case_sensitive(!ignores_case);
    made.set_max_mem(max_memory);
    return made;
}
}

struct ab_regex {
    RE2 regex;
    ab_regex(re2::StringPiece pattern, const RE2::Options &options) : regex(pattern, options) {}
};

struct ab_regex_set {
    RE2::Set set;
    explicit ab_regex_set(const RE2::Options &options) : set(options, RE2::UNANCHORED) {}
};

struct ab_regex *ab_regex_make(const char *pattern, uint64_t length, int ignores_case, int64_t max_memory) {
    return new (std::nothrow) ab_regex(re2::StringPiece(pattern, length), options(ignores_case, max_memory));
}

const char *ab_regex_error(const struct ab_regex *regex) { return regex->regex.error().c_str(); }

int ab_regex_find(const struct ab_regex *regex, const char *text, uint64_t length, uint64_t start, uint64_t *from, uint64_t *to) {
    if (!regex->regex.ok() || start > length) return -1;
    re2::StringPiece whole(text, length), found;
    if (!regex->regex.Match(whole, start, length, RE2::UNANCHORED, &found, 1)) return 0;
    *from = static_cast<uint64_t>(found.data() - text);
    *to = *from + found.size();
    return 1;
}

void ab_regex_free(struct ab_regex *regex) { delete regex; }

struct ab_regex_set *ab_regex_set_make(int64_t max_memory) {
    return new (std::nothrow) ab_regex_set(options(false, max_memory));
}

int ab_regex_set_add(struct ab_regex_set *set, const char *pattern, uint64_t length) {
    return set->set.Add(re2::StringPiece(pattern, length), nullptr);
}

int ab_regex_set_seal(struct ab_regex_set *set) { return set->set.Compile(); }

int ab_regex_set_match(const struct ab_regex_set *set, const char *text, uint64_t length, int32_t *into, uint64_t capacity) {
    std::vector<int> found;
    RE2::Set::ErrorInfo error;
    if (!set->set.Match(re2::StringPiece(text, length), &found, &error)) return error.kind == RE2::Set::kNoError ? 0 : -1;
    std::sort(found.begin(), found.end());
    for (size_t i = 0; i < found.size() && i < capacity; i++) into[i] = found[i];
    return static_cast<int>(found.size());
}

void ab_regex_set_free(struct ab_regex_set *set) { delete set; }
