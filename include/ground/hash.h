/* hash.h: a fingerprint of several fields, as 32 hexadecimal digits (BLAKE2b, 128 bits). Each field
 * is hashed with its length in front, so that ("ab", "c") and ("a", "bc") differ. For telling texts
 * apart, not for secrets. The caller owns the struct; it holds no resources. */
#ifndef PILCROW_GROUND_HASH_H
#define PILCROW_GROUND_HASH_H

#include <stdint.h>

#include "ground/span.h"

enum {
    HASH_STATE_BYTES = 384,
    HASH_ALIGNMENT = 64,
    HASH_TEXT_BYTES = 33, /* with the final NUL */
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

#endif
