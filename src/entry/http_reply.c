/* http_reply.c: reading an answer; see http_client.h. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "entry/http_client.h"
#include "ground/clock.h"
#include "ground/field.h"

enum { CHUNK_BYTES = 16 * 1024, HEAD_BYTES_MAX = 64 * 1024, LENGTH_DIGITS_MAX = 18 };

void http_reply_init(struct http_reply *reply, struct http_stream *stream, int64_t timeout_ms) {
    *reply = (struct http_reply){.stream = stream, .timeout_ms = timeout_ms};
    buffer_init(&reply->bytes);
}

void http_reply_fini(struct http_reply *reply) {
    buffer_fini(&reply->bytes);
}

static struct span unread(const struct http_reply *reply) {
    if (reply->bytes.used == reply->start)
        return (struct span){"", 0};
    return (struct span){reply->bytes.bytes + reply->start, reply->bytes.used - reply->start};
}

/* More bytes behind those that are there; false at the end of the connection, with errno 0. */
static bool read_more(struct http_reply *reply) {
    if (reply->start == reply->bytes.used)
        reply->start = reply->bytes.used = 0;
    if (!buffer_reserve(&reply->bytes, CHUNK_BYTES)) {
        errno = ENOMEM;
        return false;
    }
    for (;;) {
        int64_t deadline_ms =
            reply->deadline_ms != 0 ? reply->deadline_ms : clock_ms() + reply->timeout_ms;
        ssize_t got = http_recv(reply->stream, reply->bytes.bytes + reply->bytes.used, CHUNK_BYTES);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (!http_wait(reply->stream->descriptor, POLLIN, deadline_ms))
                return false;
            continue;
        }
        if (got == 0)
            errno = 0;
        if (got <= 0)
            return false;
        reply->bytes.used += (size_t)got;
        return true;
    }
}

static bool break_off(void) {
    if (errno == 0)
        errno = EPROTO;
    return false;
}

/* The next line without its end. */
static bool read_line(struct http_reply *reply, struct span *line) {
    for (;;) {
        struct span text = unread(reply);
        const char *end = text.bytes == 0 ? NULL : memchr(text.at, '\n', text.bytes);
        if (end != NULL) {
            size_t bytes = (size_t)(end - text.at);
            reply->start += bytes + 1;
            *line = (struct span){text.at, bytes > 0 && end[-1] == '\r' ? bytes - 1 : bytes};
            return true;
        }
        errno = 0;
        if (text.bytes > HEAD_BYTES_MAX || !read_more(reply))
            return break_off();
    }
}

/* The value of a field of this name; .at NULL when the line is another field. */
static struct span value_of(struct span line, const char *name) {
    size_t at = strlen(name);
    if (line.bytes <= at || strncasecmp(line.at, name, at) != 0 || line.at[at] != ':')
        return (struct span){NULL, 0};
    return field_trim_start((struct span){line.at + at + 1, line.bytes - at - 1});
}

static int64_t parse_number(struct span text, int base) {
    char digits[LENGTH_DIGITS_MAX + 1] = "";
    size_t bytes = text.bytes < sizeof digits - 1 ? text.bytes : sizeof digits - 1;
    char *end;
    memcpy(digits, text.at, bytes);
    int64_t number = strtoll(digits, &end, base);
    return end == digits || digits[0] == '-' || digits[0] == '+' ? -1 : number;
}

static bool parse_status(struct span line, int *status) {
    if (line.bytes < 12 || strncmp(line.at, "HTTP/1.", 7) != 0 || line.at[8] != ' ')
        return false;
    *status = (int)parse_number((struct span){line.at + 9, 3}, 10);
    return *status >= 100 && *status <= 599;
}

bool http_reply_head(struct http_reply *reply) {
    struct span line;
    reply->is_chunked = reply->is_end = false;
    reply->left = -1;
    reply->retry_after_s = 0;
    errno = 0;
    if (!read_line(reply, &line) || !parse_status(line, &reply->status))
        return break_off();
    while (read_line(reply, &line)) {
        if (line.bytes == 0) {
            reply->left = reply->is_chunked ? 0 : reply->left;
            return true;
        }
        struct span length = value_of(line, "Content-Length");
        struct span coding = value_of(line, "Transfer-Encoding");
        struct span again = value_of(line, "Retry-After");
        if (again.at != NULL)
            reply->retry_after_s = parse_number(again, 10);
        if (length.at != NULL)
            reply->left = parse_number(length, 10);
        if (coding.at != NULL)
            reply->is_chunked = true;
    }
    return false;
}

/* The size of the next chunk; the last one has none. */
static bool next_chunk(struct http_reply *reply) {
    struct span line;
    if (!read_line(reply, &line))
        return false;
    if (line.bytes == 0 && !read_line(reply, &line)) /* what ends the chunk before */
        return false;
    reply->left = parse_number(line, 16);
    if (reply->left < 0) {
        errno = EPROTO;
        return false;
    }
    reply->is_end = reply->left == 0;
    return true;
}

bool http_reply_body(struct http_reply *reply, struct span *piece) {
    *piece = (struct span){"", 0};
    if (reply->is_chunked && reply->left == 0 && !reply->is_end && !next_chunk(reply))
        return false;
    if (reply->is_end || reply->left == 0)
        return true;
    if (unread(reply).bytes == 0) {
        errno = 0;
        if (!read_more(reply)) {
            reply->is_end = errno == 0 && reply->left < 0;
            return reply->is_end || break_off();
        }
    }
    *piece = unread(reply);
    if (reply->left >= 0 && piece->bytes > (size_t)reply->left)
        piece->bytes = (size_t)reply->left;
    reply->start += piece->bytes;
    if (reply->left >= 0)
        reply->left -= (int64_t)piece->bytes;
    return true;
}
