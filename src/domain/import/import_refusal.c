/* import_refusal.c: see import_refusal.h. */
#include "domain/import/import_refusal.h"

#include "ground/utf8.h"

enum problem import_refuse_twin(struct span other, struct fault *fault) {
    if (other.bytes == 0)
        fault_set(fault, "another text of this import has the same title, authors and date, "
                         "but not the same words");
    else
        fault_set(fault,
                  "%.*s of the same import has the same title, authors and date, "
                  "but not the same words",
                  UTF8_SHOWN(other));
    return PROBLEM_CONFLICT;
}

enum problem import_refuse_unlike(const struct stored_article *stored, struct fault *fault) {
    const char *where = stored->source.bytes == 0 ? "" : ", imported from ";
    fault_set(fault,
              "article %lld%s%.*s has the same title, authors and date, but most of its "
              "paragraphs are not in this text; it was left as it is",
              (long long)stored->id, where, UTF8_SHOWN(stored->source));
    return PROBLEM_CONFLICT;
}

enum problem import_refuse_existing(int64_t id, struct fault *fault) {
    fault_set(fault,
              "article %lld has the same title, authors and date, and only new ones are made",
              (long long)id);
    return PROBLEM_CONFLICT;
}

enum problem import_refuse_source(int64_t id, struct fault *fault) {
    fault_set(fault, "article %lld came from the same source, and only new ones are made",
              (long long)id);
    return PROBLEM_CONFLICT;
}

enum problem import_refuse_again(int64_t id, struct fault *fault) {
    fault_set(fault, "article %lld was made of this very text, and only new ones are made",
              (long long)id);
    return PROBLEM_CONFLICT;
}
