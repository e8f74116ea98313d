/* refusal.c: see refusal.h. */
#include "refusal.h"

#include <sys/socket.h>
#include <unistd.h>

void refusal_print_body(enum problem problem, struct buffer *out) {
    const struct problem_info *info = problem_info(problem);
    buffer_printf(out,
                  "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%u,\"detail\":\"%s\"}",
                  info->code, info->title, info->status, info->remedy);
}

static const char *reason_of(unsigned status) {
    return status == 413 ? "Content Too Large" : "Service Unavailable";
}

void refusal_print(enum problem problem, struct buffer *out) {
    struct buffer body;
    buffer_init(&body);
    refusal_print_body(problem, &body);
    unsigned status = problem_info(problem)->status;
    buffer_printf(out, "HTTP/1.1 %u %s\r\n", status, reason_of(status));
    buffer_append_text(out, "Content-Type: application/problem+json\r\n"
                            "X-Content-Type-Options: nosniff\r\n"
                            "Cache-Control: no-store\r\n");
    if (status == 503)
        buffer_append_text(out, "Retry-After: 1\r\n");
    buffer_printf(out, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.used);
    buffer_append_span(out, buffer_span(&body));
    out->failed = out->failed || body.failed;
    buffer_fini(&body);
}

void refusal_linger_init(struct refusal_linger *linger, size_t capacity) {
    *linger = (struct refusal_linger){.capacity = capacity < 1 ? 1 : capacity};
    if (linger->capacity > REFUSAL_LINGER_MAX)
        linger->capacity = REFUSAL_LINGER_MAX;
    for (size_t i = 0; i < REFUSAL_LINGER_MAX; i++)
        linger->sockets[i].fd = -1;
}

/* What has arrived is taken off first: bytes left unread turn a close into a reset. */
static void close_gently(int fd) {
    char scrap[4096];
    for (int i = 0; i < 4 && recv(fd, scrap, sizeof scrap, MSG_DONTWAIT) > 0; i++)
        continue;
    close(fd);
}

void refusal_send(struct refusal_linger *linger, int fd, struct span answer, int64_t now_ms) {
    (void)!send(fd, answer.at, answer.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    if (linger->sockets[linger->next].fd >= 0)
        close_gently(linger->sockets[linger->next].fd);
    linger->sockets[linger->next].fd = fd;
    linger->sockets[linger->next].since_ms = now_ms;
    linger->next = (linger->next + 1) % linger->capacity;
}

void refusal_linger_sweep(struct refusal_linger *linger, int64_t now_ms) {
    for (size_t i = 0; i < linger->capacity; i++) {
        if (linger->sockets[i].fd < 0 || now_ms - linger->sockets[i].since_ms < REFUSAL_LINGER_MS)
            continue;
        close_gently(linger->sockets[i].fd);
        linger->sockets[i].fd = -1;
    }
}

bool refusal_linger_is_empty(const struct refusal_linger *linger) {
    for (size_t i = 0; i < linger->capacity; i++) {
        if (linger->sockets[i].fd >= 0)
            return false;
    }
    return true;
}
