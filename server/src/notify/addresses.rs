//! Which addresses a webhook may be at. Others lead to this machine, to its
//! network, or to nowhere: whoever chooses the webhook, or what its name
//! resolves to, could have the server speak to what only it can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::LazyLock;

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Those of IANA's registry of special purposes, multicast and what is kept for
/// later, and one more.
const NOT_PUBLIC_V4: [&str; 17] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    // Carriers' networks; one cloud's metadata too.
    "100.64.0.0/10",
    "127.0.0.0/8",
    // Link-local: most clouds' metadata.
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // A cloud's own server in the public range.
    "168.63.129.16/32",
    "255.255.255.255/32",
];

/// All that is given out to be reached by everybody.
const GLOBAL_V6: &str = "2000::/3";
/// Within that: protocols of their own (Teredo among them), documentation, 6to4.
/// What carries an IPv4 address inside (mapped, NAT64) is outside of it.
const NOT_PUBLIC_V6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

static V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| parsed(&NOT_PUBLIC_V4));
static V6: LazyLock<(Vec<Ipv6Net>, Vec<Ipv6Net>)> =
    LazyLock::new(|| (parsed(&[GLOBAL_V6]), parsed(&NOT_PUBLIC_V6)));

fn parsed<T: std::str::FromStr>(nets: &[&str]) -> Vec<T> {
    // A test counts them.
    nets.iter().filter_map(|net| net.parse().ok()).collect()
}

/// Whether anybody may be at that address, for all the world to reach.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !V4.iter().any(|net| net.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let (global, but) = &*V6;
    global.iter().any(|net| net.contains(&address)) && !but.iter().any(|net| net.contains(&address))
}

/// The name has no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the address is private")]
pub(super) struct Refused;

/// Looks names up and gives their public addresses alone. What it gives is what
/// is connected to: a name that says something else a moment later gains nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is put in later.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> =
                found.filter(|address| is_public(address.ip())).collect();
            if addresses.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_for_everybody_is_public() {
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001:800::200e",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            // Unspecified, this machine, IPv4 inside of IPv6 in its three forms.
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::101:101",
            "64:ff9b:1::7f00:1",
            // Discard, Teredo, benchmarks, ORCHID, documentation, 6to4.
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "2002:7f00:1::",
            // Unique local (a cloud's metadata among them), link-local, site-local, multicast.
            "fc00::1",
            "fd00:ec2::254",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            // Segment routing, and what nobody was given.
            "5f00::1",
            "4000::1",
            "8000::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn every_network_of_the_lists_is_one() {
        assert_eq!(
            (V4.len(), V6.0.len(), V6.1.len()),
            (NOT_PUBLIC_V4.len(), 1, NOT_PUBLIC_V6.len())
        );
    }

    #[tokio::test]
    async fn names_of_this_machine_have_no_address_here() {
        for name in ["localhost", "127.0.0.1"] {
            let Err(error) = PublicOnly.resolve(name.parse().unwrap()).await else {
                panic!("{name} has a public address");
            };
            assert!(error.is::<Refused>(), "{name}: {error}");
        }
    }
}
