/* fault.h: what is wrong, where, and what would be right, in words for the person who caused it.
 * The caller owns the struct; the first fault set wins, later ones are dropped, so that the cause
 * is reported and not its consequences. Every function that takes a struct fault * accepts NULL. */
#ifndef PILCROW_GROUND_FAULT_H
#define PILCROW_GROUND_FAULT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    FAULT_TEXT_BYTES = 400,
    FAULT_NAME_BYTES = 80,
    FAULT_ALLOWED_MAX = 64,
};

struct fault {
    char text[FAULT_TEXT_BYTES];    /* one sentence, UTF-8, no final stop; "" = nothing set */
    size_t line;                    /* 1-based in the source text; 0 = does not apply */
    size_t column;                  /* 1-based, in code points; 0 = does not apply */
    char name[FAULT_NAME_BYTES];    /* the parameter or field at fault; "" = does not apply */
    char nearest[FAULT_NAME_BYTES]; /* the allowed name closest to what was given; "" = none */
    const char *allowed[FAULT_ALLOWED_MAX]; /* static strings only */
    size_t allowed_count;
};

void fault_init(struct fault *fault);

/* True once something was set. */
bool fault_is_set(const struct fault *fault);

/* Sets the sentence unless one is set already. Long text is cut at a UTF-8 boundary. */
__attribute__((format(printf, 2, 3))) void fault_set(struct fault *fault, const char *format, ...);

/* The same, with a place in the source text. */
__attribute__((format(printf, 4, 5))) void fault_set_at(struct fault *fault, size_t line,
                                                        size_t column, const char *format, ...);
__attribute__((format(printf, 4, 0))) void fault_set_at_list(struct fault *fault, size_t line,
                                                             size_t column, const char *format,
                                                             va_list list);

/* Hears of faults where several may be found: each with its sentence, and the field in ->name. */
typedef void fault_say(void *context, const struct fault *fault);

/* Keeps the first; `context` is a struct fault that was initialised, or NULL. */
void fault_keep_first(void *context, const struct fault *fault);

#endif
