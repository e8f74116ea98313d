/* Any quote in any paragraphs, of UTF-8: places inside of them and in order; what is cut out of a
 * paragraph is found as it is. */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/quote_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void find(struct span text, struct span paragraphs, struct quote_case *found) {
    struct arena arena;
    *found = (struct quote_case){.paragraph_count = 0};
    if (!utf8_is_valid(text, NULL) || !utf8_is_valid(paragraphs, NULL))
        return;
    arena_init(&arena, 64 * 1024 * 1024);
    if (!quote_help_find(text, paragraphs, '\x01', &arena, found) || quote_help_flaw(found) != NULL)
        abort();
    struct search_item *items;
    size_t item_count;
    for (int reach = QUOTE_REACH_RARE; reach <= QUOTE_REACH_SHORT; reach++) {
        if (quote_shingles_choose(&found->quote, (enum quote_reach)reach, &arena, &items,
                                  &item_count) != PROBLEM_NONE ||
            item_count > QUOTE_ITEMS_MAX)
            abort();
    }
    size_t words = found->quote.tokens.count;
    enum quote_status status = found->match.status;
    arena_fini(&arena);
    *found = (struct quote_case){.paragraph_count = words, .match = {.status = status}};
}

/* The first byte is how long the quote is; 0xFF parts it from the paragraphs, else it is the
 * beginning of the first. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (count < 2)
        return 0;
    struct quote_case found;
    struct span rest = {(const char *)bytes + 1, count - 1};
    const char *parting = memchr(rest.at, 0xFF, rest.bytes);
    if (parting != NULL) {
        size_t quoted = (size_t)(parting - rest.at);
        find((struct span){rest.at, quoted}, (struct span){parting + 1, rest.bytes - quoted - 1},
             &found);
        return 0;
    }
    size_t quoted = bytes[0] < rest.bytes ? bytes[0] : rest.bytes;
    bool is_inside = memchr(rest.at, '\x01', quoted) == NULL;
    find((struct span){rest.at, quoted}, rest, &found);
    /* paragraph_count: how many words the quote has */
    if (is_inside && found.paragraph_count > QUOTE_SHORT_WORDS &&
        found.match.status != QUOTE_VERBATIM)
        abort();
    return 0;
}
