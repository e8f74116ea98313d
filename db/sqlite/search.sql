-- The search index. :match is printed by search_match.c alone.

-- name: search_version
SELECT search_version FROM store WHERE id = 1;

-- name: search_articles
SELECT rowid FROM article_search
WHERE article_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid DESC;

-- name: search_paragraphs
SELECT rowid FROM paragraph_search
WHERE paragraph_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid DESC;

-- The way that FTS5 goes in half the time.
-- name: search_articles_rising
SELECT rowid FROM article_search
WHERE article_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid;

-- name: search_paragraphs_rising
SELECT rowid FROM paragraph_search
WHERE paragraph_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid;

-- Scores are in millionths. The weights: title, tags, authors, sections, lead, body, variants.
-- name: search_articles_ranked
SELECT rowid, CAST(-1000000 * bm25(article_search, 10.0, 6.0, 4.0, 3.0, 3.0, 1.0, 0.5) AS INTEGER)
FROM article_search
WHERE article_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid DESC;

-- name: search_paragraphs_ranked
SELECT rowid, CAST(-1000000 * bm25(paragraph_search, 1.0, 0.5) AS INTEGER)
FROM paragraph_search
WHERE paragraph_search MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid DESC;

-- name: search_article_put (write)
INSERT INTO article_search (rowid, title, tags, authors, sections, lead, body, variants)
VALUES (:number, :title, :tags, :authors, :sections, :lead, :body, :variants);

-- name: search_article_remove (write)
INSERT INTO article_search (article_search, rowid, title, tags, authors, sections, lead, body, variants)
VALUES ('delete', :number, :title, :tags, :authors, :sections, :lead, :body, :variants);

-- name: search_paragraph_put (write)
INSERT INTO paragraph_search (rowid, text, variants) VALUES (:number, :text, :variants);

-- name: search_paragraph_remove (write)
INSERT INTO paragraph_search (paragraph_search, rowid, text, variants)
VALUES ('delete', :number, :text, :variants);

-- name: search_articles_empty (write)
INSERT INTO article_search (article_search) VALUES ('delete-all');

-- name: search_paragraphs_empty (write)
INSERT INTO paragraph_search (paragraph_search) VALUES ('delete-all');

-- Writes nothing.
-- name: search_articles_touch (write)
INSERT INTO article_search (article_search, rank) VALUES ('merge', 0);

-- name: search_paragraphs_touch (write)
INSERT INTO paragraph_search (paragraph_search, rank) VALUES ('merge', 0);

-- name: search_version_set (write)
UPDATE store SET search_version = :version WHERE id = 1;

-- What an article's document is made of, with paragraphs and links that are stored.
-- name: search_article_row
SELECT title, published, paragraph_count,
       (SELECT count(*) FROM article_term WHERE article_id = article.id)
FROM article WHERE id = :id;

-- What the check compares with the rows.
-- name: search_article_has
SELECT id FROM article_search_docsize WHERE id = :number;

-- name: search_paragraph_has
SELECT id FROM paragraph_search_docsize WHERE id = :number;

-- name: search_article_numbers
SELECT id FROM article_search_docsize WHERE id > :after ORDER BY id;

-- name: search_paragraph_numbers
SELECT id FROM paragraph_search_docsize WHERE id > :after ORDER BY id;

-- name: search_article_date
SELECT published FROM article WHERE id = :id;

-- name: search_paragraph_date
SELECT article.published FROM paragraph JOIN article ON article.id = paragraph.article_id
WHERE paragraph.id = :id AND paragraph.position IS NOT NULL;

-- name: search_article_words
SELECT doc, col, offset, term FROM article_search_word;

-- name: search_paragraph_words
SELECT doc, col, offset, term FROM paragraph_search_word;
