# Strony, które wyglądają na tę samą
joins-title = Strony, które wyglądają na tę samą
joins-looking = Szukanie stron, które wyglądają na tę samą
joins-count = { $count ->
    [0] Żadne strony nie wyglądają na tę samą
    [one] { $count } grupa stron wygląda na jedną stronę
    [few] { $count } grupy stron wyglądają każda na jedną stronę
    [many] { $count } grup stron wygląda każda na jedną stronę
   *[other] { $count } grupy stron wygląda każda na jedną stronę
}
joins-none-text = Każda strona tej witryny ma własny adres.
joins-text = Takie adresy zwykle prowadzą do tej samej strony, więc ich komentarze należą do siebie. Połączone strony zachowują wszystkie adresy, a żaden komentarz się nie zmienia. Można to cofnąć.
joins-chosen = { $count ->
    [0] Połącz wybrane
    [one] Połącz wybraną grupę
    [few] Połącz { $count } wybrane
    [many] Połącz { $count } wybranych
   *[other] Połącz { $count } wybranej
}
joins-all = Połącz wszystkie ({ $count })
joins-running = Łączenie stron
joins-undoing = Ponowne rozdzielanie
joins-other = Praca nad tą witryną
joins-progress = Praca nad stronami
joins-ended = Praca nad stronami zakończona.
joins-done = Połączono strony
joins-undo = Cofnij
join-with = z
join-more = { $count ->
    [one] i jeszcze { $count } stroną
    [few] i jeszcze { $count } stronami
    [many] i jeszcze { $count } stronami
   *[other] i jeszcze { $count } strony
}
join-why = Różnica:
join-scheme = http lub https
join-www = www. na początku
join-slash = ukośnik na końcu
join-tracking = dodatki śledzące, takie jak ?utm_source=…

# Usuwanie na zawsze
site-delete = Usuń tę witrynę…
site-delete-title = Usunąć „{ $name }”?
site-delete-text = Razem z witryną zniknie wszystko, co do niej należy:
site-delete-type = Wpisz „{ $name }”, aby ją usunąć
site-delete-do = Usuń witrynę na zawsze
site-delete-keep = Zostaw witrynę
site-deleted = Witryna { $name } jest usunięta.
goes-comments = wszystkie zaimportowane komentarze, strony i osoby
goes-imports = wszystkie importy i ich raporty
goes-undo = wszystko, co pozwalało cofnąć importy
goes-sites = { $count ->
    [0] wszystkie witryny
    [one] witryna:
    [few] wszystkie { $count } witryny:
    [many] wszystkie { $count } witryn:
   *[other] wszystkie { $count } witryny:
}
goes-people = dostęp wszystkich osób, razem z zaproszeniami i sesjami
goes-tokens = wszystkie tokeny API i dziennik aktywności
goes-for-good = Usunięcie jest ostateczne: nikt nie może tego przywrócić. Twoje pliki eksportu zostają nietknięte.
account-delete-title = Usunięcie konta
account-delete-means = Razem z kontem znikną wszystkie jego witryny, komentarze i importy oraz dostęp wszystkich osób.
account-delete = Usuń to konto…
account-delete-ask = Usunąć to konto?
account-delete-text = Razem z kontem zniknie wszystko, co do niego należy:
account-delete-password = Twoje hasło
account-delete-do = Usuń konto na zawsze
account-delete-keep = Zostaw konto
