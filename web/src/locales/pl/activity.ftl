filter-label = Pokaż
filter-all = Wszystkie
filter-live = W toku
filter-succeeded = Udane
filter-failed = Nieudane
filter-stopped = Zatrzymane
filter-undone = Cofnięte
activity-empty-title = Jeszcze nic nie zaimportowano
activity-empty-text = Tutaj widać każdy import, w trakcie i później, razem z jego wynikiem.
activity-empty-link = Importuj komentarze
activity-none = Żaden import nie jest w tym stanie.
live-on = na żywo
live-polling = odświeżane co kilka sekund
live-off = Serwer nie odpowiada
state-receiving = odbieranie
state-queued = w kolejce
state-running = w toku
state-succeeded = udany
state-skips = udany, pominięto { $count }
state-failed = nieudany
state-cancelled = anulowany
state-expired = wygasł
state-undoing = w trakcie cofania
state-undone = cofnięty
row-about = { $format } „{ $origin }” do { $site }
row-counts = { $inserted } nowych · { $updated } zmienionych · { $unchanged } bez zmian
import-page = Import
failed-next = Nic nie ruszy ponownie samo. Gdy zechcesz, wybierz plik jeszcze raz:
queued-behind = Naraz działa jeden import danej witryny.
queued-behind-link = Zobacz ten, który jest pierwszy
detail-site = Witryna
detail-source = Źródło
detail-size = Rozmiar pliku
detail-started = Początek
detail-finished = Koniec
detail-id = Id importu
result-title = Co z tego wyszło
result-orphans = { $count ->
    [one] { $count } odpowiedź dotyczy komentarza, którego nie ma. Stoi bezpośrednio pod swoją stroną.
    [few] { $count } odpowiedzi dotyczą komentarzy, których nie ma. Stoją bezpośrednio pod swoimi stronami.
    [many] { $count } odpowiedzi dotyczy komentarzy, których nie ma. Stoją bezpośrednio pod swoimi stronami.
   *[other] { $count } odpowiedzi dotyczy komentarzy, których nie ma. Stoją bezpośrednio pod swoimi stronami.
}
kind-comments = Komentarze
kind-pages = Strony
kind-authors = Osoby
left-out-title = Pominięte podczas czytania
rejected-title = Odrzucone przez serwer
rejected-text = Te rekordy dotarły, ale są nieprawidłowe. Wszystkie inne zostały przyjęte.
rejected-more = Pokazane: { $shown } z { $all }.
pages-search = Szukaj stron
pages-count = { $count ->
    [0] Żadna strona nie pasuje.
    [one] { $count } strona
    [few] { $count } strony
    [many] { $count } stron
   *[other] { $count } strony
}
pages-more = Pokaż więcej ({ $shown } z { $all })
pages-empty-title = W tej witrynie nie ma jeszcze komentarzy
pages-empty-text = Komentarze pojawią się tu po imporcie, uporządkowane według stron.
page-closed = zamknięta dla nowych komentarzy
page-comments = { $count ->
    [one] { $count } komentarz
    [few] { $count } komentarze
    [many] { $count } komentarzy
   *[other] { $count } komentarza
}
comments-more = Pokaż więcej komentarzy ({ $shown } z { $all })
