/* Any two texts, and any bound: the difference makes both, however coarse it is. */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/text_diff_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* The first byte says how much effort there is; the first byte 0xFF after it parts the texts. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (count < 2)
        return 0;
    struct arena arena;
    struct text_diff diff;
    size_t effort = bytes[0] == 0xFF ? TEXT_DIFF_EFFORT : bytes[0];
    struct span rest = {(const char *)bytes + 1, count - 1};
    const char *parting = memchr(rest.at, 0xFF, rest.bytes);
    struct span from = {rest.at, parting == NULL ? rest.bytes / 2 : (size_t)(parting - rest.at)};
    size_t skipped = from.bytes + (parting != NULL);
    struct span to = {rest.at + skipped, rest.bytes - skipped};
    arena_init(&arena, 64 * 1024 * 1024);
    if (text_diff_make(from, to, &effort, &arena, &diff) == PROBLEM_NONE &&
        find_flaw(&diff, from, to) != NULL)
        abort();
    arena_fini(&arena);
    return 0;
}
