#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

// Since version 4 of the library the functions that end a digest are not told its length any more.
#if NETTLE_VERSION_MAJOR >= 4
#define AB_LENGTH
#else
#define AB_LENGTH SHA256_DIGEST_SIZE,
#endif

// 32 bytes.
static inline void ab_sha256_digest(struct sha256_ctx *context, uint8_t *digest) {
    sha256_digest(context, AB_LENGTH digest);
}

// 32 bytes.
static inline void ab_hmac_sha256_digest(struct hmac_sha256_ctx *context, uint8_t *code) {
    hmac_sha256_digest(context, AB_LENGTH code);
}

#undef AB_LENGTH
