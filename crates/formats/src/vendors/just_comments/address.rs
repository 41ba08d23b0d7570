//! Where a page stands, of what the widget wrote down.

/// The address somebody stood at, without what is not the page's own: the
/// fragment (`#jc…` leads to a comment), unless it is a route of the page's
/// script; the query, unless `named` has one, which then is the page's.
pub(super) fn of_page(url: &str, named: Option<&str>) -> String {
    let (before, fragment) = match url.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (url, None),
    };
    let mut address = before.split('?').next().unwrap_or_default().to_owned();
    let query = named.and_then(|named| named.split('#').next()?.split_once('?'));
    if let Some((_, query)) = query {
        address.push('?');
        address.push_str(query);
    }
    if let Some(route) = fragment.filter(|it| it.starts_with('/') || it.starts_with('!')) {
        address.push('#');
        address.push_str(route);
    }
    address
}

/// The address of a page that is named by host and path; none where the name
/// is the site's own.
pub(super) fn of_item(named: &str, protocol: Option<&str>, port: Option<&str>) -> Option<String> {
    if named.starts_with("http://") || named.starts_with("https://") {
        return Some(named.to_owned());
    }
    let host_length = named.find(['/', '?', '#']).unwrap_or(named.len());
    let (host, path) = named.split_at(host_length);
    let is_host =
        host == "localhost" || host.contains('.') && host.split('.').all(|label| !label.is_empty());
    if !is_host || host.contains(char::is_whitespace) {
        return None;
    }
    let scheme = match protocol {
        Some("http:" | "http") => "http",
        _ => "https",
    };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{path}"))
}

/// What tells an address from others, whichever way people came.
pub(super) fn without_scheme(address: &str) -> String {
    let schemes = ["https://", "http://"];
    let bare = schemes.iter().find_map(|scheme| address.strip_prefix(scheme));
    bare.unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_address_whoever_came_from_where() {
        let cases = [
            ("https://example.org/a", Some("example.org/a"), "https://example.org/a"),
            ("https://example.org/a#jc12", Some("example.org/a"), "https://example.org/a"),
            ("https://example.org/a?utm_source=x#jc1", None, "https://example.org/a"),
            (
                "https://example.org/?utm_source=x&p=7#jc1",
                Some("example.org/?p=7"),
                "https://example.org/?p=7",
            ),
            ("https://example.org/#/a/b", Some("example.org/"), "https://example.org/#/a/b"),
            ("https://example.org/?x#!a", Some("post-7"), "https://example.org/#!a"),
        ];
        for (url, named, expected) in cases {
            assert_eq!(of_page(url, named), expected);
        }
    }

    #[test]
    fn only_a_host_and_a_path_make_an_address() {
        let of = |named, protocol, port| of_item(named, protocol, port);
        assert_eq!(of("example.org/a", None, None).as_deref(), Some("https://example.org/a"));
        assert_eq!(
            of("127.0.0.1/demo.html", Some("http:"), Some("8080")).as_deref(),
            Some("http://127.0.0.1:8080/demo.html")
        );
        assert_eq!(of("localhost", Some("http:"), None).as_deref(), Some("http://localhost"));
        assert_eq!(of("http://example.org/", None, None).as_deref(), Some("http://example.org/"));
        for named in ["post-7", "v1.", "1/2", "Moving house.", ""] {
            assert_eq!(of(named, None, None), None, "{named}");
        }
    }
}
