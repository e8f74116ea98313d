/* hash.c: BLAKE2b by libsodium; the only room that knows it. sodium_init() is not needed for
 * hashing, and is not called because it may end the process when there is no randomness. */
#include "ground/hash.h"

#include <errno.h>
#include <sodium.h>
#include <sys/random.h>
#include <unistd.h>

enum { DIGEST_BYTES = 16 };

_Static_assert(HASH_STATE_BYTES == sizeof(crypto_generichash_state), "hash.h has the size");
_Static_assert(HASH_ALIGNMENT >= _Alignof(crypto_generichash_state), "hash.h has the alignment");
_Static_assert(HASH_DIGEST_TEXT_BYTES == 2 * HASH_DIGEST_BYTES + 1, "hash.h has the length");
_Static_assert(HASH_TEXT_BYTES == 2 * DIGEST_BYTES + 1, "hash.h has the length");

/* The library wants its state aligned more than compilers reliably do on the stack: frames of
 * AddressSanitizer begin at multiples of 32. */
static crypto_generichash_state *state_of(struct hash *hash) {
    size_t past = (uintptr_t)hash->room % HASH_ALIGNMENT;
    return (crypto_generichash_state *)(void *)(hash->room + (HASH_ALIGNMENT - past));
}

void hash_begin(struct hash *hash) {
    (void)crypto_generichash_init(state_of(hash), NULL, 0, DIGEST_BYTES);
}

static void add_number(struct hash *hash, uint64_t number) {
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    (void)crypto_generichash_update(state_of(hash), bytes, sizeof bytes);
}

void hash_add(struct hash *hash, struct span field) {
    add_number(hash, field.bytes);
    if (field.bytes > 0)
        (void)crypto_generichash_update(state_of(hash), (const unsigned char *)field.at,
                                        field.bytes);
}

void hash_add_int(struct hash *hash, int64_t field) {
    add_number(hash, 8);
    add_number(hash, (uint64_t)field);
}

void hash_print(struct hash *hash, char out[HASH_TEXT_BYTES]) {
    unsigned char digest[DIGEST_BYTES];
    (void)crypto_generichash_final(state_of(hash), digest, sizeof digest);
    (void)sodium_bin2hex(out, HASH_TEXT_BYTES, digest, sizeof digest);
}

void hash_digest_of(struct span text, struct hash_digest *out) {
    (void)crypto_generichash(out->bytes, sizeof out->bytes, (const unsigned char *)text.at,
                             text.bytes, NULL, 0);
}

void hash_digest_print(const struct hash_digest *digest, char out[HASH_DIGEST_TEXT_BYTES]) {
    (void)sodium_bin2hex(out, HASH_DIGEST_TEXT_BYTES, digest->bytes, sizeof digest->bytes);
}

bool hash_digest_parse(struct span text, struct hash_digest *out) {
    size_t bytes = 0;
    return text.bytes == HASH_DIGEST_TEXT_BYTES - 1 &&
           sodium_hex2bin(out->bytes, sizeof out->bytes, text.at, text.bytes, NULL, &bytes, NULL) ==
               0 &&
           bytes == sizeof out->bytes;
}

bool hash_digest_equal(const struct hash_digest *a, const struct hash_digest *b) {
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* getrandom() and not the library's own source: see the top of this file. */
bool hash_secret_make(char out[HASH_SECRET_TEXT_BYTES]) {
    unsigned char bytes[HASH_DIGEST_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    (void)sodium_bin2base64(out, HASH_SECRET_TEXT_BYTES, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

void hash_secret_wipe(void *bytes, size_t count) {
    sodium_memzero(bytes, count);
}

void hash_sha256(struct span text, char out[HASH_SHA256_BYTES]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, (const unsigned char *)text.at, text.bytes);
    (void)sodium_bin2base64(out, HASH_SHA256_BYTES, digest, sizeof digest,
                            sodium_base64_VARIANT_ORIGINAL);
}

bool hash_sha256_file(int descriptor, char out[HASH_SHA256_BYTES]) {
    crypto_hash_sha256_state state;
    unsigned char piece[16 * 1024], digest[crypto_hash_sha256_BYTES];
    off_t at = 0;
    (void)crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t count = pread(descriptor, piece, sizeof piece, at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        if (count == 0)
            break;
        (void)crypto_hash_sha256_update(&state, piece, (unsigned long long)count);
        at += count;
    }
    (void)crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2base64(out, HASH_SHA256_BYTES, digest, sizeof digest,
                            sodium_base64_VARIANT_ORIGINAL);
    return true;
}
