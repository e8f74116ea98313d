/* quote_reads.c: see quote_reads.h. What a quote may cost is bounded here: hits of the index,
 * paragraphs, bytes, time. */
#include "surface/quote_reads.h"

#include <stdlib.h>

#include "engine/search_index.h"
#include "ground/clock.h"
#include "surface/shapes.h"

enum {
    HITS_MAX = 1500,      /* of the index that are looked at, the newest */
    CANDIDATES_MAX = 200, /* of them that are read, the best */
    FIRST_CAPACITY = 64,
};

void quote_reads_init(struct quote_reads *reads, struct request *request, const struct quote *quote,
                      struct arena *arena, int64_t until_ns) {
    *reads = (struct quote_reads){.request = request,
                                  .quote = quote,
                                  .arena = arena,
                                  .until_ns = until_ns,
                                  .bytes_left = QUOTE_READ_BYTES_MAX};
}

enum problem quote_reads_check_time(const struct quote_reads *reads) {
    if (reads->until_ns == 0 || clock_ns() < reads->until_ns)
        return PROBLEM_NONE;
    fault_set(&reads->request->fault, "the quotes took longer to find than a request may; ask for "
                                      "fewer at a time, or for longer parts of them");
    return PROBLEM_QUERY_TIMEOUT;
}

/* ---- one paragraph ---- */

/* The paragraph of the current row as tokens; *is_left: it is too long for what is left. */
static enum problem read_row(struct quote_reads *reads, const struct rows *rows, int64_t article_id,
                             struct quote_read *out, bool *is_left) {
    struct span text = rows_text(rows, PARAGRAPH_TEXT);
    *is_left = text.bytes > reads->bytes_left;
    if (*is_left)
        return PROBLEM_NONE;
    reads->bytes_left -= text.bytes;
    text = arena_copy(reads->arena, text);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *out = (struct quote_read){.id = rows_int(rows, PARAGRAPH_ID),
                               .article_id = article_id,
                               .position = rows_int(rows, PARAGRAPH_POSITION)};
    enum problem problem = quote_tokens_read(text, reads->arena, &out->tokens);
    if (problem == PROBLEM_NONE)
        out->shared = quote_shared(reads->quote, &out->tokens);
    return problem;
}

static bool grow(struct quote_reads *reads) {
    size_t capacity = reads->capacity == 0 ? FIRST_CAPACITY : reads->capacity * 2;
    struct quote_read *list = arena_alloc(reads->arena, capacity * sizeof *list);
    if (list == NULL)
        return false;
    if (reads->count > 0)
        memcpy(list, reads->list, reads->count * sizeof *list);
    reads->list = list;
    reads->capacity = capacity;
    return true;
}

static bool has_read(const struct quote_reads *reads, int64_t id) {
    for (size_t i = 0; i < reads->count; i++) {
        if (reads->list[i].id == id)
            return true;
    }
    return false;
}

static enum problem keep(struct quote_reads *reads, const struct quote_read *read) {
    if (read->shared == 0)
        return PROBLEM_NONE;
    if (reads->count == reads->capacity && !grow(reads))
        return PROBLEM_OUT_OF_MEMORY;
    reads->list[reads->count++] = *read;
    return PROBLEM_NONE;
}

enum problem quote_reads_add(struct quote_reads *reads, int64_t paragraph_id) {
    enum { ARTICLE_ID_COLUMN = PARAGRAPH_LAST_VERSION + 1 }; /* of paragraph_by_id */
    struct quote_read read;
    bool is_left = true;
    if (has_read(reads, paragraph_id))
        return PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    store_query(reads->request->store, SQL_paragraph_by_id, &rows,
                STORE_VALUES(STORE_INT(paragraph_id)));
    enum problem problem = PROBLEM_NONE;
    if (rows_next(&rows))
        problem = read_row(reads, &rows, rows_int(&rows, ARTICLE_ID_COLUMN), &read, &is_left);
    enum problem ended = rows_end(&rows);
    if (problem == PROBLEM_NONE)
        problem = ended;
    return problem == PROBLEM_NONE && !is_left ? keep(reads, &read) : problem;
}

/* ---- of an article ---- */

enum problem quote_reads_article(struct quote_reads *reads, int64_t article_id, int64_t first,
                                 int64_t last, struct quote_read **out, size_t *count) {
    bool is_left = false;
    enum problem problem = PROBLEM_NONE;
    *count = 0;
    *out = arena_alloc(reads->arena, QUOTE_READ_ARTICLE_MAX * sizeof **out);
    if (*out == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(reads->request->store, SQL_paragraph_by_place, &rows,
                STORE_VALUES(STORE_INT(article_id), STORE_INT(first), STORE_INT(last)));
    while (problem == PROBLEM_NONE && *count < QUOTE_READ_ARTICLE_MAX && rows_next(&rows)) {
        problem = read_row(reads, &rows, article_id, &(*out)[*count], &is_left);
        if (is_left)
            break;
        ++*count;
    }
    enum problem ended = rows_end(&rows);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- of the index ---- */

struct hit {
    int64_t number;
    double score;
    size_t order;
};

static int hit_order(const void *left, const void *right) {
    const struct hit *a = left, *b = right;
    if (a->score < b->score || a->score > b->score)
        return a->score > b->score ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static enum problem collect(struct quote_reads *reads, const struct search_query *query,
                            bool is_ranked, struct hit *hits, size_t *count) {
    struct search_hits found;
    struct span none = {"", 0};
    int64_t low, high;
    *count = 0;
    search_period(none, none, &low, &high);
    enum problem problem = search_begin(reads->request->store, SEARCH_PARAGRAPHS, query, low, high,
                                        is_ranked, reads->arena, &found);
    if (problem != PROBLEM_NONE)
        return problem;
    size_t max = is_ranked ? HITS_MAX : CANDIDATES_MAX;
    while (*count < max && search_next(&found, &hits[*count].number, &hits[*count].score)) {
        hits[*count].order = *count;
        ++*count;
    }
    return search_end(&found);
}

enum problem quote_reads_search(struct quote_reads *reads, enum quote_reach reach) {
    struct search_group group;
    struct hit *hits = arena_alloc(reads->arena, HITS_MAX * sizeof *hits);
    size_t count;
    if (hits == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem =
        quote_shingles_choose(reads->quote, reach, reads->arena, &group.items, &group.item_count);
    if (problem != PROBLEM_NONE || group.item_count == 0)
        return problem;
    struct search_query query = {.groups = &group, .group_count = 1};
    bool is_ranked = reach == QUOTE_REACH_SHORT;
    problem = collect(reads, &query, is_ranked, hits, &count);
    if (is_ranked)
        qsort(hits, count, sizeof *hits, hit_order);
    for (size_t i = 0; i < count && i < CANDIDATES_MAX && problem == PROBLEM_NONE; i++) {
        problem = quote_reads_add(reads, search_number_id(SEARCH_PARAGRAPHS, hits[i].number));
        if (problem == PROBLEM_NONE)
            problem = quote_reads_check_time(reads);
    }
    return problem;
}
