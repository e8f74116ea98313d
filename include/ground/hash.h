/* hash.h: a fingerprint of several fields, as 32 hexadecimal digits (BLAKE2b, 128 bits). Each field
 * is hashed with its length in front, so that ("ab", "c") and ("a", "bc") differ. For telling texts
 * apart. The caller owns the struct; it holds no resources.
 *
 * Beside it what secrets need: made at random, kept as a digest (BLAKE2b, 256 bits; what is random
 * to that degree needs no slow function), compared in a time that says nothing. */
#ifndef PILCROW_GROUND_HASH_H
#define PILCROW_GROUND_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/span.h"

enum {
    HASH_STATE_BYTES = 384,
    HASH_ALIGNMENT = 64,
    HASH_TEXT_BYTES = 33,   /* with the final NUL */
    HASH_SHA256_BYTES = 45, /* base64, with the final NUL */
};

/* Not to be copied: where in it the state lies depends on its address. */
struct hash {
    unsigned char room[HASH_STATE_BYTES + HASH_ALIGNMENT];
};

void hash_begin(struct hash *hash);
void hash_add(struct hash *hash, struct span field);
void hash_add_int(struct hash *hash, int64_t field);

/* Ends the hash; begin again before the next use. */
void hash_print(struct hash *hash, char out[HASH_TEXT_BYTES]);

enum {
    HASH_DIGEST_BYTES = 32,
    HASH_DIGEST_TEXT_BYTES = 65, /* hexadecimal, with the final NUL */
    HASH_SECRET_TEXT_BYTES = 44, /* 256 bits in base64url, with the final NUL */
};

struct hash_digest {
    unsigned char bytes[HASH_DIGEST_BYTES];
};

void hash_digest_of(struct span text, struct hash_digest *out);
void hash_digest_print(const struct hash_digest *digest, char out[HASH_DIGEST_TEXT_BYTES]);

/* False when it is not 64 hexadecimal digits. */
bool hash_digest_parse(struct span text, struct hash_digest *out);

/* Takes the same time wherever the two differ. */
bool hash_digest_equal(const struct hash_digest *a, const struct hash_digest *b);

/* 256 bits from the kernel; false when it has none to give. */
bool hash_secret_make(char out[HASH_SECRET_TEXT_BYTES]);

/* Clears memory that held a secret, also where a compiler would see no use in it. */
void hash_secret_wipe(void *bytes, size_t count);

/* SHA-256 of bytes, in base64. */
void hash_sha256(struct span text, char out[HASH_SHA256_BYTES]);

/* SHA-256 of a whole file, in base64, for others to compare. False when it cannot be read. */
bool hash_sha256_file(int descriptor, char out[HASH_SHA256_BYTES]);

#endif
