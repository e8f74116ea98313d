/* import_remote.c: see import_remote.h. The server knows what it met within one request; what
 * stands in two of them is compared here. */
#include "entry/import/import_remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/articles/article_store.h"
#include "domain/import/import_refusal.h"
#include "ground/lines.h"
#include "surface/articles/article_json_print.h"
#include "surface/bulk/import_reply.h"

enum { SCRATCH_BYTES_MAX = 256 * 1024 * 1024, ANSWER_LINE_BYTES_MAX = 1024 * 1024 };

enum problem import_remote_open(struct import_remote *remote, const struct config *config,
                                struct import_report *report, struct fault *fault) {
    memset(remote, 0, sizeof *remote);
    remote->report = report;
    buffer_init(&remote->body);
    arena_init(&remote->scratch, SCRATCH_BYTES_MAX);
    import_seen_init(&remote->sent);
    return import_link_open(&remote->link, config, fault);
}

void import_remote_close(struct import_remote *remote) {
    import_link_close(&remote->link);
    buffer_fini(&remote->body);
    arena_fini(&remote->scratch);
    import_seen_fini(&remote->sent);
}

/* ---- the answer ---- */

static void take_refusal(struct import_remote *remote, const struct import_reply *said) {
    struct import_remote_item unknown = {.path = "?"};
    struct import_remote_item *item = &unknown;
    if (said->line > 0 && said->line <= remote->item_count)
        item = &remote->items[said->line - 1];
    item->is_refused = true;
    import_report_refuse(remote->report, item->path, item->line, 0, said->text);
}

static void add_totals(struct import_totals *sum, const struct import_totals *more) {
    for (size_t i = 0; i < IMPORT_OUTCOME_COUNT; i++)
        sum->outcome[i] += more->outcome[i];
    sum->paragraphs += more->paragraphs;
}

static enum problem take_lines(struct import_remote *remote, struct lines *lines, bool is_end,
                               bool *has_summary, struct fault *fault) {
    struct import_reply said;
    struct span line;
    enum lines_found found;
    while ((found = lines_next(lines, is_end, &line)) != LINES_NONE) {
        if (found == LINES_TOO_LONG)
            return PROBLEM_UNAVAILABLE;
        import_reply_parse(line, &said);
        if (said.kind == IMPORT_REPLY_REFUSED)
            take_refusal(remote, &said);
        if (said.kind == IMPORT_REPLY_BROKEN) {
            fault_set(fault, "the server says: %s", said.text);
            return PROBLEM_UNAVAILABLE;
        }
        if (said.kind == IMPORT_REPLY_SUMMARY && !*has_summary)
            add_totals(&remote->totals, &said.totals);
        *has_summary |= said.kind == IMPORT_REPLY_SUMMARY;
    }
    return PROBLEM_NONE;
}

static enum problem read_answer(struct import_remote *remote, struct fault *fault) {
    struct http_reply *reply = &remote->link.reply;
    struct lines lines;
    struct span piece;
    bool has_summary = false;
    enum problem problem = PROBLEM_NONE;
    lines_init(&lines, ANSWER_LINE_BYTES_MAX);
    while (problem == PROBLEM_NONE && http_reply_body(reply, &piece) && piece.bytes > 0) {
        problem = lines_push(&lines, piece) ? take_lines(remote, &lines, false, &has_summary, fault)
                                            : PROBLEM_OUT_OF_MEMORY;
    }
    if (problem == PROBLEM_NONE)
        problem = take_lines(remote, &lines, true, &has_summary, fault);
    lines_fini(&lines);
    if (problem == PROBLEM_NONE && !has_summary) {
        fault_set(fault, "the server's answer broke off; the same import again says what is in");
        problem = PROBLEM_UNAVAILABLE;
    }
    return problem;
}

/* ---- articles ---- */

/* "content path" of what is in, by identity. */
static bool remember(struct import_remote *remote) {
    char text[HASH_TEXT_BYTES + 4096];
    bool is_kept = true;
    for (size_t i = 0; is_kept && i < remote->item_count; i++) {
        const struct import_remote_item *item = &remote->items[i];
        if (item->is_refused)
            continue;
        snprintf(text, sizeof text, "%s%s", item->content, item->path);
        is_kept = import_seen_add(&remote->sent, item->identity, span_of(text));
    }
    return is_kept;
}

static enum problem send_body(struct import_remote *remote, struct fault *fault) {
    if (remote->body.failed)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = import_link_post(&remote->link, buffer_span(&remote->body), fault);
    if (problem == PROBLEM_NONE)
        problem = read_answer(remote, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    remote->answers++;
    bool is_kept = remember(remote);
    buffer_clear(&remote->body);
    remote->item_count = 0;
    return is_kept ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

/* Whether the article is one of a request before: what the server would say if it were one. */
static enum problem meet_sent(struct import_remote *remote, const struct article *article,
                              const struct import_remote_item *item, bool *is_met,
                              struct fault *fault) {
    const struct import_seen_entry *sent = import_seen_find(&remote->sent, item->identity);
    size_t content_bytes = strlen(item->content);
    *is_met = sent != NULL;
    if (sent == NULL)
        return PROBLEM_NONE;
    struct span path = {sent->source.at + content_bytes, sent->source.bytes - content_bytes};
    if (!span_is((struct span){sent->source.at, content_bytes}, item->content))
        return import_refuse_twin(path, fault);
    if (remote->link.config->mode == CONFIG_MODE_CREATE) {
        fault_set(fault, "another text of this import has the same title, authors and date");
        return PROBLEM_CONFLICT;
    }
    remote->totals.outcome[IMPORT_UNCHANGED]++;
    remote->totals.paragraphs += article->paragraphs.count;
    return PROBLEM_NONE;
}

static enum problem identify(struct import_remote *remote, const struct article *article,
                             struct import_remote_item *item) {
    struct article_put put = {.arena = &remote->scratch, .article = article};
    enum problem problem = article_put_identity(&put);
    article_put_imported(&put);
    item->identity = (int64_t)(span_hash(span_of(put.identity)) | 1);
    memcpy(item->content, put.content, sizeof item->content);
    arena_reset(&remote->scratch);
    return problem;
}

enum problem import_remote_add(struct import_remote *remote, const struct article *article,
                               const char *path, size_t line, struct fault *fault) {
    struct import_remote_item *item = &remote->items[remote->item_count];
    bool is_met = false;
    *item = (struct import_remote_item){.path = path, .line = line};
    enum problem problem = identify(remote, article, item);
    if (problem == PROBLEM_NONE)
        problem = meet_sent(remote, article, item, &is_met, fault);
    if (problem != PROBLEM_NONE || is_met)
        return problem;
    remote->item_count++;
    article_json_print(article, &remote->body);
    bool is_full =
        remote->item_count == IMPORT_REMOTE_ITEMS || remote->body.used >= IMPORT_REMOTE_BYTES;
    return is_full || remote->body.failed ? send_body(remote, fault) : PROBLEM_NONE;
}

/* Nothing is sent, too, when there was nothing: whether the server takes it is worth to know. */
enum problem import_remote_end(struct import_remote *remote, struct fault *fault) {
    if (remote->item_count == 0 && remote->answers > 0)
        return PROBLEM_NONE;
    return send_body(remote, fault);
}
