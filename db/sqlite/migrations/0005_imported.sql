-- Version 5: what an article was like where it was last imported from, also when it is deleted, so
-- that a text that is imported again as it was changes nothing that was edited or deleted since.
ALTER TABLE article ADD COLUMN imported TEXT NOT NULL DEFAULT ''; -- hash of the source; '' = not known
CREATE INDEX article_by_imported ON article (imported) WHERE imported <> '';

ALTER TABLE deletion ADD COLUMN imported TEXT NOT NULL DEFAULT '';
CREATE INDEX deletion_by_imported ON deletion (imported) WHERE imported <> '';

-- An article that came from a file and has one version is as the file had it.
UPDATE article SET imported = content WHERE version = 1 AND source <> '';
