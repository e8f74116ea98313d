/* import_input.c: read(2) into one buffer that never holds more than one article. */
#include "entry/import_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/article.h"
#include "entry/import_stop.h"

enum { CHUNK_BYTES = 64 * 1024 };

static enum problem refuse_size(struct fault *fault, const char *what) {
    fault_set(fault, "%s is larger than %d MiB, which is the most an article may have", what,
              ARTICLE_SOURCE_BYTES_MAX / (1024 * 1024));
    return PROBLEM_BAD_SOURCE;
}

static enum problem refuse_errno(struct fault *fault) {
    fault_set(fault, "%s", strerrordesc_np(errno));
    return PROBLEM_BAD_SOURCE;
}

enum problem import_input_open(struct import_input *input, const char *path, bool is_whole,
                               struct fault *fault) {
    struct stat status;
    *input = (struct import_input){.descriptor = STDIN_FILENO};
    buffer_init(&input->bytes);
    if (strcmp(path, "-") == 0)
        return PROBLEM_NONE;
    input->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (input->descriptor < 0 || fstat(input->descriptor, &status) != 0)
        return refuse_errno(fault);
    if (is_whole && S_ISREG(status.st_mode) && status.st_size > ARTICLE_SOURCE_BYTES_MAX)
        return refuse_size(fault, "the file");
    return PROBLEM_NONE;
}

void import_input_close(struct import_input *input) {
    if (input->descriptor > STDIN_FILENO)
        close(input->descriptor);
    buffer_fini(&input->bytes);
}

/* One more piece behind what is there. */
static enum problem read_more(struct import_input *input, struct fault *fault) {
    if (!buffer_reserve(&input->bytes, CHUNK_BYTES)) {
        fault_set(fault, "there is not enough memory to read it");
        return PROBLEM_OUT_OF_MEMORY;
    }
    for (;;) {
        ssize_t got = read(input->descriptor, input->bytes.bytes + input->bytes.used, CHUNK_BYTES);
        if (got < 0 && errno == EINTR && !import_stop_is_wanted())
            continue;
        if (got < 0)
            return refuse_errno(fault);
        input->bytes.used += (size_t)got;
        input->is_at_end = got == 0;
        return PROBLEM_NONE;
    }
}

static struct span unread(const struct import_input *input) {
    if (input->bytes.bytes == NULL)
        return (struct span){"", 0};
    return (struct span){input->bytes.bytes + input->start, input->bytes.used - input->start};
}

enum problem import_input_is_json(struct import_input *input, bool *is_json, struct fault *fault) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    for (;;) {
        struct span text = unread(input);
        size_t at = 0;
        if (text.bytes >= 3 && memcmp(text.at, byte_order_mark, 3) == 0)
            at = 3;
        while (at < text.bytes && strchr(" \t\r\n", text.at[at]) != NULL && text.at[at] != '\0')
            at++;
        *is_json = at < text.bytes && text.at[at] == '{';
        if (at < text.bytes || input->is_at_end || text.bytes > CHUNK_BYTES)
            return PROBLEM_NONE;
        enum problem problem = read_more(input, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
}

enum problem import_input_all(struct import_input *input, struct span *out, struct fault *fault) {
    while (!input->is_at_end) {
        enum problem problem = read_more(input, fault);
        if (problem != PROBLEM_NONE)
            return problem;
        if (input->bytes.used > ARTICLE_SOURCE_BYTES_MAX)
            return refuse_size(fault, "the text");
    }
    *out = unread(input);
    return PROBLEM_NONE;
}

/* Moves what was not given out to the front. */
static void compact(struct import_input *input) {
    struct span rest = unread(input);
    if (input->start > 0 && rest.bytes > 0)
        memmove(input->bytes.bytes, rest.at, rest.bytes);
    input->bytes.used = rest.bytes;
    input->start = 0;
}

/* Forgets bytes up to and with the end of the line at work. */
static enum problem pass_line(struct import_input *input, struct fault *fault) {
    for (;;) {
        struct span text = unread(input);
        const char *end = text.bytes == 0 ? NULL : memchr(text.at, '\n', text.bytes);
        if (end != NULL) {
            input->start += (size_t)(end - text.at) + 1;
            return PROBLEM_NONE;
        }
        input->start = input->bytes.used = 0;
        if (input->is_at_end)
            return PROBLEM_NONE;
        enum problem problem = read_more(input, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
}

static enum problem refuse_line(struct import_input *input, bool *is_lost, struct fault *fault) {
    enum problem problem = pass_line(input, fault);
    *is_lost = problem != PROBLEM_NONE;
    return *is_lost ? problem : refuse_size(fault, "the line");
}

enum problem import_input_line(struct import_input *input, struct span *out, bool *is_lost,
                               struct fault *fault) {
    size_t searched = 0;
    *out = (struct span){NULL, 0};
    *is_lost = true;
    for (;;) {
        struct span text = unread(input);
        const char *end =
            text.bytes == searched ? NULL : memchr(text.at + searched, '\n', text.bytes - searched);
        if (end != NULL || (input->is_at_end && text.bytes > 0)) {
            size_t bytes = end == NULL ? text.bytes : (size_t)(end - text.at);
            input->line++;
            input->start += bytes + (end != NULL);
            *out = (struct span){text.at, bytes};
            return PROBLEM_NONE;
        }
        if (input->is_at_end)
            return PROBLEM_NONE;
        searched = text.bytes;
        if (searched > ARTICLE_SOURCE_BYTES_MAX) {
            input->line++;
            return refuse_line(input, is_lost, fault);
        }
        compact(input);
        enum problem problem = read_more(input, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
}
