-- What was chosen for an import, as its sender froze it.
ALTER TABLE imports ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
-- Whoever chooses the file of an unfinished stream again goes on with it.
CREATE INDEX imports_unfinished ON imports (site_id, file_fingerprint)
    WHERE state = 'receiving' AND ending IS NULL;
