/* facts.c: see facts.h. */
#include "engine/search/facts.h"

enum { KIND_BITS = 2, KIND_MASK = 3, NUMBER_BYTES_MAX = 9 }; /* 63 bits */

int64_t facts_block_ids(enum facts_of of) {
    return of == FACTS_OF_ARTICLES ? FACTS_ARTICLES : FACTS_PARAGRAPHS;
}

/* ---- numbers ---- */

static void number_put(struct buffer *out, int64_t number) {
    uint64_t left = (uint64_t)number;
    for (; left >= 0x80; left >>= 7)
        buffer_append_char(out, (char)(unsigned char)(left | 0x80));
    buffer_append_char(out, (char)(unsigned char)left);
}

static int64_t number_take_long(struct facts *facts) {
    uint64_t number = 0;
    for (size_t i = 0; i < facts->rest.bytes && i < NUMBER_BYTES_MAX; i++) {
        unsigned char byte = (unsigned char)facts->rest.at[i];
        number |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte >= 0x80)
            continue;
        facts->rest = (struct span){facts->rest.at + i + 1, facts->rest.bytes - i - 1};
        return (int64_t)number;
    }
    facts->is_broken = true;
    facts->rest.bytes = 0;
    return 0;
}

/* Most have one byte. */
static inline int64_t number_take(struct facts *facts) {
    if (facts->rest.bytes == 0 || (unsigned char)facts->rest.at[0] >= 0x80)
        return number_take_long(facts);
    unsigned char byte = (unsigned char)facts->rest.at[0];
    facts->rest.at++;
    facts->rest.bytes--;
    return byte;
}

static int64_t zigzag(int64_t number) {
    return number < 0 ? -2 * number - 1 : 2 * number;
}

static int64_t unzigzag(int64_t number) {
    return (number & 1) != 0 ? -(number / 2) - 1 : number / 2;
}

/* ---- blocks ---- */

struct facts facts_begin(int64_t block, int64_t block_ids, struct span packed) {
    return (struct facts){.rest = packed, .id = block * block_ids - 1};
}

/* Ids rise; of what is broken they must not fall, nor run over. */
static bool take_id(struct facts *facts) {
    if (facts->rest.bytes == 0)
        return false;
    int64_t gap = number_take(facts);
    facts->is_broken |= gap < 1 || gap > FACTS_PARAGRAPHS;
    if (facts->is_broken)
        return false;
    facts->id += gap;
    return true;
}

static void put_id(struct buffer *out, struct facts *facts, int64_t id) {
    number_put(out, id - facts->id);
    facts->id = id;
}

/* ---- articles ---- */

bool facts_next_article(struct facts *block, struct facts_article *out) {
    if (!take_id(block))
        return false;
    int64_t bytes = number_take(block);
    if (block->is_broken || bytes < 1 || (uint64_t)bytes > block->rest.bytes) {
        block->is_broken = true;
        return false;
    }
    *out = (struct facts_article){.id = block->id, .packed = {block->rest.at, (size_t)bytes}};
    out->terms.rest = out->packed;
    out->year = number_take(&out->terms);
    block->rest.at += bytes;
    block->rest.bytes -= (size_t)bytes;
    return true;
}

bool facts_next_term(struct facts *terms, int *kind, int64_t *term_id) {
    if (terms->rest.bytes == 0)
        return false;
    int64_t number = number_take(terms);
    *kind = (int)(number & KIND_MASK);
    *term_id = number >> KIND_BITS;
    return !terms->is_broken;
}

void facts_put_year(struct buffer *packed, int64_t year) {
    number_put(packed, year);
}

void facts_put_term(struct buffer *packed, int kind, int64_t term_id) {
    number_put(packed, term_id << KIND_BITS | (kind & KIND_MASK));
}

void facts_put_article(struct buffer *out, struct facts *facts, int64_t id, struct span packed) {
    put_id(out, facts, id);
    number_put(out, (int64_t)packed.bytes);
    buffer_append_span(out, packed);
}

/* ---- paragraphs ---- */

bool facts_next_paragraph(struct facts *block, struct facts_paragraph *out) {
    if (!take_id(block))
        return false;
    int64_t difference = unzigzag(number_take(block)), words = number_take(block);
    if (block->is_broken || __builtin_add_overflow(block->article_id, difference, &difference)) {
        block->is_broken = true;
        return false;
    }
    block->article_id = difference;
    *out = (struct facts_paragraph){block->id, block->article_id, words};
    return true;
}

void facts_put_paragraph(struct buffer *out, struct facts *facts,
                         const struct facts_paragraph *paragraph) {
    put_id(out, facts, paragraph->id);
    number_put(out, zigzag(paragraph->article_id - facts->article_id));
    number_put(out, paragraph->words);
    facts->article_id = paragraph->article_id;
}
