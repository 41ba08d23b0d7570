# Wybór pliku
import-title = Import komentarzy
import-into = do
drop-title = Upuść tutaj plik eksportu
drop-choose = Wybierz pliki
drop-several = Tak, jak dał je stary system: jeden plik lub kilka, spakowane lub nie.
drop-promise = Plik jest czytany na tym komputerze. Nic nie zostanie wysłane bez Twojej zgody.
how-title = Skąd wziąć plik eksportu?
file-label = Wybrane pliki
file-export = Eksport z { $vendor }
file-export-of = Eksport z { $vendor }: „{ $origin }”
file-complete = kompletny
file-why = Skąd to wiadomo?
file-other = Wybierz inne pliki
file-count = { $count ->
    [one] { $count } plik
    [few] { $count } pliki
    [many] { $count } plików
   *[other] { $count } pliku
}
file-inside = { $count ->
    [one] w środku { $count } plik
    [few] w środku { $count } pliki
    [many] w środku { $count } plików
   *[other] w środku { $count } pliku
}
file-names = Które pliki?
file-change = Zmień
file-change-means = Jeśli to nie to, co masz na myśli, każ czytać plik jako coś innego.
format-read-as = Czytaj jako
format-read = Czytaj
in-file = W pliku „{ $file }”

# Czytanie
reading-label = Czytanie pliku
reading-percent = Czytanie: { $percent }
reading-comments = { $count ->
    [one] na razie { $count } komentarz
    [few] na razie { $count } komentarze
    [many] na razie { $count } komentarzy
   *[other] na razie { $count } komentarza
}
read-again = Przeczytaj plik ponownie
left-moment = prawie gotowe
left-seconds = { $count ->
    [one] pozostała około { $count } sekunda
    [few] pozostały około { $count } sekundy
    [many] pozostało około { $count } sekund
   *[other] pozostało około { $count } sekundy
}
left-minutes = { $count ->
    [one] pozostała około minuta
    [few] pozostały około { $count } minuty
    [many] pozostało około { $count } minut
   *[other] pozostało około { $count } minuty
}
left-hours = { $count ->
    [one] pozostała około godzina
    [few] pozostały około { $count } godziny
    [many] pozostało około { $count } godzin
   *[other] pozostało około { $count } godziny
}

# Czym plik nie jest
unknown-looked-for = Czego szukało Rehome?
unknown-try = Jeśli wiesz, co to jest, każ czytać plik jako właśnie to: Rehome weźmie, co rozpozna.
tie-title = { $count ->
    [few] To mogą być { $count } rodzaje eksportu
   *[other] To może być { $count } rodzajów eksportu
}
tie-text = Zawartość pasuje do: { $names }. Co to jest?
unknown-title = To nie jest eksport, który Rehome zna
version-unknown = To wersja { $version } tego rodzaju eksportu, której Rehome nie potrafi odczytać.
unreadable-place = Wiersz { $line }, bajt { $byte }
unreadable-read = { $count ->
    [0] Przed tym miejscem nie dało się przeczytać żadnego komentarza.
    [one] Przed tym miejscem dało się przeczytać { $count } komentarz.
    [few] Przed tym miejscem dało się przeczytać { $count } komentarze.
    [many] Przed tym miejscem dało się przeczytać { $count } komentarzy.
   *[other] Przed tym miejscem dało się przeczytać { $count } komentarza.
}
unreadable-not-sent = Nic nie zostało wysłane.
unreadable-do = Pobierz plik jeszcze raz. Jeśli urywa się w tym samym miejscu, poproś o nowy eksport.
incomplete-choice = { $count ->
    [one] Mimo to importuj { $count } czytelny komentarz
    [few] Mimo to importuj { $count } czytelne komentarze
    [many] Mimo to importuj { $count } czytelnych komentarzy
   *[other] Mimo to importuj { $count } czytelnego komentarza
}
incomplete-means = Zabraknie tego, co jest za wierszem { $line }, a import na zawsze będzie oznaczony jako niepełny: zrób tak tylko wtedy, gdy nowego eksportu nie da się uzyskać.
incomplete-file = Niepełny plik
incomplete-result = Plik urwał się przed końcem, więc brakuje komentarzy. To, co dało się przeczytać, zostało zaimportowane na wyraźne życzenie. Jeśli dostaniesz cały eksport, zaimportuj go: komentarze, które już są, zostaną rozpoznane.
empty-title = W tym pliku nie ma ani jednego komentarza
empty-text = { $pages ->
    [0] Plik jest kompletny, ale nie zawiera stron ani komentarzy.
    [one] Plik jest kompletny i wymienia { $pages } stronę, ale nikt jej nie skomentował.
    [few] Plik jest kompletny i wymienia { $pages } strony, ale nikt żadnej nie skomentował.
    [many] Plik jest kompletny i wymienia { $pages } stron, ale nikt żadnej nie skomentował.
   *[other] Plik jest kompletny i wymienia { $pages } strony, ale nikt żadnej nie skomentował.
} Sprawdź, czy eksport pochodzi z właściwej witryny.
nothing-kept-title = { $count ->
    [one] Jedynego komentarza w tym pliku nie można zaimportować
    [few] Żadnego z { $count } komentarzy w tym pliku nie można zaimportować
    [many] Żadnego z { $count } komentarzy w tym pliku nie można zaimportować
   *[other] Żadnego z { $count } komentarzy w tym pliku nie można zaimportować
}
nothing-kept-text = Powody wymieniono niżej. Nie ma czego wysłać.

# Liczby
preview-announce = { $comments ->
    [one] Plik przeczytany: { $comments } komentarz, strony: { $pages }.
    [few] Plik przeczytany: { $comments } komentarze, strony: { $pages }.
    [many] Plik przeczytany: { $comments } komentarzy, strony: { $pages }.
   *[other] Plik przeczytany: { $comments } komentarza, strony: { $pages }.
}
numbers-label = Co jest w pliku
numbers-comments = { $count ->
    [one] komentarz
    [few] komentarze
    [many] komentarzy
   *[other] komentarza
}
numbers-comments-note = z { $seen } w pliku; pominięte: { $skipped }
numbers-comments-private = { $count ->
    [one] { $count } z nich nigdy nie był publiczny
    [few] { $count } z nich nigdy nie były publiczne
    [many] { $count } z nich nigdy nie było publicznych
   *[other] { $count } z nich nigdy nie było publiczne
}
numbers-comments-all = wszystko, co jest w pliku
numbers-comments-cut = tyle, ile dało się odczytać z pliku
numbers-pages = { $count ->
    [one] strona z komentarzami
    [few] strony z komentarzami
    [many] stron z komentarzami
   *[other] strony z komentarzami
}
numbers-pages-note = { $seen ->
    [one] z { $seen } strony w pliku
    [few] z { $seen } stron w pliku; strony bez komentarzy to nic dziwnego
    [many] z { $seen } stron w pliku; strony bez komentarzy to nic dziwnego
   *[other] z { $seen } strony w pliku; strony bez komentarzy to nic dziwnego
}
numbers-replies = { $count ->
    [one] odpowiedź
    [few] odpowiedzi
    [many] odpowiedzi
   *[other] odpowiedzi
}
numbers-depth = do { $depth } poziomów w głąb
numbers-people = { $count ->
    [one] osoba z kontem
    [few] osoby z kontem
    [many] osób z kontem
   *[other] osoby z kontem
}
numbers-guests = { $count ->
    [one] i { $count } komentarz gościa
    [few] i { $count } komentarze gości
    [many] i { $count } komentarzy gości
   *[other] i { $count } komentarza gości
}
count-approved = zatwierdzone: { $count }
count-pending = oczekujące: { $count }
count-spam = spam: { $count }
count-deleted = usunięte: { $count }
status-approved = zatwierdzony
status-pending = oczekujący
status-spam = spam
status-deleted = usunięty

# Wykres i listy
chart-months = Komentarze na miesiąc
chart-years = Komentarze na rok
chart-month = Miesiąc
chart-year = Rok
chart-value = { $count ->
    [one] { $period }: { $count } komentarz
    [few] { $period }: { $count } komentarze
    [many] { $period }: { $count } komentarzy
   *[other] { $period }: { $count } komentarza
}
biggest-pages = Największe strony
page-no-name = Strona bez nazwy
column-page = Strona
column-comments = Komentarze
column-newest = Najnowszy
column-file = Plik
column-line = Wiersz
column-record = Rekord
column-id = Id
column-byte = Bajt
column-reason = Powód
column-chunk = Porcja
column-kind = Rodzaj

# Wątki
threads-title = Wątki tak, jak będą wyglądać
thread-biggest = Największy
thread-deepest = Najgłębszy
thread-first = Pierwszy
thread-last = Ostatni
thread-frame = Komentarze do „{ $page }”
thread-of = Wątek { $number }, zaczęty przez: { $name }
thread-cut = Pokazane: { $shown }, wszystkich komentarzy tej strony: { $all }.
thread-no-name = bez nazwy
thread-purged = usunięty komentarz
thread-empty-body = brak treści
thread-reply = w odpowiedzi na inny komentarz
thread-reply-to = odpowiedź do: { $name }
thread-image = obraz – nie wczytano
thread-image-from = obraz z { $host } – nie wczytano

# Problemy
look-title = Warto spojrzeć ({ $count })
look-skipped = { $count ->
    [one] { $count } komentarza nie można zaimportować z powodu podanego niżej. Reszta wejdzie w całości.
    [few] { $count } komentarzy nie można zaimportować z powodów podanych niżej. Reszta wejdzie w całości.
    [many] { $count } komentarzy nie można zaimportować z powodów podanych niżej. Reszta wejdzie w całości.
   *[other] { $count } komentarza nie można zaimportować z powodów podanych niżej. Reszta wejdzie w całości.
}
look-times = { $count ->
    [one] raz
    [few] { $count } razy
    [many] { $count } razy
   *[other] { $count } raza
}
look-left-out = { $count ->
    [one] pominięto { $count } komentarz
    [few] pominięto { $count } komentarze
    [many] pominięto { $count } komentarzy
   *[other] pominięto { $count } komentarza
}
severity-error = Błąd
severity-warning = Ostrzeżenie
severity-info = Uwaga
places-title = { $count ->
    [one] Pokaż miejsce
    [few] Pokaż { $count } miejsca
    [many] Pokaż { $count } miejsc
   *[other] Pokaż { $count } miejsca
}
places-caption = Gdzie występuje „{ $code }”
places-bytes = pokaż bajty
places-more = i jeszcze { $count }

# Próbka dla tych, którzy naprawiają Rehome
redacted-make = Pobierz zamaskowaną próbkę
redacted-means = Do zgłoszenia autorom Rehome: początek pliku i wskazane miejsca, a w nich każda litera i cyfra napisana przez ludzi jest zastąpiona. Nazwy pól zostają. Nic nie jest wysyłane; obejrzyj próbkę, zanim ją przekażesz.
redacted-failed = Nie udało się zrobić próbki.
inferred-title = Przy tworzeniu tej części nie było prawdziwego eksportu z { $vendor }
inferred-text = Rehome czyta go tak, jak opisują go inni. Obejrzyj uważnie liczby i wątki poniżej, a jeśli możesz, przekaż autorom Rehome zamaskowaną próbkę swojego pliku.

# Co zostało do wyboru
choices-title = { $count ->
    [one] Jedna rzecz do wyboru
    [few] { $count } rzeczy do wyboru
    [many] { $count } rzeczy do wyboru
   *[other] { $count } rzeczy do wyboru
}
choice-host = Czyje komentarze zaimportować?
means-host = W pliku są komentarze kilku witryn. Pozostałe nie wejdą do tego importu; możesz je zaimportować do osobnych witryn.
choice-page_key = Po czym Twoja witryna poznaje stronę?
means-page_key = Nowe komentarze trafią do starych tylko wtedy, gdy jedne i drugie tak samo nazywają swoją stronę. Jeśli nie masz pewności, wybierz adres.
value-url = po adresie
value-id = po id
choice-site_address = Jaki adres ma Twoja witryna?
means-site_address = W pliku jest tylko to, co stoi za nim, na przykład /2019/a-page. Dzięki adresowi komentarze znajdą swoje strony.
choice-pages_are = Czym w starym serwisie była strona Twojej witryny?
means-pages_are = Spójrz na wątki powyżej: przy właściwym wyborze każda strona ma własną dyskusję.
value-threads = wątkiem, a komentarzami odpowiedzi w nim
value-channels = kanałem, a komentarzami wątki w nim
decide-value = { $count ->
    [one] { $name } · { $count } komentarz
    [few] { $name } · { $count } komentarze
    [many] { $name } · { $count } komentarzy
   *[other] { $name } · { $count } komentarza
}
decide-none = Wybierz
decide-take = Użyj
decide-address-wrong = To nie jest adres. Adres wygląda tak: https://blog.example.org.
blocked-host = Wybierz wyżej, czyje komentarze zaimportować. Potem będzie to możliwe.
blocked-site_address = Podaj wyżej adres swojej witryny. Potem będzie można zaimportować komentarze.
blocked-show = Pokaż
blocked-choice = Zdecyduj wyżej o tym, co jeszcze otwarte. Potem będzie można zaimportować komentarze.
blocked-private = Wszystkie te komentarze są niepubliczne, więc są pomijane. Zaznacz wyżej „Importuj je także” albo wybierz inny plik.

# Co nigdy nie było publiczne
private-title = { $count ->
    [one] { $count } komentarz nigdy nie był publiczny
    [few] { $count } komentarze nigdy nie były publiczne
    [many] { $count } komentarzy nigdy nie było publicznych
   *[other] { $count } komentarza nigdy nie było publiczne
}
private-left-out = Zostaną pominięte, chyba że zdecydujesz inaczej.
private-taken = Zostaną zaimportowane tak jak wszystkie inne i pokazane wszędzie tam, gdzie witryna pokazuje komentarze.
private-choice = Importuj je także
withheld-private_page = Na stronach prywatnych
withheld-password_page = Na stronach chronionych hasłem
withheld-trashed_page = Na stronach wyrzuconych do kosza
withheld-private_note = Notatki widoczne tylko dla sklepu lub moderatorów

# Wysyłanie
submit = { $count ->
    [one] Importuj { $count } komentarz
    [few] Importuj { $count } komentarze
    [many] Importuj { $count } komentarzy
   *[other] Importuj { $count } komentarza
}
submit-what = Co się stanie
submit-step-send = { $count ->
    [one] { $count } komentarz zostanie wysłany na ten serwer, dla witryny { $site }. Usunięte i spam też, z odpowiednim oznaczeniem.
    [few] { $count } komentarze zostaną wysłane na ten serwer, dla witryny { $site }. Usunięte i spam też, z odpowiednim oznaczeniem.
    [many] { $count } komentarzy zostanie wysłanych na ten serwer, dla witryny { $site }. Usunięte i spam też, z odpowiednim oznaczeniem.
   *[other] { $count } komentarza zostanie wysłane na ten serwer, dla witryny { $site }. Usunięte i spam też, z odpowiednim oznaczeniem.
}
submit-step-known = Komentarze z wcześniejszego importu zostaną rozpoznane: zaktualizujemy je, ale nigdy nie powielimy.
submit-step-delete = Wysłane dane leżą na serwerze tylko w trakcie importu, potem są usuwane. Twój plik zostaje na tym komputerze.
send-label = Import
send-sending = Wysyłanie
send-applying = Wszystko wysłane
send-done = Import zakończony
send-not-done = Import się skończył
send-stopped = Wysyłanie zatrzymane
send-keep-open = Nie zamykaj tej karty, dopóki wszystko nie zostanie wysłane.
send-may-close = Możesz zamknąć tę kartę: serwer dokończy sam.
send-nothing-applied = Nic z tego nie zostało zapisane: import zaczyna się dopiero, gdy dotrze w całości.
send-kept = To, co dotarło, zostaje na serwerze przez dobę. Wybierz ten sam plik jeszcze raz, a wysłana zostanie tylko reszta.
send-replace = Zacznij nowy import
send-replace-means = Nowy import zajmie jego miejsce: to, co niedokończony wysłał, zostanie usunięte; nic z niego nie zostało zastosowane.
send-leave = Zostaw bez zmian
differs-file = To inny plik niż na początku.
differs-format = Plik jest innego rodzaju niż wtedy.
differs-origin = Komentarze pochodzą z innego miejsca niż wtedy.
differs-reader = Rehome zostało od tego czasu zaktualizowane i czyta plik inaczej.
differs-options = Wtedy dokonano innego wyboru, na przykład importu niepełnego pliku.
differs-seen = W pliku widać teraz inne komentarze.
differs-site_revision = Inny import zmienił od tego czasu witrynę.
unfinished-title = Import pliku „{ $file }” nie jest dokończony
unfinished-text = Dotarło { $sent } z { $total } komentarzy. Wybierz ten sam plik jeszcze raz, a wysłana zostanie tylko reszta. Jeśli plik jest właśnie wysyłany w innej karcie, zostaw ją otwartą.
unfinished-go-on = Jeśli plik nie jest właśnie wysyłany: wybierz go na stronie importu, a wysłana zostanie tylko reszta.
unfinished-cancel = Anuluj ten import
send-see-comments = Zobacz komentarze
send-see-import = O tym imporcie
send-another = Importuj coś innego
transfer-label = Postęp importu
transfer-sent = wysłano { $done } z { $total }
transfer-applied = zapisano { $done } z { $total }
transfer-speed = { $count } na sekundę
transfer-held = { $count ->
    [one] { $count } komentarz już tam był i nie jest wysyłany ponownie.
    [few] { $count } komentarze już tam były i nie są wysyłane ponownie.
    [many] { $count } komentarzy już tam było i nie jest wysyłanych ponownie.
   *[other] { $count } komentarza już tam było i nie jest wysyłane ponownie.
}
transfer-retry = { $seconds ->
    [one] Następna próba za sekundę (nieudane próby: { $tries }).
    [few] Następna próba za { $seconds } sekundy (nieudane próby: { $tries }).
    [many] Następna próba za { $seconds } sekund (nieudane próby: { $tries }).
   *[other] Następna próba za { $seconds } sekundy (nieudane próby: { $tries }).
}
transfer-try-now = Spróbuj teraz
waits-network_lost = Nie można połączyć się z serwerem. Wysyłanie ruszy samo, gdy tylko się uda.
waits-disk_full = Dysk serwera jest pełny. Wysyłanie ruszy samo, gdy będzie miejsce.
waits-unavailable = Serwer nie ma dostępu do swojego magazynu.
waits-imports_full = Inne importy jeszcze trwają. Ten ruszy sam, gdy któryś z nich się skończy.
waits-staging_full = Inne importy zajmują na razie całe miejsce. Wysyłanie ruszy samo, gdy któryś z nich się skończy.
waits-chunks_too_fast = Serwer przyjmuje dane trochę wolniej.
waits-busy = Serwer jest zajęty.
phase-sending = Wysyłanie komentarzy
phase-queued = Czeka na swoją kolej
phase-behind = Czeka na inny import tej witryny
phase-pages = Zapisywanie stron i osób
phase-comments = Zapisywanie komentarzy
phase-parents = Łączenie odpowiedzi z komentarzami
phase-cleanup = Usuwanie danych tymczasowych

# Wynik
sum-in-file = w pliku
sum-removed = usunięte w źródle
sum-new = nowe
sum-changed = zmienione
sum-same = bez zmian
sum-rejected = odrzucone
sum-left-out = pominięte
sum-wrong-title = Te liczby się nie zgadzają.
sum-wrong-text = To błąd Rehome, nie Twojego pliku. Zgłoś go, podając id tego importu, i sprawdź komentarze, zanim na nich polegasz.
