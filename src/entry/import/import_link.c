/* import_link.c: see import_link.h. */
#include "entry/import/import_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry/cli.h"
#include "entry/import/import_stop.h"
#include "ground/clock.h"
#include "ground/hash.h"
#include "surface/bulk/import_reply.h"

enum {
    CONNECT_MS = 10 * 1000,
    SEND_MS = 60 * 1000,
    ANSWER_MS = 300 * 1000,
    PROBLEM_BYTES_MAX = 64 * 1024,
    TRIES = 6,
    WAIT_S_MAX = 60,
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

static enum problem read_token(const char *path, char out[IMPORT_LINK_TOKEN_BYTES],
                               struct fault *fault) {
    struct stat status;
    if (path[0] == '\0')
        return refuse_token_file("FILE", "--url needs the file that holds the token", fault);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t bytes = descriptor < 0 ? -1 : read(descriptor, out, IMPORT_LINK_TOKEN_BYTES - 1);
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

/* ---- the connection ---- */

static enum problem refuse_errno(const struct import_link *link, const char *what,
                                 struct fault *fault) {
    fault_set(fault, "%s %s port %s: %s", what, link->endpoint.host, link->endpoint.port,
              http_error(&link->stream));
    return PROBLEM_UNAVAILABLE;
}

static void disconnect(struct import_link *link) {
    int error = errno;
    http_close(&link->stream);
    http_reply_fini(&link->reply);
    link->is_used = false;
    errno = error;
}

static enum problem connect_to(struct import_link *link, struct fault *fault) {
    const char *certificate = link->config->tls_certificate;
    http_reply_init(&link->reply, &link->stream, ANSWER_MS);
    return http_connect(&link->stream, &link->endpoint,
                        certificate[0] == '\0' ? TLS_CLIENT_AUTHORITIES : TLS_CLIENT_ONE,
                        certificate, clock_ms() + CONNECT_MS)
               ? PROBLEM_NONE
               : refuse_errno(link, "cannot connect to", fault);
}

enum problem import_link_open(struct import_link *link, const struct config *config,
                              struct fault *fault) {
    *link = (struct import_link){.config = config, .stream = {.descriptor = -1}};
    buffer_init(&link->reply.bytes);
    if (!http_endpoint_parse(config->url, &link->endpoint)) {
        fault_set(fault, "'%.100s' is not of the form http://HOST:PORT or https://HOST:PORT",
                  config->url);
        return PROBLEM_BAD_PARAMETER;
    }
    enum problem problem = read_token(config->token_file, link->token, fault);
    return problem == PROBLEM_NONE ? connect_to(link, fault) : problem;
}

void import_link_close(struct import_link *link) {
    disconnect(link);
    hash_secret_wipe(link->token, sizeof link->token);
}

/* ---- a request ---- */

static bool send_head(struct import_link *link, size_t body_bytes) {
    static const char *const modes[] = {"upsert", "create", "replace"};
    struct buffer head;
    buffer_init(&head);
    buffer_printf(&head, "POST /v1/import?mode=%s%s HTTP/1.1\r\nHost: ", modes[link->config->mode],
                  link->config->dry_run ? "&dry_run=1" : "");
    http_endpoint_print(&link->endpoint, &head);
    buffer_printf(&head,
                  "\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n"
                  "Content-Length: %zu\r\n%s\r\n",
                  link->token, body_bytes, body_bytes > 0 ? "Expect: 100-continue\r\n" : "");
    errno = ENOMEM;
    bool is_sent = !head.failed && http_send(&link->stream, buffer_span(&head), SEND_MS);
    if (head.bytes != NULL)
        hash_secret_wipe(head.bytes, head.used);
    buffer_fini(&head);
    return is_sent;
}

/* Why there is no import: the detail of the problem that is the body. */
static enum problem refuse_status(struct import_link *link, struct fault *fault) {
    char text[IMPORT_REPLY_TEXT_BYTES];
    struct buffer body;
    struct span piece;
    buffer_init(&body);
    while (body.used < PROBLEM_BYTES_MAX && http_reply_body(&link->reply, &piece) &&
           piece.bytes > 0)
        buffer_append_span(&body, piece);
    import_reply_problem(buffer_span(&body), text);
    buffer_fini(&body);
    fault_set(fault, "the server answers %d%s%s", link->reply.status, text[0] == '\0' ? "" : ": ",
              text);
    return PROBLEM_UNAVAILABLE;
}

/* After the body could not be sent: the server may have said why before it closed. */
static enum problem explain(struct import_link *link, struct fault *fault) {
    int error = errno;
    struct pollfd entry = {.fd = link->stream.descriptor, .events = POLLIN};
    if (error != EINTR && poll(&entry, 1, 0) > 0 && http_reply_head(&link->reply))
        return refuse_status(link, fault);
    errno = error;
    return refuse_errno(link, "no longer connected to", fault);
}

/* The server may have closed a connection that it had no use for. */
static enum problem ask(struct import_link *link, size_t body_bytes, struct fault *fault) {
    bool may_be_stale = link->is_used;
    enum problem problem = PROBLEM_NONE;
    if (link->stream.descriptor >= 0 && send_head(link, body_bytes) &&
        http_reply_head(&link->reply))
        return PROBLEM_NONE;
    if (link->stream.descriptor < 0 || (may_be_stale && errno != EINTR && errno != ETIMEDOUT)) {
        disconnect(link);
        problem = connect_to(link, fault);
        if (problem != PROBLEM_NONE ||
            (send_head(link, body_bytes) && http_reply_head(&link->reply)))
            return problem;
    }
    return refuse_errno(link, "no answer from", fault);
}

static enum problem post_once(struct import_link *link, struct span body, struct fault *fault) {
    enum problem problem = ask(link, body.bytes, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    link->is_used = true;
    if (link->reply.status == 100 && !http_send(&link->stream, body, SEND_MS))
        return explain(link, fault);
    while (link->reply.status < 200) {
        if (!http_reply_head(&link->reply))
            return refuse_errno(link, "no answer from", fault);
    }
    return link->reply.status == 200 ? PROBLEM_NONE : refuse_status(link, fault);
}

/* Whether the server has no time now, but will have. */
static bool may_ask_again(const struct import_link *link, unsigned tries) {
    bool is_busy = link->reply.status == 503 || link->reply.status == 429;
    return is_busy && link->reply.retry_after_s > 0 && tries < TRIES && !import_stop_is_wanted();
}

static void wait_for_server(const struct import_link *link, const struct fault *why) {
    int64_t wait_s =
        link->reply.retry_after_s < WAIT_S_MAX ? link->reply.retry_after_s : WAIT_S_MAX;
    if (!link->config->quiet)
        cli_complain("%s; asking again in %lld s", why->text, (long long)wait_s);
    for (int64_t ends_ms = clock_ms() + wait_s * 1000, left; (left = ends_ms - clock_ms()) > 0;) {
        if (poll(NULL, 0, (int)left) < 0 && import_stop_is_wanted())
            return;
    }
}

enum problem import_link_post(struct import_link *link, struct span body, struct fault *fault) {
    for (unsigned tries = 1;; tries++) {
        struct fault why;
        fault_init(&why);
        link->reply.status = 0;
        enum problem problem = post_once(link, body, &why);
        if (problem == PROBLEM_NONE)
            return PROBLEM_NONE;
        bool is_again = may_ask_again(link, tries);
        if (is_again)
            wait_for_server(link, &why);
        disconnect(link);
        if (!is_again || import_stop_is_wanted()) {
            fault_set(fault, "%s", why.text);
            return problem;
        }
    }
}
