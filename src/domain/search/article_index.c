/* article_index.c: see article_index.h. */
#include "domain/search/article_index.h"

#include <stdlib.h>

#include "domain/search/article_index_read.h"

enum { RELIEVE_BYTES = 16 * 1024 * 1024 };

void article_index_init(struct article_index *index, struct store *store) {
    index->store = store;
    index->is_on = index->leaves_facts = false;
    search_terms_init(&index->terms);
    search_batch_init(&index->batch);
    article_facts_init(&index->facts, store);
}

void article_index_fini(struct article_index *index) {
    search_terms_fini(&index->terms);
    search_batch_fini(&index->batch);
    article_facts_fini(&index->facts);
}

/* ---- is it kept in step ---- */

static enum problem begin_empty(struct article_index *index, struct span version) {
    int64_t newest;
    enum problem problem = store_int(index->store, SQL_article_newest_id, &newest, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE || newest != 0)
        return problem;
    problem = search_empty(index->store);
    if (problem == PROBLEM_NONE)
        problem = article_facts_empty(index->store);
    if (problem == PROBLEM_NONE)
        problem = search_version_set(index->store, version);
    index->is_on = problem == PROBLEM_NONE;
    return problem;
}

enum problem article_index_begin(struct article_index *index) {
    struct span own = search_terms_version(&index->batch.terms), kept;
    index->is_on = false;
    if (own.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = search_version(index->store, &index->batch.terms, &kept);
    if (problem == PROBLEM_NONE && span_equal(own, kept))
        index->is_on = true;
    else if (problem == PROBLEM_NONE && kept.bytes > 0)
        problem = search_version_set(index->store, (struct span){"", 0});
    if (problem == PROBLEM_NONE && !index->is_on)
        problem = begin_empty(index, own);
    search_batch_clear(&index->batch);
    article_facts_clear(&index->facts);
    return problem;
}

enum problem article_index_apply(struct article_index *index) {
    enum problem problem = article_facts_apply(&index->facts);
    return problem == PROBLEM_NONE ? search_batch_apply(&index->batch, index->store) : problem;
}

enum problem article_index_relieve(struct article_index *index) {
    return index->batch.terms.held_bytes < RELIEVE_BYTES ? PROBLEM_NONE
                                                         : article_index_apply(index);
}

enum problem article_index_start(struct article_index *index, struct store *store) {
    article_index_init(index, store);
    return article_index_begin(index);
}

enum problem article_index_finish(struct article_index *index, enum problem problem) {
    if (problem == PROBLEM_NONE)
        problem = article_index_apply(index);
    article_index_fini(index);
    return problem;
}

/* ---- an article ---- */

static enum problem load(struct article_index *index, int64_t id, struct arena *arena,
                         struct article_indexed *out) {
    struct article article;
    enum problem problem = article_index_read(index->store, id, arena, &article, out);
    if (problem != PROBLEM_NONE || out->id == 0)
        return problem;
    return search_terms_make(&index->terms, &article, &index->batch.terms, &out->document);
}

static bool is_indexing(const struct article_index *index) {
    return index != NULL && index->is_on;
}

enum problem article_index_before(struct article_index *index, int64_t id, struct arena *arena,
                                  struct article_indexed *old) {
    *old = (struct article_indexed){.id = 0};
    return is_indexing(index) ? load(index, id, arena, old) : PROBLEM_NONE;
}

/* ---- paragraphs ---- */

struct place {
    int64_t number;
    const struct search_text *text;
};

static int place_order(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

/* By number; none of what is not there. NULL when out of memory. */
static struct place *places_make(const struct article_indexed *article, struct arena *arena) {
    size_t count = article->paragraph_ids == NULL ? 0 : article->document.paragraph_count;
    struct place *places = arena_alloc(arena, count * sizeof *places);
    if (places == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){
            search_paragraph_number(span_of(article->published), article->paragraph_ids[i]),
            &article->document.paragraphs[i],
        };
    if (count > 1)
        qsort(places, count, sizeof *places, place_order);
    return places;
}

static bool is_same_text(const struct search_text *a, const struct search_text *b) {
    return span_equal(a->terms, b->terms) && span_equal(a->variants, b->variants);
}

static enum problem place_change(struct search_batch *batch, const struct place *old,
                                 const struct place *new) {
    enum problem problem = PROBLEM_NONE;
    if (old != NULL && new != NULL && is_same_text(old->text, new->text))
        return PROBLEM_NONE;
    if (old != NULL)
        problem =
            search_paragraph_remove(batch, old->number, old->text->terms, old->text->variants);
    if (problem == PROBLEM_NONE && new != NULL)
        problem = search_paragraph_put(batch, new->number, new->text->terms, new->text->variants);
    return problem;
}

/* What has the same number and the same words stays as it is. */
static enum problem paragraphs_change(struct search_batch *batch, const struct article_indexed *old,
                                      const struct article_indexed *new) {
    size_t old_count = old->document.paragraph_count, new_count = new->document.paragraph_count;
    const struct place *from = places_make(old, &batch->terms);
    const struct place *to = places_make(new, &batch->terms);
    enum problem problem = from == NULL || to == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    for (size_t o = 0, n = 0; problem == PROBLEM_NONE && (o < old_count || n < new_count);) {
        bool takes_old = o < old_count && (n == new_count || from[o].number <= to[n].number);
        bool takes_new = n < new_count && (o == old_count || to[n].number <= from[o].number);
        problem = place_change(batch, takes_old ? &from[o] : NULL, takes_new ? &to[n] : NULL);
        o += takes_old;
        n += takes_new;
    }
    return problem;
}

/* ---- both ---- */

static const struct article_indexed none = {.id = 0};

static bool is_same_article(const struct search_article *a, const struct search_article *b) {
    return span_equal(a->title, b->title) && span_equal(a->tags, b->tags) &&
           span_equal(a->authors, b->authors) && span_equal(a->sections, b->sections) &&
           span_equal(a->lead, b->lead) && span_equal(a->body, b->body) &&
           span_equal(a->variants, b->variants);
}

static enum problem facts_touch(struct article_facts *facts,
                                const struct article_indexed *article) {
    enum problem problem = PROBLEM_NONE;
    if (article->id == 0)
        return PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < article->document.paragraph_count; i++)
        problem = article_facts_touch(facts, FACTS_OF_PARAGRAPHS, article->paragraph_ids[i]);
    return problem == PROBLEM_NONE ? article_facts_touch(facts, FACTS_OF_ARTICLES, article->id)
                                   : problem;
}

static enum problem documents_change(struct search_batch *batch, const struct article_indexed *old,
                                     const struct article_indexed *new) {
    int64_t from = search_article_number(span_of(old->published), old->id);
    int64_t to = search_article_number(span_of(new->published), new->id);
    const struct search_article *was = &old->document.article, *is = &new->document.article;
    enum problem problem = paragraphs_change(batch, old, new);
    if (problem != PROBLEM_NONE || (from == to && is_same_article(was, is)))
        return problem;
    if (old->id != 0)
        problem = search_article_remove(batch, from, was);
    return problem == PROBLEM_NONE && new->id != 0 ? search_article_put(batch, to, is) : problem;
}

static enum problem change(struct article_index *index, const struct article_indexed *old,
                           const struct article_indexed *new) {
    enum problem problem = PROBLEM_NONE;
    if (!index->leaves_facts)
        problem = facts_touch(&index->facts, old);
    if (problem == PROBLEM_NONE && !index->leaves_facts)
        problem = facts_touch(&index->facts, new);
    return problem == PROBLEM_NONE ? documents_change(&index->batch, old, new) : problem;
}

enum problem article_index_after(struct article_index *index, int64_t id, struct arena *arena,
                                 const struct article_indexed *old) {
    struct article_indexed new;
    if (!is_indexing(index))
        return PROBLEM_NONE;
    enum problem problem = load(index, id, arena, &new);
    return problem == PROBLEM_NONE ? change(index, old == NULL ? &none : old, &new) : problem;
}

enum problem article_index_gone(struct article_index *index, const struct article_indexed *old) {
    return is_indexing(index) ? change(index, old, &none) : PROBLEM_NONE;
}
