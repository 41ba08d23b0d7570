# Stopping an import
stop-ask = Stop…
stop-title = Stop this import?
stop-nothing-in = None of its comments is on your site yet. What was sent to the server is deleted.
stop-do = Stop the import
stop-is-in = { $count ->
    [0] None of its comments is on your site yet.
    [one] { $count } comment is on your site already.
   *[other] { $count } comments are on your site already.
}
stop-keep = Stop and keep what is in
stop-keep-means = Import the same file later, and only the rest comes in. You can still take it back then.
stop-undo = Stop and take it out
stop-undo-means = What it has added is deleted, and what it has changed becomes as it was.
stop-go-on = Go on importing
stop-over = This import is over
stop-over-text = It ended before it could be stopped.
stop-close = Close
stop-under-way = The import is being stopped …

# Taking an import back
undo-ask = Take back this import…
undo-again = Try again…
undo-means = Taking it back deletes what it added, and makes what it changed as it was. You see what that is before anything happens.
undo-past = This import cannot be taken back any more: what was there before it is not kept for longer.
undo-title = Take back “{ $file }”?
undo-looking = Looking up what would change
undo-deleted = { $count ->
    [one] comment is deleted
   *[other] comments are deleted
}
undo-restored = { $count ->
    [one] comment becomes as it was
   *[other] comments become as they were
}
undo-pages = { $count ->
    [one] page is deleted
   *[other] pages are deleted
}
undo-stays = Your export file is not touched: you can import it again at any time.
undo-later-title = { $count ->
    [one] What came after it goes with it
   *[other] { $count } things came after it and go with it
}
undo-later-text = What came later builds on what this import had brought, so it cannot stay without it.
undo-step-regroup = Pages were joined
undo-counts = { $deleted } deleted, { $restored } as they were
undo-by-page = By page
undo-pages-more = { $count ->
    [one] and { $count } page more
   *[other] and { $count } pages more
}
undo-do = { $count ->
    [one] Take back
   *[other] Take back all { $count }
}
undo-keep = Keep it
undo-begun = The import is being taken back.
undo-cancel = Do not take it back
undo-progress = Taking back
undo-running = Deleting and putting back
undo-waiting = Waits for its turn
undo-failed-text = What is taken back so far stays so. Look at the terminal of the server, then try again: it goes on from there.
undone-title = This import was taken back.
undone-text = What it had added is deleted, and what it had changed is as it was. The numbers below say what it had done.
cancelled-undoing = This import was stopped, and is being taken back.
column-deleted = Deleted
column-restored = As it was
job-done = { $done } of { $total } done

# What the sum alone does not say
note-joined = { $count ->
    [one] { $count } comment was here already from another source. It was recognised, and not doubled.
   *[other] { $count } comments were here already from another source. They were recognised, and not doubled.
}
note-later = { $count ->
    [one] The time of { $count } of them is { $hours } later in this file.
   *[other] The times of { $count } of them are { $hours } later in this file.
}
note-earlier = { $count ->
    [one] The time of { $count } of them is { $hours } earlier in this file.
   *[other] The times of { $count } of them are { $hours } earlier in this file.
}
note-time-other = { $count ->
    [one] The time of { $count } of them differs in another way.
   *[other] The times of { $count } of them differ in another way.
}
note-time-stays = The time that was here first stays.
note-doubles = { $count ->
    [one] { $count } comment may be here twice. Have a look at it.
   *[other] { $count } comments may be here twice. Have a look at them.
}
note-vanished = { $count ->
    [one] { $count } comment that this source had before is not in this file. It stays.
   *[other] { $count } comments that this source had before are not in this file. They stay.
}
doubles-title = Possibly here twice
doubles-text = This file says that these comments are the same as others that were here. But neither the author nor the words agree, so both are kept.
column-id-here = Id in this file
column-id-before = Id of the other
vanished-title = No longer in the file
vanished-text = They may have been deleted at the source, or the export does not hold everything. Rehome deletes nothing because of that.
vanished-show = Show their ids
vanished-unknown = Which ones is not known any more: a later import of the same source has looked since.
report-save = Save the report as
report-means = Who, when, which file, all counts, and every record that was left out, with its line and the reason. It holds no comments.

# Is this the same blog?
same-blog-title = Is this the same blog?
same-blog-why = Many comments in this file are word for word the same as comments that are here already, but they come from another address. So either the blog has moved, or one blog holds a copy of the other. Only you can tell.
same-blog-known = Here already, from
same-blog-sent = In this file, from
same-blog-yes = Yes, it has moved
same-blog-yes-means = Comments that are here already are recognised and brought up to date. Nothing is doubled.
same-blog-no = No, it is another blog
same-blog-no-means = All its comments come in beside those that are here.
same-blog-waits = Everything is sent. The import begins with your answer.

# What waits for what
queued-behind-regroup = Pages are being joined. One thing at a time is done to a site.
queued-behind-delete = Something is being deleted. One thing at a time is done to a site.
queued-behind-undo = An import is being taken back. One thing at a time is done to a site.

# Why work on a site stopped that is no import
halted-store_failed = The server could not write to its database.
halted-disk_full = The disk of the server is full.
halted-undo_later_first = Something else was done to the site after it, so that has to be taken back first.
halted-interrupted_twice = The server was interrupted twice at the same place and has given up.
halted-internal = The server made a mistake.
halted-undo_expired = What was there before is not kept any more.
