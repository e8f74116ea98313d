/* conditional.c: see conditional.h. */
#include "surface/conditional.h"

#include <time.h>

#include "engine/precondition.h"
#include "ground/date.h"
#include "surface/articles/revisions.h"
#include "surface/representation.h"

/* What an answer is valid for. */
struct validator {
    char letter; /* of the ETag; 0: there is none */
    int64_t number, article_id;
    int64_t modified_s; /* -1: not known */
};

/* Neighbours and related articles change when other articles do; what is known of old revisions
 * when changes are no longer kept. */
static enum route_validator validator_of(const struct request *request) {
    enum route_validator validator = request->match.route->validator;
    if (validator == ROUTE_VALIDATOR_ARTICLE &&
        (params_has_word(&request->params, PARAM_ARTICLE_INCLUDE,
                         PARAM_ARTICLE_INCLUDE_NEIGHBORS) ||
         params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED) ||
         params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_REVISIONS)))
        return ROUTE_VALIDATOR_SEQ;
    return validator;
}

static enum problem read_version(struct request *request, struct validator *out) {
    const struct param_value *article = &request->params.values[PARAM_PATH_ARTICLE];
    struct revision_place place;
    if (request->match.route->validator == ROUTE_VALIDATOR_REVISION ||
        request->params.values[PARAM_AS_OF].is_given) {
        enum problem problem = revisions_choose(request, &place, &out->number);
        out->article_id = place.article_id;
        return problem;
    }
    rows_auto struct rows rows = {0};
    if (article->number != 0)
        store_query(request->store, SQL_article_version_by_id, &rows,
                    STORE_VALUES(STORE_INT(article->number)));
    else
        store_query(request->store, SQL_article_version_by_slug, &rows,
                    STORE_VALUES(STORE_TEXT(article->text)));
    bool is_there = rows_next(&rows);
    if (is_there) {
        out->number = rows_int(&rows, 0);
        out->article_id = rows_int(&rows, 1);
        out->modified_s = rows_int(&rows, 2);
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_there ? PROBLEM_NOT_FOUND : problem;
}

/* The last commit. A second may have seen several: what was read after one of them is told from
 * what was read after all by the next second. Without the change before, who knows. */
static enum problem read_commit(struct request *request, struct validator *out) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_change_times, &rows, STORE_VALUES(STORE_INT(request->seq)));
    if (rows_next(&rows)) {
        out->modified_s = rows_int(&rows, 0);
        bool is_alone = rows_next(&rows) ? rows_int(&rows, 0) < out->modified_s : request->seq == 1;
        out->modified_s += is_alone ? 0 : 1;
    }
    return rows_end(&rows);
}

static enum problem read_seq(struct request *request, struct validator *out) {
    enum problem problem = store_seq(request->store, &request->seq);
    out->number = request->seq;
    return problem == PROBLEM_NONE ? read_commit(request, out) : problem;
}

static enum problem read_validator(struct request *request, struct validator *out) {
    static const char letters[] = {
        [ROUTE_VALIDATOR_NONE] = 0,       [ROUTE_VALIDATOR_BUILD] = 'b',
        [ROUTE_VALIDATOR_SEQ] = 's',      [ROUTE_VALIDATOR_ARTICLE] = 'v',
        [ROUTE_VALIDATOR_REVISION] = 'v',
    };
    enum route_validator validator = validator_of(request);
    enum problem problem = PROBLEM_NONE;
    *out = (struct validator){.letter = letters[validator], .modified_s = -1};
    if (validator == ROUTE_VALIDATOR_SEQ) {
        problem = read_seq(request, out);
    } else if (validator == ROUTE_VALIDATOR_ARTICLE || validator == ROUTE_VALIDATOR_REVISION) {
        problem = read_version(request, out);
        if (problem == PROBLEM_NOT_FOUND || problem == PROBLEM_GONE) {
            out->letter = 0;
            problem = PROBLEM_NONE;
        }
    }
    return problem;
}

/* ---- what the client says ---- */

/* POST in the place of QUERY knows no conditions, which would be those of a write. */
static bool asks_for_any(const struct request *request) {
    return request->method != METHOD_POST && span_is(request->if_none_match, "*");
}

/* Of which coding the client has what is unchanged: of one that it named and takes, above all of
 * the one that it would be sent; of that one also when only a proxy's tag is there, which stands
 * for all. A coding that it has and no longer takes will not do. */
static bool find_coding(const struct request *request, unsigned found, enum coding *coding) {
    enum coding wanted = coding_choose(&request->codings, CODING_KEPT);
    *coding = wanted;
    if ((found & 1U << wanted) != 0)
        return true;
    for (unsigned i = 0; i < CODING_COUNT; i++) {
        if ((found & 1U << i) != 0 && coding_is_taken(&request->codings, (enum coding)i)) {
            *coding = (enum coding)i;
            return true;
        }
    }
    /* What nobody codes here, a proxy coded. */
    bool is_ours = request->service->config->compression == CONFIG_COMPRESSION_ON;
    return (found & ETAG_REWRITTEN) != 0 || (found != 0 && !is_ours);
}

/* Two versions of one second have one date, and say nothing then. */
static bool is_date_of_one(const struct request *request, const struct validator *validator) {
    int64_t before_s;
    if (validator->letter != 'v' || validator->number == 1)
        return true;
    return store_int(request->store, SQL_revision_written_at, &before_s,
                     STORE_VALUES(STORE_INT(validator->article_id),
                                  STORE_INT(validator->number - 1))) == PROBLEM_NONE &&
           before_s < validator->modified_s;
}

static bool is_unmodified(const struct request *request, const struct validator *validator) {
    int64_t since_s, modified_s = validator->modified_s;
    bool is_read = request->method == METHOD_GET || request->method == METHOD_HEAD;
    if (!is_read || modified_s < 0 || request->head.if_modified_since.at == NULL ||
        !instant_parse_http(request->head.if_modified_since, (int64_t)time(NULL), &since_s))
        return false;
    return modified_s < since_s || (modified_s == since_s && is_date_of_one(request, validator));
}

static bool is_unchanged(const struct request *request, const struct validator *validator,
                         enum coding *coding) {
    if (request->if_none_match.at == NULL) {
        *coding = coding_choose(&request->codings, CODING_KEPT);
        return is_unmodified(request, validator);
    }
    if (validator->letter == 's' && asks_for_any(request))
        return false;
    return find_coding(request, etag_find(request->if_none_match, request->etag), coding);
}

/* A reader who goes on with what it has wants nothing else (RFC 9110, 13.1.1). */
static enum problem check_required(struct request *request, const struct validator *validator) {
    struct span required = request->head.if_match;
    if (required.at == NULL || etag_matches(required, request->etag) ||
        (validator->letter == 'v' &&
         etag_fits(required, validator->number, INT64_MAX, validator->article_id)))
        return PROBLEM_NONE;
    fault_set(&request->fault, "the ETag of this answer is %s now", request->etag);
    return PROBLEM_PRECONDITION_FAILED;
}

/* Never later than now (RFC 9110, 8.8.2.1). */
static const char *print_date(const struct request *request, int64_t modified_s) {
    char *text = arena_alloc(request->arena, INSTANT_HTTP_BYTES);
    int64_t now_s = (int64_t)time(NULL);
    if (text != NULL)
        instant_print_http(modified_s < now_s ? modified_s : now_s, text);
    return text;
}

enum problem conditional_check(struct request *request, struct reply *reply, bool *is_done) {
    struct validator validator;
    *is_done = false;
    if (request->method == METHOD_POST)
        return PROBLEM_NONE;
    enum problem problem = read_validator(request, &validator);
    if (problem != PROBLEM_NONE || validator.letter == 0)
        return problem;
    request->article_id = validator.article_id;
    request->etag = representation_etag(request, request->target.raw_path, validator.letter,
                                        validator.number, validator.article_id, &reply->body);
    if (request->etag == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    reply_field(reply, "ETag", request->etag);
    problem = check_required(request, &validator);
    if (problem != PROBLEM_NONE)
        return problem;
    enum coding coding;
    *is_done = is_unchanged(request, &validator, &coding);
    if (*is_done) {
        reply->status = 304;
        reply->coding = coding;
    } else if (validator.modified_s >= 0) {
        reply_field(reply, "Last-Modified", print_date(request, validator.modified_s));
    }
    return PROBLEM_NONE;
}

void conditional_finish(struct request *request, struct reply *reply) {
    if (request->is_cut) {
        request->etag = NULL;
        reply_field_drop(reply, "ETag");
        reply_field_drop(reply, "Last-Modified");
    }
    if (reply->status != 200 || !asks_for_any(request))
        return;
    buffer_clear(&reply->body);
    reply_source_free(reply);
    reply->status = 304;
    reply->coding = coding_choose(&request->codings, CODING_KEPT);
}
