/* import_item.c: see import_item.h. */
#include "surface/bulk/import_item.h"

#include <string.h>

#include "surface/articles/article_json.h"

struct span import_item_line(struct span line, size_t number) {
    if (number == 1 && line.bytes >= 3 && memcmp(line.at, "\xEF\xBB\xBF", 3) == 0)
        return (struct span){line.at + 3, line.bytes - 3};
    return line;
}

bool import_item_is_blank(struct span line) {
    for (size_t i = 0; i < line.bytes; i++) {
        if (strchr(" \t\r", line.at[i]) == NULL || line.at[i] == '\0')
            return false;
    }
    return true;
}

enum problem import_item_read(struct span text, bool is_json, struct arena *arena,
                              struct article *out, struct article_text_report *reading,
                              struct fault *fault) {
    if (is_json)
        return article_json_parse(text, arena, out, fault);
    return article_text_parse(text, arena, out, reading, fault);
}

bool import_item_is_refused(enum problem problem) {
    return problem == PROBLEM_BAD_SOURCE || problem == PROBLEM_CONFLICT;
}
