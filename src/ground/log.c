/* log.c: lines that cannot be forged. What a value may show as it is, ground/utf8.h says; the two
 * formats differ only in what surrounds a value. */
#include "ground/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "ground/utf8.h"

/* Set before any thread starts, read-only after: the file is opened anew under its old number. */
static enum config_log_format line_format = CONFIG_LOG_LOGFMT;
static int line_fd = STDERR_FILENO;

static atomic_int line_level = LOG_INFO;

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void log_setup(enum config_log_format format, int level) {
    line_format = format;
    log_set_level(level);
}

void log_set_level(int level) {
    atomic_store_explicit(&line_level, level, memory_order_relaxed);
}

int log_open(const char *path) {
    enum { MODE = 0640 };
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, MODE);
    if (fd < 0)
        return errno;
    if (line_fd == STDERR_FILENO) {
        line_fd = fd;
        return 0;
    }
    int status = dup3(fd, line_fd, O_CLOEXEC) < 0 ? errno : 0;
    close(fd);
    return status;
}

bool log_is_on(enum log_level level) {
    return (int)level <= atomic_load_explicit(&line_level, memory_order_relaxed);
}

/* A backslash of the value itself is doubled, so that \n in a line always means one line feed. In
 * JSON the escapes of utf8_append_visible() are JSON's own, but for bytes that are no character. */
static void append_character(struct buffer *out, enum config_log_format format, struct span bytes,
                             bool is_utf8) {
    if (bytes.at[0] == '"' || bytes.at[0] == '\\' || (!is_utf8 && format == CONFIG_LOG_JSON))
        buffer_append_char(out, '\\');
    utf8_append_visible(out, bytes);
}

static void append_value(struct buffer *out, enum config_log_format format, struct span value) {
    if (value.bytes == 0)
        return;
    size_t end = utf8_cut(value, LOG_VALUE_BYTES);
    for (size_t at = 0; at < end;) {
        size_t length = utf8_decode(value, at, NULL);
        struct span bytes = {value.at + at, length == 0 ? 1 : length};
        append_character(out, format, bytes, length != 0);
        at += bytes.bytes;
    }
    if (end < value.bytes)
        buffer_append_text(out, "...");
}

/* Whether logfmt can show the value without quotes: plain visible ASCII. */
static bool is_bare(struct span value) {
    if (value.bytes == 0 || value.bytes > LOG_VALUE_BYTES)
        return false;
    for (size_t i = 0; i < value.bytes; i++) {
        char c = value.at[i];
        if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '=')
            return false;
    }
    return true;
}

static void append_key(struct log_line *line, const char *key) {
    bool is_json = line->format == CONFIG_LOG_JSON;
    buffer_append_text(line->out, is_json ? ",\"" : " ");
    buffer_append_text(line->out, key);
    buffer_append_text(line->out, is_json ? "\":" : "=");
}

/* Each request has a line, and printf() would take longer for its time than all else in it does. */
static char *print_digits(char *at, int value, int digits, char after) {
    for (int i = digits; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    at[digits] = after;
    return at + digits + 1;
}

static void append_time(struct log_line *line) {
    enum { TIME_BYTES = 24 }; /* 2018-06-03T12:00:00.000Z */
    char text[TIME_BYTES];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    char *at = print_digits(text, utc.tm_year + 1900, 4, '-');
    at = print_digits(at, utc.tm_mon + 1, 2, '-');
    at = print_digits(at, utc.tm_mday, 2, 'T');
    at = print_digits(at, utc.tm_hour, 2, ':');
    at = print_digits(at, utc.tm_min, 2, ':');
    at = print_digits(at, utc.tm_sec, 2, '.');
    print_digits(at, (int)(now.tv_nsec / 1000000), 3, 'Z');
    buffer_append_text(line->out, line->format == CONFIG_LOG_JSON ? "{\"ts\":\"" : "ts=");
    buffer_append(line->out, text, sizeof text);
    if (line->format == CONFIG_LOG_JSON)
        buffer_append_char(line->out, '"');
}

void log_line_begin(struct log_line *line, struct buffer *out, enum log_level level,
                    const char *event) {
    *line = (struct log_line){out, line_format};
    append_time(line);
    log_line_text(line, "level", level_names[level]);
    log_line_text(line, "event", event);
}

void log_line_span(struct log_line *line, const char *key, struct span value) {
    append_key(line, key);
    if (line->format == CONFIG_LOG_LOGFMT && is_bare(value)) {
        buffer_append_span(line->out, value);
        return;
    }
    buffer_append_char(line->out, '"');
    append_value(line->out, line->format, value);
    buffer_append_char(line->out, '"');
}

void log_line_text(struct log_line *line, const char *key, const char *value) {
    log_line_span(line, key, span_of(value));
}

void log_line_int(struct log_line *line, const char *key, int64_t value) {
    append_key(line, key);
    buffer_append_int(line->out, value);
}

void log_line_end(struct log_line *line) {
    buffer_append_text(line->out, line->format == CONFIG_LOG_JSON ? "}\n" : "\n");
}

/* When memory ran out in the middle of a line, what was left of it is not shown. */
static size_t whole_lines(const struct buffer *out) {
    size_t end = out->used;
    while (end > 0 && out->bytes[end - 1] != '\n')
        end--;
    return end;
}

void log_write(struct buffer *out) {
    size_t end = whole_lines(out);
    for (size_t at = 0; at < end;) {
        ssize_t written = write(line_fd, out->bytes + at, end - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break; /* a log that cannot be written must not stop the service */
        at += (size_t)written;
    }
    buffer_clear(out);
}

void log_event(enum log_level level, const char *event, ...) {
    if (!log_is_on(level))
        return;
    struct buffer out;
    struct log_line line;
    buffer_init(&out);
    log_line_begin(&line, &out, level, event);
    va_list pairs;
    va_start(pairs, event);
    for (const char *key = va_arg(pairs, const char *); key != NULL;
         key = va_arg(pairs, const char *))
        log_line_text(&line, key, va_arg(pairs, const char *));
    va_end(pairs);
    log_line_end(&line);
    log_write(&out);
    buffer_fini(&out);
}
