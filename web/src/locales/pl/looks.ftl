# Jak wygląda każdy rodzaj eksportu, gdy plik nie jest żadnym z nich
format-commento-looks = Plik JSON z numerem wersji oraz listami komentarzy i komentujących, a czasem także stron.
format-cusdis-looks = Plik JSON z projektami, stronami i komentarzami albo tabele „pages” i „comments” z jego bazy danych.
format-disqus-looks = Plik XML, którego pierwszym elementem jest „disqus”.
format-disqus-import-wxr-looks = Plik XML, którego pierwszym elementem jest „rss” i który wymienia www.disqus.com.
format-fastcomments-csv-looks = Plik CSV, którego kolumny noszą nazwy nadawane przez FastComments.
format-hyvor-talk-looks = Plik JSON z częściami „website”, „pages” i „comments”.
format-intensedebate-looks = Plik XML z elementem „blogpost” na każdą stronę i komentarzami w środku.
format-just-comments-looks = Plik JSON lub CSV z komentarzami, które podają „pageUrl” lub „itemId”.
format-muut-looks = Plik JSON z kategoriami i wątkami, często w nawiasach okrągłych i trochę uszkodzony; albo po jednym takim wątku w wierszu.
format-rehome-ndjson-looks = Wiersze JSON, z których pierwszy to „header”.
format-wordpress-wxr-looks = Plik XML, którego pierwszym elementem jest „rss” i który wymienia wordpress.org/export.
