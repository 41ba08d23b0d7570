-- Every address that a source ever gave for a page. `page_sources.url` is the last one.
CREATE TABLE page_addresses (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    -- Exactly as given.
    url TEXT NOT NULL,
    -- What it is looked up by: as `pages.match_url`, or `url` where it is no web address.
    match_url TEXT NOT NULL,
    page_id INTEGER NOT NULL REFERENCES pages (id),
    first_seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_addresses_by_page ON page_addresses (site_id, page_id);
CREATE INDEX page_addresses_by_match_url ON page_addresses (site_id, match_url);

-- What is known of the pages that are there. Which import was the first is not.
INSERT INTO page_addresses
    (site_id, family, origin, source_id, url, match_url, page_id, first_seen_in)
SELECT s.site_id, s.family, s.origin, s.source_id, s.url,
    CASE WHEN p.url = s.url THEN coalesce(p.match_url, s.url) ELSE s.url END, s.page_id, s.seen_in
FROM page_sources s JOIN pages p ON p.id = s.page_id
WHERE s.url IS NOT NULL;
