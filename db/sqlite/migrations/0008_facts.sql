-- Version 8: what facets count, packed (engine/facts.h): of 256 articles their years and terms, of
-- 1,024 paragraphs their articles and numbers of words. All of 100,000 articles are read in the time
-- that the rows of 5,000 would take.
CREATE TABLE article_facts (
    block INTEGER PRIMARY KEY,                         -- article ids from block * 256 on
    facts BLOB    NOT NULL
) STRICT;
CREATE TABLE paragraph_facts (
    block INTEGER PRIMARY KEY,                         -- paragraph ids from block * 1024 on
    facts BLOB    NOT NULL
) STRICT;

-- What this index was for, paragraphs of so many words, is read from the facts, too.
DROP INDEX paragraph_by_words;

-- They are a part of the search index, which is made anew by whoever opens the database to write.
UPDATE store SET search_version = '';
