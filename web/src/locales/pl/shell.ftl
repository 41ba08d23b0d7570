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
setup-further = Powstanie osobne konto, obok tych, które już są na tym serwerze. Nikt z pozostałych kont go nie zobaczy.
setup-submit = Utwórz konto
setup-done = Rehome jest już skonfigurowane.
setup-no-token = Otwórz link konfiguracyjny wypisany przez serwer.
setup-find-link = Zajrzyj do terminala, w którym działa serwer: jest tam link, działa raz i przez 15 minut. Aby dostać nowy, uruchom serwer ponownie.

# Niczego tu nie ma
not-found-title = Nie ma takiej strony
not-found-text = Adres mógł zostać błędnie wpisany albo strona została przeniesiona.
not-found-link = Przejdź do pierwszej strony
unreachable-title = Serwer nie odpowiada
unreachable-text = Sprawdź, czy Rehome działa i czy ten komputer ma połączenie, a potem spróbuj ponownie.

# Wejście bez hasła
forgot-link = Nie pamiętasz hasła?
forgot-title = Nie pamiętasz hasła?
forgot-text = Podaj adres e-mail, którym się logujesz. Dostaniesz link, pod którym ustawisz nowe hasło.
forgot-do = Wyślij mi link
forgot-asked = Jeśli ktoś loguje się tym adresem, link jest już w drodze.
forgot-asked-text = Działa raz, przez 15 minut. Nic nie przyszło? Zajrzyj do spamu i sprawdź, czy to adres, którym się logujesz. Link może też utworzyć osoba, która prowadzi ten serwer.
forgot-no-mail = Ten serwer nie wysyła poczty. Poproś osobę, która go prowadzi, o wpisanie na nim tego polecenia z Twoim adresem e-mail:
forgot-no-mail-link = Polecenie wypisze link, pod którym ustawisz nowe hasło. Działa raz, przez 15 minut.
forgot-back = Wróć do logowania
reset-title = Ustaw nowe hasło
reset-text = Wszędzie indziej nastąpi wylogowanie, a Ty zalogujesz się nowym hasłem.
reset-do = Zapisz nowe hasło
reset-done = Nowe hasło obowiązuje.
reset-done-text = Stare już nie działa i wszędzie nastąpiło wylogowanie.
reset-no-token = Otwórz cały link, który został Ci podany.
reset-whole-link = Brakuje jego części: za znakiem # jest długi kod. Link działa raz; jeśli został już użyty, zdobądź następny.
reset-again = Zdobądź nowy link

# Przyjęcie zaproszenia
accept-title = Masz zaproszenie
accept-title-other = Zaproszenie
accept-as-viewer = { $email } zaprasza Cię do tego Rehome jako obserwatora.
accept-as-admin = { $email } zaprasza Cię do tego Rehome jako administratora.
accept-as-owner = { $email } zaprasza Cię do tego Rehome jako właściciela.
accept-ends = Zaproszenie wygasa
accept-email-hint = Od teraz będziesz się nim logować.
accept-email-fixed = Zaproszenie jest dla tego adresu. Od teraz będziesz się nim logować.
accept-do = Przyjmij i zaloguj się
accept-no-token = Otwórz cały link, który został Ci przysłany.
accept-whole-link = Brakuje jego części: za znakiem # jest długi kod. Skopiuj link jeszcze raz, od początku do końca.
accept-invalid-next = Nowy link może utworzyć osoba, która Cię zaprosiła. Zaproszenie jest już przyjęte?
accept-signed-in = Jesteś w Rehome jako { $email }.
accept-sign-out-first = To zaproszenie jest dla kogoś, kto nie ma tu jeszcze miejsca. Aby przyjąć je z innym adresem e-mail, najpierw się wyloguj.
accept-stay = Nie wylogowuj

# Role
role-viewer = Obserwator
role-viewer-means = Widzi komentarze i przebieg importów, niczego nie zmienia.
role-admin = Administrator
role-admin-means = Importuje komentarze, dodaje witryny i tworzy tokeny API.
role-owner = Właściciel
role-owner-means = Może to, co administrator, i decyduje, kto ma dostęp i co mu wolno.
viewer-note = Jesteś tu obserwatorem: widzisz każdy import i komentarz, niczego nie zmieniasz. Aby importować, poproś właściciela o rolę administratora.
viewer-note-link = Zobacz, kto jest właścicielem
