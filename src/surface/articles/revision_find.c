/* revision_find.c: which version of which article is meant. */
#include <inttypes.h>

#include "surface/address.h"
#include "surface/articles/revisions.h"
#include "surface/suggest.h"

enum { PLACE_ID, PLACE_VERSION, PLACE_DELETED_AT };

enum problem revisions_find(struct request *request, struct revision_place *place) {
    const struct param_value *given = &request->params.values[PARAM_PATH_ARTICLE];
    *place = (struct revision_place){.article_id = 0};
    rows_auto struct rows rows = {0};
    if (given->number > 0)
        store_query(request->store, SQL_revision_place_by_id, &rows,
                    STORE_VALUES(STORE_INT(given->number)));
    else
        store_query(request->store, SQL_revision_place_by_slug, &rows,
                    STORE_VALUES(STORE_TEXT(given->text)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? suggest_article(request) : problem;
    }
    *place = (struct revision_place){
        rows_int(&rows, PLACE_ID),
        rows_int(&rows, PLACE_VERSION),
        rows_type(&rows, PLACE_DELETED_AT) != STORE_TYPE_NULL,
        rows_int(&rows, PLACE_DELETED_AT),
    };
    return rows_end(&rows);
}

struct span revisions_address(struct arena *arena, int64_t article_id, int64_t version) {
    struct span prefix = address_by_id(arena, "/v1/articles/", article_id, "/revisions/");
    return prefix.at == NULL ? prefix : address_by_id(arena, prefix.at, version, "");
}

enum problem revisions_refuse(struct request *request, struct reply *reply,
                              const struct revision_place *place, enum problem problem) {
    if (problem != PROBLEM_NOT_FOUND || place->article_id == 0)
        return problem;
    reply_problem(request, reply, problem);
    return PROBLEM_NONE;
}

static enum problem say_unkept(struct request *request, const struct revision_place *place,
                               int64_t version) {
    if (version > place->version)
        fault_set(&request->fault,
                  "article %" PRId64 " has no version %" PRId64 "; the newest is %" PRId64,
                  place->article_id, version, place->version);
    else
        fault_set(&request->fault,
                  "version %" PRId64 " of article %" PRId64 " was not kept; /v1/articles/%" PRId64
                  "/revisions lists those that were",
                  version, place->article_id, place->article_id);
    return PROBLEM_NOT_FOUND;
}

enum problem revisions_check(struct request *request, const struct revision_place *place,
                             int64_t version) {
    int64_t id;
    if (version == place->version && !place->is_deleted)
        return PROBLEM_NONE;
    enum problem problem =
        version > place->version
            ? PROBLEM_NOT_FOUND
            : store_int(request->store, SQL_revision_by_version, &id,
                        STORE_VALUES(STORE_INT(place->article_id), STORE_INT(version)));
    return problem == PROBLEM_NOT_FOUND ? say_unkept(request, place, version) : problem;
}

/* What is kept may begin long after the article did. */
static enum problem say_too_early(struct request *request, const struct revision_place *place) {
    int64_t first;
    enum problem problem = store_int(request->store, SQL_revision_walk_up, &first,
                                     STORE_VALUES(STORE_INT(place->article_id), STORE_INT(0)));
    if (problem != PROBLEM_NONE)
        return problem;
    if (first == 1)
        fault_set(&request->fault, "article %" PRId64 " did not exist at that time",
                  place->article_id);
    else
        fault_set(&request->fault,
                  "what article %" PRId64 " was at that time was not kept; its history begins with "
                  "version %" PRId64,
                  place->article_id, first);
    return PROBLEM_NOT_FOUND;
}

static enum problem choose_by_instant(struct request *request, const struct revision_place *place,
                                      int64_t instant, int64_t *version) {
    char deleted[INSTANT_BYTES];
    if (place->is_deleted && instant >= place->deleted_at) {
        instant_print(place->deleted_at, deleted);
        fault_set(&request->fault,
                  "article %" PRId64 " was deleted at %s; its last version is %" PRId64,
                  place->article_id, deleted, place->version);
        return PROBLEM_GONE;
    }
    enum problem problem =
        store_int(request->store, SQL_revision_version_at, version,
                  STORE_VALUES(STORE_INT(place->article_id), STORE_INT(instant)));
    return problem == PROBLEM_NOT_FOUND ? say_too_early(request, place) : problem;
}

enum problem revisions_choose(struct request *request, struct revision_place *place,
                              int64_t *version) {
    const struct param_value *in_path = &request->params.values[PARAM_PATH_VERSION];
    const struct param_value *as_of = &request->params.values[PARAM_AS_OF];
    enum problem problem = revisions_find(request, place);
    if (problem != PROBLEM_NONE)
        return problem;
    if (as_of->is_given && as_of->is_instant)
        return choose_by_instant(request, place, as_of->number, version);
    *version = as_of->is_given ? as_of->number : in_path->number;
    return revisions_check(request, place, *version);
}
