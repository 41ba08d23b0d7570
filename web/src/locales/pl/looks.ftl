# Jak wygląda każdy rodzaj eksportu, gdy plik nie jest żadnym z nich
format-disqus-looks = Plik XML, którego pierwszym elementem jest „disqus”.
