/* quotes.c: GET /v1/quotes asks about one quotation, POST about many. Neither changes anything. */
#include "surface/quotes/quotes.h"

#include <inttypes.h>
#include <stdio.h>

#include "engine/render.h"
#include "ground/clock.h"
#include "ground/decimal.h"
#include "ground/utf8.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/reader/reader.h"
#include "surface/writing/write_head.h"

enum { QUOTES_MAX = 100, ALSO_DEFAULT = 5 };

/* Of all quotes of a request; each has its own beside it (quote_reads_deadline()). */
static int64_t until_of(const struct request *request) {
    unsigned deadline_ms = request->service->config->query_deadline_ms;
    return deadline_ms == 0 ? 0 : clock_ns() + (int64_t)deadline_ms * 1000000;
}

/* ---- the article in which it is believed to stand ---- */

static enum problem id_of(struct request *request, enum sql_id sql, const struct store_value *keys,
                          size_t key_count, int column, int64_t *id) {
    rows_auto struct rows rows = {0};
    store_query(request->store, sql, &rows, keys, key_count);
    *id = rows_next(&rows) ? rows_int(&rows, column) : 0;
    return rows_end(&rows);
}

/* By id, slug or a slug that it had before; *id = 0 when there is none. */
static enum problem find_article(struct request *request, struct span name, int64_t *id) {
    enum { KIND_ARTICLE = 0, ID_COLUMN = 1 };
    int64_t number = 0;
    size_t digits = 0;
    for (; digits < name.bytes && digits < 18 && name.at[digits] >= '0' && name.at[digits] <= '9';)
        number = number * 10 + (name.at[digits++] - '0');
    if (digits == name.bytes)
        return id_of(request, SQL_article_version_by_id, STORE_VALUES(STORE_INT(number)), ID_COLUMN,
                     id);
    enum problem problem =
        id_of(request, SQL_article_version_by_slug, STORE_VALUES(STORE_TEXT(name)), ID_COLUMN, id);
    if (problem == PROBLEM_NONE && *id == 0)
        problem = id_of(request, SQL_old_slug_target,
                        STORE_VALUES(STORE_INT(KIND_ARTICLE), STORE_TEXT(name)), 0, id);
    return problem;
}

/* ---- one ---- */

static enum problem refuse_parameter(struct request *request, const char *name) {
    snprintf(request->fault.name, sizeof request->fault.name, "%s", name);
    return PROBLEM_BAD_PARAMETER;
}

enum problem quote_show(struct request *request, struct reply *reply) {
    const struct param_value *values = request->params.values;
    struct span article = values[PARAM_QUOTE_ARTICLE].text;
    struct quote_asked asked = {.text = values[PARAM_QUOTE_TEXT].text,
                                .also_max = (size_t)values[PARAM_QUOTE_LIMIT].number};
    json_t *answer = NULL;
    if (reader_is_form(request, PARAM_QUOTE_TEXT))
        return reply_json(request, reply, json_object(), PARAM_ID_COUNT);
    if (!values[PARAM_QUOTE_TEXT].is_given) {
        fault_set(&request->fault, "text is missing: the quotation to look for");
        return refuse_parameter(request, "text");
    }
    if (utf8_count(asked.text) > QUOTE_CHARACTERS_MAX) {
        fault_set(&request->fault, "text has %zu characters; a quotation has at most %d",
                  utf8_count(asked.text), QUOTE_CHARACTERS_MAX);
        return refuse_parameter(request, "text");
    }
    if (values[PARAM_QUOTE_AUTHOR].is_given)
        asked.author = values[PARAM_QUOTE_AUTHOR].text;
    if (values[PARAM_QUOTE_ARTICLE].is_given) {
        enum problem problem = find_article(request, article, &asked.article_id);
        if (problem != PROBLEM_NONE)
            return problem;
        if (asked.article_id == 0) {
            fault_set(&request->fault, "there is no article '%.*s'", UTF8_SHOWN(article));
            return refuse_parameter(request, "article");
        }
    }
    enum problem problem = quote_answer(request, &asked, &answer);
    return problem == PROBLEM_NONE ? reply_json(request, reply, answer, PARAM_ID_COUNT) : problem;
}

/* ---- many ---- */

static struct span text_of(const json_t *json) {
    return json_is_string(json) ? (struct span){json_string_value(json), json_string_length(json)}
                                : (struct span){NULL, 0};
}

/* A member of quote `i`; .at NULL when it is absent, or no text, which is said. */
static struct span read_text(struct json_errors *errors, size_t i, const json_t *quote,
                             const char *name) {
    char pointer[FAULT_NAME_BYTES];
    const json_t *member = json_object_get(quote, name);
    struct span text = text_of(member);
    snprintf(pointer, sizeof pointer, "quotes/%zu/%s", i, name);
    if (member != NULL && text.at == NULL)
        json_errors_add(errors, pointer, "%s is no text", name);
    return text;
}

static void refuse_unknown(struct json_errors *errors, size_t i, const json_t *quote) {
    static const char *const known[] = {"text", "article", "author"};
    json_t *members = (json_t *)(uintptr_t)quote; /* iterators are not for const */
    for (void *at = json_object_iter(members); at != NULL;
         at = json_object_iter_next(members, at)) {
        char pointer[FAULT_NAME_BYTES];
        const char *name = json_object_iter_key(at);
        bool is_known = false;
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++)
            is_known |= strcmp(name, known[j]) == 0;
        snprintf(pointer, sizeof pointer, "quotes/%zu/%.*s", i, (int)utf8_cut(span_of(name), 20),
                 name);
        if (!is_known)
            json_errors_add(errors, pointer, "a quote has text, article and author only");
    }
}

/* An id may be written as a number, too. */
static enum problem read_article(struct request *request, struct json_errors *errors, size_t i,
                                 const json_t *quote, int64_t *id) {
    char pointer[FAULT_NAME_BYTES], digits[DECIMAL_BYTES];
    const json_t *member = json_object_get(quote, "article");
    struct span name = json_is_integer(member) && json_integer_value(member) > 0
                           ? decimal_print(json_integer_value(member), digits)
                           : text_of(member);
    snprintf(pointer, sizeof pointer, "quotes/%zu/article", i);
    if (member == NULL)
        return PROBLEM_NONE;
    if (name.at == NULL) {
        json_errors_add(errors, pointer, "article is neither an id nor a slug");
        return PROBLEM_NONE;
    }
    enum problem problem = find_article(request, name, id);
    if (problem == PROBLEM_NONE && *id == 0)
        json_errors_add(errors, pointer, "there is no article '%.*s'", UTF8_SHOWN(name));
    return problem;
}

static enum problem read_quote(struct request *request, struct json_errors *errors, size_t i,
                               const json_t *quote, struct quote_asked *asked) {
    char pointer[FAULT_NAME_BYTES];
    if (!json_is_object(quote)) {
        snprintf(pointer, sizeof pointer, "quotes/%zu", i);
        json_errors_add(errors, pointer, "a quote is an object {\"text\": ...}");
        return PROBLEM_NONE;
    }
    size_t said = errors->count;
    asked->text = read_text(errors, i, quote, "text");
    asked->author = read_text(errors, i, quote, "author");
    refuse_unknown(errors, i, quote);
    snprintf(pointer, sizeof pointer, "quotes/%zu/text", i);
    if (asked->text.at == NULL && errors->count == said)
        json_errors_add(errors, pointer, "text is missing");
    else if (utf8_count(asked->text) > QUOTE_CHARACTERS_MAX)
        json_errors_add(errors, pointer, "text has %zu characters; a quotation has at most %d",
                        utf8_count(asked->text), QUOTE_CHARACTERS_MAX);
    return read_article(request, errors, i, quote, &asked->article_id);
}

static enum problem read_quotes(struct write *write, struct quote_asked **out, size_t *count) {
    struct request *request = write->request;
    const json_t *list = json_object_get(write->json, "quotes");
    enum problem problem = PROBLEM_NONE;
    *count = json_array_size(list);
    if (json_object_size(write->json) > (list != NULL))
        json_errors_add(&write->errors, "", "the body holds quotes, and nothing else");
    if (!json_is_array(list) || *count == 0 || *count > QUOTES_MAX) {
        json_errors_add(&write->errors, "quotes", "quotes is a list of 1 to %d quotations",
                        QUOTES_MAX);
        return PROBLEM_INVALID;
    }
    *out = arena_alloc(request->arena, *count * sizeof **out);
    if (*out == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < *count && problem == PROBLEM_NONE; i++) {
        (*out)[i] = (struct quote_asked){.also_max = ALSO_DEFAULT};
        if (request->params.values[PARAM_QUOTE_LIMIT].has_value)
            (*out)[i].also_max = (size_t)request->params.values[PARAM_QUOTE_LIMIT].number;
        problem = read_quote(request, &write->errors, i, json_array_get(list, i), &(*out)[i]);
    }
    return problem == PROBLEM_NONE ? write_check_errors(write) : problem;
}

static enum problem answer_all(struct write *write) {
    struct request *request = write->request;
    struct quote_asked *asked = NULL;
    size_t count;
    int64_t until_ns = until_of(request);
    json_t *data = json_array();
    enum problem problem = read_quotes(write, &asked, &count);
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        json_t *answer = NULL;
        if (until_ns != 0 && clock_ns() > until_ns) {
            fault_set(&request->fault,
                      "only %zu of %zu quotes could be looked for in the time that a request has; "
                      "ask for fewer at a time",
                      i, count);
            problem = PROBLEM_QUERY_TIMEOUT;
            break;
        }
        problem = quote_answer(request, &asked[i], &answer);
        if (problem == PROBLEM_NONE && json_array_append_new(data, answer) != 0)
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply_whole(request, write->reply, data, (int64_t)count, request->seq,
                            PARAM_ID_COUNT);
}

/* In one state of the store, like every read. */
enum problem quote_list(struct request *request, struct reply *reply) {
    struct write write = {.request = request, .reply = reply};
    enum problem problem = write_head_read(&write, WRITE_TYPE_JSON, false);
    if (problem == PROBLEM_NONE)
        problem = store_begin(request->store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(request->store, &request->seq);
    if (problem == PROBLEM_NONE)
        problem = answer_all(&write);
    return problem == PROBLEM_NONE ? PROBLEM_NONE : write_refuse(&write, problem);
}
