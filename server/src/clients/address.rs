//! Whom the server takes for one client, by the address at the other end.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// Whom the server takes for one client: an IPv4 address, or a network of IPv6, for a customer gets a whole /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    One(IpAddr),
    Network(Ipv6Addr),
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            // On this machine each address is its own.
            IpAddr::V6(ip) if !ip.is_loopback() => {
                Self::Network(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)))
            }
            ip => Self::One(ip),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::One(ip) => ip.fmt(f),
            Self::Network(network) => write!(f, "{network}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_is_an_address_or_a_network_of_ipv6() {
        let shown = |text| Address::from(ip(text)).to_string();
        assert_eq!(shown("203.0.113.7"), "203.0.113.7");
        assert_eq!(shown("::ffff:203.0.113.7"), "203.0.113.7", "one client, by whichever socket it comes");
        assert_eq!(shown("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(Address::from(ip("2001:db8:1:2::1")), Address::from(ip("2001:db8:1:2:ffff::")));
        assert_ne!(Address::from(ip("2001:db8:1:2::1")), Address::from(ip("2001:db8:1:3::1")));
        assert_eq!(shown("::1"), "::1");
    }
}
