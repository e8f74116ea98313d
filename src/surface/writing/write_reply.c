/* write_reply.c: what is found and what is answered: the parts of write.h that speak of articles
 * and paragraphs. */
#include "surface/articles/articles.h"
#include "surface/articles/paragraphs.h"
#include "surface/representation.h"
#include "surface/writing/write.h"

static enum problem read_article(struct write *write, struct rows *rows,
                                 struct write_article *out) {
    *out = (struct write_article){
        .id = rows_int(rows, ARTICLE_ID),
        .version = rows_int(rows, ARTICLE_VERSION),
        .seq = rows_int(rows, ARTICLE_SEQ),
        .paragraph_count = rows_int(rows, ARTICLE_PARAGRAPH_COUNT),
    };
    write->article_id = out->id;
    return rows_end(rows);
}

enum problem write_find_article(struct write *write, struct write_article *out) {
    rows_auto struct rows rows = {0};
    enum problem problem = articles_find(write->request, &rows);
    return problem == PROBLEM_NONE ? read_article(write, &rows, out) : problem;
}

enum problem write_open_article(struct write *write, struct write_article *out) {
    enum problem problem = write_find_article(write, out);
    return problem == PROBLEM_NONE ? write_check_match(write, out) : problem;
}

enum problem write_load_article(struct write *write, struct article_stored *out) {
    struct write_article found;
    enum problem problem = write_open_article(write, &found);
    return problem == PROBLEM_NONE ? article_edit_load(&write->edit, found.id, out) : problem;
}

enum problem write_find_article_by_id(struct write *write, int64_t id, struct write_article *out) {
    rows_auto struct rows rows = {0};
    store_query(write->edit.store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (rows_next(&rows))
        return read_article(write, &rows, out);
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
}

enum problem write_shape_article(struct write *write, int64_t id, json_t **out) {
    rows_auto struct rows rows = {0};
    store_query(write->edit.store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (rows_next(&rows))
        return articles_shape_whole(write->request, &rows, out);
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
}

/* ---- answers ---- */

/* The tag under which the new version is read at its address. */
static enum problem set_etag(struct write *write, int64_t version) {
    struct request *request = write->request;
    struct span path =
        write->location != NULL ? span_of(write->location) : request->target.raw_path;
    write->etag =
        representation_etag(request, path, 'v', version, write->article_id, &write->reply->body);
    return write->etag == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

enum problem write_reply_nothing(struct write *write, int64_t version) {
    write->reply->status = 204;
    return version == 0 ? PROBLEM_NONE : set_etag(write, version);
}

enum problem write_reply_json(struct write *write, unsigned status, json_t *json,
                              enum param_id fields_id) {
    if (write->is_minimal) {
        write->reply->status = status == 200 ? 204 : status;
        return PROBLEM_NONE;
    }
    enum problem problem = reply_json(write->request, write->reply, json, fields_id);
    write->reply->status = status;
    return problem;
}

enum problem write_reply_article(struct write *write, unsigned status, int64_t id,
                                 int64_t version) {
    json_t *json = NULL;
    write->article_id = id;
    enum problem problem = set_etag(write, version);
    if (problem == PROBLEM_NONE && !write->is_minimal)
        problem = write_shape_article(write, id, &json);
    return problem == PROBLEM_NONE ? write_reply_json(write, status, json, PARAM_ARTICLE_FIELDS)
                                   : problem;
}

enum problem write_reply_paragraph(struct write *write, unsigned status, int64_t paragraph_id,
                                   int64_t version) {
    json_t *json = NULL;
    rows_auto struct rows rows = {0};
    enum problem problem = set_etag(write, version);
    if (problem != PROBLEM_NONE)
        return problem;
    store_query(write->edit.store, SQL_paragraph_by_id, &rows,
                STORE_VALUES(STORE_INT(paragraph_id)));
    if (!rows_next(&rows)) {
        problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
    }
    problem = paragraphs_shape(write->request, &rows, &json);
    return problem == PROBLEM_NONE ? write_reply_json(write, status, json, PARAM_PARAGRAPH_FIELDS)
                                   : problem;
}
