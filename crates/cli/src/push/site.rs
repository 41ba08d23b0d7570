//! Which of the account's sites is meant.

use super::api::Site;
use super::problem::{Answer, Problem};

/// Sites that an error lists.
const NAMED: usize = 20;

/// Finds a site by its id, name or address.
///
/// # Errors
/// None or several are meant.
pub(crate) fn find<'a>(sites: &'a [Site], wanted: &str) -> Answer<&'a Site> {
    let wanted = wanted.trim();
    if let Ok(id) = wanted.parse::<i64>()
        && let Some(site) = sites.iter().find(|site| site.id == id)
    {
        return Ok(site);
    }
    let is_meant = |site: &&Site| {
        site.name.to_lowercase() == wanted.to_lowercase() || same_address(&site.url, wanted)
    };
    let mut meant = sites.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(site), None) => Ok(site),
        (Some(_), Some(_)) => Err(Problem::new(
            "site_ambiguous",
            format!("Several sites are called that. Give the id: {}.", listed(sites)),
        )),
        (None, _) => Err(Problem::new(
            "site_unknown",
            if sites.is_empty() {
                "The account has no site. Add one in Rehome first.".to_owned()
            } else {
                format!("The account has no such site. Its sites are: {}.", listed(sites))
            },
        )),
    }
}

fn same_address(one: &str, other: &str) -> bool {
    let bare = |address: &str| address.trim_end_matches('/').to_lowercase();
    bare(one) == bare(other)
}

fn listed(sites: &[Site]) -> String {
    let mut named: Vec<_> = sites
        .iter()
        .take(NAMED)
        .map(|site| format!("{} ({}, {})", site.id, site.name, site.url))
        .collect();
    if sites.len() > NAMED {
        named.push(format!("and {} more", sites.len() - NAMED));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites() -> Vec<Site> {
        [
            (1, "Blog", "https://example.org/"),
            (2, "News", "https://news.example.org"),
            (3, "1", "https://one.example.org"),
            (4, "blog", "https://example.net"),
        ]
        .map(|(id, name, url)| Site { id, name: name.to_owned(), url: url.to_owned() })
        .into()
    }

    #[test]
    fn by_id_name_or_address() {
        let sites = sites();
        for (wanted, id) in [
            ("2", 2),
            ("news", 2),
            ("https://example.org", 1),
            ("https://Example.org/", 1),
            // An id goes before a name that looks like one.
            ("1", 1),
        ] {
            assert_eq!(find(&sites, wanted).unwrap().id, id, "{wanted}");
        }
    }

    #[test]
    fn none_or_several_is_an_error_that_lists_them() {
        let sites = sites();
        for (wanted, code) in [("blog", "site_ambiguous"), ("9", "site_unknown")] {
            let error = find(&sites, wanted).unwrap_err();
            assert_eq!(error.code, code);
            assert!(error.message.contains("2 (News, https://news.example.org)"));
        }
        assert_eq!(find(&[], "1").unwrap_err().code, "site_unknown");
    }
}
