//! When two addresses are one page.

use url::Url;

use crate::http::dto::JoinReason;

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

/// What visitors' ways are followed by, and what never makes another page: these
/// parameters of the query, and all that begin with `utm_`.
const TRACKING: [&str; 20] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "yclid",
];

/// An address without what often tells no pages apart, and what that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loose {
    /// Of host, path and query: without scheme, `www.`, trailing slash and
    /// tracking parameters.
    pub url: String,
    scheme: String,
    has_www: bool,
    has_slash: bool,
    tracking: Vec<String>,
}

/// Characters of a loose address: longer ones are looked for by nobody.
pub(crate) const LONGEST_LOOSE: usize = 2_000;

/// Loosens what [`match_url`] gave. None where it is longer than [`LONGEST_LOOSE`].
#[must_use]
pub(crate) fn loose(match_url: &str) -> Option<Loose> {
    let url = Url::parse(match_url).ok()?;
    let host = url.host_str()?;
    let bare_host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path();
    let bare_path = path.strip_suffix('/').unwrap_or(path);
    let pairs = url.query().into_iter().flat_map(|query| query.split('&'));
    let (tracking, kept): (Vec<_>, Vec<_>) = pairs.partition(|pair| is_tracking(pair));
    let mut loose = bare_host.to_owned();
    if let Some(port) = url.port() {
        loose.push(':');
        loose.push_str(&port.to_string());
    }
    loose.push_str(bare_path);
    let query = kept.join("&");
    if !query.is_empty() {
        loose.push('?');
        loose.push_str(&query);
    }
    // Nothing but ASCII is left of an address by now.
    if loose.len() > LONGEST_LOOSE {
        return None;
    }
    Some(Loose {
        url: loose,
        scheme: url.scheme().to_owned(),
        has_www: bare_host.len() < host.len(),
        has_slash: bare_path.len() < path.len(),
        tracking: tracking.into_iter().map(str::to_owned).collect(),
    })
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.contains(&&*name)
}

/// In what addresses of one loose address differ.
#[must_use]
pub(crate) fn differences(all: &[Loose]) -> Vec<JoinReason> {
    let mut reasons = Vec::new();
    let mut note = |reason, differ: &dyn Fn(&Loose, &Loose) -> bool| {
        if all.iter().any(|one| differ(one, &all[0])) {
            reasons.push(reason);
        }
    };
    note(JoinReason::Scheme, &|one, other| one.scheme != other.scheme);
    note(JoinReason::Www, &|one, other| one.has_www != other.has_www);
    note(JoinReason::Slash, &|one, other| one.has_slash != other.has_slash);
    note(JoinReason::Tracking, &|one, other| one.tracking != other.tracking);
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_often_tells_no_pages_apart_is_loosened() {
        let same = [
            "https://example.org/a?b=1",
            "http://example.org/a?b=1",
            "https://www.example.org/a?b=1",
            "https://example.org/a/?b=1",
            "https://example.org/a?utm_source=x&b=1",
            "https://example.org/a?b=1&UTM_Campaign=y&fbclid=z",
        ];
        for address in same {
            let given = match_url(address).unwrap();
            assert_eq!(loose(&given).unwrap().url, "example.org/a?b=1", "{address}");
        }
        let others = [
            "https://example.org/a?b=2",
            "https://example.org/a?b=1&c",
            "https://example.org/a?ref=x&b=1",
            "https://example.org/a?source=x&b=1",
            "https://example.org/a?gclidx=1&b=1",
            "https://example.org/A?b=1",
            "https://blog.example.org/a?b=1",
            "https://wwww.example.org/a?b=1",
            "https://example.org:8443/a?b=1",
            "https://example.org/a//?b=1",
        ];
        for address in others {
            let given = match_url(address).unwrap();
            assert_ne!(loose(&given).unwrap().url, "example.org/a?b=1", "{address}");
        }
        for (address, wanted) in [
            ("https://www.example.org/", "example.org"),
            ("http://example.org?utm_medium=mail", "example.org"),
            ("http://[::1]:8080/a/", "[::1]:8080/a"),
        ] {
            assert_eq!(loose(&match_url(address).unwrap()).unwrap().url, wanted);
        }
    }

    #[test]
    fn the_differences_are_named() {
        use JoinReason::{Scheme, Slash, Tracking, Www};

        let of = |addresses: &[&str]| {
            let all: Vec<_> = addresses.iter().map(|address| loose(address).unwrap()).collect();
            differences(&all)
        };
        assert_eq!(of(&["http://a.org/b", "https://a.org/b"]), [Scheme]);
        assert_eq!(of(&["http://a.org/b", "http://www.a.org/b"]), [Www]);
        assert_eq!(
            of(&["http://a.org/b", "http://a.org/b/", "http://a.org/b?utm_x"]),
            [Slash, Tracking]
        );
        assert_eq!(
            of(&["http://a.org/b?utm_x=1", "https://www.a.org/b/?utm_x=2"]),
            [Scheme, Www, Slash, Tracking]
        );
        assert_eq!(of(&[]), []);
    }

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
