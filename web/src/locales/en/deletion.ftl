# Pages that seem to be the same
joins-title = Pages that seem to be the same
joins-looking = Looking for pages that seem to be the same
joins-count = { $count ->
    [0] No pages seem to be the same
    [one] { $count } group of pages seems to be one page
   *[other] { $count } groups of pages seem to be one page each
}
joins-none-text = Every page of this site has an address of its own.
joins-text = Their addresses lead to the same page as a rule, so their comments belong together. Joined pages keep every address; no comment is changed. You can take it back.
joins-chosen = { $count ->
    [0] Join the chosen
    [one] Join the chosen one
   *[other] Join the { $count } chosen
}
joins-all = { $count ->
    [one] Join all
   *[other] Join all { $count }
}
joins-running = Joining pages
joins-undoing = Taking apart again
joins-other = At work on this site
joins-progress = Work on the pages
joins-ended = The work on the pages is done.
joins-done = Pages joined
joins-undo = Take back
join-with = with
join-more = { $count ->
    [one] and with { $count } page more
   *[other] and with { $count } pages more
}
join-why = They differ in:
join-scheme = http or https
join-www = www. in front
join-slash = slash at the end
join-tracking = tracking parts such as ?utm_source=…

# Deleting for good
site-delete = Delete this site…
site-delete-title = Delete “{ $name }”?
site-delete-text = With the site goes all that belongs to it:
site-delete-type = Type “{ $name }” to delete it
site-delete-do = Delete the site for good
site-delete-keep = Keep the site
site-deleted = The site { $name } is deleted.
goes-comments = all comments, pages and people that were imported
goes-imports = all imports and their reports
goes-undo = everything by which imports could be taken back
goes-sites = { $count ->
    [0] all sites
    [one] the site:
   *[other] all { $count } sites:
}
goes-people = everybody’s access, with invitations and sessions
goes-tokens = all API tokens and the activity log
goes-for-good = It is deleted for good: nobody can bring it back. Your export files are not touched.
account-delete-title = Delete the account
account-delete-means = All sites, comments and imports of this account go with it, and everybody’s access.
account-delete = Delete this account…
account-delete-ask = Delete this account?
account-delete-text = With the account goes all that belongs to it:
account-delete-password = Your password
account-delete-do = Delete the account for good
account-delete-keep = Keep the account
