# Skąd wziąć plik eksportu: kroki te same co w locales/en/formats.ftl, które powstaje z listy formatów
format-disqus-step-1 = Zaloguj się w Disqus i otwórz Admin, następnie Community i Export. Na starszych kontach jest to w Moderation tools.
format-disqus-step-2 = Naciśnij „Export comments”.
format-disqus-step-3 = Disqus wyśle link e-mailem. Może to potrwać od minuty do kilku godzin.
format-disqus-step-4 = Pobierz plik i upuść go tutaj bez zmian. Nie trzeba go rozpakowywać.
