/* article_weights.c: see article_weights.h. */
#include "surface/articles/article_weights.h"

enum problem article_weights_init(struct request *request, struct article_weights *weights) {
    int64_t last_id = 0;
    enum problem problem =
        store_int(request->store, SQL_article_newest_id, &last_id, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE)
        return problem;
    weights->count = (size_t)last_id + 1;
    weights->list = arena_alloc(request->arena, weights->count * sizeof *weights->list);
    if (weights->list == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memset(weights->list, 0, weights->count * sizeof *weights->list);
    return PROBLEM_NONE;
}

void article_weights_add(struct article_weights *weights, int64_t article_id) {
    if ((uint64_t)article_id < weights->count)
        weights->list[article_id]++;
}

enum problem article_weights_begin(struct request *request, struct facts_walk *walk) {
    int64_t last_id = 0;
    enum problem problem =
        store_int(request->store, SQL_paragraph_newest_id, &last_id, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE && problem != PROBLEM_NOT_FOUND)
        return problem;
    facts_walk_begin(walk, request->store, FACTS_OF_PARAGRAPHS, NULL, last_id);
    return PROBLEM_NONE;
}
