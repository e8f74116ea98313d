/* hash.c: BLAKE2b by libsodium; the only room that knows it. sodium_init() is not needed for
 * hashing, and is not called because it may end the process when there is no randomness. */
#include "ground/hash.h"

#include <sodium.h>

enum { DIGEST_BYTES = 16 };

_Static_assert(HASH_STATE_BYTES == sizeof(crypto_generichash_state), "hash.h has the size");
_Static_assert(HASH_ALIGNMENT >= _Alignof(crypto_generichash_state), "hash.h has the alignment");
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
