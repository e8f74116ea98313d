/* revision_diff.c: from one version of an article to another, as JSON. */
#include <inttypes.h>

#include "domain/articles/article_diff.h"
#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/revisions.h"
#include "surface/handlers.h"

/* ---- which versions ---- */

static enum problem choose(struct request *request, struct revision_place *place, int64_t *from,
                           int64_t *to) {
    const struct param_value *given_from = &request->params.values[PARAM_DIFF_FROM];
    const struct param_value *given_to = &request->params.values[PARAM_DIFF_TO];
    enum problem problem = revisions_find(request, place);
    if (problem != PROBLEM_NONE)
        return problem;
    *to = given_to->is_given ? given_to->number : place->version;
    *from = given_from->is_given ? given_from->number : *to - 1;
    problem = revisions_check(request, place, *to);
    if (problem == PROBLEM_NONE && *from == 0) {
        fault_set(&request->fault,
                  "version 1 of article %" PRId64 " is the first: there is none before it",
                  place->article_id);
        return PROBLEM_NOT_FOUND;
    }
    return problem == PROBLEM_NONE ? revisions_check(request, place, *from) : problem;
}

/* Of a paragraph that is gone the store knows what took over its text. */
static enum problem find_heirs(struct request *request, const struct article_version *from,
                               struct article_diff *diff) {
    enum { MATCH = 7, RELATED = 8 }; /* of paragraph_by_id */
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < diff->count; i++) {
        if (diff->entries[i].status != ARTICLE_DIFF_REMOVED)
            continue;
        int64_t id = from->paragraphs[diff->entries[i].from].id;
        rows_auto struct rows rows = {0};
        store_query(request->store, SQL_paragraph_by_id, &rows, STORE_VALUES(STORE_INT(id)));
        if (rows_next(&rows) && span_is(rows_text(&rows, MATCH), "merged"))
            article_diff_set_heir(diff, i, rows_int(&rows, RELATED));
        problem = rows_end(&rows);
    }
    return problem;
}

/* ---- fields ---- */

static json_t *names_json(const struct article_version *version, enum term_kind kind) {
    json_t *names = json_array();
    for (size_t i = 0; i < version->term_count; i++) {
        const struct article_version_term *term = &version->terms[i];
        if (term->kind != kind)
            continue;
        json_t *json = json_object();
        render_set(json, "slug", render_text(term->slug));
        if (!render_set(json, "name", render_text(term->name)) ||
            json_array_append_new(names, json) != 0)
            return NULL;
    }
    return names;
}

static json_t *date_json(const struct article_version *version) {
    return version->article.published[0] == '\0' ? json_null()
                                                 : render_text(span_of(version->article.published));
}

static bool add_field(json_t *fields, const char *name, json_t *from, json_t *to) {
    json_t *pair;
    if (from == NULL || to == NULL)
        return false;
    if (json_equal(from, to))
        return true;
    pair = json_object();
    return render_set(pair, "from", from) && render_set(pair, "to", to) &&
           render_set(fields, name, pair);
}

static json_t *fields_json(const struct article_version *from, const struct article_version *to) {
    json_t *fields = json_object();
    bool is_whole =
        add_field(fields, "title", render_text(from->article.title),
                  render_text(to->article.title)) &&
        add_field(fields, "slug", render_text(from->slug), render_text(to->slug)) &&
        add_field(fields, "published", date_json(from), date_json(to)) &&
        add_field(fields, "authors", names_json(from, TERM_AUTHOR), names_json(to, TERM_AUTHOR)) &&
        add_field(fields, "section", names_json(from, TERM_SECTION),
                  names_json(to, TERM_SECTION)) &&
        add_field(fields, "tags", names_json(from, TERM_TAG), names_json(to, TERM_TAG));
    return is_whole ? fields : NULL;
}

/* ---- paragraphs ---- */

static json_t *range_json(struct text_diff_range range) {
    json_t *json = json_object();
    render_set(json, "start", json_integer((json_int_t)range.start));
    return render_set(json, "end", json_integer((json_int_t)range.end)) ? json : NULL;
}

static json_t *spans_json(const struct text_diff *diff) {
    static const char *const names[] = {"equal", "delete", "insert"};
    json_t *spans = json_array();
    for (size_t i = 0; i < diff->count; i++) {
        const struct text_diff_span *span = &diff->spans[i];
        json_t *json = json_object();
        render_set(json, "op", render_text(span_of(names[span->op])));
        render_set(json, "from", range_json(span->from));
        render_set(json, "to", range_json(span->to));
        if (!render_set(json, "text", render_text(span->text)) ||
            json_array_append_new(spans, json) != 0)
            return NULL;
    }
    return spans;
}

/* The place in one version, from 1; null when it is not there. */
static json_t *place_json(size_t index) {
    return index == SIZE_MAX ? json_null() : json_integer((json_int_t)index + 1);
}

static json_t *entry_json(struct request *request, const struct article_diff_entry *entry,
                          const struct article_version *from, const struct article_version *to) {
    bool is_gone = entry->to == SIZE_MAX, is_new = entry->from == SIZE_MAX;
    const struct article_version_paragraph *paragraph =
        is_gone ? &from->paragraphs[entry->from] : &to->paragraphs[entry->to];
    json_t *json = json_object();
    render_set(json, "status", render_text(span_of(article_diff_status_name(entry->status))));
    render_set(json, "id", json_integer(paragraph->id));
    render_set(json, "from", place_json(entry->from));
    render_set(json, "to", place_json(entry->to));
    if (entry->status == ARTICLE_DIFF_EDITED)
        render_set(json, "moved", json_boolean(entry->is_moved));
    struct span related = address_by_id(request->arena, "/v1/paragraphs/", entry->related, "");
    if (entry->related != 0)
        render_set(json, is_new ? "came_from" : "merged_into", render_text(related));
    if (is_gone || is_new)
        render_set(json, "text", render_text(paragraph->text));
    if (entry->status == ARTICLE_DIFF_EDITED)
        render_set(json, "spans", spans_json(&entry->text));
    struct span url = address_by_id(request->arena, "/v1/paragraphs/", paragraph->id, "");
    return render_set(json, "url", render_text(url)) ? json : NULL;
}

static json_t *entries_json(struct request *request, const struct article_diff *diff,
                            const struct article_version *from, const struct article_version *to) {
    json_t *entries = json_array();
    for (size_t i = 0; i < diff->count; i++) {
        if (json_array_append_new(entries, entry_json(request, &diff->entries[i], from, to)) != 0)
            return NULL;
    }
    return entries;
}

/* ---- the whole ---- */

static json_t *version_json(struct request *request, const struct article_version *version) {
    char instant[INSTANT_BYTES];
    instant_print(version->updated_at, instant);
    json_t *json = json_object();
    render_set(json, "version", json_integer(version->version));
    render_set(json, "updated_at", render_text(span_of(instant)));
    struct span url = revisions_address(request->arena, version->id, version->version);
    return render_set(json, "url", render_text(url)) ? json : NULL;
}

static json_t *counts_json(const struct article_diff *diff) {
    json_t *counts = json_object();
    for (size_t i = 0; i < ARTICLE_DIFF_STATUS_COUNT; i++)
        render_set(counts, article_diff_status_name((enum article_diff_status)i),
                   json_integer((json_int_t)diff->counts[i]));
    return counts;
}

/* The share of all characters that went or came, in steps that print without a long tail of digits;
 * 0 only when none did. */
static json_t *ratio_json(const struct article_diff *diff) {
    enum { STEPS = 1024 };
    size_t all = diff->all_points == 0 ? 1 : diff->all_points;
    size_t steps = (diff->changed_points * STEPS + all - 1) / all;
    return json_real((double)steps / STEPS);
}

enum problem revision_diff(struct request *request, struct reply *reply) {
    struct revision_place place;
    struct article_version from, to;
    struct article_diff diff;
    int64_t from_version, to_version;
    enum problem problem = choose(request, &place, &from_version, &to_version);
    if (problem != PROBLEM_NONE)
        return revisions_refuse(request, reply, &place, problem);
    problem =
        article_version_load(request->store, place.article_id, from_version, request->arena, &from);
    if (problem == PROBLEM_NONE)
        problem =
            article_version_load(request->store, place.article_id, to_version, request->arena, &to);
    if (problem == PROBLEM_NONE)
        problem = article_diff_make(&from, &to, request->arena, &diff);
    if (problem == PROBLEM_NONE)
        problem = find_heirs(request, &from, &diff);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *json = json_object();
    struct span article = address_by_id(request->arena, "/v1/articles/", place.article_id, "");
    render_set(json, "article", render_text(article));
    render_set(json, "from", version_json(request, &from));
    render_set(json, "to", version_json(request, &to));
    render_set(json, "change_ratio", ratio_json(&diff));
    render_set(json, "is_coarse", json_boolean(diff.is_coarse));
    render_set(json, "counts", counts_json(&diff));
    render_set(json, "fields", fields_json(&from, &to));
    bool is_whole = render_set(json, "paragraphs", entries_json(request, &diff, &from, &to));
    return is_whole ? reply_json(request, reply, json, PARAM_ID_COUNT) : PROBLEM_OUT_OF_MEMORY;
}
