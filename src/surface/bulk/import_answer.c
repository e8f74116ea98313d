/* import_answer.c: see import_answer.h. Most lines are numbers and are printed; only a refusal
 * holds text of others, and is made as JSON. */
#include "surface/bulk/import_answer.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "engine/render.h"

static const char *const outcomes[IMPORT_OUTCOME_COUNT] = {"created", "updated", "unchanged",
                                                           "error"};

void import_answer_add(struct import_answer *answer, size_t line,
                       const struct import_result *result) {
    buffer_printf(&answer->lines, "{\"line\":%zu,\"status\":\"%s\"", line,
                  outcomes[result->outcome]);
    if (result->article_id != 0)
        buffer_printf(&answer->lines,
                      ",\"id\":%" PRId64 ",\"version\":%" PRId64 ",\"url\":\"/v1/articles/%" PRId64
                      "\"",
                      result->article_id, result->version, result->article_id);
    buffer_append_text(&answer->lines, "}\n");
}

/* "paragraphs/3" and "paragraphs[3]" are /paragraphs/3. */
static void print_pointer(const char *name, char out[FAULT_NAME_BYTES + 2]) {
    size_t used = 0;
    out[used++] = '/';
    for (; *name != '\0'; name++) {
        if (*name != ']')
            out[used++] = *name == '[' ? '/' : *name;
    }
    out[used] = '\0';
}

static json_t *problem_of(size_t line, enum problem problem, const struct fault *fault) {
    const struct problem_info *info = problem_info(problem);
    const char *detail = fault_is_set(fault) ? fault->text : info->title;
    json_t *json =
        json_pack("{ss, ss, sI}", "code", info->code, "detail", detail, "line", (json_int_t)line);
    if (json != NULL && fault->column != 0)
        json_object_set_new(json, "column", json_integer((json_int_t)fault->column));
    if (json != NULL && fault->name[0] != '\0') {
        char pointer[FAULT_NAME_BYTES + 2];
        print_pointer(fault->name, pointer);
        json_object_set_new(json, "pointer", json_string(pointer));
    }
    return json;
}

static void append_json(struct import_answer *answer, json_t *json) {
    if (json == NULL)
        answer->lines.failed = true;
    else
        render_write(json, false, &answer->lines);
    buffer_append_char(&answer->lines, '\n');
    json_decref(json);
}

void import_answer_refuse(struct import_answer *answer, size_t line, enum problem problem,
                          const struct fault *fault) {
    size_t place = line + (fault->line > 0 ? fault->line - 1 : 0);
    json_t *json =
        json_pack("{sI, ss, so}", "line", (json_int_t)line, "status", outcomes[IMPORT_REFUSED],
                  "problem", problem_of(place, problem, fault));
    answer->errors++;
    append_json(answer, json);
}

void import_answer_break(struct import_answer *answer, enum problem problem,
                         const struct fault *fault) {
    const struct problem_info *info = problem_info(problem);
    append_json(answer, json_pack("{s{ss, si, ss}}", "problem", "code", info->code, "status",
                                  (int)info->status, "detail", fault->text));
}

void import_answer_end(struct import_answer *answer, const struct import_totals *totals) {
    static const char *const modes[] = {"upsert", "create", "replace"};
    buffer_printf(&answer->lines,
                  "{\"summary\":{\"mode\":\"%s\",\"dry_run\":%s,\"created\":%" PRIu64
                  ",\"updated\":%" PRIu64 ",\"unchanged\":%" PRIu64 ",\"errors\":%" PRIu64
                  ",\"paragraphs\":%" PRIu64 "}}\n",
                  modes[answer->mode], answer->is_dry_run ? "true" : "false",
                  totals->outcome[IMPORT_CREATED], totals->outcome[IMPORT_UPDATED],
                  totals->outcome[IMPORT_UNCHANGED], answer->errors, totals->paragraphs);
}
