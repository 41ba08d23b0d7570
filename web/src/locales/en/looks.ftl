# What each kind of export looks like, for a file that is none of them
format-disqus-looks = An XML file whose first element is “disqus”.
format-disqus-import-wxr-looks = An XML file whose first element is “rss” and that names www.disqus.com.
format-wordpress-wxr-looks = An XML file whose first element is “rss” and that names wordpress.org/export.
