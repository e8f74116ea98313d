/* article_similar.c: articles that are like one: by the tags that both have, or by the words that
 * the one has and few others have. */
#include "domain/text/words.h"
#include "engine/render.h"
#include "engine/search/search_index.h"
#include "engine/tally.h"
#include "ground/utf8.h"
#include "surface/articles/articles.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/shapes.h"

enum {
    TEXT_BYTES_MAX = 64 * 1024, /* of the article that is looked at */
    WORDS_MAX = 8192,           /* different words of it */
    CANDIDATES_MAX = 24,        /* words whose rarity is measured */
    TERMS_MAX = 12,             /* words that are asked for */
    FREQUENT = 200,             /* a word that so many articles have is not rare */
    HITS_MAX = 2000,            /* articles that are weighed, the newest */
    LETTERS_MIN = 4,
    LETTERS_MAX = 10,
    TITLE_WEIGHT = 4,
    LEAD_WEIGHT = 2,
    SCORE_UNIT = 1000,
};

struct candidate {
    struct search_word word;
    size_t frequency;
};

struct similar {
    struct request *request;
    int64_t article_id;
    struct tally tally;       /* by hash of the word */
    struct search_word *seen; /* in the order in which the tally met them */
    size_t bytes_left;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
};

/* ---- words of the article ---- */

static bool add_word(struct similar *similar, const struct word *word, int64_t weight) {
    size_t letters = utf8_count(word->folded), before = similar->tally.count;
    if (word->kind == WORD_TAIL || (word->kind == WORD_PLAIN && letters < LETTERS_MIN) ||
        before == WORDS_MAX)
        return true;
    letters = letters < LETTERS_MAX ? letters : LETTERS_MAX;
    int64_t id = (int64_t)(span_hash(word->folded) >> 1 | 1);
    if (!tally_add(&similar->tally, id, weight * (int64_t)letters))
        return false;
    if (similar->tally.count > before)
        similar->seen[before] = (struct search_word){word->folded, word->exact, word->variant};
    return true;
}

static enum problem add_text(struct similar *similar, struct span text, int64_t weight) {
    struct words words;
    struct word word;
    bool is_whole = true;
    text.bytes = utf8_cut(text, similar->bytes_left);
    similar->bytes_left -= text.bytes;
    text = arena_copy(similar->request->arena, text);
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    words_begin(&words, text, similar->request->arena);
    while (is_whole && words_next(&words, &word))
        is_whole = add_word(similar, &word, weight);
    return is_whole && !words.has_failed ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem read_words(struct similar *similar, struct span title) {
    struct request *request = similar->request;
    enum problem problem = add_text(similar, title, TITLE_WEIGHT);
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_paragraph_by_place, &rows,
                STORE_VALUES(STORE_INT(similar->article_id), STORE_INT(1), STORE_INT(INT64_MAX)));
    while (problem == PROBLEM_NONE && similar->bytes_left > 0 && rows_next(&rows))
        problem = add_text(similar, rows_text(&rows, PARAGRAPH_TEXT),
                           rows_int(&rows, PARAGRAPH_POSITION) == 1 ? LEAD_WEIGHT : 1);
    enum problem ended = rows_end(&rows);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- which of them are rare ---- */

/* Begins a search for articles that have any of the words. */
static enum problem begin_any(struct similar *similar, const struct candidate *candidates,
                              size_t count, bool is_ranked, struct search_hits *hits) {
    struct search_item items[TERMS_MAX];
    struct search_word words[TERMS_MAX];
    struct span none = {"", 0};
    int64_t low, high;
    for (size_t i = 0; i < count; i++) {
        words[i] = candidates[i].word;
        items[i] = (struct search_item){SEARCH_FIELD_ANY, &words[i], 1, false, false};
    }
    struct search_group group = {items, count};
    struct search_query query = {.groups = &group, .group_count = 1};
    search_period(none, none, &low, &high);
    return search_begin(similar->request->store, SEARCH_ARTICLES, &query, low, high, is_ranked,
                        similar->request->arena, hits);
}

static enum problem measure(struct similar *similar, struct candidate *candidate) {
    struct search_hits hits;
    int64_t number;
    double score;
    enum problem problem = begin_any(similar, candidate, 1, false, &hits);
    if (problem != PROBLEM_NONE)
        return problem;
    candidate->frequency = 0;
    while (candidate->frequency < FREQUENT && search_next(&hits, &number, &score))
        candidate->frequency++;
    return search_end(&hits);
}

/* The rarest of the words that weigh most; those that no other article has lead nowhere. */
static enum problem choose(struct similar *similar) {
    struct tally_entry best[CANDIDATES_MAX];
    size_t count = tally_best(&similar->tally, best, CANDIDATES_MAX);
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++) {
        struct candidate candidate = {similar->seen[best[i].order], 0};
        problem = measure(similar, &candidate);
        if (candidate.frequency < 2)
            continue;
        size_t at = similar->candidate_count++;
        for (; at > 0 && candidate.frequency < similar->candidates[at - 1].frequency; at--)
            similar->candidates[at] = similar->candidates[at - 1];
        similar->candidates[at] = candidate;
    }
    if (similar->candidate_count > TERMS_MAX)
        similar->candidate_count = TERMS_MAX;
    return problem;
}

/* ---- who has them too ---- */

/* *own: what the article itself scores, so that scores mean the same for every article. */
static enum problem weigh(struct similar *similar, struct tally *found, double *own) {
    struct search_hits hits;
    int64_t number;
    double score;
    enum problem problem =
        begin_any(similar, similar->candidates, similar->candidate_count, true, &hits);
    if (problem != PROBLEM_NONE)
        return problem;
    bool is_whole = true;
    *own = 0;
    for (size_t i = 0; is_whole && i < HITS_MAX && search_next(&hits, &number, &score); i++) {
        int64_t id = search_number_id(SEARCH_ARTICLES, number);
        if (id == similar->article_id)
            *own = score;
        else
            is_whole = tally_add(found, id, (int64_t)(score * SCORE_UNIT * SCORE_UNIT));
    }
    problem = search_end(&hits);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem append_similar(struct request *request, const struct tally_entry *entry,
                                   double own, json_t *list) {
    json_t *small = NULL;
    double score = (double)entry->weight / (SCORE_UNIT * SCORE_UNIT);
    score = own > score ? score / own : 1;
    score = score < 0 ? 0 : score;
    enum problem problem = articles_load_small(request, entry->id, &small);
    if (problem == PROBLEM_NONE &&
        (!render_set(small, "score",
                     json_real((double)(int)(score * SCORE_UNIT + 0.5) / SCORE_UNIT)) ||
         json_array_append_new(list, small) != 0))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem related_by_text(struct request *request, int64_t id, struct span title,
                                    size_t wanted, json_t *list) {
    struct similar similar = {.request = request,
                              .article_id = id,
                              .seen = arena_alloc(request->arena, WORDS_MAX * sizeof *similar.seen),
                              .bytes_left = TEXT_BYTES_MAX};
    struct tally_entry best[ARTICLES_RELATED_MAX];
    struct tally found;
    double own = 0;
    if (similar.seen == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    tally_init(&similar.tally, request->arena);
    tally_init(&found, request->arena);
    enum problem problem = read_words(&similar, title);
    if (problem == PROBLEM_NONE)
        problem = choose(&similar);
    if (problem == PROBLEM_NONE && similar.candidate_count > 0)
        problem = weigh(&similar, &found, &own);
    size_t count = tally_best(&found, best, wanted);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++)
        problem = append_similar(request, &best[i], own, list);
    return problem;
}

enum problem article_related_list(struct request *request, struct reply *reply) {
    const struct param_value *values = request->params.values;
    size_t wanted = (size_t)values[PARAM_RELATED_LIMIT].number;
    json_t *list = json_array();
    rows_auto struct rows rows = {0};
    enum problem problem = articles_find(request, &rows);
    if (problem != PROBLEM_NONE)
        return problem;
    int64_t id = rows_int(&rows, ARTICLE_ID);
    struct span title = arena_copy(request->arena, rows_text(&rows, ARTICLE_TITLE));
    problem = rows_end(&rows);
    if (problem == PROBLEM_NONE && title.at == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_NONE)
        problem = values[PARAM_RELATED_BY].number == PARAM_RELATED_BY_TEXT
                      ? related_by_text(request, id, title, wanted, list)
                      : articles_related_by_tags(request, id, wanted, list);
    return problem == PROBLEM_NONE
               ? list_reply_whole(request, reply, list, (int64_t)json_array_size(list),
                                  request->seq, PARAM_RELATED_FIELDS)
               : problem;
}
