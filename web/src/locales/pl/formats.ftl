# Skąd wziąć plik eksportu: kroki te same co w locales/en/formats.ftl, które powstaje z listy formatów
format-disqus-step-1 = Zaloguj się w Disqus i otwórz Admin, następnie Community i Export. Na starszych kontach jest to w Moderation tools.
format-disqus-step-2 = Naciśnij „Export comments”.
format-disqus-step-3 = Disqus wyśle link e-mailem. Może to potrwać od minuty do kilku godzin.
format-disqus-step-4 = Pobierz plik i upuść go tutaj bez zmian. Nie trzeba go rozpakowywać.
format-disqus-import-wxr-step-1 = To plik przygotowany do importu do Disqus: weź go takim, jaki jest.
format-disqus-import-wxr-step-2 = Komentarze, które są teraz w Disqus, wyeksportuj stamtąd: Admin, Community, Export.
format-wordpress-wxr-step-1 = Zaloguj się w WordPressie i otwórz Narzędzia, następnie Eksport.
format-wordpress-wxr-step-2 = Wybierz „Całą zawartość”, żeby nie zabrakło żadnego wpisu z komentarzami.
format-wordpress-wxr-step-3 = Naciśnij „Pobierz plik eksportu” i upuść plik tutaj bez zmian.
format-wordpress-wxr-step-4 = Jeśli dostaniesz kilka plików albo .zip, upuść wszystkie razem.
