-- What facets and searches count and look up.

-- name: facet_terms
SELECT id, article_count FROM term WHERE kind = :kind AND article_count > 0;

-- Every article of every term of a kind, term by term.
-- name: facet_term_articles
SELECT a.term_id, a.article_id FROM term AS t JOIN article_term AS a ON a.term_id = t.id
WHERE t.kind = :kind AND t.article_count > 0;

-- name: facet_published
SELECT published, id FROM article WHERE published > '' ORDER BY published;

-- name: search_paragraphs_of
SELECT id FROM paragraph WHERE article_id = :article AND position > 0;

-- name: search_paragraph_place
SELECT article_id FROM paragraph WHERE id = :id AND words >= :min_words;
