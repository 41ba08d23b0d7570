# Settings: the activity log
log-title = Activity log
log-intro = Who did what in this account, the newest first. It never holds comments, passwords or tokens.
log-filter-action = What
log-filter-person = Who
log-filter-all = Everything
log-filter-everybody = Everybody
log-export = Save as
log-export-csv = CSV (spreadsheet)
log-export-ndjson = NDJSON (programs)
log-none-title = Nobody has done this
log-none-text = Nothing in the log is of this kind and by this person. Choose another kind or everybody.
log-more = Show older ones
log-more-said = { $count ->
    [one] { $count } older entry is shown.
   *[other] { $count } older entries are shown.
}
log-by-token = with the token { $name }
log-role-from = from { $before } to { $role }
log-scopes = may: { $scopes }
log-site = site: { $name }
log-see-import = See the import
acts-imports = Imports
acts-people = People
acts-getting-in = Signing in
acts-settings = Sites, tokens and this log
act-account-made = Made the account
act-signed-in = Signed in
act-signed-out = Signed out
act-session-ended = Ended one of their sessions
act-signed-out-everywhere = Signed out everywhere
act-password-changed = Changed their password
act-password-reset = Chose a new password by a link
act-site-made = Added a site
act-site-changed = Changed a site
act-import-started = Began an import
act-import-submitted = Sent an import off
act-import-cancelled = Stopped an import
act-invitation-made = Invited somebody
act-invitation-revoked = Took an invitation back
act-invitation-accepted = Accepted an invitation
act-role-changed = Changed a role
act-member-removed = Removed a member
act-token-made = Made an API token
act-token-revoked = Revoked an API token
act-audit-exported = Saved this log as a file
act-notices-retried = Had unsent messages tried again
