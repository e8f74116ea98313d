/* fault.c: the first fault wins; see fault.h. */
#include "ground/fault.h"

#include <stdio.h>
#include <string.h>

void fault_init(struct fault *fault) {
    /* Once a request: the text behind the NULs and the list behind its count are never read. */
    fault->text[0] = fault->name[0] = fault->nearest[0] = '\0';
    fault->line = fault->column = fault->allowed_count = 0;
}

bool fault_is_set(const struct fault *fault) {
    return fault != NULL && fault->text[0] != '\0';
}

/* vsnprintf() may have cut a character in two: drop the part that is left of it. */
static void trim_to_character(char *text, size_t bytes) {
    size_t start = bytes;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t needs = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (bytes - (start - 1) < needs)
        text[start - 1] = '\0';
}

void fault_set_at_list(struct fault *fault, size_t line, size_t column, const char *format,
                       va_list list) {
    if (fault == NULL || fault_is_set(fault))
        return;
    fault->line = line;
    fault->column = column;
    int wanted = vsnprintf(fault->text, sizeof fault->text, format, list);
    if (wanted >= (int)sizeof fault->text)
        trim_to_character(fault->text, sizeof fault->text - 1);
}

void fault_set(struct fault *fault, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fault_set_at_list(fault, 0, 0, format, list);
    va_end(list);
}

void fault_set_at(struct fault *fault, size_t line, size_t column, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fault_set_at_list(fault, line, column, format, list);
    va_end(list);
}

void fault_keep_first(void *context, const struct fault *fault) {
    struct fault *kept = context;
    if (kept != NULL && !fault_is_set(kept))
        *kept = *fault;
}
