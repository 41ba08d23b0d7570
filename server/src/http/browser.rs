//! Which browser a session was begun in, in words of ours: what it says of
//! itself is neither kept nor shown.

use axum::http::{HeaderMap, header};

/// Looked for in this order: most browsers name others as well.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Like `Firefox, Linux`; none where it names no known browser.
pub(super) fn family(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(word, _)| said.contains(word)).map(|(_, name)| *name)
    };
    let browser = known(&BROWSERS)?;
    Some(known(&SYSTEMS).map_or(browser.to_owned(), |system| format!("{browser}, {system}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(said: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, said.parse().unwrap());
        family(&headers)
    }

    #[test]
    fn browsers_that_name_each_other_are_told_apart() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(of(chrome).as_deref(), Some("Chrome, Windows"));
        assert_eq!(of(&format!("{chrome} Edg/156.0.0.0")).as_deref(), Some("Edge, Windows"));
        assert_eq!(of(phone).as_deref(), Some("Safari, iPhone"));
        assert_eq!(of(firefox).as_deref(), Some("Firefox, Linux"));
        assert_eq!(of("curl/8.5.0"), None);
        assert_eq!(of("Firefox/1 <script>").as_deref(), Some("Firefox"));
    }
}
