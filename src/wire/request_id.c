/* request_id.c: base 32 without i, l, o and u, whose ASCII order is the order of the numbers. */
#include "request_id.h"

#include "worker.h"

static char *print(char *at, uint64_t value, unsigned digits) {
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    for (unsigned i = digits; i > 0; i--) {
        at[i - 1] = alphabet[value & 31];
        value >>= 5;
    }
    return at + digits;
}

void request_id_make(struct worker *worker, char out[REQUEST_ID_BYTES]) {
    char *at = print(out, (uint64_t)worker->now_unix_ms, 9);
    at = print(at, worker->id_count++, 6);
    at = print(at, worker->index, 2);
    at = print(at, worker->shared->id_salt, 4);
    *at = '\0';
}
