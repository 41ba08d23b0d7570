-- What ended lately, for those who watch the server.
CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX imports_by_end ON imports (finished_at) WHERE finished_at IS NOT NULL;
