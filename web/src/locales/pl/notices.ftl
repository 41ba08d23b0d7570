# Ustawienia, Twoje konto: o czym przychodzi e-mail
told-title = E-maile o importach
told-legend = Wyślij mi e-mail, gdy import się zakończy
told-never = Nigdy
told-never-means = Zaglądasz tu samodzielnie.
told-mine = Moje
told-mine-means = Importy, które Ty zaczynasz. Bez tych, które ktoś zatrzymał ręcznie.
told-all = Wszystkie
told-all-means = Importy wszystkich osób z tego konta. Bez tych, które ktoś zatrzymał ręcznie.
told-save = Zapisz
told-saved = Zapisano.
told-no-mail = Ten serwer nie wysyła e-maili
told-no-mail-text = Nic nie przyjdzie, cokolwiek tu wybierzesz, dopóki osoba prowadząca serwer nie skonfiguruje poczty. Twój wybór zostanie zapamiętany.

# Ustawienia: czy z serwerem wszystko w porządku?
health-title = Stan serwera
health-text = Gdy import się nie powiedzie, Rehome powiadamia osobę prowadzącą serwer; gdy się zakończy, powiadamia Ciebie, jeśli tak wybierzesz. Tu widać, czy te wiadomości wychodzą. Nigdy nie zawierają komentarzy, nazwisk ani nazw plików.
health-unsent = Wiadomości w drodze
health-none = Wszystkie wiadomości zostały wysłane.
health-waiting = { $count ->
    [one] { $count } wiadomość zaraz zostanie wysłana.
    [few] { $count } wiadomości zaraz zostaną wysłane.
    [many] { $count } wiadomości zaraz zostanie wysłanych.
   *[other] { $count } wiadomości zaraz zostanie wysłane.
}
health-failing = { $count ->
    [one] { $count } wiadomości nie udało się dotąd wysłać.
    [few] { $count } wiadomości nie udało się dotąd wysłać.
    [many] { $count } wiadomości nie udało się dotąd wysłać.
   *[other] { $count } wiadomości nie udało się dotąd wysłać.
}
health-failing-text = Rehome próbuje dalej samo, przez trzy dni.
health-given-up = { $count ->
    [one] Rehome przestało wysyłać { $count } wiadomość.
    [few] Rehome przestało wysyłać { $count } wiadomości.
    [many] Rehome przestało wysyłać { $count } wiadomości.
   *[other] Rehome przestało wysyłać { $count } wiadomości.
}
health-given-up-text = Rehome nie spróbuje już samo. Powiedz o tym osobie prowadzącej serwer albo spróbuj ponownie, gdy powód zniknie.
health-why = Ostatni powód:
health-oldest = Najstarsza czeka od
health-retry = Spróbuj teraz
health-tried = Trwa ponowna próba wysłania.
health-look = Sprawdź ponownie
health-looked = Tak jest teraz.
health-ways = Jak wychodzą wiadomości
health-mail = Serwer wysyła e-maile.
health-mail-not = Serwer nie wysyła e-maili: nikt żadnego nie dostanie, cokolwiek wybrano.
health-operators = Osoba prowadząca serwer dostaje e-mail, gdy coś się nie powiedzie.
health-operators-not = Osoba prowadząca serwer nie dostaje e-maila, gdy coś się nie powiedzie.
health-webhook = Gdy coś się nie powiedzie, wywoływany jest webhook.
health-webhook-not = Webhook nie jest skonfigurowany.
health-ways-text = Konfiguruje to osoba prowadząca serwer; dokumentacja mówi jak (docs/notices.md).

# Dlaczego wiadomości nie udało się wysłać
trouble-mail_not_set_up = Serwer nie ma już skonfigurowanej poczty.
trouble-mail_refused = Serwer poczty odrzuca e-mail.
trouble-mail_busy = Serwer poczty nie przyjmuje teraz e-maili.
trouble-mail_timed_out = Serwer poczty nie odpowiedział na czas.
trouble-mail_untrusted = Certyfikatowi serwera poczty nie można zaufać albo serwer nie obsługuje szyfrowania.
trouble-mail_unreachable = Nie można połączyć się z serwerem poczty.
trouble-mail_address = Na ten adres nie można wysłać e-maila.
trouble-operator_gone = Ten adres usunięto z ustawień serwera.
trouble-webhook_not_set_up = Webhook usunięto z ustawień serwera.
trouble-webhook_private = Adres webhooka jest w sieci prywatnej, a to nie jest dozwolone.
trouble-webhook_unreachable = Nie można połączyć się z adresem webhooka.
trouble-webhook_untrusted = Certyfikatowi adresu webhooka nie można zaufać.
trouble-webhook_timed_out = Adres webhooka nie odpowiedział na czas.
trouble-webhook_redirects = Adres webhooka odsyła gdzie indziej, a za tym Rehome nie idzie.
trouble-webhook_gone = Adres webhooka nie chce więcej wiadomości.
trouble-webhook_refused = Adres webhooka odrzuca wiadomość.
trouble-webhook_failed = Adres webhooka zgłosił własną usterkę.
