# Ustawienia: dziennik aktywności
log-title = Dziennik aktywności
log-intro = Kto co zrobił na tym koncie, od najnowszych. Nigdy nie zawiera komentarzy, haseł ani tokenów.
log-filter-action = Co
log-filter-person = Kto
log-filter-all = Wszystko
log-filter-everybody = Wszyscy
log-export = Zapisz jako
log-export-csv = CSV (arkusz)
log-export-ndjson = NDJSON (programy)
log-none-title = Nikt tego nie zrobił
log-none-text = W dzienniku nie ma nic tego rodzaju od tej osoby. Wybierz inny rodzaj albo wszystkich.
log-more = Pokaż starsze
log-more-said = { $count ->
    [one] Pokazano jeszcze { $count } starszy wpis.
    [few] Pokazano jeszcze { $count } starsze wpisy.
    [many] Pokazano jeszcze { $count } starszych wpisów.
   *[other] Pokazano jeszcze { $count } starszego wpisu.
}
log-by-token = tokenem { $name }
log-role-from = { $before } → { $role }
log-scopes = może: { $scopes }
log-site = witryna: { $name }
log-see-import = Zobacz import
acts-imports = Importy
acts-people = Osoby
acts-getting-in = Logowanie
acts-settings = Witryny, tokeny i ten dziennik
act-account-made = Utworzenie konta
act-signed-in = Zalogowanie
act-signed-out = Wylogowanie
act-session-ended = Zakończenie jednej ze swoich sesji
act-signed-out-everywhere = Wylogowanie wszędzie
act-password-changed = Zmiana hasła
act-password-reset = Nowe hasło z linku
act-site-made = Dodanie witryny
act-site-changed = Zmiana witryny
act-import-started = Rozpoczęcie importu
act-import-submitted = Wysłanie importu
act-import-cancelled = Zatrzymanie importu
act-report-downloaded = Pobranie raportu z importu
act-pages-joined = Połączenie stron
act-join-undone = Cofnięcie połączenia stron
act-site-deleted = Usunięcie witryny
act-import-undone = Cofnięcie importu
act-job-cancelled = Zatrzymanie oczekującej pracy
act-invitation-made = Zaproszenie kogoś
act-invitation-revoked = Wycofanie zaproszenia
act-invitation-accepted = Przyjęcie zaproszenia
act-role-changed = Zmiana roli
act-member-removed = Usunięcie członka
act-token-made = Utworzenie tokenu API
act-token-revoked = Unieważnienie tokenu API
act-audit-exported = Zapisanie tego dziennika do pliku
act-notices-retried = Ponowna próba wysłania wiadomości
