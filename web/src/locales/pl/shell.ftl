# Rama każdej strony
skip-to-content = Przejdź do treści
nav-label = Główne
nav-import = Import
nav-activity = Aktywność
nav-comments = Komentarze
nav-under-way = { $count ->
    [one] { $count } import w toku
    [few] { $count } importy w toku
    [many] { $count } importów w toku
   *[other] { $count } importu w toku
}
site-label = Witryna
site-add = Dodaj witrynę
site-name = Nazwa witryny
site-name-hint = Tak, jak ją nazywasz, na przykład „Blog”.
site-url = Adres witryny
menu = Menu
language-label = Język
theme-label = Kolory
theme-auto = Jak w systemie
theme-light = Jasne
theme-dark = Ciemne
sign-out = Wyloguj się
cancel = Anuluj
try-again = Spróbuj ponownie

# Wejście
sign-in = Zaloguj się
email = Adres e-mail
password = Hasło
password-show = Pokaż
password-hint = Co najmniej 10 znaków. Dłuższe jest lepsze niż skomplikowane.
setup-title = Konfiguracja Rehome
setup-intro = To konto jest właścicielem wszystkiego na tym serwerze. Jego pierwsza witryna to ta, do której przenosisz komentarze.
setup-submit = Utwórz konto
setup-done = Rehome jest już skonfigurowane.
setup-no-token = Otwórz link konfiguracyjny wypisany przez serwer.
setup-find-link = Zajrzyj do terminala, w którym działa serwer: jest tam link, działa raz i przez 15 minut. Aby dostać nowy, uruchom serwer ponownie.

# Niczego tu nie ma
not-found-title = Nie ma takiej strony
not-found-text = Adres mógł zostać błędnie wpisany albo strona została przeniesiona.
not-found-link = Przejdź do importu
unreachable-title = Serwer nie odpowiada
unreachable-text = Sprawdź, czy Rehome działa i czy ten komputer ma połączenie, a potem spróbuj ponownie.
