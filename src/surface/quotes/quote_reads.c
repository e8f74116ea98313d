/* quote_reads.c: see quote_reads.h. What a quote may cost is bounded here: hits of the index,
 * paragraphs, bytes, time. */
#include "surface/quotes/quote_reads.h"

#include "engine/search/search_index.h"
#include "ground/clock.h"
#include "surface/shapes.h"

enum {
    HITS_MAX = 80,        /* of one run of words, the newest */
    ALL_HITS_MAX = 1000,  /* of a rare run, when these are all */
    CANDIDATES_MAX = 120, /* of all runs that are read, the best */
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

int64_t quote_reads_deadline(struct request *request) {
    unsigned any_ms = request->service->config->query_deadline_ms;
    unsigned ms = request->service->config->search_deadline_ms;
    if (ms == 0 || (any_ms > 0 && any_ms < ms))
        ms = any_ms;
    store_deadline_set(request->store, ms);
    return ms == 0 ? 0 : clock_ns() + (int64_t)ms * 1000000;
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

/* What one run of words finds; at most `most`. */
static enum problem find(struct quote_reads *reads, struct search_item *item, bool is_oldest_first,
                         int64_t *numbers, size_t most, size_t *count) {
    struct search_group group = {item, 1};
    const struct search_query query = {.groups = &group, .group_count = 1};
    struct store *store = reads->request->store;
    struct search_hits hits;
    double score;
    *count = 0;
    enum problem problem = is_oldest_first ? search_begin_rising(store, SEARCH_PARAGRAPHS, &query,
                                                                 0, INT64_MAX, reads->arena, &hits)
                                           : search_begin(store, SEARCH_PARAGRAPHS, &query, 0,
                                                          INT64_MAX, false, reads->arena, &hits);
    if (problem != PROBLEM_NONE)
        return problem;
    while (*count < most && search_next(&hits, &numbers[*count], &score))
        ++*count;
    return search_end(&hits);
}

static void turn_round(int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count / 2; i++) {
        int64_t number = numbers[i];
        numbers[i] = numbers[count - 1 - i];
        numbers[count - 1 - i] = number;
    }
}

/* All places of a run where it has few, which the engine finds faster from the oldest on; else the
 * newest. Short runs have many. */
static enum problem find_newest(struct quote_reads *reads, struct search_item *item,
                                enum quote_reach reach, int64_t numbers[ALL_HITS_MAX + 1],
                                size_t *count, bool *is_all) {
    static const size_t all_max[] = {
        [QUOTE_REACH_RARE] = ALL_HITS_MAX, [QUOTE_REACH_LONG] = HITS_MAX, [QUOTE_REACH_SHORT] = 0};
    *is_all = false;
    if (all_max[reach] > 0) {
        enum problem problem = find(reads, item, true, numbers, all_max[reach] + 1, count);
        *is_all = problem == PROBLEM_NONE && *count <= all_max[reach];
        turn_round(numbers, *count);
        if (problem != PROBLEM_NONE || *is_all)
            return problem;
    }
    return find(reads, item, false, numbers, HITS_MAX, count);
}

/* A rare run says more about each place than a common one. */
static enum problem collect(struct quote_reads *reads, struct search_item *item,
                            enum quote_reach reach, struct tally *found) {
    int64_t numbers[ALL_HITS_MAX + 1];
    size_t count;
    bool is_all, is_whole = true;
    enum problem problem = find_newest(reads, item, reach, numbers, &count, &is_all);
    for (size_t i = 0; problem == PROBLEM_NONE && is_whole && i < count; i++)
        is_whole = tally_add(found, search_number_id(SEARCH_PARAGRAPHS, numbers[i]),
                             1 + (int64_t)(HITS_MAX / count));
    reads->has_all |= is_all && count > 0;
    reads->has_more |= !is_all;
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

enum problem quote_reads_search(struct quote_reads *reads, enum quote_reach reach) {
    struct search_item *items;
    struct tally_entry best[CANDIDATES_MAX];
    struct tally found;
    size_t count;
    enum problem problem = quote_shingles_choose(reads->quote, reach, reads->arena, &items, &count);
    tally_init(&found, reads->arena);
    reads->has_all = reads->has_more = false;
    reads->runs = count;
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++) {
        problem = collect(reads, &items[i], reach, &found);
        if (problem == PROBLEM_NONE)
            problem = quote_reads_check_time(reads);
    }
    size_t best_count = tally_best(&found, best, CANDIDATES_MAX);
    for (size_t i = 0; i < best_count && problem == PROBLEM_NONE; i++) {
        problem = quote_reads_add(reads, best[i].id);
        if (problem == PROBLEM_NONE)
            problem = quote_reads_check_time(reads);
    }
    return problem;
}
