-- Version 6: the search index. A document is the folded words of an article or of a paragraph; its
-- number holds the date, so that newest first is the order of numbers. The words are not kept a second
-- time: to remove a document takes the words that were put, which follow from the rows.
--
-- Words come ready, with one space between, and hold no ASCII sign but + and #.
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, tags, authors, sections, lead, body, variants,
    content = '', tokenize = "ascii tokenchars '+#'"
);
CREATE VIRTUAL TABLE paragraph_search USING fts5 (
    text, variants,
    content = '', tokenize = "ascii tokenchars '+#'"
);

-- What a transaction adds is kept in memory up to so many bytes, and written in one piece.
INSERT INTO article_search (article_search, rank) VALUES ('hashsize', 8388608);
INSERT INTO paragraph_search (paragraph_search, rank) VALUES ('hashsize', 8388608);

-- Every word of every document, for the check.
CREATE VIRTUAL TABLE article_search_word USING fts5vocab (article_search, instance);
CREATE VIRTUAL TABLE paragraph_search_word USING fts5vocab (paragraph_search, instance);

-- What the words of the index were made with; '' while it is not whole: whoever opens the database to
-- write makes it anew then.
ALTER TABLE store ADD COLUMN search_version TEXT NOT NULL DEFAULT '';
