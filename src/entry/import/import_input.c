/* import_input.c: read(2) into one buffer that never holds more than one article. */
#include "entry/import/import_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/articles/article.h"
#include "entry/import/import_stop.h"

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
    lines_init(&input->lines, ARTICLE_SOURCE_BYTES_MAX);
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
    lines_fini(&input->lines);
}

/* One more piece behind what is there. */
static enum problem read_more(struct import_input *input, struct fault *fault) {
    char piece[CHUNK_BYTES];
    ssize_t got = read(input->descriptor, piece, sizeof piece);
    while (got < 0 && errno == EINTR && !import_stop_is_wanted())
        got = read(input->descriptor, piece, sizeof piece);
    if (got < 0)
        return refuse_errno(fault);
    input->is_at_end = got == 0;
    if (lines_push(&input->lines, (struct span){piece, (size_t)got}))
        return PROBLEM_NONE;
    fault_set(fault, "there is not enough memory to read it");
    return PROBLEM_OUT_OF_MEMORY;
}

enum problem import_input_is_json(struct import_input *input, bool *is_json, struct fault *fault) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    for (;;) {
        struct span text = lines_rest(&input->lines);
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
        if (lines_rest(&input->lines).bytes > ARTICLE_SOURCE_BYTES_MAX)
            return refuse_size(fault, "the text");
    }
    *out = lines_rest(&input->lines);
    return PROBLEM_NONE;
}

enum problem import_input_line(struct import_input *input, struct span *out, bool *is_lost,
                               struct fault *fault) {
    *out = (struct span){NULL, 0};
    *is_lost = true;
    for (;;) {
        enum lines_found found = lines_next(&input->lines, input->is_at_end, out);
        if (found == LINES_TOO_LONG) {
            *is_lost = false;
            return refuse_size(fault, "the line");
        }
        if (found == LINES_LINE || input->is_at_end)
            return PROBLEM_NONE;
        enum problem problem = read_more(input, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
}
