-- What facets and searches count and look up.

-- name: facet_terms
SELECT id, article_count FROM term WHERE kind = :kind AND article_count > 0;

-- name: search_paragraphs_of
SELECT id FROM paragraph WHERE article_id = :article AND position > 0;

-- name: search_paragraph_place
SELECT article_id FROM paragraph WHERE id = :id AND words >= :min_words;

-- name: article_facts
SELECT facts FROM article_facts WHERE block = :block;

-- name: paragraph_facts
SELECT facts FROM paragraph_facts WHERE block = :block;

-- name: article_facts_beyond
SELECT (SELECT count(*) FROM article_facts WHERE block < 0) +
       (SELECT count(*) FROM article_facts WHERE block > :newest);

-- name: paragraph_facts_beyond
SELECT (SELECT count(*) FROM paragraph_facts WHERE block < 0) +
       (SELECT count(*) FROM paragraph_facts WHERE block > :newest);

-- What they are made of.
-- name: facts_published
SELECT published FROM article WHERE id = :id;

-- name: facts_terms
SELECT kind, term_id FROM article_term WHERE article_id = :id ORDER BY kind, position;

-- name: facts_paragraph
SELECT article_id, words FROM paragraph WHERE id = :id AND position IS NOT NULL;

-- name: article_facts_put (write)
INSERT INTO article_facts (block, facts) VALUES (:block, :facts)
ON CONFLICT (block) DO UPDATE SET facts = excluded.facts;

-- name: paragraph_facts_put (write)
INSERT INTO paragraph_facts (block, facts) VALUES (:block, :facts)
ON CONFLICT (block) DO UPDATE SET facts = excluded.facts;

-- name: article_facts_remove (write)
DELETE FROM article_facts WHERE block = :block;

-- name: paragraph_facts_remove (write)
DELETE FROM paragraph_facts WHERE block = :block;

-- name: article_facts_empty (write)
DELETE FROM article_facts;

-- name: paragraph_facts_empty (write)
DELETE FROM paragraph_facts;
