//! Where the server is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ureq::http::Uri;

/// An `http` or `https` address without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    base: String,
    is_https: bool,
    is_loopback: bool,
}

impl Address {
    /// The address of one of the server's routes.
    pub(crate) fn route(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    /// On this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether what is sent there can be read on its way.
    pub(crate) fn is_in_the_clear(&self) -> bool {
        !self.is_https && !self.is_loopback
    }

    /// Why an address in the clear is refused.
    pub(crate) fn refused_in_the_clear(&self) -> String {
        format!(
            "{} is plain http and not on this machine: the token and the comments would travel \
             in the clear. Use https, or say --insecure-http if nobody can listen in between",
            self.base
        )
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let refused = "give the server's address without a path, as https://rehome.example.org";
        let uri: Uri = given.trim().parse().map_err(|_| refused)?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refused.to_owned()),
        };
        let authority = uri.authority().ok_or(refused)?;
        let is_bare = uri.path() == "/" && uri.query().is_none() && !given.contains('#');
        if !is_bare || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(refused.to_owned());
        }
        let scheme = if is_https { "https" } else { "http" };
        Ok(Self {
            base: format!("{scheme}://{authority}"),
            is_https,
            is_loopback: is_loopback(authority.host()),
        })
    }
}

/// Names under `.localhost` are not: not every system keeps them on the machine.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let ip = v6.map_or_else(
        || host.parse::<Ipv4Addr>().map(IpAddr::V4),
        |host| host.parse::<Ipv6Addr>().map(IpAddr::V6),
    );
    ip.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(given: &str) -> Address {
        given.parse().unwrap_or_else(|error| panic!("{given}: {error}"))
    }

    #[test]
    fn a_route_stands_under_the_address() {
        for given in ["https://rehome.example.org", "https://rehome.example.org/"] {
            assert_eq!(address(given).route("/sites"), "https://rehome.example.org/api/v1/sites");
        }
        let with_port = address("http://[::1]:8787").route("/sites");
        assert_eq!(with_port, "http://[::1]:8787/api/v1/sites");
    }

    #[test]
    fn in_the_clear_is_plain_http_to_another_machine() {
        for given in [
            "https://rehome.example.org",
            "http://127.0.0.1:8787",
            "http://127.8.0.1",
            "http://localhost:1",
            "http://LOCALHOST",
            "http://[::1]:8787",
        ] {
            assert!(!address(given).is_in_the_clear(), "{given}");
        }
        for given in [
            "http://rehome.example.org",
            "http://192.0.2.1:8787",
            "http://[2001:db8::1]",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://rehome.localhost",
        ] {
            assert!(address(given).is_in_the_clear(), "{given}");
            assert!(address(given).refused_in_the_clear().contains("--insecure-http"));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for given in [
            "",
            "rehome.example.org",
            "localhost:8787",
            "ftp://rehome.example.org",
            "https://",
            "https://rehome.example.org/comments",
            "https://rehome.example.org/?a=b",
            "https://rehome.example.org/#a",
            "https://ann@rehome.example.org",
        ] {
            assert!(given.parse::<Address>().is_err(), "{given}");
        }
    }
}
