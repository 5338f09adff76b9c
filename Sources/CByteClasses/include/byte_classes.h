// Which of 64 bytes belong to which class, as bit masks: what Swift's SIMD types do not compile to.
#ifndef AGENTBOUND_BYTE_CLASSES_H
#define AGENTBOUND_BYTE_CLASSES_H
#include <stdint.h>
#include <string.h>
#if defined(__aarch64__)
#include <arm_neon.h>
#endif

typedef uint8_t ab_bytes __attribute__((vector_size(16)));

// Bit n is byte n; lowest first.
struct ab_byte_classes {
    uint64_t words;    // letters, and all bytes beyond ASCII
    uint64_t wide;     // first bytes of characters that are words of their own: U+3000 to U+DFFF in UTF-8
    uint64_t special;  // ; | & ` $ % backslash, the first of two dots, control characters but tab, line feed and return
    uint64_t runs;     // what encoded text is made of, and some more: + to z without the semicolon
};

static inline uint64_t ab_bits(ab_bytes mask) {
#if defined(__x86_64__)
    typedef char chars __attribute__((vector_size(16)));
    return (uint32_t)__builtin_ia32_pmovmskb128((chars)mask);
#else
    const ab_bytes weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weighted = (uint8x16_t)(mask & weights);
    return vaddv_u8(vget_low_u8(weighted)) | (uint64_t)vaddv_u8(vget_high_u8(weighted)) << 8;
#endif
}

// Reads 65 bytes.
static inline struct ab_byte_classes ab_classify(const uint8_t *at) {
    struct ab_byte_classes all = {0, 0, 0, 0};
    for (int part = 0; part < 4; part++) {
        ab_bytes v, next;
        memcpy(&v, at + 16 * part, 16);
        memcpy(&next, at + 16 * part + 1, 16);
        ab_bytes word = (ab_bytes)(((v | 0x20) - 'a') < 26) | (ab_bytes)(v >= 0x80);
        ab_bytes wide = (ab_bytes)((v - 0xe3) < 11);
        ab_bytes special = (ab_bytes)((v - '$') < 3) | (ab_bytes)(v == ';') | (ab_bytes)(v == '|') | (ab_bytes)(v == '`')
            | (ab_bytes)(v == '\\') | ((ab_bytes)(v == '.') & (ab_bytes)(next == '.'))
            | ((ab_bytes)(v < 0x20) & (ab_bytes)(v != '\n') & (ab_bytes)(v != '\t') & (ab_bytes)(v != '\r'));
        ab_bytes run = (ab_bytes)((v - '+') < 0x50) & (ab_bytes)(v != ';');
        all.words |= ab_bits(word) << 16 * part;
        all.wide |= ab_bits(wide) << 16 * part;
        all.special |= ab_bits(special) << 16 * part;
        all.runs |= ab_bits(run) << 16 * part;
    }
    return all;
}
#endif
