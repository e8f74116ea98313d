/* paragraph_duplicates.c: where else a paragraph stands. Exact: the same words in the same order.
 * Near: of all runs of three words that either has, both have at least half. */
#include <stdlib.h>

#include "engine/render.h"
#include "surface/articles/paragraphs.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/quotes/quote_reads.h"

static const double near_likeness = 0.5;

struct duplicate {
    int64_t paragraph_id;
    double likeness;
};

static int duplicate_order(const void *left, const void *right) {
    const struct duplicate *a = left, *b = right;
    if (a->likeness < b->likeness || a->likeness > b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    return (a->paragraph_id > b->paragraph_id) - (a->paragraph_id < b->paragraph_id);
}

/* Same words may be in another order, or repeated, when all runs of three are the same. */
static bool is_exact(const struct quote_tokens *a, const struct quote_tokens *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (a->list[i].hash != b->list[i].hash)
            return false;
    }
    return a->count == b->count;
}

static enum problem append(struct request *request, const struct duplicate *duplicate,
                           bool is_exact, json_t *list) {
    json_t *paragraph = NULL;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_paragraph_by_id, &rows,
                STORE_VALUES(STORE_INT(duplicate->paragraph_id)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
    }
    json_t *article = NULL;
    int64_t article_id = rows_int(&rows, PARAGRAPH_ARTICLE_ID);
    paragraph = shape_paragraph(request, &rows);
    enum problem problem = rows_end(&rows);
    if (problem == PROBLEM_NONE)
        problem = paragraphs_load_article(request, article_id, &article);
    if (problem != PROBLEM_NONE)
        return problem;
    render_set(paragraph, "kind", render_text(span_of(is_exact ? "exact" : "near")));
    render_set(paragraph, "score",
               json_real((double)(int)(duplicate->likeness * 1000 + 0.5) / 1000));
    problem = paragraphs_set_article(request, article, paragraph);
    if (problem == PROBLEM_NONE && json_array_append_new(list, paragraph) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

struct duplicates {
    struct quote_reads reads;
    struct duplicate *list;
    size_t count;
};

/* Paragraphs that the index finds by any of our longer runs of words, and then by short ones. */
static enum problem find(struct duplicates *duplicates) {
    enum problem problem = quote_reads_search(&duplicates->reads, QUOTE_REACH_LONG);
    return problem == PROBLEM_NONE ? quote_reads_search(&duplicates->reads, QUOTE_REACH_SHORT)
                                   : problem;
}

static enum problem compare(struct duplicates *duplicates, int64_t own_id) {
    const struct quote_reads *reads = &duplicates->reads;
    const struct quote_tokens *own = &reads->quote->tokens;
    duplicates->list = arena_alloc(reads->arena, (reads->count + 1) * sizeof *duplicates->list);
    if (duplicates->list == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < reads->count; i++) {
        const struct quote_read *read = &reads->list[i];
        struct duplicate found = {read->id, 0};
        enum problem problem = quote_likeness(own, &read->tokens, reads->arena, &found.likeness);
        if (problem == PROBLEM_NONE)
            problem = quote_reads_check_time(reads);
        if (problem != PROBLEM_NONE)
            return problem;
        if (is_exact(own, &read->tokens))
            found.likeness = 2; /* before all that is near */
        if (read->id != own_id && found.likeness >= near_likeness)
            duplicates->list[duplicates->count++] = found;
    }
    if (duplicates->count > 0)
        qsort(duplicates->list, duplicates->count, sizeof *duplicates->list, duplicate_order);
    return PROBLEM_NONE;
}

static enum problem find_all(struct request *request, int64_t id, struct span text,
                             struct arena *arena, json_t *list) {
    struct duplicates duplicates = {.count = 0};
    struct quote quote;
    size_t wanted = (size_t)request->params.values[PARAM_RELATED_LIMIT].number;
    int64_t until_ns = quote_reads_deadline(request);
    enum problem problem = quote_parse(text, arena, &quote);
    if (problem != PROBLEM_NONE || quote.segment_count == 0)
        return problem;
    quote_reads_init(&duplicates.reads, request, &quote, arena, until_ns);
    problem = find(&duplicates);
    if (problem == PROBLEM_NONE)
        problem = compare(&duplicates, id);
    for (size_t i = 0; i < duplicates.count && i < wanted && problem == PROBLEM_NONE; i++) {
        bool is_exact = duplicates.list[i].likeness > 1;
        duplicates.list[i].likeness = is_exact ? 1 : duplicates.list[i].likeness;
        problem = append(request, &duplicates.list[i], is_exact, list);
    }
    return problem;
}

enum problem paragraph_duplicate_list(struct request *request, struct reply *reply) {
    int64_t id = request->params.values[PARAM_PATH_PARAGRAPH].number;
    struct arena arena;
    json_t *list = json_array();
    bool is_gone;
    rows_auto struct rows rows = {0};
    enum problem problem = paragraphs_find(request, reply, &rows, &is_gone);
    if (problem != PROBLEM_NONE || is_gone)
        return problem;
    struct span text = arena_copy(request->arena, rows_text(&rows, PARAGRAPH_TEXT));
    problem = rows_end(&rows);
    if (problem == PROBLEM_NONE && text.at == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    if (problem == PROBLEM_NONE)
        problem = find_all(request, id, text, &arena, list);
    arena_fini(&arena);
    return problem == PROBLEM_NONE
               ? list_reply_whole(request, reply, list, (int64_t)json_array_size(list),
                                  request->seq, PARAM_DUPLICATE_FIELDS)
               : problem;
}
