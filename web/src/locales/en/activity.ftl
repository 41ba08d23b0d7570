filter-label = Show
filter-all = All
filter-live = Under way
filter-succeeded = Succeeded
filter-failed = Failed
filter-stopped = Stopped
filter-undone = Taken back
activity-empty-title = Nothing has been imported yet
activity-empty-text = Every import is listed here while it runs and afterwards, with what came of it.
activity-empty-link = Import comments
activity-none = No import is in this state.
live-on = live
live-polling = up to date every few seconds
live-off = The server cannot be reached
state-receiving = receiving
state-queued = queued
state-running = running
state-succeeded = succeeded
state-skips = succeeded, { $count } skipped
state-failed = failed
state-cancelled = cancelled
state-expired = expired
state-undoing = being taken back
state-undone = taken back
row-about = { $format } “{ $origin }” into { $site }
row-counts = { $inserted } new · { $updated } changed · { $unchanged } the same
import-page = Import
failed-next = Nothing starts by itself again. Choose the file once more when you are ready:
queued-behind = One import of a site runs at a time.
queued-behind-link = See the one that goes first
detail-site = Site
detail-source = Source
detail-size = Size of the file
detail-started = Started
detail-finished = Finished
detail-id = Id of the import
result-title = What came of it
result-orphans = { $count ->
    [one] { $count } reply answers a comment that is not there. It stands directly under its page.
   *[other] { $count } replies answer comments that are not there. They stand directly under their pages.
}
kind-comments = Comments
kind-pages = Pages
kind-authors = People
left-out-title = Left out while reading
rejected-title = Rejected by the server
rejected-text = These records arrived but are not valid. All others were taken.
rejected-more = The first { $shown } of { $all }.
pages-search = Search pages
pages-count = { $count ->
    [0] No page matches.
    [one] { $count } page
   *[other] { $count } pages
}
pages-more = Show more ({ $shown } of { $all })
pages-empty-title = There are no comments on this site yet
pages-empty-text = Comments appear here as soon as an import has run, sorted by page.
page-closed = closed for new comments
page-comments = { $count ->
    [one] { $count } comment
   *[other] { $count } comments
}
comments-more = Show more comments ({ $shown } of { $all })
