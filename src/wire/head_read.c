/* head_read.c: see head_read.h. */
#include "head_read.h"

#include <sys/socket.h>
#include <unistd.h>

#include "ground/log.h"

static enum MHD_Result add_field(void *cls, enum MHD_ValueKind kind, const char *name,
                                 size_t name_bytes, const char *value, size_t value_bytes) {
    (void)kind;
    head_add(cls, (struct span){name, name_bytes},
             (struct span){value == NULL ? "" : value, value == NULL ? 0 : value_bytes});
    return MHD_YES;
}

void head_read_fields(struct MHD_Connection *library, struct head *head) {
    MHD_get_connection_values_n(library, MHD_HEADER_KIND, add_field, head);
}

/* ---- the start-up test ---- */

struct trial {
    struct span bytes;
    bool is_plain;
};

#define TRIAL(text, is_plain) \
    { {(text), sizeof(text) - 1}, (is_plain) }

static const struct trial trials[] = {
    TRIAL("GET /a?b HTTP/1.1\r\nHost: a\r\nX: 1\r\nEmpty:\r\nY: \t2 \r\n\r\n", true),
    TRIAL("POST / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\r\n\r\nx", true),
    TRIAL("GET / HTTP/1.0\r\n\r\n", true),
    TRIAL("GET / HTTP/1.1\nHost: a\r\nX: 1\r\n\r\n", false),
    TRIAL("GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", false),
    TRIAL("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\nY: 3\r\n\r\n", false),
    TRIAL("GET / HTTP/1.1\r\nHost: a\r\nX: 1\0 2\r\n\r\n", false),
    TRIAL("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", false),
    TRIAL("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", false),
};

struct trial_state {
    struct span target;
    bool was_seen;
    bool is_plain;
};

static void *trial_target(void *cls, const char *uri, struct MHD_Connection *library) {
    struct trial_state *state = cls;
    (void)library;
    state->target = span_of(uri);
    return state;
}

static enum MHD_Result trial_head(void *cls, struct MHD_Connection *library, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_bytes, void **unused) {
    struct trial_state *state = cls;
    struct head head;
    (void)url;
    (void)upload;
    (void)upload_bytes;
    (void)unused;
    head_init(&head, span_of(method), state->target, span_of(version));
    head_read_fields(library, &head);
    state->is_plain = head_layout_is_plain(&head);
    state->was_seen = true;
    return MHD_NO;
}

static bool trial_passes(struct MHD_Daemon *daemon, struct trial_state *state,
                         const struct trial *trial) {
    static const struct sockaddr nobody = {.sa_family = AF_UNIX};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    *state = (struct trial_state){{NULL, 0}, false, false};
    bool is_sent = send(ends[0], trial->bytes.at, trial->bytes.bytes, MSG_NOSIGNAL) ==
                   (ssize_t)trial->bytes.bytes;
    if (MHD_add_connection(daemon, ends[1], &nobody, sizeof nobody) == MHD_YES) {
        for (int round = 0; is_sent && !state->was_seen && round < 8; round++)
            MHD_run(daemon);
    }
    close(ends[0]);
    MHD_run(daemon);
    return state->was_seen && state->is_plain == trial->is_plain;
}

bool head_read_layout_is_known(void) {
    static const char family[] = "0.9.";
    if (strncmp(MHD_get_version(), family, sizeof family - 1) != 0)
        return false;
    struct trial_state state = {{NULL, 0}, false, false};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, trial_head,
                         &state, MHD_OPTION_URI_LOG_CALLBACK, trial_target, &state, MHD_OPTION_END);
    if (daemon == NULL)
        return false;
    bool is_known = true;
    for (size_t i = 0; is_known && i < sizeof trials / sizeof trials[0]; i++)
        is_known = trial_passes(daemon, &state, &trials[i]);
    MHD_stop_daemon(daemon);
    if (!is_known)
        log_event(LOG_WARN, "head_layout_unknown", "library", MHD_get_version(), "effect",
                  "bare line feeds and folded lines are not refused", NULL);
    return is_known;
}
