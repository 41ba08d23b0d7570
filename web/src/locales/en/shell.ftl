# Frame of every page
skip-to-content = Skip to the content
nav-label = Main
nav-import = Import
nav-activity = Activity
nav-comments = Comments
nav-under-way = { $count ->
    [one] { $count } import under way
   *[other] { $count } imports under way
}
site-label = Site
site-add = Add a site
site-name = Site name
site-name-hint = As you call it, for example “Blog”.
site-url = Site address
menu = Menu
language-label = Language
theme-label = Colours
theme-auto = As the system
theme-light = Light
theme-dark = Dark
sign-out = Sign out
cancel = Cancel
try-again = Try again

# Getting in
sign-in = Sign in
email = E-mail address
password = Password
password-show = Show
password-hint = At least 10 characters. Longer is better than complicated.
setup-title = Set up Rehome
setup-intro = This account owns everything on this server. Its first site is the one that your comments move to.
setup-further = This makes an account of its own, beside those that the server has. Nobody of the other accounts sees it.
setup-submit = Create the account
setup-done = Rehome is set up already.
setup-no-token = Open the set-up link that the server printed.
setup-find-link = Look at the terminal in which the server runs: the link stands there, works once and lasts 15 minutes. Restart the server for a new one.

# Nothing there
not-found-title = There is no such page
not-found-text = The address may have been mistyped, or the page has moved.
not-found-link = Go to the first page
unreachable-title = The server does not answer
unreachable-text = Check that Rehome runs and that this computer is connected, then try again.

# Getting in without the password
forgot-link = Forgot your password?
forgot-title = Forgot your password?
forgot-text = Give the e-mail address that you sign in with. You get a link with which you choose a new password.
forgot-do = Send me a link
forgot-asked = If somebody signs in with this address, a link is on its way to it.
forgot-asked-text = It works once, within 15 minutes. Nothing there? Look into the spam folder, and see whether the address is the one that you sign in with. Whoever runs this server can make a link, too.
forgot-no-mail = This server sends no mail. Ask whoever runs it to type this command there, with your e-mail address:
forgot-no-mail-link = It prints a link with which you choose a new password. It works once, within 15 minutes.
forgot-back = Back to sign-in
reset-title = Choose a new password
reset-text = You are signed out everywhere else then, and sign in with the new password.
reset-do = Save the new password
reset-done = The new password holds.
reset-done-text = The old one does not any more, and you are signed out everywhere.
reset-no-token = Open the whole link that you were given.
reset-whole-link = A part of it is missing: it has a long code behind the # sign. It works once; if you have used it, make another one.
reset-again = Get another link

# Accepting an invitation
accept-title = You are invited
accept-title-other = Invitation
accept-as-viewer = { $email } invites you to this Rehome as a viewer.
accept-as-admin = { $email } invites you to this Rehome as an admin.
accept-as-owner = { $email } invites you to this Rehome as an owner.
accept-ends = The invitation ends on
accept-email-hint = You sign in with it from now on.
accept-email-fixed = The invitation is for this address. You sign in with it from now on.
accept-do = Accept and sign in
accept-no-token = Open the whole link that you were sent.
accept-whole-link = A part of it is missing: it has a long code behind the # sign. Copy the link once more, from its beginning to its end.
accept-invalid-next = Whoever invited you can make a new link. Have you accepted it already?
accept-signed-in = You are signed in as { $email }.
accept-sign-out-first = This invitation is for somebody who has no place here yet. To accept it with another e-mail address, sign out first.
accept-stay = Stay signed in

# Roles
role-viewer = Viewer
role-viewer-means = Sees the comments and how imports went, and changes nothing.
role-admin = Admin
role-admin-means = Imports comments, adds sites and makes API tokens.
role-owner = Owner
role-owner-means = Does what an admin does, and decides who gets in and what they may do.
viewer-note = You are a viewer here: you see every import and comment, and change nothing. To import, ask an owner to make you an admin.
viewer-note-link = See who the owners are
