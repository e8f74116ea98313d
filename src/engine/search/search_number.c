/* search_number.c: a document's number: 23 bits of date, 40 bits of id. The date packs year, month
 * and day so that its order is that of dates; 0 = unknown. The ids of paragraphs are turned round,
 * so that they rise while the numbers fall. */
#include "engine/search/search_index.h"
#include "ground/date.h"

enum { ID_BITS = 40 };

static const int64_t id_max = ((int64_t)1 << ID_BITS) - 1;

static int64_t date_pack(struct span published) {
    struct date date;
    if (!date_parse_iso(published, &date))
        return 0;
    return (int64_t)date.year * 512 + date.month * 32 + date.day;
}

int64_t search_article_number(struct span published, int64_t article_id) {
    return date_pack(published) << ID_BITS | (article_id & id_max);
}

int64_t search_paragraph_number(struct span published, int64_t paragraph_id) {
    return date_pack(published) << ID_BITS | (id_max - (paragraph_id & id_max));
}

int64_t search_number_id(enum search_scope scope, int64_t number) {
    int64_t id = number & id_max;
    return scope == SEARCH_PARAGRAPHS ? id_max - id : id;
}

void search_period(struct span first, struct span last, int64_t *low, int64_t *high) {
    *low = first.bytes == 0 ? 0 : date_pack(first) << ID_BITS;
    *high = last.bytes == 0 ? INT64_MAX : date_pack(last) << ID_BITS | id_max;
}
