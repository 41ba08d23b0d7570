# Settings, your account: what one is told by mail
told-title = Mail about imports
told-legend = Mail me when an import ends
told-never = Never
told-never-means = You look for yourself.
told-mine = Mine
told-mine-means = Imports that you started. Not those that somebody stopped by hand.
told-all = All
told-all-means = Imports of everybody in this account. Not those that somebody stopped by hand.
told-save = Save
told-saved = Saved.
told-no-mail = This server does not send mail
told-no-mail-text = Nothing will come, whatever you choose here, until whoever runs the server sets mail up. Your choice is kept.

# Settings: is the server well?
health-title = Health
health-text = When an import fails, Rehome tells whoever runs the server; when one ends, it tells you if you asked for it. Here you see whether those messages get out. They never hold comments, names or file names.
health-unsent = Messages on their way
health-none = Every message has been sent.
health-waiting = { $count ->
    [one] { $count } message is about to be sent.
   *[other] { $count } messages are about to be sent.
}
health-failing = { $count ->
    [one] { $count } message could not be sent so far.
   *[other] { $count } messages could not be sent so far.
}
health-failing-text = Rehome tries again by itself, for three days.
health-given-up = { $count ->
    [one] { $count } message was given up.
   *[other] { $count } messages were given up.
}
health-given-up-text = Rehome does not try again by itself. Tell whoever runs the server, or try again once the reason is gone.
health-why = The latest reason:
health-oldest = The oldest has waited since
health-retry = Try again now
health-tried = They are being tried again.
health-look = Look again
health-looked = This is how it is now.
health-ways = How messages get out
health-mail = The server sends mail.
health-mail-not = The server does not send mail: nobody gets any, whatever they chose.
health-operators = Whoever runs the server gets a mail when something fails.
health-operators-not = Whoever runs the server gets no mail when something fails.
health-webhook = A webhook is told when something fails.
health-webhook-not = No webhook is set up.
health-ways-text = Whoever runs the server sets this up; the documentation says how (docs/notices.md).

# Why a message could not be sent
trouble-mail_not_set_up = The server is not set up for mail any more.
trouble-mail_refused = The mail server refuses the mail.
trouble-mail_busy = The mail server takes no mail right now.
trouble-mail_timed_out = The mail server did not answer in time.
trouble-mail_untrusted = The mail server’s certificate cannot be trusted, or it takes no encryption.
trouble-mail_unreachable = The mail server cannot be reached.
trouble-mail_address = No mail can be sent to that address.
trouble-operator_gone = The address was taken out of the server’s settings.
trouble-webhook_not_set_up = The webhook was taken out of the server’s settings.
trouble-webhook_private = The webhook’s address is on a private network, which is not allowed.
trouble-webhook_unreachable = The webhook’s address cannot be reached.
trouble-webhook_untrusted = The certificate of the webhook’s address cannot be trusted.
trouble-webhook_timed_out = The webhook’s address did not answer in time.
trouble-webhook_redirects = The webhook’s address sends elsewhere, which Rehome does not follow.
trouble-webhook_gone = The webhook’s address wants no more messages.
trouble-webhook_refused = The webhook’s address refuses the message.
trouble-webhook_failed = The webhook’s address reported a fault of its own.
