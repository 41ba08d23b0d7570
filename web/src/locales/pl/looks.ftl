# Jak wygląda każdy rodzaj eksportu, gdy plik nie jest żadnym z nich
format-disqus-looks = Plik XML, którego pierwszym elementem jest „disqus”.
format-disqus-import-wxr-looks = Plik XML, którego pierwszym elementem jest „rss” i który wymienia www.disqus.com.
format-wordpress-wxr-looks = Plik XML, którego pierwszym elementem jest „rss” i który wymienia wordpress.org/export.
