/* article_form.c: see article_form.h. */
#include "domain/articles/article_form.h"

#include <strings.h>

#include "domain/text/source_text.h"

bool article_form_is_tags(struct span line, struct span *content) {
    if (line.bytes < 5 || strncasecmp(line.at, "tags", 4) != 0)
        return false;
    struct span rest = source_text_trim((struct span){line.at + 4, line.bytes - 4});
    if (rest.bytes == 0 || rest.at[0] != ':')
        return false;
    if (content != NULL)
        *content = source_text_trim((struct span){rest.at + 1, rest.bytes - 1});
    return true;
}

bool article_form_has_byline(const struct article *article) {
    return article->authors.count > 0 || article->section.count > 0 ||
           article->published[0] != '\0';
}

/* Each text with the longest that can stand beside it. */
static size_t list_bytes(const struct span_list *list, size_t joint_bytes) {
    size_t sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->items[i].bytes + joint_bytes;
    return sum;
}

bool article_form_fits(const struct article *article) {
    const size_t frame = sizeof "\n | DD.MM.YYYY | \n\n\n\nTags: \n";
    const size_t joint = sizeof " and ";
    return frame + 2 * article->title.bytes + list_bytes(&article->authors, joint) +
               list_bytes(&article->section, joint) + list_bytes(&article->tags, joint) +
               list_bytes(&article->paragraphs, 2) <=
           ARTICLE_SOURCE_BYTES_MAX;
}
