/* Any bytes as Accept-Encoding: what is chosen is taken, nothing else weighs more, and what stands
 * behind a comma takes nothing that was refused back. */
#include <stdint.h>
#include <stdlib.h>

#include "engine/coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(const struct coding_wish *wish, enum coding_use use) {
    enum coding best = coding_choose(wish, use);
    if (best != CODING_IDENTITY && !coding_is_taken(wish, best))
        abort();
    for (unsigned i = 0; i < CODING_COUNT; i++) {
        if (wish->weights[i] > wish->weights[best] || wish->weights[i] > 1000)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char refusal[] = "br;q=0,";
    char *refused = malloc(sizeof refusal + count);
    if (refused == NULL)
        return 0;
    memcpy(refused, refusal, sizeof refusal - 1);
    if (count > 0)
        memcpy(refused + sizeof refusal - 1, bytes, count);
    struct coding_wish wish = coding_wish_parse((struct span){refused + sizeof refusal - 1, count});
    check(&wish, CODING_KEPT);
    check(&wish, CODING_ONCE);
    wish = coding_wish_parse((struct span){refused, sizeof refusal - 1 + count});
    if (coding_is_taken(&wish, CODING_BR))
        abort();
    free(refused);
    return 0;
}
