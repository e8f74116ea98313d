/* config_file.c: see config_file.h. The library reads line by line through our reader, which is how
 * the number of each line is known, and how a line that the library would misunderstand is refused
 * before it sees it. */
#include "config_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/utf8.h"

struct file {
    const char *path;
    struct span rest; /* what was not read yet */
    unsigned line;
    char *text; /* where the next value goes: all of them are no longer than the file */
    config_take *take;
    void *context;
    struct fault *fault;
    enum problem problem;
};

static enum problem refuse(struct file *file, const char *what) {
    if (file->problem == PROBLEM_NONE) {
        fault_set_at(file->fault, file->line, 1, "%s:%u: %s", file->path, file->line, what);
        file->problem = PROBLEM_BAD_PARAMETER;
    }
    return file->problem;
}

static struct span next_line(struct file *file) {
    const char *end = memchr(file->rest.at, '\n', file->rest.bytes);
    size_t bytes = end == NULL ? file->rest.bytes : (size_t)(end - file->rest.at) + 1;
    struct span line = {file->rest.at, bytes};
    file->rest = (struct span){file->rest.at + bytes, file->rest.bytes - bytes};
    file->line++;
    return line;
}

/* To the library a line that begins with a blank goes on with the value before it; to a person it
 * is indented. */
static struct span without_indent(struct span line) {
    while (line.bytes > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))
        line = (struct span){line.at + 1, line.bytes - 1};
    return line;
}

static bool is_known_section(struct span line) {
    static const struct span known = {"[serve]", 7};
    while (line.bytes > 0 && strchr(" \t\r\n", line.at[line.bytes - 1]) != NULL)
        line.bytes--;
    return line.bytes == 0 || line.at[0] != '[' || span_equal(line, known);
}

/* The library's fgets(). */
static char *read_line(char *out, int room, void *stream) {
    struct file *file = stream;
    if (file->rest.bytes == 0 || file->problem != PROBLEM_NONE)
        return NULL;
    struct span line = without_indent(next_line(file));
    if (line.bytes + 1 > (size_t)room || line.bytes + 3 > CONFIG_LINE_BYTES) {
        refuse(file, "this line is too long");
        return NULL;
    }
    if (memchr(line.at, '\0', line.bytes) != NULL || !utf8_is_valid(line, NULL)) {
        refuse(file, "this line is no text in UTF-8");
        return NULL;
    }
    if (!is_known_section(line)) {
        refuse(file, "there is one list of settings; a section can only be [serve]");
        return NULL;
    }
    memcpy(out, line.at, line.bytes);
    out[line.bytes] = '\0';
    return out;
}

static bool is_quoted(const char *value) {
    size_t bytes = strlen(value);
    return bytes >= 2 && (value[0] == '"' || value[0] == '\'') && value[bytes - 1] == value[0];
}

/* The library calls this for each pair. 1 = go on. */
static int take_pair(void *user, const char *section, const char *name, const char *value) {
    struct file *file = user;
    (void)section;
    if (file->problem != PROBLEM_NONE)
        return 0;
    if (is_quoted(value)) {
        refuse(file, "a value stands as it is, without quotes around it");
        return 0;
    }
    size_t bytes = strlen(value) + 1;
    memcpy(file->text, value, bytes);
    const struct config_entry entry = {name, file->text, file->line};
    file->text += bytes;
    file->problem = file->take(file->context, &entry, file->fault);
    return file->problem == PROBLEM_NONE;
}

/* The library's switches are variables of the process; they are set to the same each time. */
static void set_up_library(void) {
    ini_allow_multiline = false;
    ini_allow_inline_comments = false;
    ini_allow_bom = true;
    ini_use_stack = false;
    ini_allow_realloc = false;
    ini_initial_alloc = CONFIG_LINE_BYTES;
    ini_max_line = CONFIG_LINE_BYTES;
    ini_stop_on_first_error = true;
    ini_allow_no_value = false;
}

static enum problem load(const char *path, char *room, size_t *bytes, struct fault *fault) {
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        fault_set(fault, "%s cannot be read: %s", path, strerrordesc_np(errno));
        return PROBLEM_BAD_PARAMETER;
    }
    *bytes = fread(room, 1, CONFIG_FILE_BYTES + 1, stream);
    bool is_read = ferror(stream) == 0;
    int error = errno;
    fclose(stream);
    if (!is_read)
        fault_set(fault, "%s cannot be read: %s", path, strerrordesc_np(error));
    else if (*bytes > CONFIG_FILE_BYTES)
        fault_set(fault, "%s has more than %d bytes", path, CONFIG_FILE_BYTES);
    return is_read && *bytes <= CONFIG_FILE_BYTES ? PROBLEM_NONE : PROBLEM_BAD_PARAMETER;
}

static enum problem parse(struct file *file) {
    set_up_library();
    int status = ini_parse_stream(read_line, file, take_pair, file);
    if (file->problem != PROBLEM_NONE)
        return file->problem;
    if (status == -2) {
        fault_set(file->fault, "no memory to read %s", file->path);
        return PROBLEM_OUT_OF_MEMORY;
    }
    return status == 0 ? PROBLEM_NONE : refuse(file, "this line is no KEY = VALUE");
}

enum problem config_file_read(const char *path, char **text, config_take *take, void *context,
                              struct fault *fault) {
    size_t bytes = 0;
    char *content = malloc(CONFIG_FILE_BYTES + 1);
    enum problem problem = content == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    if (problem == PROBLEM_NONE)
        problem = load(path, content, &bytes, fault);
    *text = problem == PROBLEM_NONE ? malloc(bytes + 1) : NULL;
    if (problem == PROBLEM_NONE && *text == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_NONE) {
        struct file file = {path, {content, bytes}, 0, *text, take, context, fault, PROBLEM_NONE};
        problem = parse(&file);
    }
    if (problem == PROBLEM_OUT_OF_MEMORY)
        fault_set(fault, "no memory to read %s", path);
    free(content);
    return problem;
}
