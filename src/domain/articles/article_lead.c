/* article_lead.c: the beginning of an article, for lists. */
#include "domain/articles/article_store.h"
#include "domain/text/rune.h"
#include "ground/utf8.h"

enum { NON_JOINER = 0x200C, JOINER = 0x200D };

/* Marks and joiners belong to the character before them. */
static bool is_joined(uint32_t code) {
    return rune_is_mark((int32_t)code) || code == NON_JOINER || code == JOINER;
}

/* Where to cut: before the last blank that lies in the second half, else between two characters. */
static size_t cut_at(struct span paragraph) {
    size_t at = 0, blank = 0, character = 0, last = 0;
    uint32_t before = 0;
    while (at < paragraph.bytes && character <= ARTICLE_LEAD_CHARACTERS) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(paragraph, at, &code);
        if (rune_is_blank((int32_t)code) && character >= ARTICLE_LEAD_CHARACTERS / 2)
            blank = at;
        if (!is_joined(code) && before != JOINER)
            last = at;
        before = code;
        at += bytes == 0 ? 1 : bytes;
        character++;
    }
    if (at == paragraph.bytes && character <= ARTICLE_LEAD_CHARACTERS)
        return paragraph.bytes;
    return blank > 0 ? blank : last;
}

struct span article_lead(struct span paragraph, struct arena *arena) {
    static const char ellipsis[] = "…";
    size_t cut = cut_at(paragraph);
    if (cut == paragraph.bytes)
        return paragraph;
    char *lead = arena_alloc(arena, cut + sizeof ellipsis);
    if (lead == NULL)
        return (struct span){NULL, 0};
    memcpy(lead, paragraph.at, cut);
    memcpy(lead + cut, ellipsis, sizeof ellipsis);
    return (struct span){lead, cut + sizeof ellipsis - 1};
}
