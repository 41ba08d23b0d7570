# Choosing a file
import-title = Import comments
import-into = into
drop-title = Drop your export here
drop-choose = Choose files
drop-several = As the old system gave it: one file or several, packed or not.
drop-promise = It is read on this computer. Nothing is sent until you say so.
how-title = How do I get my export?
file-label = The chosen files
file-export = { $vendor } export
file-export-of = { $vendor } export of “{ $origin }”
file-complete = complete
file-why = Why do we think so?
file-other = Choose other files
file-count = { $count } files
file-inside = { $count } files in it
file-names = Which files?
file-change = Change
file-change-means = If this is not what you meant, have it read as something else.
format-read-as = Read it as
format-read = Read
in-file = In the file “{ $file }”

# Reading
reading-label = Reading the file
reading-percent = Reading: { $percent }
reading-comments = { $count ->
    [one] { $count } comment so far
   *[other] { $count } comments so far
}
read-again = Read the file again
left-moment = almost done
left-seconds = about { $count } seconds left
left-minutes = { $count ->
    [one] about a minute left
   *[other] about { $count } minutes left
}
left-hours = { $count ->
    [one] about an hour left
   *[other] about { $count } hours left
}

# What it is not
unknown-looked-for = What did Rehome look for?
unknown-try = If you know what it is, have it read as that: Rehome takes what it can recognise.
tie-title = { $count ->
   *[other] This could be { $count } kinds of export
}
tie-text = What is in it fits { $names }. Which is it?
unknown-title = This is not an export that Rehome knows
version-unknown = This is version { $version } of this kind of export, which Rehome cannot read.
unreadable-place = Line { $line }, byte { $byte }
unreadable-read = { $count ->
    [0] No comment could be read before that place.
    [one] { $count } comment could be read before that place.
   *[other] { $count } comments could be read before that place.
}
unreadable-not-sent = Nothing has been sent.
unreadable-do = Download the file again. If it stops at the same place, ask for a new export.
incomplete-choice = { $count ->
    [one] Import the { $count } readable comment anyway
   *[other] Import the { $count } readable comments anyway
}
incomplete-means = What stands after line { $line } is missing, and the import stays marked as incomplete: do this only where no new export can be had.
incomplete-file = Incomplete file
incomplete-result = The file stopped before its end, so comments are missing. What could be read of it was imported, by choice. If you get a whole export, import it: comments that are in already are recognised.
empty-title = There is no comment in this file
empty-text = { $pages ->
    [0] The file is complete, but it holds no pages and no comments.
    [one] The file is complete and lists { $pages } page, but nobody has commented on it.
   *[other] The file is complete and lists { $pages } pages, but nobody has commented on any of them.
} Check that you exported the right site.
nothing-kept-title = { $count ->
    [one] The only comment in this file cannot be imported
   *[other] None of the { $count } comments in this file can be imported
}
nothing-kept-text = The reasons are listed below. There is nothing to send.

# Numbers
preview-announce = { $comments ->
    [one] The file is read: { $comments } comment on { $pages } pages.
   *[other] The file is read: { $comments } comments on { $pages } pages.
}
numbers-label = What is in the file
numbers-comments = { $count ->
    [one] comment
   *[other] comments
}
numbers-comments-note = of { $seen } in the file; { $skipped } cannot be taken along
numbers-comments-private = { $count ->
    [one] { $count } of them was never public
   *[other] { $count } of them were never public
}
numbers-comments-all = everything that is in the file
numbers-comments-cut = as far as the file can be read
numbers-pages = { $count ->
    [one] page with comments
   *[other] pages with comments
}
numbers-pages-note = { $seen ->
    [one] of { $seen } page in the file
   *[other] of { $seen } pages in the file; pages nobody commented on are normal
}
numbers-replies = { $count ->
    [one] reply
   *[other] replies
}
numbers-depth = up to { $depth } levels deep
numbers-people = { $count ->
    [one] person with an account
   *[other] people with an account
}
numbers-guests = { $count ->
    [one] and { $count } comment by a guest
   *[other] and { $count } comments by guests
}
count-approved = approved { $count }
count-pending = pending { $count }
count-spam = spam { $count }
count-deleted = deleted { $count }
status-approved = approved
status-pending = pending
status-spam = spam
status-deleted = deleted

# Chart and lists
chart-months = Comments per month
chart-years = Comments per year
chart-month = Month
chart-year = Year
chart-value = { $count ->
    [one] { $period }: { $count } comment
   *[other] { $period }: { $count } comments
}
biggest-pages = Biggest pages
page-no-name = Page without a name
column-page = Page
column-comments = Comments
column-newest = Newest
column-file = File
column-line = Line
column-record = Record
column-id = Id
column-byte = Byte
column-reason = Reason
column-chunk = Chunk
column-kind = Kind

# Threads
threads-title = Threads as they will look
thread-biggest = Biggest
thread-deepest = Deepest
thread-first = First
thread-last = Last
thread-frame = Comments on “{ $page }”
thread-of = Thread { $number }, begun by { $name }
thread-cut = The first { $shown } of { $all } comments of this page.
thread-no-name = no name
thread-purged = deleted comment
thread-empty-body = no text
thread-reply = in reply to another comment
thread-reply-to = in reply to { $name }
thread-image = image – not loaded
thread-image-from = image from { $host } – not loaded

# Problems
look-title = Needs a look ({ $count })
look-skipped = { $count ->
    [one] { $count } comment cannot be imported, for the reason given below. Everything else can.
   *[other] { $count } comments cannot be imported, for the reasons given below. Everything else can.
}
look-times = { $count ->
    [one] once
   *[other] { $count } times
}
look-left-out = { $count ->
    [one] { $count } comment left out
   *[other] { $count } comments left out
}
severity-error = Error
severity-warning = Warning
severity-info = Note
places-title = { $count ->
    [one] Show the place
   *[other] Show { $count } places
}
places-caption = Where “{ $code }” occurs
places-bytes = show bytes
places-more = and { $count } more

# A sample for whoever mends Rehome
redacted-make = Download a redacted sample
redacted-means = For a report to the makers of Rehome: the start of the file and the places in question, with every letter and digit that people wrote replaced. Names of fields stay. Nothing is sent; look at it before you pass it on.
redacted-failed = The sample could not be made.
inferred-title = No real export of { $vendor } was at hand when this was built
inferred-text = Rehome reads it as others describe it. Look at the numbers and threads below with care, and if you can, pass a redacted sample of your file on to the makers of Rehome.

# What is left to decide
choices-title = { $count ->
    [one] One thing to decide
   *[other] { $count } things to decide
}
choice-host = Whose comments are to be imported?
means-host = The file holds those of several sites. The others are left out of this import; you can import them into sites of their own.
choice-page_key = What is a page known by on your site?
means-page_key = New comments only join the old ones where both name their page in the same way. If you are not sure, take the address.
value-url = its address
value-id = its id
choice-site_address = What is the address of your site?
means-site_address = The file only holds what stands behind it, like /2019/a-page. With the address, comments find their pages.
choice-pages_are = What was a page of your site at the old service?
means-pages_are = Look at the threads above: with the right choice, each page holds its own discussion.
value-threads = a thread, with its replies as comments
value-channels = a channel, with its threads as comments
decide-value = { $count ->
    [one] { $name } · { $count } comment
   *[other] { $name } · { $count } comments
}
decide-none = Please choose
decide-take = Use this
decide-address-wrong = This is not an address. It looks like https://blog.example.org.
blocked-host = Decide above whose comments are to be imported. Then they can be.
blocked-site_address = Give the address of your site above. Then the comments can be imported.
blocked-show = Show
blocked-choice = Decide above what is still open. Then the comments can be imported.
blocked-private = All these comments are private, and left out. Tick “Import them too” above, or choose another file.

# What was never public
private-title = { $count ->
    [one] { $count } comment was never public
   *[other] { $count } comments were never public
}
private-left-out = They are left out, unless you say otherwise.
private-taken = They are imported like all others, and shown wherever your site shows comments.
private-choice = Import them too
withheld-private_page = On private pages
withheld-password_page = On pages with a password
withheld-trashed_page = On pages that were thrown away
withheld-private_note = Notes that only the shop or the moderators could see

# Sending
submit = { $count ->
    [one] Import { $count } comment
   *[other] Import { $count } comments
}
submit-what = What will happen
submit-step-send = { $count ->
    [one] { $count } comment is sent to this server, for { $site }. Deleted comments and spam are sent too, marked as such.
   *[other] { $count } comments are sent to this server, for { $site }. Deleted comments and spam are sent too, marked as such.
}
submit-step-known = Comments that came in with an earlier import are recognised: they are brought up to date, never doubled.
submit-step-delete = What was sent is staged on the server only while the import runs, then deleted. Your file stays on this computer.
send-label = The import
send-sending = Sending
send-applying = Everything is sent
send-done = The import is done
send-not-done = The import has ended
send-stopped = Sending has stopped
send-keep-open = Keep this tab open until everything is sent.
send-may-close = You may close this tab: the server goes on by itself.
send-nothing-applied = Nothing of it has been applied: an import begins only when all of it has arrived.
send-kept = What has arrived stays on the server for a day. Choose the same file again, and only the rest is sent.
send-replace = Start a new import
send-replace-means = A new import takes its place: what the unfinished one has sent is deleted, and nothing of it was applied.
send-leave = Leave it as it is
differs-file = It is another file than the one it began with.
differs-format = The file is of another kind than it was then.
differs-origin = The comments come from another place than they did then.
differs-reader = Rehome has been updated since, and reads the file in another way.
differs-options = Another choice was made then, for example to import an incomplete file.
differs-seen = Other comments are seen in the file now.
differs-site_revision = Another import has changed the site since.
unfinished-title = The import of “{ $file }” is unfinished
unfinished-text = { $sent } of { $total } comments have arrived. Choose the same file again, and only the rest is sent. If it is being sent in another tab, leave that one open.
unfinished-go-on = If this is not being sent right now: choose the same file on the import page, and only the rest is sent.
unfinished-cancel = Cancel this import
send-see-comments = See the comments
send-see-import = About this import
send-another = Import something else
transfer-label = Progress of the import
transfer-sent = { $done } of { $total } sent
transfer-applied = { $done } of { $total } applied
transfer-speed = { $count } a second
transfer-held = { $count ->
    [one] { $count } comment was there already and is not sent again.
   *[other] { $count } comments were there already and are not sent again.
}
transfer-retry = { $seconds ->
    [one] Next try in a second (try { $tries } failed).
   *[other] Next try in { $seconds } seconds (try { $tries } failed).
}
transfer-try-now = Try now
waits-network_lost = The server cannot be reached. It goes on by itself as soon as it can be.
waits-disk_full = The disk of the server is full. It goes on by itself once there is room.
waits-unavailable = The server cannot reach its storage.
waits-imports_full = Other imports are still under way. This one goes on by itself when one of them ends.
waits-staging_full = Other imports leave no room for now. It goes on by itself when one of them ends.
waits-chunks_too_fast = The server takes it a little slower.
waits-busy = The server is busy.
phase-sending = Sending the comments
phase-queued = Waits for its turn
phase-behind = Waits for another import of this site
phase-pages = Storing pages and people
phase-comments = Storing comments
phase-parents = Joining replies to what they answer
phase-cleanup = Deleting the staged files

# Result
sum-in-file = in the file
sum-removed = removed at the source
sum-new = new
sum-changed = changed
sum-same = the same
sum-rejected = rejected
sum-left-out = left out
sum-wrong-title = These numbers do not add up.
sum-wrong-text = That is a fault of Rehome, not of your file. Please report it with the id of this import, and check the comments before you rely on them.
