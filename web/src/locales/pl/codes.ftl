# Co wyróżnia się w pliku, według kodów
issue-page_not_in_file = Komentarze do strony, której nie ma w pliku. Nikt nie znalazłby ich w Twojej witrynie, więc są pomijane.
issue-page_missing = Komentarze bez podanej strony. Nie ma dla nich miejsca w Twojej witrynie, więc są pomijane.
issue-id_missing = Rekordy bez id. Nie dałoby się ich rozpoznać przy kolejnym imporcie, więc są pomijane.
issue-id_clash = Różne rekordy mają to samo id. Są rozróżniane i wszystkie zostają.
issue-duplicate_id = Ten sam rekord występuje więcej niż raz. Jest brany raz.
issue-bad_date = Daty, których nie da się odczytać. Komentarze zostają bez daty.
issue-bad_flag = Oznaczenia takie jak „usunięty” lub „spam”, które nie mówią ani tak, ani nie. Uznajemy je za nieustawione.
issue-parent_not_in_file = Odpowiedzi na komentarze, których nie ma w pliku. Zostają, bezpośrednio pod swoją stroną.
issue-parent_on_other_page = Odpowiedzi na komentarze z innej strony. Zostają, bezpośrednio pod własną stroną.
issue-parent_skipped = Odpowiedzi na pominięte komentarze. Zostają, bezpośrednio pod swoją stroną.
issue-parent_cycle = Odpowiedzi, które odpowiadają sobie w kółko. Zostają, bezpośrednio pod swoją stroną.
issue-self_parent = Komentarze, które odpowiadają same sobie. Zostają, bezpośrednio pod swoją stroną.
issue-page_without_address = Strony bez adresu. Ich komentarze zostają; nie da się ich dopasować do witryny po adresie.
issue-page_deleted = Strony usunięte w starym serwisie. Ich komentarze zostają.
issue-unknown_entity = Znaki zapisane w sposób, którego plik nie objaśnia. Zostają tak, jak są zapisane.
issue-file_left_out = Pliki, które nie są eksportem tego rodzaju. Są pomijane; pozostałe są czytane.
issue-no_comments = W pliku nie ma żadnego komentarza.
issue-several_origins = Plik zawiera komentarze z kilku witryn starego serwisu. Wszystkie trafią do witryny wybranej wyżej.
issue-body_too_long = Komentarze dłuższe, niż przyjmuje Rehome.
issue-text_too_long = Nazwy, tytuły lub adresy dłuższe, niż przyjmuje Rehome.
issue-too_many = Rekordy z większą liczbą części, niż przyjmuje Rehome.
issue-field_unreadable = Pola, których nie da się odczytać. Reszta rekordu zostaje.
issue-malformed_attribute = Źle zapisane atrybuty. Są pomijane.
issue-record_broken = Rekordy uszkodzone w środku. Są pomijane.
issue-record_cut = Rekord, w którym plik się urywa. Jest pomijany.
issue-record_damaged = Rekordy uszkodzone albo bez zakończenia. Zostają w takiej części, jaką da się odczytać.
issue-part_lost = Uszkodzone części pliku. To, co tam stało, przepadło; dalej czytamy za nimi.
issue-element_unknown = Części nieznanego rodzaju. Są pomijane.
issue-invalid_bytes = Bajty, które nie są tekstem. Każdy zastępuje znak �; reszta zostaje.
issue-checks_capped = Plik zawiera więcej komentarzy, niż da się porównać. Przy ostatnich nie sprawdziliśmy, czy odpowiadają na istniejące i czy nie dzielą id z innymi.
issue-junk_before_start = Coś stoi przed początkiem eksportu. Jest pomijane.
issue-junk_after_end = Coś stoi za końcem eksportu. Jest pomijane.
issue-id_empty = Rekordy z pustym id.
issue-id_too_long = Rekordy z id dłuższym, niż przyjmuje Rehome.
issue-id_control_character = Rekordy z id, które zawiera niewidoczne znaki sterujące.
issue-json_repaired = Zbędne nawiasy albo brakujące przecinki, jak to bywa w tym rodzaju eksportu. Czytamy je zgodnie z zamiarem; żaden tekst się nie zmienia.
issue-text_missing = Komentarze bez żadnego tekstu. Zostają jako usunięte, żeby odpowiedzi na nie zachowały swoje miejsce.
issue-other_host = Komentarze z innego hosta niż wybrany. Zostaną pominięte.
issue-page_address_unknown = Strony, które noszą tylko własną nazwę w witrynie albo których hosta nie ma w pliku. Zachowamy je pod tą nazwą; nie da się ich dopasować do Twojej witryny po adresie.
issue-preview_page = Podgląd samego starego serwisu, który nie jest stroną Twojej witryny. Zostanie pominięty.
issue-status_unknown = Komentarze, o których plik nie mówi w znany sposób, czy są widoczne. Zachowamy je jako czekające na moderatora.
issue-row_ragged = Wiersze, w których wartości jest więcej albo mniej niż kolumn tabeli. Mogą stać w niewłaściwych miejscach, więc są pominięte.
issue-line_too_long = Linie dłuższe niż jakikolwiek komentarz. Są pominięte.
issue-removed = Komentarze, których dawny serwis już nie ma. Tutaj też zostaną usunięte.
issue-control_characters = Niewidoczne znaki sterujące w tekstach. Usuwamy je; wszystko wokół nich zostaje.
issue-date_local = Komentarze, które mają czas tylko w strefie czasowej bloga. Przyjmujemy go jako UTC, więc może się różnić o kilka godzin.
issue-date_of_page = Komentarze bez czasu. Dostają czas swojej strony.
issue-plain_feed = Plik to kanał RSS bez części, które ma eksport z WordPressa. Jeśli brakuje komentarzy, otwórz w WordPressie Narzędzia i Eksport, i weź tamten plik.
issue-status_missing = Komentarze, przy których plik nie mówi, czy są zatwierdzone. Zostają jako czekające na moderatora.
issue-private_page = Komentarze pod wpisami prywatnymi lub nieopublikowanymi. Pomijamy je, chyba że wybierzesz inaczej.
issue-password_page = Komentarze pod wpisami chronionymi hasłem. Pomijamy je, chyba że wybierzesz inaczej.
issue-trashed_page = Komentarze pod wpisami w koszu. Pomijamy je, chyba że wybierzesz inaczej.
issue-private_note = Notatki dla prowadzących witrynę, na przykład przy zamówieniach. Pomijamy je, chyba że wybierzesz inaczej.

# Dlaczego serwer odrzucił rekord
rejected-id_empty = Jego id jest puste
rejected-id_too_long = Jego id jest za długie
rejected-id_control_character = Jego id zawiera znaki sterujące
rejected-body_too_long = Jego treść jest za długa
rejected-text_too_long = Nazwa, tytuł lub adres są za długie
rejected-too_many = Ma za dużo części
rejected-page_unknown = Jego strony nie ma wśród wysłanych danych
rejected-schema_unknown = Jest zapisany w nieznanej wersji

# Czym jest plik i skąd to wiadomo
reason-root_element = Jego pierwszym elementem jest „{ $detail }”.
reason-namespace = Podaje adres „{ $detail }”, typowy dla takiego eksportu.
reason-json_keys = Ma części „{ $detail }”, charakterystyczne dla tego rodzaju eksportu.
reason-version = Podaje wersję { $detail }.
reason-columns = Jego kolumny nazywają się „{ $detail }”, jak w tego rodzaju eksporcie.
reason-rehome_header = Jego pierwsza linia mówi, że są to linie we własnej postaci Rehome.
reason-plain_feed = To kanał RSS. Brakuje w nim części, które ma eksport z WordPressa.
reason-encoding = Jest zapisany w kodowaniu { $detail }, a nie w UTF-8. Tak też jest czytany.
reason-html_page = To strona internetowa. Jeśli zapisała ją przeglądarka, użyj linku do pobrania z e-maila.
reason-json = To JSON.
reason-holds = W środku: { $detail }.
reason-zip = To archiwum ZIP. Rozpakuj je i upuść eksport, który jest w środku.
reason-sqlite = To baza danych SQLite.
reason-database_dump = To kopia bazy danych (SQL). Użyj zamiast niej eksportu z systemu komentarzy.
reason-picture = To obraz.
reason-pdf = To dokument PDF.
reason-other_archive = To archiwum, którego nie da się tu otworzyć. Rozpakuj je i upuść eksport, który jest w środku.
reason-empty_file = Jest pusty.
reason-text = To tekst innego rodzaju.
reason-cut_before_root = Urywa się, zanim zacznie się eksport.
reason-binary = To nie jest plik tekstowy.

# Co zatrzymuje czytanie
problem-file_cut = Ten plik urywa się przed końcem. Prawdopodobnie nie pobrał się w całości.
problem-gzip_cut = Ten spakowany plik urywa się przed końcem. Prawdopodobnie nie pobrał się w całości.
problem-gzip_damaged = Ten spakowany plik jest uszkodzony. Da się rozpakować tylko jego część.
problem-xml_broken = Ten plik jest uszkodzony: jego XML jest błędny.
problem-json_broken = Ten plik jest uszkodzony: jego JSON jest błędny.
problem-zip_damaged = To archiwum ZIP jest uszkodzone albo nie pobrało się w całości. Pobierz je jeszcze raz.
problem-zip_empty = W tym archiwum ZIP nie ma żadnego pliku. Wybierz sam eksport.
problem-zip_encrypted = To archiwum ZIP ma hasło. Rozpakuj je i wybierz eksport, który jest w środku.
problem-zip_too_many = W tym archiwum ZIP jest więcej plików niż w eksporcie. Rozpakuj je i wybierz eksport, który jest w środku.
problem-zip_unsupported = To archiwum ZIP jest spakowane w nietypowy sposób. Rozpakuj je i wybierz eksport, który jest w środku.
problem-files_too_many = To więcej plików, niż ma jeden eksport. Wybierz mniej.
problem-invalid_utf8 = Ten plik jest uszkodzony: zawiera bajty, które nie są tekstem.
problem-nested_too_deep = Elementy w tym pliku są zagnieżdżone zbyt głęboko. Żaden eksport tak nie wygląda.
problem-value_too_long = Jedna z wartości w tym pliku jest dłuższa, niż czyta Rehome.
problem-read_failed = Nie można odczytać pliku. Mógł zostać przeniesiony lub zmieniony po wybraniu.
problem-format_unknown = To nie jest eksport, który Rehome zna.
problem-version_unknown = To wersja eksportu, której Rehome nie potrafi odczytać.
problem-encoding_unsupported = Ten plik nie jest zapisany w UTF-8. Zapisz go jako UTF-8 i spróbuj ponownie.
problem-not_text = To nie jest plik tekstowy.
problem-inflates_too_large = Ten spakowany plik po rozpakowaniu jest zbyt duży. Żaden eksport tak nie wygląda.
problem-junk_after_end = Coś stoi za końcem eksportu. Plik może być sklejony z dwóch.
problem-cut_before_root = Ten plik urywa się, zanim eksport się zacznie.
problem-header_broken = Nie da się odczytać pierwszej linii tego pliku, która mówi, czym są jego linie.
problem-headers_differ = Te pliki pochodzą z różnych eksportów. Zaimportuj je jeden po drugim.
problem-lines_missing = Ostatnia linia tego pliku podaje inną liczbę wpisów, niż jest w pliku. Część zginęła po drodze albo została dodana.
problem-source_incomplete = Te linie powstały z eksportu, który urywa się przed końcem.
problem-schema_unknown = Te linie są zapisane w wersji, której Rehome nie zna.
problem-worker_crashed = Rehome popełniło błąd podczas pracy nad tym plikiem. Nic nie zostało zapisane. Zgłoś to, co stoi poniżej.

# Co zatrzymuje wysyłanie i zapisywanie
problem-network_lost = Serwer nie odpowiada. Sprawdź połączenie i spróbuj ponownie.
problem-part_not_loaded = Nie udało się wczytać części tej strony. Sprawdź połączenie i spróbuj ponownie.
problem-signed_out = Nie jesteś już zalogowany. Zaloguj się i wybierz plik ponownie.
problem-server_refused = Serwer odrzucił to, co wysłano.
problem-server_error = Serwer popełnił błąd. Zajrzyj do jego terminala i spróbuj ponownie.
problem-chunk_differs = Plik zmienił się od początku importu. Zacznij nowy import.
problem-chunks_missing = Nie wszystko dotarło na serwer. Wyślij plik ponownie.
problem-counts_differ = Serwer naliczył co innego niż ta przeglądarka. Nic nie zostało zapisane; wyślij plik ponownie.
problem-incomplete = Ten plik urywa się przed końcem, więc brakuje w nim komentarzy. Wyeksportuj go ponownie albo zaznacz, że chcesz zaimportować to, co da się przeczytać.
problem-digest_mismatch = Na serwer dotarło coś innego, niż wysłano. Nic nie zostało zapisane; wyślij plik ponownie.
problem-disk_full = Dysk serwera jest pełny. Zrób miejsce i zaimportuj plik ponownie: to, co już jest, zostanie rozpoznane.
problem-storage_unavailable = Serwer nie ma dostępu do swoich danych. Spróbuj ponownie, gdy wrócą.
problem-store_failed = Serwer nie mógł zapisać do bazy danych. Zajrzyj do jego terminala i zaimportuj plik ponownie: to, co już jest, zostanie rozpoznane.
problem-spool_unreadable = Serwer nie może odczytać danych tymczasowych. Zaimportuj plik ponownie: to, co już jest, zostanie rozpoznane.
problem-interrupted_twice = Serwer został dwukrotnie przerwany w tym samym miejscu i zrezygnował. Zanim zaimportujesz plik ponownie, zajrzyj do jego terminala.
problem-cancelled = Ten import anulowano. To, co zdążyło wejść, zostało.
problem-expired = Ten import wygasł: nie został wysłany do końca. Nic z niego nie zapisano.
problem-unexpected = Stało się coś, czego Rehome się nie spodziewało. Wczytaj stronę ponownie.
problem-import_differs = Ten plik został już częściowo wysłany, ale tamtego importu nie można kontynuować.
problem-cancel_untold = Wysyłanie zostało przerwane, ale nie udało się powiadomić serwera. Anuluj import na stronie Aktywność.
problem-person_needed = Do tego potrzebna jest zalogowana osoba; token nie wystarczy.
problem-import_invalid = Plik podaje nazwy, których serwer nie przyjmuje. Zgłoś to, podając nazwę starego systemu.
problem-body_too_large = Wysłane dane są większe, niż serwer przyjmuje.
problem-not_receiving = Ten import niczego więcej nie przyjmie. Zacznij nowy.
problem-ended = Ten import już się skończył.
problem-seen_differs = Wysłano co innego, niż naliczyła ta przeglądarka. Nic nie zostało zapisane; wyślij plik ponownie.
problem-pages_missing = Ten serwer zbudowano bez jego stron.
problem-cross_site = Żądanie przyszło z innej witryny. Otwórz samo Rehome i spróbuj ponownie.
problem-internal = Serwer popełnił błąd. Zajrzyj do jego terminala i spróbuj ponownie.
problem-timed_out = Serwer odpowiadał zbyt długo. Spróbuj ponownie.
problem-not_found = Tego nie ma albo już nie ma.
problem-unavailable = Serwer jest zajęty lub kończy pracę. Spróbuj za chwilę.

# Wejście
problem-credentials_wrong = Adres e-mail lub hasło są błędne.
problem-already_set_up = Rehome jest już skonfigurowane. Zaloguj się.
problem-setup_link_invalid = Ten link już wykorzystano albo wygasł. Uruchom serwer ponownie: w terminalu pojawi się nowy.
problem-email_invalid = To nie jest adres e-mail.
problem-password_too_short = Hasło jest za krótkie: użyj co najmniej 10 znaków.
problem-password_too_long = Hasło jest za długie.
problem-site_name_invalid = Witryna potrzebuje nazwy, która nie jest zbyt długa.
problem-site_url_invalid = Adres witryny musi być pełny, na przykład https://blog.example.org.

# Tokeny API
problem-tokens_full = Jest już 50 tokenów. Unieważnij taki, którego nikt już nie używa.
problem-token_name_invalid = Nadaj tokenowi nazwę, która ma najwyżej 100 znaków.
problem-token_scopes_missing = Wybierz co najmniej jedną rzecz, którą ten token ma móc.

# Members and what they may do
problem-role_needed = Twoja rola na tym koncie na to nie pozwala. Poproś właściciela konta.
problem-scope_needed = Ten token nie ma do tego prawa. Utwórz taki, który je ma.
problem-no_longer = W trakcie pracy prawo do tego wygasło. Nic więcej nie zostało przyjęte.
problem-last_owner = Konto musi mieć właściciela. Najpierw uczyń właścicielem kogoś innego.
problem-invitations_full = Jest już 50 otwartych zaproszeń. Najpierw wycofaj któreś z nich.
problem-invitation_invalid = To zaproszenie zostało użyte, wycofane lub ma więcej niż 7 dni. Poproś o nowe.
problem-invitation_email_differs = To zaproszenie jest dla innego adresu e-mail.
problem-email_taken = Ktoś loguje się już tym adresem e-mail. Podaj inny.
problem-password_wrong = Obecne hasło jest błędne.
problem-reset_link_invalid = Ten link został użyty lub wygasł. Poproś o nowy.

# Limity
problem-too_many_attempts = Było zbyt wiele prób zalogowania. Odczekaj chwilę i spróbuj ponownie.
problem-imports_full = Trwa zbyt wiele importów. Poczekaj, aż któryś się skończy, albo anuluj niepotrzebny.
problem-staging_full = Inne importy nie zostawiają miejsca na serwerze. Poczekaj, aż któryś się skończy, albo anuluj niepotrzebny.
problem-chunks_too_fast = Komentarze napływają szybciej, niż serwer je przyjmuje. Wysyłanie pójdzie dalej, tylko wolniej.

# Odczyt komentarzy
problem-cursor_invalid = Nie można odczytać miejsca, od którego kontynuować. Zacznij od początku.
problem-page_unnamed = Podaj stronę: jej adres albo identyfikator.
