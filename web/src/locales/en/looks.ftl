# What each kind of export looks like, for a file that is none of them
format-commento-looks = A JSON file with a version and with lists of comments and commenters, or of comments, commenters and pages.
format-cusdis-looks = A JSON file with projects, pages and comments, or the tables “pages” and “comments” of its database.
format-disqus-looks = An XML file whose first element is “disqus”.
format-disqus-import-wxr-looks = An XML file whose first element is “rss” and that names www.disqus.com.
format-fastcomments-csv-looks = A CSV file whose columns have the names that FastComments gives them.
format-hyvor-talk-looks = A JSON file with the parts “website”, “pages” and “comments”.
format-intensedebate-looks = An XML file with a “blogpost” for each page and the comments in it.
format-just-comments-looks = A JSON or CSV file with comments that name a “pageUrl” or an “itemId”.
format-muut-looks = A JSON file with categories and threads, often in round brackets and slightly broken; or one such thread on each line.
format-rehome-ndjson-looks = Lines of JSON, of which the first is a “header”.
format-wordpress-wxr-looks = An XML file whose first element is “rss” and that names wordpress.org/export.
