//! Addresses of pages, taken apart as far as readers need it.

/// An `http` or `https` address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// All before the path, e.g. `https://example.org:8080`.
    pub(crate) base: &'a str,
    /// Host and port.
    pub(crate) host: &'a str,
    /// Path, query and fragment; empty where the address ends with its host.
    pub(crate) path: &'a str,
}

impl<'a> Address<'a> {
    /// The parts of `text`; none where it is no whole address.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let scheme_end = text.find("://")?;
        let scheme = &text[..scheme_end];
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let host_start = scheme_end + "://".len();
        let length = text[host_start..].find(['/', '?', '#']);
        let host_end = length.map_or(text.len(), |length| host_start + length);
        let host = &text[host_start..host_end];
        (!host.is_empty()).then_some(Self {
            base: &text[..host_end],
            host,
            path: &text[host_end..],
        })
    }
}

/// A host as origins have it: in small letters, without `www.`.
pub(crate) fn origin_of(host: &str) -> String {
    let host = host.trim().to_ascii_lowercase();
    host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let cases = [
            ("https://example.org/a?b#c", Some(("https://example.org", "example.org", "/a?b#c"))),
            ("http://localhost:8000", Some(("http://localhost:8000", "localhost:8000", ""))),
            ("HTTPS://Example.org#x", Some(("HTTPS://Example.org", "Example.org", "#x"))),
            ("https:///a", None),
            ("/a/b", None),
            ("ftp://example.org/", None),
            ("a page://example", None),
        ];
        for (text, expected) in cases {
            let parts = Address::of(text).map(|found| (found.base, found.host, found.path));
            assert_eq!(parts, expected, "{text}");
        }
    }

    #[test]
    fn origins_leave_out_what_means_nothing() {
        for host in ["example.org", "www.example.org", "WWW.Example.ORG"] {
            assert_eq!(origin_of(host), "example.org");
        }
    }
}
