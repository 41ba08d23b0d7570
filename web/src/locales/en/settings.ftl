# Settings
nav-settings = Settings
settings-title = Settings
tokens-title = API tokens
tokens-intro = With a token, a program imports comments without your password: the rehome command, or a script of your own. It holds for every site of this account until you revoke it.
tokens-empty-title = No program has a token yet
tokens-empty-text = You need one to import from a terminal, or to let another server send its comments here. Make one for each computer or program: then you can revoke one while the others go on.
tokens-another = Another token
tokens-list = Tokens in use
token-made = Made
token-made-by = by
token-last-used = Last used
token-never-used = never
token-revoke = Revoke
token-revoke-named = Revoke { $name }
token-name = Name
token-name-hint = What it is for, for example “Laptop” or “Web server”.
token-make = Make token
token-made-said = The token { $name } is made. Copy it now: it will not be shown again.

# The secret, and what to do with it
token-new-title = Copy the token now
token-new-text = It will not be shown again: Rehome keeps only a fingerprint of it. Whoever has it can do what you have ticked in your name, so keep it like a password.
token-secret = Token “{ $name }”
token-copy = Copy the token
token-copied = Copied: the token
token-new-done = I have copied it
token-use-title = Import from a terminal
token-use-text = Save the token in a file that only you can read, here “{ $file }”. Put the name of your export in the place of { $export }. The comments go into { $site }.
token-command = Command
token-command-copy = Copy the command
token-command-copied = Copied: the command
copy = Copy
copied = Copied
copy-by-hand = The browser does not let Rehome copy. The text is selected: copy it with the keyboard.

# Revoking
revoke-title = Revoke “{ $name }”?
revoke-text = Every program that uses this token is refused from now on, even in the middle of sending. What it has imported stays. A revoked token cannot be brought back.
revoke-do = Revoke token
revoke-keep = Keep it
revoke-done = The token { $name } is revoked.

# What a token may do
tokens-everybodys = As an owner you see everybody’s tokens, and can revoke them.
token-scopes = What it may do
token-may = May:
scope-read = read
scope-read-means = Sees sites, pages, comments and imports.
scope-import = import
scope-import-means = Makes imports and follows them. The rehome command needs it.
scope-export = export
scope-export-means = Kept for exports, which Rehome does not have yet. For now it allows nothing.

# Settings: sites
sites-title = Sites
sites-text = What comments are imported into. Only owners change it.
site-save = Save
site-saved = Saved.
site-public = Anyone may read this site’s comments
site-public-means = Approved comments alone, without e-mail or IP addresses, so that your site can show them. If private comments were imported on purpose, they are shown as well.
site-public-address = The address that a page asks for its comments
site-public-copy = Copy the address
site-public-copied = The address is copied.
