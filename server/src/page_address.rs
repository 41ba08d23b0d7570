//! When two addresses are one page.

use url::Url;

/// The address without what never tells pages apart: the case of the host, the
/// scheme's default port, the fragment. Everything else counts. None where it
/// is not the address of a web page.
#[must_use]
pub(crate) fn match_url(given: &str) -> Option<String> {
    let mut url = Url::parse(given.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
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
        for none in ["", "/a", "example.org/a", "mailto:a@example.org", "file:///a"] {
            assert_eq!(match_url(none), None, "{none:?}");
        }
    }
}
