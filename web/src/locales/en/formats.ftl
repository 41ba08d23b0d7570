# Made from the list of formats by `cargo xtask generate`. Do not edit.
format-disqus-step-1 = Sign in to Disqus and open Admin, then Community, then Export. Older accounts find it under Moderation tools.
format-disqus-step-2 = Press “Export comments”.
format-disqus-step-3 = Disqus sends a link by e-mail. It can take from a minute to some hours.
format-disqus-step-4 = Download the file and drop it here as it is. You need not unpack it.
format-disqus-import-wxr-step-1 = This is the file that was made for an import into Disqus: take it as it is.
format-disqus-import-wxr-step-2 = For the comments that are at Disqus now, export them there: Admin, Community, Export.
format-wordpress-wxr-step-1 = Sign in to WordPress and open Tools, then Export.
format-wordpress-wxr-step-2 = Choose “All content”, so that no post with comments is missing.
format-wordpress-wxr-step-3 = Press “Download Export File” and drop the file here as it is.
format-wordpress-wxr-step-4 = If you get several files, or a .zip, drop all of them together.
