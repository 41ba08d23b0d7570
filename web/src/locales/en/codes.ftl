# What stands out in a file, by issue code
issue-page_not_in_file = Comments that stand on a page which is not in the file. Nobody could find them on your site, so they are left out.
issue-page_missing = Comments that name no page. There is no place for them on your site, so they are left out.
issue-id_missing = Records without an id. They could not be recognised in a later import, so they are left out.
issue-id_clash = Different records carry the same id. They are told apart and all kept.
issue-duplicate_id = The same record occurs more than once. It is taken once.
issue-bad_date = Dates that cannot be read. The comments are kept without a date.
issue-bad_flag = Marks such as “deleted” or “spam” that are neither true nor false. They count as not set.
issue-parent_not_in_file = Replies to comments that are not in the file. They are kept, directly under their page.
issue-parent_on_other_page = Replies to comments on another page. They are kept, directly under their own page.
issue-parent_skipped = Replies to comments that are left out. They are kept, directly under their page.
issue-parent_cycle = Replies that answer each other in a circle. They are kept, directly under their page.
issue-self_parent = Comments that answer themselves. They are kept, directly under their page.
issue-page_without_address = Pages without an address. Their comments are kept; they cannot be matched to your site by address.
issue-page_deleted = Pages that are deleted at the old service. Their comments are kept.
issue-unknown_entity = Characters written in a way that the file does not explain. They are kept as they are written.
issue-file_left_out = Files that are no export of this kind. They are left out; the others are read.
issue-no_comments = There is no comment in the file.
issue-several_origins = The file holds comments of several sites of the old service. All of them go into the site chosen above.
issue-body_too_long = Comments that are longer than Rehome takes.
issue-text_too_long = Names, titles or addresses that are longer than Rehome takes.
issue-too_many = Records with more parts than Rehome takes.
issue-field_unreadable = Fields that cannot be read. The rest of the record is kept.
issue-malformed_attribute = Badly written attributes. They are passed over.
issue-record_broken = Records damaged in the middle. They are left out.
issue-record_cut = The record in which the file stops. It is left out.
issue-record_damaged = Records that are damaged or whose end is missing. They are kept as far as they can be read.
issue-part_lost = Damaged parts of the file. What stood there is lost; the reading goes on behind them.
issue-element_unknown = Parts of an unknown kind. They are left out.
issue-invalid_bytes = Bytes that are no text. Each is replaced by the sign �; everything around it is kept.
issue-checks_capped = The file holds more comments than can be compared. Of the last ones we did not check whether they answer one that is there, or share their id with another.
issue-junk_before_start = Something stands before the beginning of the export. It is passed over.
issue-junk_after_end = Something stands after the end of the export. It is passed over.
issue-id_empty = Records with an empty id.
issue-id_too_long = Records with an id that is longer than Rehome takes.
issue-id_control_character = Records with an id that holds invisible control characters.
issue-json_repaired = Brackets too many or missing commas, as this kind of export has them. They are read as they were meant; no text is changed.
issue-text_missing = Comments without any text. They are kept as deleted ones, so that answers to them keep their place.
issue-other_host = Comments on another host than the one you chose. They are left out.
issue-page_address_unknown = Pages that go by a name of the site's own, or whose host is not in the file. They are kept under that name; they cannot be matched to your site by address.
issue-preview_page = The old service's own preview, which is no page of your site. It is left out.
issue-status_unknown = Comments of which the file does not say in a known way whether they are shown. They are kept as waiting for a moderator.
issue-row_ragged = Rows with more or fewer values than the table has columns. Their values may stand in the wrong places, so they are left out.
issue-line_too_long = Lines that are longer than any comment. They are left out.
issue-removed = Comments that the old service no longer has. They are removed here too.
issue-control_characters = Invisible control characters in texts. They are taken out; everything around them is kept.
issue-date_local = Comments that have their time in the blog’s own time zone alone. It is taken as UTC, so it may be some hours off.
issue-date_of_page = Comments without a time. They get the time of their page.
issue-plain_feed = The file is an RSS feed without the parts that WordPress’s export has. If comments are missing, open Tools and Export in WordPress, and take that file.
issue-status_missing = Comments of which the file does not say whether they are approved. They are kept as waiting for a moderator.
issue-private_page = Comments on private or unpublished posts. They are left out unless you choose to take them.
issue-password_page = Comments on posts that are protected by a password. They are left out unless you choose to take them.
issue-trashed_page = Comments on posts that were thrown away. They are left out unless you choose to take them.
issue-private_note = Notes for those who run the site, such as those on orders. They are left out unless you choose to take them.

# Why the server rejected a record
rejected-id_empty = Its id is empty
rejected-id_too_long = Its id is too long
rejected-id_control_character = Its id holds control characters
rejected-body_too_long = Its text is too long
rejected-text_too_long = A name, title or address is too long
rejected-too_many = It has too many parts
rejected-page_unknown = Its page is not in what was sent
rejected-schema_unknown = It is written in an unknown version

# What a file is, and why
reason-root_element = Its first element is “{ $detail }”.
reason-namespace = It names the address “{ $detail }”, which this kind of export carries.
reason-json_keys = It has the parts “{ $detail }”, which this kind of export carries.
reason-version = It says that it is version { $detail }.
reason-columns = Its columns have the names “{ $detail }”, as in this kind of export.
reason-rehome_header = Its first line says that these are lines in Rehome's own form.
reason-plain_feed = It is an RSS feed. The parts that an export of WordPress has are missing.
reason-encoding = It is written in { $detail }, not in UTF-8. It is read as what it is.
reason-html_page = It is a web page. If you saved it from your browser, use the download link in the e-mail instead.
reason-json = It is JSON.
reason-holds = In it: { $detail }.
reason-zip = It is a ZIP archive. Unpack it and drop the export that is inside.
reason-sqlite = It is a SQLite database.
reason-database_dump = It is a copy of a database (SQL). Use the export of the comment system instead.
reason-picture = It is a picture.
reason-pdf = It is a PDF document.
reason-other_archive = It is an archive of a kind that cannot be opened here. Unpack it and drop the export that is inside.
reason-empty_file = It is empty.
reason-text = It is text of another kind.
reason-cut_before_root = It stops before the export begins.
reason-binary = It is not a text file.

# What stops reading
problem-file_cut = This file stops before its end. It was probably not downloaded completely.
problem-gzip_cut = This packed file stops before its end. It was probably not downloaded completely.
problem-gzip_damaged = This packed file is damaged. It can be unpacked only in part.
problem-xml_broken = This file is damaged: its XML is broken.
problem-json_broken = This file is damaged: its JSON is broken.
problem-zip_damaged = This ZIP archive is damaged, or was not downloaded completely. Download it again.
problem-zip_empty = There is no file in this ZIP archive. Choose the export itself.
problem-zip_encrypted = This ZIP archive has a password. Unpack it and choose the export that is inside.
problem-zip_too_many = This ZIP archive holds more files than an export has. Unpack it and choose the export that is inside.
problem-zip_unsupported = This ZIP archive is packed in an unusual way. Unpack it and choose the export that is inside.
problem-files_too_many = These are more files than one export has. Choose fewer.
problem-invalid_utf8 = This file is damaged: it holds bytes that are not text.
problem-nested_too_deep = Elements are nested too deep in this file. No export looks like that.
problem-value_too_long = One value in this file is longer than Rehome reads.
problem-read_failed = The file cannot be read. It may have been moved or changed since you chose it.
problem-format_unknown = This is not an export that Rehome knows.
problem-version_unknown = This is a version of the export that Rehome cannot read.
problem-encoding_unsupported = This file is written in an encoding that cannot be read here. Save it as UTF-8 and try again.
problem-not_text = This is not a text file.
problem-inflates_too_large = This packed file grows too large when it is unpacked. No export looks like that.
problem-junk_after_end = Something stands after the end of the export. The file may be two files in one.
problem-cut_before_root = This file stops before the export begins.
problem-header_broken = The first line of this file, which says what its lines are, cannot be read.
problem-headers_differ = These files come from different exports. Import them one after the other.
problem-lines_missing = The last line of this file counts other records than the file holds. Some were lost or added on the way.
problem-source_incomplete = These lines were made from an export that stops before its end.
problem-schema_unknown = These lines are written in a version that Rehome does not know.
problem-worker_crashed = Rehome made a mistake while working on this file. Nothing has been applied. Please report what stands below.

# What stops sending and applying
problem-network_lost = The server cannot be reached. Check the connection and try again.
problem-part_not_loaded = A part of this page could not be loaded. Check the connection and try again.
problem-signed_out = You are signed out. Sign in, then choose the file again.
problem-server_refused = The server refused what was sent.
problem-server_error = The server made a mistake. Look at its terminal, then try again.
problem-chunk_differs = The file has changed since the import began. Start a new import.
problem-chunks_missing = Not everything has arrived at the server. Send the file again.
problem-counts_differ = The server counted something else than this browser. Nothing has been applied; send the file again.
problem-incomplete = This file stops before its end, so comments are missing from it. Export it again, or choose to import what can be read.
problem-digest_mismatch = What arrived at the server is not what was sent. Nothing has been applied; send the file again.
problem-disk_full = The disk of the server is full. Make room, then import the file again: what is in already is recognised.
problem-storage_unavailable = The server cannot reach its storage. Try again when it is back.
problem-store_failed = The server could not write to its database. Look at its terminal, then import the file again: what is in already is recognised.
problem-spool_unreadable = The server cannot read what was staged. Import the file again: what is in already is recognised.
problem-interrupted_twice = The server was interrupted twice at the same place and has given up. Look at its terminal before you import the file again.
problem-cancelled = This import was cancelled. What had gone in by then has stayed.
problem-expired = This import has expired: it was never sent to its end. Nothing of it was applied.
problem-unexpected = Something happened that Rehome did not expect. Load the page again.
problem-import_differs = This file was sent in part before, but that import cannot be gone on with.
problem-cancel_untold = Sending has stopped, but the server could not be told. Cancel the import under Activity.
problem-person_needed = This needs a person who is signed in; a token is not enough.
problem-import_invalid = The file gives names that the server does not take. Please report this with the name of the old service.
problem-body_too_large = What was sent is larger than the server takes.
problem-not_receiving = This import takes nothing more. Start a new one.
problem-ended = This import has ended already.
problem-seen_differs = What was sent is not what this browser counted. Nothing has been applied; send the file again.
problem-pages_missing = This server was built without its pages.
problem-cross_site = The request came from another site. Open Rehome itself and try again.
problem-internal = The server made a mistake. Look at its terminal, then try again.
problem-timed_out = The server took too long. Try again.
problem-not_found = This does not exist, or not any more.
problem-unavailable = The server is busy or stopping. Try again in a moment.

# Getting in
problem-credentials_wrong = The e-mail address or the password is wrong.
problem-already_set_up = Rehome is set up already. Sign in instead.
problem-setup_link_invalid = This link was used before or has expired. Restart the server: its terminal shows a new one.
problem-email_invalid = This is not an e-mail address.
problem-password_too_short = The password is too short: take at least 10 characters.
problem-password_too_long = The password is too long.
problem-site_name_invalid = The site needs a name that is not too long.
problem-site_url_invalid = The address of the site must be complete, like https://blog.example.org.

# API tokens
problem-tokens_full = There are 50 tokens already. Revoke one that is not used any more.
problem-token_name_invalid = Give the token a name of at most 100 characters.
problem-token_scopes_missing = Choose at least one thing that the token may do.

# Members and what they may do
problem-role_needed = Your role in this account does not allow this. Ask an owner of the account.
problem-scope_needed = This token is not allowed to do this. Make one that is.
problem-no_longer = You lost the right to do this while it went on. Nothing more was taken.
problem-last_owner = The account needs an owner. Make somebody else an owner first.
problem-invitations_full = There are 50 open invitations already. Take one back first.
problem-invitation_invalid = This invitation was used, taken back, or is older than 7 days. Ask for another one.
problem-invitation_email_differs = This invitation is for another e-mail address.
problem-email_taken = Somebody signs in with this e-mail address already. Take another one.
problem-password_wrong = The current password is wrong.
problem-reset_link_invalid = This link was used or has expired. Ask for a new one.

# Limits
problem-too_many_attempts = There were too many attempts to sign in. Wait a little, then try again.
problem-imports_full = Too many imports are under way. Let one end, or cancel one that you do not need.
problem-staging_full = Other imports leave no room on the server. Let one end, or cancel one that you do not need.
problem-chunks_too_fast = The comments come faster than the server takes them. It goes on more slowly.

# Reading back
problem-cursor_invalid = The place to go on from cannot be read. Start from the beginning.
problem-page_unnamed = Say which page: by its address or by its identifier.
