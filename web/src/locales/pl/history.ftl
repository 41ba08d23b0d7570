# Zatrzymywanie importu
stop-ask = Zatrzymaj…
stop-title = Zatrzymać ten import?
stop-nothing-in = Żaden z jego komentarzy nie jest jeszcze w Twojej witrynie. To, co wysłano na serwer, zostanie usunięte.
stop-do = Zatrzymaj import
stop-is-in = { $count ->
    [0] Żaden z jego komentarzy nie jest jeszcze w Twojej witrynie.
    [one] { $count } komentarz jest już w Twojej witrynie.
    [few] { $count } komentarze są już w Twojej witrynie.
    [many] { $count } komentarzy jest już w Twojej witrynie.
   *[other] { $count } komentarza jest już w Twojej witrynie.
}
stop-keep = Zatrzymaj i zostaw to, co już jest
stop-keep-means = Gdy później zaimportujesz ten sam plik, dojdzie tylko reszta. Import nadal będzie można cofnąć.
stop-undo = Zatrzymaj i cofnij
stop-undo-means = To, co import dodał, zostanie usunięte, a to, co zmienił, będzie takie jak przedtem.
stop-go-on = Importuj dalej
stop-over = Ten import już się skończył
stop-over-text = Skończył się, zanim dało się go zatrzymać.
stop-close = Zamknij
stop-under-way = Trwa zatrzymywanie importu …

# Cofanie importu
undo-ask = Cofnij ten import…
undo-again = Spróbuj ponownie…
undo-means = Cofnięcie usuwa to, co import dodał, i przywraca to, co zmienił. Zanim cokolwiek się stanie, zobaczysz, co to jest.
undo-past = Tego importu nie można już cofnąć: to, co było przed nim, nie jest dłużej przechowywane.
undo-title = Cofnąć „{ $file }”?
undo-looking = Sprawdzanie, co się zmieni
undo-deleted = { $count ->
    [one] komentarz zostanie usunięty
    [few] komentarze zostaną usunięte
    [many] komentarzy zostanie usuniętych
   *[other] komentarza zostanie usunięte
}
undo-restored = { $count ->
    [one] komentarz będzie taki jak przedtem
    [few] komentarze będą takie jak przedtem
    [many] komentarzy będzie takich jak przedtem
   *[other] komentarza będzie takie jak przedtem
}
undo-pages = { $count ->
    [one] strona zostanie usunięta
    [few] strony zostaną usunięte
    [many] stron zostanie usuniętych
   *[other] strony zostanie usunięte
}
undo-stays = Twój plik eksportu zostaje nietknięty: w każdej chwili możesz zaimportować go ponownie.
undo-later-title = { $count ->
    [one] Razem z nim cofnięte zostanie to, co było po nim
    [few] Razem z nim cofnięte zostaną { $count } późniejsze zmiany
    [many] Razem z nim cofniętych zostanie { $count } późniejszych zmian
   *[other] Razem z nim cofnięte zostanie { $count } późniejszej zmiany
}
undo-later-text = To, co było później, opiera się na tym, co przyniósł ten import, więc bez niego nie może zostać.
undo-step-regroup = Połączono strony
undo-counts = usunięte: { $deleted }, przywrócone: { $restored }
undo-by-page = Według stron
undo-pages-more = { $count ->
    [one] i jeszcze { $count } strona
    [few] i jeszcze { $count } strony
    [many] i jeszcze { $count } stron
   *[other] i jeszcze { $count } strony
}
undo-do = { $count ->
    [one] Cofnij
   *[other] Cofnij wszystko ({ $count })
}
undo-keep = Zostaw
undo-begun = Import jest cofany.
undo-cancel = Nie cofaj
undo-progress = Cofanie
undo-running = Usuwanie i przywracanie
undo-waiting = Czeka na swoją kolej
undo-failed-text = To, co już cofnięto, pozostaje cofnięte. Zajrzyj do terminala serwera i spróbuj ponownie: cofanie ruszy od tego miejsca.
undone-title = Ten import został cofnięty.
undone-text = To, co dodał, jest usunięte, a to, co zmienił, jest takie jak przedtem. Liczby niżej mówią, co zrobił.
cancelled-undoing = Ten import został zatrzymany i jest cofany.
column-deleted = Usunięte
column-restored = Przywrócone
job-done = gotowe: { $done } z { $total }

# Czego nie mówi sama suma
note-joined = { $count ->
    [one] { $count } komentarz już tu był z innego źródła. Został rozpoznany, a nie powielony.
    [few] { $count } komentarze już tu były z innego źródła. Zostały rozpoznane, a nie powielone.
    [many] { $count } komentarzy już tu było z innego źródła. Zostały rozpoznane, a nie powielone.
   *[other] { $count } komentarza już tu było z innego źródła. Zostały rozpoznane, a nie powielone.
}
note-later = { $count ->
    [one] { $count } z nich ma w tym pliku czas późniejszy o { $hours }.
    [few] { $count } z nich mają w tym pliku czas późniejszy o { $hours }.
    [many] { $count } z nich ma w tym pliku czas późniejszy o { $hours }.
   *[other] { $count } z nich ma w tym pliku czas późniejszy o { $hours }.
}
note-earlier = { $count ->
    [one] { $count } z nich ma w tym pliku czas wcześniejszy o { $hours }.
    [few] { $count } z nich mają w tym pliku czas wcześniejszy o { $hours }.
    [many] { $count } z nich ma w tym pliku czas wcześniejszy o { $hours }.
   *[other] { $count } z nich ma w tym pliku czas wcześniejszy o { $hours }.
}
note-time-other = { $count ->
    [one] { $count } z nich ma czas, który różni się inaczej.
    [few] { $count } z nich mają czas, który różni się inaczej.
    [many] { $count } z nich ma czas, który różni się inaczej.
   *[other] { $count } z nich ma czas, który różni się inaczej.
}
note-time-stays = Zostaje ten czas, który był tu pierwszy.
note-doubles = { $count ->
    [one] { $count } komentarz może tu być podwójnie. Warto na niego spojrzeć.
    [few] { $count } komentarze mogą tu być podwójnie. Warto na nie spojrzeć.
    [many] { $count } komentarzy może tu być podwójnie. Warto na nie spojrzeć.
   *[other] { $count } komentarza może tu być podwójnie. Warto na nie spojrzeć.
}
note-vanished = { $count ->
    [one] { $count } komentarza, który to źródło miało wcześniej, nie ma w tym pliku. Zostaje tutaj.
    [few] { $count } komentarzy, które to źródło miało wcześniej, nie ma w tym pliku. Zostają tutaj.
    [many] { $count } komentarzy, które to źródło miało wcześniej, nie ma w tym pliku. Zostają tutaj.
   *[other] { $count } komentarza, które to źródło miało wcześniej, nie ma w tym pliku. Zostają tutaj.
}
doubles-title = Być może podwójnie
doubles-text = Plik mówi, że te komentarze są tym samym co inne, które już tu były. Nie zgadza się jednak ani autor, ani treść, więc zostają oba.
column-id-here = Id w tym pliku
column-id-before = Id drugiego
vanished-title = Nie ma ich już w pliku
vanished-text = Mogły zostać usunięte w źródle albo eksport nie zawiera wszystkiego. Rehome niczego z tego powodu nie usuwa.
vanished-show = Pokaż ich id
vanished-unknown = Nie wiadomo już, które to: późniejszy import z tego samego źródła sprawdził to na nowo.
report-save = Zapisz raport jako
report-means = Kto, kiedy, jaki plik, wszystkie liczby oraz każdy pominięty rekord z wierszem i powodem. Raport nie zawiera komentarzy.

# Czy to ten sam blog?
same-blog-title = Czy to ten sam blog?
same-blog-why = Wiele komentarzy w tym pliku jest słowo w słowo takich samych jak komentarze, które już tu są, ale pochodzi spod innego adresu. Albo więc blog się przeprowadził, albo jeden blog ma kopię drugiego. Wiesz to tylko Ty.
same-blog-known = Już tutaj, spod adresu
same-blog-sent = W tym pliku, spod adresu
same-blog-yes = Tak, przeprowadził się
same-blog-yes-means = Komentarze, które już tu są, zostaną rozpoznane i zaktualizowane. Nic się nie powieli.
same-blog-no = Nie, to inny blog
same-blog-no-means = Wszystkie jego komentarze wejdą obok tych, które już tu są.
same-blog-waits = Wszystko wysłane. Import zacznie się po Twojej odpowiedzi.

# Co na co czeka
queued-behind-regroup = Łączone są strony. W witrynie dzieje się jedna rzecz naraz.
queued-behind-delete = Coś jest usuwane. W witrynie dzieje się jedna rzecz naraz.
queued-behind-undo = Cofany jest inny import. W witrynie dzieje się jedna rzecz naraz.

# Dlaczego praca nad witryną, która nie jest importem, stanęła
halted-store_failed = Serwer nie mógł zapisać do swojej bazy danych.
halted-disk_full = Dysk serwera jest pełny.
halted-undo_later_first = Później zrobiono z tą witryną coś jeszcze i najpierw trzeba cofnąć tamto.
halted-interrupted_twice = Serwer został dwa razy przerwany w tym samym miejscu i zrezygnował.
halted-internal = Serwer popełnił błąd.
halted-undo_expired = To, co było przedtem, nie jest już przechowywane.
