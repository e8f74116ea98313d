/* token_file.c: see token_file.h. */
#include "engine/token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/date.h"
#include "ground/durable.h"

static enum problem name_file(const char *db, const char *ending, char out[PATH_MAX],
                              struct fault *fault) {
    char real[PATH_MAX];
    enum problem problem = durable_follow(db, real, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (snprintf(out, PATH_MAX, "%s%s", real, ending) < PATH_MAX)
        return PROBLEM_NONE;
    fault_set(fault, "the name of the database is too long");
    return PROBLEM_UNAVAILABLE;
}

static enum problem refuse_errno(const char *path, const char *what, struct fault *fault) {
    int error = errno;
    fault_set(fault, "%s cannot be %s: %s", path, what, strerrordesc_np(error));
    return error == ENOSPC || error == EDQUOT ? PROBLEM_DISK_FULL : PROBLEM_UNAVAILABLE;
}

/* Whoever can write the file can make tokens. */
static enum problem check_file(const char *path, int descriptor, struct fault *fault) {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return refuse_errno(path, "read", fault);
    if (!S_ISREG(status.st_mode) || status.st_size > TOKEN_FILE_BYTES_MAX) {
        fault_set(fault, "%s is no file of tokens", path);
        return PROBLEM_UNAVAILABLE;
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        fault_set(fault, "%s may be written by others than its owner: chmod 600 it", path);
        return PROBLEM_UNAVAILABLE;
    }
    return PROBLEM_NONE;
}

static enum problem read_opened(const char *path, int descriptor, struct buffer *out,
                                struct fault *fault) {
    enum { CHUNK_BYTES = 16 * 1024 };
    enum problem problem = check_file(path, descriptor, fault);
    while (problem == PROBLEM_NONE) {
        if (!buffer_reserve(out, CHUNK_BYTES))
            return PROBLEM_OUT_OF_MEMORY;
        ssize_t got = read(descriptor, out->bytes + out->used, CHUNK_BYTES);
        if (got < 0)
            problem = refuse_errno(path, "read", fault);
        if (got <= 0)
            break;
        out->used += (size_t)got;
    }
    return problem;
}

enum problem token_file_read(const char *db, struct buffer *out, struct fault *fault) {
    char path[PATH_MAX];
    buffer_clear(out);
    enum problem problem = name_file(db, ".tokens", path, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return errno == ENOENT ? PROBLEM_NONE : refuse_errno(path, "read", fault);
    problem = read_opened(path, descriptor, out, fault);
    close(descriptor);
    return problem;
}

/* One command at a time; waits for the other, which takes no longer than a write. */
static enum problem lock_file(const char *db, int *lock, struct fault *fault) {
    char path[PATH_MAX];
    enum problem problem = name_file(db, ".tokens.lock", path, fault);
    *lock = -1;
    if (problem != PROBLEM_NONE)
        return problem;
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    if (*lock < 0)
        return refuse_errno(path, "made", fault);
    while (flock(*lock, LOCK_EX) != 0) {
        if (errno != EINTR) {
            problem = refuse_errno(path, "locked", fault);
            close(*lock);
            return problem;
        }
    }
    return PROBLEM_NONE;
}

/* The highest number at the start of any line, damaged or not, and one more. */
static int64_t next_id(struct span text) {
    int64_t highest = 0;
    while (text.bytes > 0) {
        const char *end = memchr(text.at, '\n', text.bytes);
        size_t bytes = end == NULL ? text.bytes : (size_t)(end - text.at) + 1;
        int64_t id = 0;
        for (size_t i = 0; i < bytes && i < 18 && text.at[i] >= '0' && text.at[i] <= '9'; i++)
            id = id * 10 + (text.at[i] - '0');
        highest = id > highest ? id : highest;
        text = (struct span){text.at + bytes, text.bytes - bytes};
    }
    return highest + 1;
}

static enum problem make_token(struct token *token, char text[TOKEN_TEXT_BYTES],
                               struct fault *fault) {
    char secret[HASH_SECRET_TEXT_BYTES];
    if (!hash_secret_make(secret)) {
        fault_set(fault, "the system gives no random bytes: %s", strerrordesc_np(errno));
        return PROBLEM_UNAVAILABLE;
    }
    snprintf(text, TOKEN_TEXT_BYTES, TOKEN_PREFIX "%" PRId64 "_%s", token->id, secret);
    hash_secret_wipe(secret, sizeof secret);
    hash_digest_of(span_of(text), &token->digest);
    return PROBLEM_NONE;
}

static enum problem write_file(const char *db, struct buffer *content, struct fault *fault) {
    char path[PATH_MAX];
    enum problem problem = name_file(db, ".tokens", path, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    if (content->failed)
        return PROBLEM_OUT_OF_MEMORY;
    return durable_write(path, buffer_span(content), 0600, fault);
}

static enum problem add_token(const char *db, struct token *token, char text[TOKEN_TEXT_BYTES],
                              struct buffer *content, struct fault *fault) {
    struct token again;
    struct buffer line;
    enum problem problem = token_file_read(db, content, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    token->id = next_id(buffer_span(content));
    problem = make_token(token, text, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_init(&line);
    token_print(token, &line);
    if (!token_parse(buffer_span(&line), &again)) {
        fault_set(fault, "the name of a token has 1 to %d bytes and nothing invisible in it",
                  TOKEN_NAME_BYTES - 1);
        problem = PROBLEM_BAD_PARAMETER;
    }
    if (content->used > 0 && content->bytes[content->used - 1] != '\n')
        buffer_append_char(content, '\n');
    buffer_append_span(content, buffer_span(&line));
    buffer_append_char(content, '\n');
    content->failed |= line.failed;
    buffer_fini(&line);
    return problem == PROBLEM_NONE ? write_file(db, content, fault) : problem;
}

enum problem token_file_create(const char *db, struct token *token, char text[TOKEN_TEXT_BYTES],
                               struct fault *fault) {
    struct buffer content;
    int lock;
    enum problem problem = lock_file(db, &lock, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_init(&content);
    problem = add_token(db, token, text, &content, fault);
    buffer_fini(&content);
    close(lock);
    if (problem != PROBLEM_NONE)
        hash_secret_wipe(text, TOKEN_TEXT_BYTES);
    return problem;
}

/* The file again, with the one line of this token written anew. */
static enum problem revoke_in(struct span text, int64_t id, int64_t now_s, struct token *out,
                              struct buffer *changed) {
    enum problem problem = PROBLEM_NOT_FOUND;
    struct token_lines lines = {text, 0};
    for (;;) {
        struct token token;
        const char *start = lines.rest.at;
        enum token_line kind = token_lines_next(&lines, &token);
        if (kind == TOKEN_LINE_END)
            return problem;
        if (kind == TOKEN_LINE_TOKEN && token.id == id) {
            if (token.revoked_s == 0)
                token.revoked_s = now_s;
            *out = token;
            token_print(&token, changed);
            buffer_append_char(changed, '\n');
            problem = PROBLEM_NONE;
        } else {
            buffer_append(changed, start, (size_t)(lines.rest.at - start));
        }
    }
}

static enum problem revoke_token(const char *db, int64_t id, int64_t now_s, struct token *out,
                                 struct fault *fault) {
    struct buffer content, changed;
    buffer_init(&content);
    buffer_init(&changed);
    enum problem problem = token_file_read(db, &content, fault);
    if (problem == PROBLEM_NONE)
        problem = revoke_in(buffer_span(&content), id, now_s, out, &changed);
    if (problem == PROBLEM_NOT_FOUND)
        fault_set(fault, "there is no token %" PRId64 "; 'pilcrow token list' lists them", id);
    if (problem == PROBLEM_NONE)
        problem = write_file(db, &changed, fault);
    buffer_fini(&content);
    buffer_fini(&changed);
    return problem;
}

enum problem token_file_revoke(const char *db, int64_t id, int64_t now_s, struct token *out,
                               struct fault *fault) {
    int lock;
    enum problem problem = lock_file(db, &lock, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = revoke_token(db, id, now_s, out, fault);
    close(lock);
    return problem;
}
