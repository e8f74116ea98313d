/* import_paths.c: folders are walked by fts(3), which sorts, follows links and sees loops. */
#include "entry/import/import_paths.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "ground/buffer.h"
#include "ground/utf8.h"

struct finder {
    struct arena *arena;
    struct import_paths *out;
    import_paths_complain *complain;
    void *context;
    size_t complaints;
};

static bool ends_in(const char *path, const char *const *endings) {
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name == NULL ? path : name, '.');
    for (size_t i = 0; dot != NULL && endings[i] != NULL; i++) {
        if (strcasecmp(dot, endings[i]) == 0)
            return true;
    }
    return false;
}

static bool is_text_name(const char *path) {
    static const char *const endings[] = {".txt", ".text", NULL};
    return ends_in(path, endings);
}

static bool is_ndjson_name(const char *path) {
    static const char *const endings[] = {".ndjson", ".jsonl", NULL};
    return ends_in(path, endings);
}

/* `source` lives as long as the arena. */
static enum problem add_path(struct finder *f, const char *path, const char *source) {
    struct import_path *item = arena_alloc(f->arena, sizeof *item);
    struct span copy = arena_copy(f->arena, span_of(path));
    if (item == NULL || copy.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *item = (struct import_path){NULL, copy.at, source, is_ndjson_name(path)};
    *f->out->end = item;
    f->out->end = &item->next;
    f->out->count++;
    return PROBLEM_NONE;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void complain(struct finder *f, const char *path, const char *what) {
    f->complaints++;
    f->complain(f->context, path, what, false);
}

/* The name of the folder, however it was spelled; "" for the root and for what cannot be resolved.
 */
static struct span folder_name(struct finder *f, const char *path) {
    char real[PATH_MAX];
    return arena_copy(f->arena, span_of(realpath(path, real) == NULL ? "" : last_part(real)));
}

/* A name of a file may hold any bytes, what the store keeps is text. */
static enum problem add_below(struct finder *f, const char *path, struct span folder,
                              const char *below) {
    struct buffer source;
    buffer_init(&source);
    utf8_append_visible(&source, folder);
    if (folder.bytes > 0)
        buffer_append_char(&source, '/');
    utf8_append_visible(&source, span_of(below));
    struct span copy = arena_copy(f->arena, buffer_span(&source));
    bool is_lost = source.failed || folder.at == NULL || copy.at == NULL;
    buffer_fini(&source);
    return is_lost ? PROBLEM_OUT_OF_MEMORY : add_path(f, path, copy.at);
}

/* "seeds/000.txt" for ./000.txt, seeds/000.txt and /a/b/seeds/000.txt alike. */
static enum problem add_file(struct finder *f, const char *path) {
    const char *name = last_part(path);
    struct span parent = arena_copy(f->arena, (struct span){path, (size_t)(name - path)});
    if (parent.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    return add_below(f, path, folder_name(f, parent.bytes == 0 ? "." : parent.at), name);
}

static int compare_names(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_hidden(const FTSENT *entry) {
    return entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.';
}

/* A folder on its way through fts. */
struct walk {
    FTS *fts;
    struct span folder; /* its name */
    size_t start;       /* bytes of its path as walked */
};

static enum problem add_found(struct finder *f, const struct walk *walk, const FTSENT *entry) {
    const char *below = entry->fts_path + walk->start;
    while (*below == '/')
        below++;
    return add_below(f, entry->fts_path, walk->folder, below);
}

static enum problem visit(struct finder *f, const struct walk *walk, FTSENT *entry) {
    switch (entry->fts_info) {
    case FTS_D:
        if (is_hidden(entry))
            fts_set(walk->fts, entry, FTS_SKIP);
        return PROBLEM_NONE;
    case FTS_F:
        if (!is_hidden(entry) && is_text_name(entry->fts_name))
            return add_found(f, walk, entry);
        f->out->skipped++;
        return PROBLEM_NONE;
    case FTS_DEFAULT:
    case FTS_SL:
        f->out->skipped++;
        return PROBLEM_NONE;
    case FTS_DC:
        f->complain(f->context, entry->fts_path, "a link to a folder around it, not followed",
                    true);
        return PROBLEM_NONE;
    case FTS_SLNONE:
        if (is_text_name(entry->fts_name))
            complain(f, entry->fts_path, "a link to nothing");
        return PROBLEM_NONE;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        complain(f, entry->fts_path, strerrordesc_np(entry->fts_errno));
        return PROBLEM_NONE;
    default: /* FTS_DP: the way back out */
        return PROBLEM_NONE;
    }
}

static enum problem walk_folder(struct finder *f, char *path) {
    char *roots[] = {path, NULL};
    struct walk walk = {fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, compare_names),
                        folder_name(f, path), strlen(path)};
    if (walk.fts == NULL) {
        complain(f, path, strerrordesc_np(errno));
        return PROBLEM_NONE;
    }
    enum problem problem = PROBLEM_NONE;
    FTSENT *entry;
    while (problem == PROBLEM_NONE && (errno = 0, entry = fts_read(walk.fts)) != NULL)
        problem = visit(f, &walk, entry);
    if (problem == PROBLEM_NONE && errno != 0)
        complain(f, path, strerrordesc_np(errno));
    fts_close(walk.fts);
    return problem;
}

static enum problem find_operand(struct finder *f, char *path) {
    struct stat status;
    if (strcmp(path, "-") == 0)
        return add_path(f, path, "");
    if (path[0] == '\0') {
        complain(f, "''", "an empty path names nothing");
        return PROBLEM_NONE;
    }
    if (stat(path, &status) != 0) {
        complain(f, path, strerrordesc_np(errno));
        return PROBLEM_NONE;
    }
    if (!S_ISDIR(status.st_mode))
        return add_file(f, path);
    size_t count = f->out->count, complaints = f->complaints;
    enum problem problem = walk_folder(f, path);
    if (problem == PROBLEM_NONE && f->out->count == count && f->complaints == complaints)
        complain(f, path, "no article in this folder (no *.txt, no *.text)");
    return problem;
}

enum problem import_paths_find(char *const *operands, size_t count, struct arena *arena,
                               struct import_paths *out, import_paths_complain *say,
                               void *context) {
    *out = (struct import_paths){NULL, NULL, 0, 0};
    out->end = &out->first;
    struct finder finder = {arena, out, say, context, 0};
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++)
        problem = find_operand(&finder, operands[i]);
    return problem;
}
