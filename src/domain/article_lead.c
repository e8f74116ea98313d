/* article_lead.c: the beginning of an article, for lists. */
#include "domain/article_store.h"
#include "ground/utf8.h"

static bool is_space(uint32_t code) {
    return code == ' ' || code == '\t' || code == '\n' || code == 0xA0 || code == 0x202F ||
           code == 0x3000;
}

/* Marks and joiners belong to the character before them. */
static bool is_joined(uint32_t code) {
    return (code >= 0x0300 && code <= 0x036F) || (code >= 0xFE00 && code <= 0xFE0F) ||
           code == 0x200D || code == 0x200C;
}

/* Where to cut: before the last space that lies in the second half, else between two characters. */
static size_t cut_at(struct span paragraph) {
    size_t at = 0, space = 0, character = 0, last = 0;
    while (at < paragraph.bytes && character <= ARTICLE_LEAD_CHARACTERS) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(paragraph, at, &code);
        if (is_space(code) && character >= ARTICLE_LEAD_CHARACTERS / 2)
            space = at;
        if (!is_joined(code))
            last = at;
        at += bytes == 0 ? 1 : bytes;
        character++;
    }
    if (at == paragraph.bytes && character <= ARTICLE_LEAD_CHARACTERS)
        return paragraph.bytes;
    return space > 0 ? space : last;
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
