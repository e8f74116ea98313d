-- Version 2: a number of its own for each store, part of every ETag, so that a store that is thrown
-- away and filled again does not take the tags of the old one for its own.
ALTER TABLE store ADD COLUMN birth INTEGER NOT NULL DEFAULT 0;
UPDATE store SET birth = random();
