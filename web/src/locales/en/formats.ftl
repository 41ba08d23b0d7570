# Made from the list of formats by `cargo xtask generate`. Do not edit.
format-disqus-step-1 = Sign in to Disqus and open Admin, then Community, then Export. Older accounts find it under Moderation tools.
format-disqus-step-2 = Press “Export comments”.
format-disqus-step-3 = Disqus sends a link by e-mail. It can take from a minute to some hours.
format-disqus-step-4 = Download the file and drop it here as it is. You need not unpack it.
