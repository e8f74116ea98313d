/* tokens.c: see tokens.h. */
#include "engine/tokens.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/token_file.h"
#include "ground/durable.h"
#include "ground/log.h"

enum { LOOK_EVERY_MS = 1000 };

/* What tells one state of the file from another: it is only ever replaced as a whole. */
struct stamp {
    dev_t device;
    ino_t inode;
    off_t bytes;
    mode_t mode;
    struct timespec modified, changed;
};

struct tokens {
    pthread_mutex_t mutex;
    char db[PATH_MAX]; /* the file itself: a link may mean another one while this is served */
    char path[PATH_MAX + sizeof ".tokens"];
    bool was_looked_at;
    int64_t next_look_ms;
    struct stamp stamp; /* all zeros: there was no file */
    struct token *all;  /* in the order of their ids */
    size_t count;
};

enum problem tokens_open(const char *db, struct tokens **out) {
    struct tokens *tokens = calloc(1, sizeof *tokens);
    *out = tokens;
    if (tokens == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    pthread_mutex_init(&tokens->mutex, NULL);
    enum problem problem = durable_follow(db, tokens->db, NULL);
    snprintf(tokens->path, sizeof tokens->path, "%s.tokens", tokens->db);
    return problem;
}

void tokens_close(struct tokens *tokens) {
    if (tokens == NULL)
        return;
    pthread_mutex_destroy(&tokens->mutex);
    free(tokens->all);
    free(tokens);
}

static struct stamp stamp_of(const char *path) {
    struct stamp stamp;
    struct stat status;
    memset(&stamp, 0, sizeof stamp);
    if (stat(path, &status) != 0)
        return stamp;
    stamp.device = status.st_dev;
    stamp.inode = status.st_ino;
    stamp.bytes = status.st_size;
    stamp.mode = status.st_mode;
    stamp.modified = status.st_mtim;
    stamp.changed = status.st_ctim;
    return stamp;
}

static bool is_same_instant(struct timespec a, struct timespec b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same_stamp(const struct stamp *a, const struct stamp *b) {
    return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
           a->mode == b->mode && is_same_instant(a->modified, b->modified) &&
           is_same_instant(a->changed, b->changed);
}

static int compare_ids(const void *a, const void *b) {
    const struct token *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

/* Two lines of one id: somebody edited the file. Neither is believed. */
static size_t drop_doubles(struct token *all, size_t count) {
    size_t kept = 0;
    for (size_t i = 0, next; i < count; i = next) {
        next = i + 1;
        while (next < count && all[next].id == all[i].id)
            next++;
        if (next == i + 1)
            all[kept++] = all[i];
    }
    return kept;
}

static void log_line(const char *path, size_t line) {
    char number[24];
    snprintf(number, sizeof number, "%zu", line);
    log_event(LOG_WARN, "token_damaged", "file", path, "line", number, NULL);
}

static bool take_lines(struct tokens *tokens, struct span text) {
    struct token_lines lines = {text, 0};
    size_t room = 0;
    for (;;) {
        if (tokens->count == room) {
            room = room * 2 + 16;
            struct token *more = realloc(tokens->all, room * sizeof *more);
            if (more == NULL)
                return false;
            tokens->all = more;
        }
        enum token_line kind = token_lines_next(&lines, &tokens->all[tokens->count]);
        if (kind == TOKEN_LINE_END)
            break;
        if (kind == TOKEN_LINE_TOKEN)
            tokens->count++;
        else
            log_line(tokens->path, lines.line);
    }
    qsort(tokens->all, tokens->count, sizeof *tokens->all, compare_ids);
    tokens->count = drop_doubles(tokens->all, tokens->count);
    return true;
}

static void load(struct tokens *tokens) {
    struct fault fault;
    struct buffer text;
    fault_init(&fault);
    buffer_init(&text);
    free(tokens->all);
    tokens->all = NULL;
    tokens->count = 0;
    enum problem problem = token_file_read(tokens->db, &text, &fault);
    if (problem == PROBLEM_NONE && !take_lines(tokens, buffer_span(&text))) {
        tokens->count = 0;
        problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem != PROBLEM_NONE) {
        tokens->was_looked_at = false; /* again in a second, whether it changes or not */
        log_event(LOG_ERROR, "tokens_unusable", "error",
                  fault_is_set(&fault) ? fault.text : problem_info(problem)->title, NULL);
    }
    buffer_fini(&text);
}

/* The stamp is taken before the file is read: a change in between is seen the next time. */
static void look(struct tokens *tokens, int64_t now_ms) {
    if (tokens->next_look_ms != 0 && now_ms < tokens->next_look_ms)
        return;
    struct stamp stamp = stamp_of(tokens->path);
    tokens->next_look_ms = now_ms + LOOK_EVERY_MS;
    if (tokens->was_looked_at && is_same_stamp(&stamp, &tokens->stamp))
        return;
    tokens->was_looked_at = true;
    tokens->stamp = stamp;
    load(tokens);
}

/* Of a token that is not granted: it may have been made since the file was looked at. Its maker
 * does not wait, and whoever guesses costs one call of the system more. */
static bool has_changed(const struct tokens *tokens) {
    struct stamp stamp = stamp_of(tokens->path);
    return tokens->was_looked_at && !is_same_stamp(&stamp, &tokens->stamp);
}

static bool is_granted(const struct tokens *tokens, const struct token *wanted, int64_t now_s,
                       struct token_grant *out) {
    static const struct token nobody = {.revoked_s = 1};
    const struct token *token = NULL;
    if (tokens->count > 0)
        token = bsearch(wanted, tokens->all, tokens->count, sizeof *wanted, compare_ids);
    if (token == NULL)
        token = &nobody;
    /* Compared before anything else is asked of it, and for nobody too. */
    bool is_same = hash_digest_equal(&wanted->digest, &token->digest);
    *out = (struct token_grant){token->id, token->scope};
    return is_same && token_is_live(token, now_s);
}

enum problem tokens_find(struct tokens *tokens, struct span text, int64_t now_s, int64_t now_ms,
                         struct token_grant *out) {
    struct token wanted = {.id = token_text_id(text)};
    hash_digest_of(text, &wanted.digest);
    pthread_mutex_lock(&tokens->mutex);
    look(tokens, now_ms);
    bool is_live = is_granted(tokens, &wanted, now_s, out);
    if (!is_live && has_changed(tokens)) {
        tokens->next_look_ms = 0;
        look(tokens, now_ms);
        is_live = is_granted(tokens, &wanted, now_s, out);
    }
    pthread_mutex_unlock(&tokens->mutex);
    return is_live ? PROBLEM_NONE : PROBLEM_UNAUTHORIZED;
}
