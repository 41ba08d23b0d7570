# What each kind of export looks like, for a file that is none of them
format-disqus-looks = An XML file whose first element is “disqus”.
