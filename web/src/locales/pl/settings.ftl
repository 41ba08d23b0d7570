# Ustawienia
nav-settings = Ustawienia
settings-title = Ustawienia
tokens-title = Tokeny API
tokens-intro = Z tokenem program importuje komentarze bez Twojego hasła: polecenie rehome albo Twój własny skrypt. Token działa dla każdej witryny tego konta, dopóki go nie unieważnisz.
tokens-empty-title = Żaden program nie ma jeszcze tokenu
tokens-empty-text = Potrzebujesz go, aby importować z terminala albo aby inny serwer mógł przysyłać tu swoje komentarze. Utwórz osobny dla każdego komputera lub programu: wtedy unieważnisz jeden, a pozostałe będą działać dalej.
tokens-another = Kolejny token
tokens-list = Tokeny w użyciu
token-made = Utworzono
token-made-by = przez
token-last-used = Ostatnie użycie
token-never-used = nigdy
token-revoke = Unieważnij
token-revoke-named = Unieważnij { $name }
token-name = Nazwa
token-name-hint = Do czego służy, na przykład „Laptop” lub „Serwer WWW”.
token-make = Utwórz token
token-made-said = Token { $name } jest gotowy. Skopiuj go teraz: nie zostanie pokazany ponownie.

# Sekret i co z nim zrobić
token-new-title = Skopiuj token teraz
token-new-text = Nie zostanie pokazany ponownie: Rehome przechowuje tylko jego odcisk. Kto go ma, może robić w Twoim imieniu to, co zaznaczono, więc strzeż go jak hasła.
token-secret = Token „{ $name }”
token-copy = Kopiuj token
token-copied = Skopiowano: token
token-new-done = Token jest skopiowany
token-use-title = Import z terminala
token-use-text = Zapisz token w pliku, który tylko Ty możesz odczytać, tutaj „{ $file }”. W miejsce { $export } wpisz nazwę swojego eksportu. Komentarze trafią do witryny { $site }.
token-command = Polecenie
token-command-copy = Kopiuj polecenie
token-command-copied = Skopiowano: polecenie
copy = Kopiuj
copied = Skopiowano
copy-by-hand = Przeglądarka nie pozwala Rehome kopiować. Tekst jest zaznaczony: skopiuj go z klawiatury.

# Unieważnianie
revoke-title = Unieważnić „{ $name }”?
revoke-text = Każdy program, który używa tego tokenu, będzie od teraz odrzucany, nawet w trakcie wysyłania. To, co już zaimportował, zostanie. Unieważnionego tokenu nie da się przywrócić.
revoke-do = Unieważnij token
revoke-keep = Zostaw
revoke-done = Token { $name } jest unieważniony.

# Co token może
tokens-everybodys = Jako właściciel widzisz tokeny wszystkich i możesz je unieważnić.
token-scopes = Co token może
token-may = Może:
scope-read = czytać
scope-read-means = Widzi witryny, strony, komentarze i importy.
scope-import = importować
scope-import-means = Tworzy importy i śledzi je. Potrzebuje tego polecenie rehome.
scope-export = eksportować
scope-export-means = Na przyszłość: Rehome nie ma jeszcze eksportów. Na razie nie pozwala na nic.

# Ustawienia: witryny
sites-title = Witryny
sites-text = Tu trafiają importowane komentarze. Zmieniać to mogą tylko właściciele.
site-save = Zapisz
site-saved = Zapisano.
site-public = Każdy może czytać komentarze tej witryny
site-public-means = Tylko zatwierdzone komentarze, bez adresów e-mail i IP, żeby Twoja witryna mogła je pokazać. Jeśli celowo zaimportowano komentarze prywatne, będą widoczne także one.
site-public-address = Adres, pod którym strona pyta o swoje komentarze
site-public-copy = Kopiuj adres
site-public-copied = Adres skopiowano.
