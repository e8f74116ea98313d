/* log.h: one line per event on standard error or in a file, logfmt or JSON. Control bytes, quotes
 * and everything that is not UTF-8 are escaped, values are cut at LOG_VALUE_BYTES, so a line is
 * always one line and cannot be forged. Never pass secrets. Thread-safe: one write(2) a line. */
#ifndef PILCROW_GROUND_LOG_H
#define PILCROW_GROUND_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/buffer.h"
#include "ground/config/config.h"
#include "ground/problem.h"
#include "ground/span.h"

enum { LOG_VALUE_BYTES = 256 };

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Before any thread starts. */
void log_setup(enum config_log_format format, int level);

/* At any time. */
void log_set_level(int level);

/* From now on lines go to the end of the file, which is made when it is missing; called again it
 * opens the file anew, after somebody has moved the old one away. 0, or errno: then lines go where
 * they went. For the first time before any thread starts; one thread only. */
MUST_CHECK int log_open(const char *path);

bool log_is_on(enum log_level level);

/* A line is begun, given pairs, and ended. The caller's buffer is used again and again; worker
 * loops may gather many ended lines in one buffer and write them with log_write(). Keys are
 * constants. */
struct log_line {
    struct buffer *out;
    enum config_log_format format;
};

void log_line_begin(struct log_line *line, struct buffer *out, enum log_level level,
                    const char *event);
void log_line_span(struct log_line *line, const char *key, struct span value);
void log_line_text(struct log_line *line, const char *key, const char *value);
void log_line_int(struct log_line *line, const char *key, int64_t value);
void log_line_end(struct log_line *line);

/* Writes and clears the buffer. */
void log_write(struct buffer *out);

/* The short way for rare events: key, value pairs of text, ended by NULL.
 *     log_event(LOG_WARN, "migrate", "from", "1", "to", "2", NULL); */
__attribute__((sentinel)) void log_event(enum log_level level, const char *event, ...);

#endif
