//! Where a request comes from, as far as that can be believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Hops that are looked at: more proxies than that stand nowhere.
const MOST_HOPS: usize = 32;

/// A proxy, or a network of them, whose word on where requests come from is believed.
///
/// # Errors
/// It is no network, or everybody would be one.
pub(crate) fn parse_proxy(given: &str) -> Result<IpNet, String> {
    let given = given.trim();
    let network = match given.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => given
            .parse::<IpNet>()
            .map_err(|_| format!("{given:?} is no address and no network like 10.0.0.0/8"))?,
    };
    if network.prefix_len() == 0 {
        return Err(format!(
            "{given} is everybody, and so anybody could say to be anybody; name your proxy alone"
        ));
    }
    if network.addr() != network.network() {
        return Err(format!(
            "{given} names one address and a whole network; write {} or {}",
            network.addr(),
            network.trunc()
        ));
    }
    Ok(network)
}

/// What one sender is likely to have to themselves: an IPv4 address, or the /64
/// of an IPv6 address, in which a single machine takes any address it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpNet);

impl Network {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpNet::V4(Ipv4Net::from(address)),
            IpAddr::V6(address) => IpNet::V6(ipv6(address, 64)),
        })
    }

    /// The /48 that providers give to a customer; none for IPv4.
    pub(crate) fn wider(self) -> Option<Self> {
        match self.0 {
            IpNet::V4(_) => None,
            IpNet::V6(network) => Some(Self(IpNet::V6(ipv6(network.addr(), 48)))),
        }
    }

    /// The same text for the same network.
    pub(crate) fn name(self) -> String {
        self.0.to_string()
    }
}

fn ipv6(address: Ipv6Addr, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(address, prefix).trunc()
}

/// The address that a request comes from: that of the last hop which is not one
/// of ours. What stands before it in the headers, anybody may have written.
///
/// `X-Forwarded-For` and `Forwarded` are believed only from a trusted proxy.
/// A proxy writes one of them and may pass the other one on as it came, so
/// where both are there and do not agree, the proxy's own address stands.
pub(crate) fn client(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let listed = values(headers, "x-forwarded-for").map(|hops| last_hop(peer, &hops, trusted));
    let forwarded = values(headers, "forwarded").map(|elements| {
        let hops: Vec<_> = elements.iter().map(|element| forwarded_for(element)).collect();
        last_hop(peer, &hops, trusted)
    });
    match (listed, forwarded) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(found), _) | (None, Some(found)) => found,
        (None, None) => peer,
    }
}

/// Whether the request says that it went through a proxy which is not trusted.
pub(crate) fn is_unknown_proxy(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    !is_trusted(peer.ip().to_canonical(), trusted)
        && ["x-forwarded-for", "forwarded"].iter().any(|name| headers.contains_key(*name))
}

/// Whether it is a proxy whose word is believed.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// From the right, over hops that are ours. A hop without an address ends it:
/// what is left of it may be made up.
fn last_hop(peer: IpAddr, hops: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut found = peer;
    for hop in hops.iter().rev().take(MOST_HOPS) {
        let Some(address) = hop_address(hop) else {
            return found;
        };
        found = address;
        if !is_trusted(address, trusted) {
            return found;
        }
    }
    found
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| hop.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>())
        .ok()?;
    Some(address.to_canonical())
}

/// The comma-separated values of all headers of the name, in order.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Option<Vec<&'a str>> {
    let mut all = headers.get_all(name).iter().peekable();
    all.peek()?;
    // What is no text is a hop without an address.
    Some(all.flat_map(|value| value.to_str().unwrap_or("").split(',')).collect())
}

/// The `for` of an element of `Forwarded` (RFC 7239); nothing where it has none.
fn forwarded_for(element: &str) -> &str {
    element
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))
        .map_or("", |(_, value)| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn trusted() -> Vec<IpNet> {
        ["10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48"].map(|net| parse_proxy(net).unwrap()).into()
    }

    fn seen(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        client(peer.parse().unwrap(), &map, &trusted()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let spoofed = [("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=198.51.100.7")];
        assert_eq!(seen("192.0.2.1:5000", &spoofed), "192.0.2.1");
        assert_eq!(seen("10.1.2.3:5000", &spoofed), "198.51.100.7");
        assert_eq!(seen("[::ffff:10.1.2.3]:5000", &spoofed), "198.51.100.7");
        assert_eq!(seen("10.1.2.3:5000", &[]), "10.1.2.3");
    }

    #[test]
    fn the_last_hop_that_is_not_ours_counts() {
        for (list, expected) in [
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("198.51.100.7:4711,10.0.0.2", "198.51.100.7"),
            ("2001:db8:2::7, [2001:db8:1::1]:80", "2001:db8:2::7"),
            ("203.0.113.9, unknown", "10.1.2.3"),
            ("203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"),
            ("", "10.1.2.3"),
            ("10.0.0.4, 10.0.0.5", "10.0.0.4"),
        ] {
            assert_eq!(seen("10.1.2.3:1", &[("x-forwarded-for", list)]), expected, "{list}");
        }
        let twice = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(seen("10.1.2.3:1", &twice), "198.51.100.7");
    }

    #[test]
    fn the_other_header_cannot_be_smuggled_past_a_proxy() {
        let smuggled = [("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=203.0.113.9")];
        assert_eq!(seen("10.1.2.3:1", &smuggled), "10.1.2.3");
        for element in [
            "for=198.51.100.7;proto=https",
            "For=\"198.51.100.7:80\"",
            "for=203.0.113.9, for=198.51.100.7, by=10.0.0.1;for=10.0.0.2",
        ] {
            assert_eq!(seen("10.1.2.3:1", &[("forwarded", element)]), "198.51.100.7", "{element}");
        }
        let quoted = [("forwarded", "for=\"[2001:db8:2::7]:4711\"")];
        assert_eq!(seen("127.0.0.1:1", &quoted), "2001:db8:2::7");
        assert_eq!(seen("127.0.0.1:1", &[("forwarded", "for=_hidden")]), "127.0.0.1");
    }

    #[test]
    fn nonsense_is_no_proxy() {
        for nonsense in ["", "proxy", "10.0.0.0/33", "10.0.0.1/8", "0.0.0.0/0", "::/0", "10.0/8"] {
            assert!(parse_proxy(nonsense).is_err(), "{nonsense}");
        }
        assert_eq!(parse_proxy(" 192.0.2.1 ").unwrap().to_string(), "192.0.2.1/32");
        assert_eq!(parse_proxy("fd00::/8").unwrap().to_string(), "fd00::/8");
    }

    #[test]
    fn one_machine_is_one_network() {
        let of = |address: &str| Network::of(address.parse().unwrap());
        assert_eq!(of("2001:db8:2:3::1"), of("2001:db8:2:3:ffff::2"));
        assert_ne!(of("2001:db8:2:3::1"), of("2001:db8:2:4::1"));
        assert_eq!(of("2001:db8:2:3::1").wider(), of("2001:db8:2:4::1").wider());
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("192.0.2.1").wider(), None);
    }
}
