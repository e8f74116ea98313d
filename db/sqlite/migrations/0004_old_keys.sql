-- Version 4: names that a term had before it was renamed or merged into another. Whoever writes one
-- of them again means what it is called now. What is the name of a term never stands here.
CREATE TABLE old_key (
    kind      INTEGER NOT NULL,                        -- as in term
    key       TEXT    NOT NULL,
    target_id INTEGER NOT NULL REFERENCES term (id),
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX old_key_by_target ON old_key (target_id);

-- Version 3 kept only the old slugs. Versions of articles say how what had them was called; the key
-- of a name in ASCII is the name in small letters.
INSERT OR IGNORE INTO old_key
SELECT old_slug.kind, lower(revision_term.name), old_slug.target_id
FROM old_slug
JOIN revision_term ON revision_term.kind = old_slug.kind AND revision_term.slug = old_slug.slug
WHERE old_slug.kind IN (1, 3)
    AND revision_term.name NOT GLOB '*[^ -~]*' AND instr(revision_term.name, '  ') = 0
    AND EXISTS (SELECT 1 FROM term WHERE term.id = old_slug.target_id)
    AND NOT EXISTS (SELECT 1 FROM term WHERE term.kind = old_slug.kind
                                         AND term.key = lower(revision_term.name));
