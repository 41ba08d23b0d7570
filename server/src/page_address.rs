//! When two addresses are one page.

use url::Url;

/// The address without what never tells pages apart: the case of the host, the
/// scheme's default port, the fragment. Everything else counts, as far as it
/// makes another request: an empty path is `/`, and `ż` is what browsers send
/// for it. None where it is not the address of a web page.
#[must_use]
pub(crate) fn match_url(given: &str) -> Option<String> {
    let given = given.trim();
    // What browsers repair on the way is junk in an export: `https:a/b`,
    // `https:///a`, a line feed in the middle.
    let (scheme, rest) = given.split_once("://")?;
    let of_web = ["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
    if !of_web || rest.starts_with(['/', '\\']) || given.contains(char::is_control) {
        return None;
    }
    let mut url = Url::parse(given).ok()?;
    url.set_fragment(None);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_host_case_default_port_and_fragment_alone() {
        let same = [
            "https://example.org/a?b=1",
            "https://EXAMPLE.org/a?b=1",
            "https://example.org:443/a?b=1",
            "https://example.org/a?b=1#comments",
        ];
        for address in same {
            assert_eq!(match_url(address).as_deref(), Some(same[0]), "{address}");
        }
        let others = [
            "http://example.org/a?b=1",
            "https://www.example.org/a?b=1",
            "https://example.org/a/?b=1",
            "https://example.org/A?b=1",
            "https://example.org/a?b=2",
            "https://example.org:8443/a?b=1",
        ];
        for address in others {
            assert_ne!(match_url(address).as_deref(), Some(same[0]), "{address}");
        }
    }

    #[test]
    fn junk_is_no_address() {
        for none in [
            "",
            " ",
            "/a",
            "example.org/a",
            "localhost",
            "localhost:8080/a",
            "//example.org/a",
            "mailto:a@example.org",
            "file:///a",
            "https:example.org/a",
            "https:/example.org/a?b=://",
            "https:///example.org/a",
            "https://",
            "https://exa mple.org/",
            "https://example.org/a\nb",
        ] {
            assert_eq!(match_url(none), None, "{none:?}");
        }
    }

    #[test]
    fn letters_may_be_spelled_as_browsers_send_them() {
        let spelled = match_url("https://żółw.example/ślad?ź").unwrap();
        assert_eq!(
            match_url("https://xn--w-uga1v8h.example/%C5%9Blad?%C5%BA").as_deref(),
            Some(spelled.as_str())
        );
        // What is encoded without need, or in another case, is another request.
        for other in [
            "https://żółw.example/%C5%9Bla%64?ź",
            "https://żółw.example/%c5%9blad?ź",
            "https://żółw.example/slad?ź",
        ] {
            assert_ne!(match_url(other).as_deref(), Some(spelled.as_str()), "{other}");
        }
    }
}
