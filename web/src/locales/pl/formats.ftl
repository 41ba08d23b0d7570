# Skąd wziąć plik eksportu: kroki te same co w locales/en/formats.ftl, które powstaje z listy formatów
format-disqus-step-1 = Zaloguj się w Disqus i otwórz Admin, następnie Community i Export. Na starszych kontach jest to w Moderation tools.
format-disqus-step-2 = Naciśnij „Export comments”.
format-disqus-step-3 = Disqus wyśle link e-mailem. Może to potrwać od minuty do kilku godzin.
format-disqus-step-4 = Pobierz plik i upuść go tutaj bez zmian. Nie trzeba go rozpakowywać.
format-intensedebate-step-1 = Zaloguj się w IntenseDebate, otwórz Sites i wybierz swoją witrynę.
format-intensedebate-step-2 = Otwórz Tools, potem XML Export, i poproś o eksport.
format-intensedebate-step-3 = IntenseDebate wyśle plik e-mailem. W przypadku dużej witryny może nigdy nie przyjść.
format-intensedebate-step-4 = Upuść plik tutaj bez zmian. Nie trzeba go rozpakowywać.
format-muut-step-1 = Zaloguj się w Muut i otwórz ustawienia swojej społeczności, potem Integrations i JSON Export.
format-muut-step-2 = Muut wyśle plik e-mailem. Jego nazwa kończy się na .gz.
format-muut-step-3 = Upuść go tutaj bez zmian. Nie trzeba go rozpakowywać.
