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
setup-submit = Create the account
setup-done = Rehome is set up already.
setup-no-token = Open the set-up link that the server printed.
setup-find-link = Look at the terminal in which the server runs: the link stands there, works once and lasts 15 minutes. Restart the server for a new one.

# Nothing there
not-found-title = There is no such page
not-found-text = The address may have been mistyped, or the page has moved.
not-found-link = Go to the import page
unreachable-title = The server does not answer
unreachable-text = Check that Rehome runs and that this computer is connected, then try again.
