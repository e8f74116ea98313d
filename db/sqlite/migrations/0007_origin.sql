-- Version 7: what the ids in feeds are made with. Unlike birth it stays for ever: a reader of a feed
-- must find the articles that it knows.
ALTER TABLE store ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
UPDATE store SET origin = random();
