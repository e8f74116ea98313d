/* import_remote.c: see import_remote.h. */
#include "entry/import_remote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry/cli.h"
#include "ground/clock.h"
#include "ground/hash.h"
#include "ground/lines.h"
#include "surface/article_json_print.h"
#include "surface/import_reply.h"

enum {
    PIECE_BYTES = 64 * 1024,
    CONNECT_MS = 10 * 1000,
    SEND_MS = 60 * 1000,
    ANSWER_MS = 300 * 1000,
    TOKEN_BYTES = 256,
    ANSWER_LINE_BYTES_MAX = 1024 * 1024,
};

/* ---- the token ---- */

static enum problem refuse_token_file(const char *path, const char *what, struct fault *fault) {
    fault_set(fault, "--token-file %s: %s", path, what);
    return PROBLEM_BAD_PARAMETER;
}

/* The first line of the file; nothing that could end a field may be in it. */
static bool cut_token(char *text) {
    text[strcspn(text, "\r\n")] = '\0';
    for (const char *c = text; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~')
            return false;
    }
    return text[0] != '\0';
}

static enum problem read_token(const char *path, char out[TOKEN_BYTES], struct fault *fault) {
    struct stat status;
    if (path[0] == '\0')
        return refuse_token_file("FILE", "--url needs the file that holds the token", fault);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t bytes = descriptor < 0 ? -1 : read(descriptor, out, TOKEN_BYTES - 1);
    int error = errno;
    if (bytes >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        cli_complain("warning: %s may be read by others; chmod 600 it", path);
    if (descriptor >= 0)
        close(descriptor);
    if (bytes < 0)
        return refuse_token_file(path, strerrordesc_np(error), fault);
    out[bytes] = '\0';
    return cut_token(out) ? PROBLEM_NONE : refuse_token_file(path, "it holds no token", fault);
}

/* ---- what the server says ---- */

static enum problem refuse_errno(const struct import_remote *remote, const char *what,
                                 struct fault *fault) {
    fault_set(fault, "%s %s port %s: %s", what, remote->endpoint.host, remote->endpoint.port,
              strerrordesc_np(errno));
    return PROBLEM_UNAVAILABLE;
}

/* Why there will be no import: the detail of the problem that is the body. */
static enum problem refuse_status(struct import_remote *remote, struct fault *fault) {
    char text[IMPORT_REPLY_TEXT_BYTES];
    struct buffer body;
    struct span piece;
    buffer_init(&body);
    while (body.used < PIECE_BYTES && http_reply_body(&remote->reply, &piece) && piece.bytes > 0)
        buffer_append_span(&body, piece);
    import_reply_problem(buffer_span(&body), text);
    buffer_fini(&body);
    fault_set(fault, "the server answers %d%s%s", remote->reply.status, text[0] == '\0' ? "" : ": ",
              text);
    return PROBLEM_UNAVAILABLE;
}

/* After a piece could not be sent: the server may have said why before it closed. */
static enum problem explain(struct import_remote *remote, struct fault *fault) {
    int error = errno;
    struct pollfd entry = {.fd = remote->descriptor, .events = POLLIN};
    if (error != EINTR && poll(&entry, 1, 0) > 0 && http_reply_head(&remote->reply))
        return refuse_status(remote, fault);
    errno = error;
    return refuse_errno(remote, "no longer connected to", fault);
}

/* ---- the request ---- */

static enum problem send_head(struct import_remote *remote, const struct config *config,
                              struct fault *fault) {
    static const char *const modes[] = {"upsert", "create", "replace"};
    char token[TOKEN_BYTES];
    struct buffer head;
    enum problem problem = read_token(config->token_file, token, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    remote->descriptor = http_connect(&remote->endpoint, clock_ms() + CONNECT_MS);
    if (remote->descriptor < 0)
        return refuse_errno(remote, "cannot connect to", fault);
    http_reply_init(&remote->reply, remote->descriptor, ANSWER_MS);
    buffer_init(&head);
    buffer_printf(&head, "POST /v1/import?mode=%s%s HTTP/1.1\r\nHost: ", modes[config->mode],
                  config->dry_run ? "&dry_run=1" : "");
    http_endpoint_print(&remote->endpoint, &head);
    buffer_printf(&head,
                  "\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n"
                  "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n"
                  "\r\n",
                  token);
    if (head.failed)
        problem = PROBLEM_OUT_OF_MEMORY;
    else if (!http_send(remote->descriptor, buffer_span(&head), SEND_MS))
        problem = refuse_errno(remote, "cannot send to", fault);
    hash_secret_wipe(token, sizeof token);
    if (head.bytes != NULL)
        hash_secret_wipe(head.bytes, head.used);
    buffer_fini(&head);
    return problem;
}

enum problem import_remote_open(struct import_remote *remote, const struct config *config,
                                struct fault *fault) {
    memset(remote, 0, sizeof *remote);
    remote->descriptor = -1;
    buffer_init(&remote->piece);
    buffer_init(&remote->reply.bytes);
    if (!http_endpoint_parse(config->url + strlen("http://"), &remote->endpoint)) {
        fault_set(fault, "'%.100s' is not of the form http://HOST:PORT", config->url);
        return PROBLEM_BAD_PARAMETER;
    }
    enum problem problem = send_head(remote, config, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!http_reply_head(&remote->reply))
        return refuse_errno(remote, "no answer from", fault);
    return remote->reply.status == 100 ? PROBLEM_NONE : refuse_status(remote, fault);
}

void import_remote_close(struct import_remote *remote) {
    if (remote->descriptor >= 0)
        close(remote->descriptor);
    http_reply_fini(&remote->reply);
    buffer_fini(&remote->piece);
    free(remote->items);
}

static bool send_piece(struct import_remote *remote) {
    char size[24];
    int bytes = snprintf(size, sizeof size, "%zx\r\n", remote->piece.used);
    if (remote->piece.used == 0)
        return true;
    buffer_append_text(&remote->piece, "\r\n");
    if (remote->piece.failed) {
        errno = ENOMEM;
        return false;
    }
    bool is_sent = http_send(remote->descriptor, (struct span){size, (size_t)bytes}, SEND_MS) &&
                   http_send(remote->descriptor, buffer_span(&remote->piece), SEND_MS);
    buffer_clear(&remote->piece);
    return is_sent;
}

static bool note_item(struct import_remote *remote, const char *path, size_t line) {
    if (remote->item_count == remote->item_room) {
        size_t room = remote->item_room * 2 + 256;
        struct import_remote_item *more = realloc(remote->items, room * sizeof *more);
        if (more == NULL)
            return false;
        remote->items = more;
        remote->item_room = room;
    }
    remote->items[remote->item_count++] = (struct import_remote_item){path, line};
    return true;
}

enum problem import_remote_add(struct import_remote *remote, const struct article *article,
                               const char *path, size_t line, struct fault *fault) {
    if (!note_item(remote, path, line))
        return PROBLEM_OUT_OF_MEMORY;
    article_json_print(article, &remote->piece);
    if (remote->piece.used < PIECE_BYTES || send_piece(remote))
        return PROBLEM_NONE;
    return explain(remote, fault);
}

/* ---- the answer ---- */

static void take_refusal(const struct import_remote *remote, struct import_report *report,
                         const struct import_reply *said) {
    struct import_remote_item item = {"?", 0};
    if (said->line > 0 && said->line <= remote->item_count)
        item = remote->items[said->line - 1];
    import_report_refuse(report, item.path, item.line, 0, said->text);
}

static enum problem take_lines(const struct import_remote *remote, struct lines *lines, bool is_end,
                               struct import_report *report, struct import_totals *totals,
                               bool *has_summary) {
    struct import_reply said;
    struct span line;
    enum lines_found found;
    while ((found = lines_next(lines, is_end, &line)) != LINES_NONE) {
        if (found == LINES_TOO_LONG)
            return PROBLEM_UNAVAILABLE;
        import_reply_parse(line, &said);
        if (said.kind == IMPORT_REPLY_REFUSED)
            take_refusal(remote, report, &said);
        if (said.kind == IMPORT_REPLY_SUMMARY)
            *totals = said.totals;
        *has_summary |= said.kind == IMPORT_REPLY_SUMMARY;
    }
    return PROBLEM_NONE;
}

static enum problem read_answer(struct import_remote *remote, struct import_report *report,
                                struct import_totals *totals, struct fault *fault) {
    struct lines lines;
    struct span piece;
    bool has_summary = false;
    enum problem problem = PROBLEM_NONE;
    lines_init(&lines, ANSWER_LINE_BYTES_MAX);
    while (problem == PROBLEM_NONE && http_reply_body(&remote->reply, &piece) && piece.bytes > 0) {
        problem = lines_push(&lines, piece)
                      ? take_lines(remote, &lines, false, report, totals, &has_summary)
                      : PROBLEM_OUT_OF_MEMORY;
    }
    if (problem == PROBLEM_NONE)
        problem = take_lines(remote, &lines, true, report, totals, &has_summary);
    lines_fini(&lines);
    if (problem == PROBLEM_NONE && !has_summary) {
        fault_set(fault, "the server's answer broke off; the same import again says what is in");
        problem = PROBLEM_UNAVAILABLE;
    }
    return problem;
}

enum problem import_remote_end(struct import_remote *remote, struct import_report *report,
                               struct import_totals *totals, struct fault *fault) {
    if (!send_piece(remote) || !http_send(remote->descriptor, SPAN_LITERAL("0\r\n\r\n"), SEND_MS))
        return explain(remote, fault);
    do {
        if (!http_reply_head(&remote->reply))
            return refuse_errno(remote, "no answer from", fault);
    } while (remote->reply.status < 200);
    if (remote->reply.status != 200)
        return refuse_status(remote, fault);
    return read_answer(remote, report, totals, fault);
}
