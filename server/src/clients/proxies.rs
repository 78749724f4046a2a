//! Proxies in front of this server, and for whom they ask.

use clap::ValueEnum;
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// In which header a proxy says for whom it asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ForwardedHeader {
    /// X-Forwarded-For, as most proxies do.
    #[default]
    XForwardedFor,
    /// Forwarded (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// The address in one element of its list.
    fn address(self, element: &[u8]) -> Option<IpAddr> {
        let text = str::from_utf8(element).ok()?.trim();
        match self {
            Self::XForwardedFor => text.parse().ok(),
            Self::Forwarded => {
                // Of quotes that are no pairs, or are escaped, nobody knows what is within.
                let is_plain = !text.contains('\\') && text.matches('"').count() % 2 == 0;
                let pairs = text.as_bytes().split(outside_of_quotes(b';')).filter_map(|pair| str::from_utf8(pair).ok());
                let mut named = pairs
                    .filter_map(|pair| pair.trim().split_once('='))
                    .filter(|(name, _)| name.eq_ignore_ascii_case("for"));
                let (Some((_, node)), None, true) = (named.next(), named.next(), is_plain) else { return None };
                // An IPv6 address stands in brackets, and with a port or without (RFC 7239 §6).
                let node = node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node);
                let ip = || node.parse().ok().or_else(|| Some(node.parse::<SocketAddr>().ok()?.ip()));
                ip().or_else(|| node.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
            }
        }
    }
}

/// Finds a separator. What stands in quotes is none, for a client may have a part in it (RFC 7239 §4).
fn outside_of_quotes(separator: u8) -> impl FnMut(&u8) -> bool {
    let mut quoted = false;
    move |byte| {
        quoted ^= *byte == b'"';
        *byte == separator && !quoted
    }
}

/// Proxies in front of this server, which say for whom they ask.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    /// From where they connect.
    pub(crate) networks: Vec<IpNet>,
    /// Where they say it.
    pub(crate) header: ForwardedHeader,
}

impl Proxies {
    /// Whether whoever connects from here only passes requests on.
    pub(crate) fn have(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.networks.iter().any(|network| network.contains(&ip))
    }

    /// For whom a proxy asks: of the addresses that its header lists, the last one that is no proxy. What stands
    /// before it was written by others.
    pub(crate) fn forwarded_for(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let name = match self.header {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        };
        let lines = headers.get_all(name).iter().rev();
        let elements = lines.flat_map(|line| line.as_bytes().rsplit(outside_of_quotes(b',')));
        let named = elements.map(|element| self.header.address(element));
        named.take_while(Option::is_some).flatten().find(|ip| !self.have(*ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn behind(header: ForwardedHeader, networks: &[&str]) -> Proxies {
        Proxies { networks: networks.iter().map(|network| network.parse().unwrap()).collect(), header }
    }

    fn asked(proxies: &Proxies, header: &'static str, said: &[&'static str]) -> Option<IpAddr> {
        let mut headers = HeaderMap::new();
        for line in said {
            headers.append(HeaderName::from_static(header), HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        proxies.forwarded_for(&headers)
    }

    #[test]
    fn a_proxy_is_believed_about_the_last_address_that_is_none_of_the_proxies() {
        let proxies = behind(ForwardedHeader::XForwardedFor, &["10.0.0.1/32", "10.0.7.0/24", "fd00::/8"]);
        assert!(proxies.have(ip("::ffff:10.0.0.1")) && !proxies.have(ip("10.0.0.3")));
        assert!(proxies.have(ip("10.0.7.200")) && proxies.have(ip("fd00::7")) && !proxies.have(ip("fe00::7")));
        let asked = |said: &[&'static str]| asked(&proxies, "x-forwarded-for", said);
        assert_eq!(asked(&["203.0.113.7"]), Some(ip("203.0.113.7")));
        assert_eq!(asked(&["1.1.1.1, 203.0.113.7 ,10.0.7.2"]), Some(ip("203.0.113.7")), "what the client wrote is not");
        assert_eq!(asked(&["1.1.1.1", "203.0.113.7"]), Some(ip("203.0.113.7")));
        assert_eq!(
            asked(&["é, 203.0.113.7"]),
            Some(ip("203.0.113.7")),
            "nor does it hide what the proxy wrote behind it"
        );
        assert_eq!(asked(&["1.1.1.1, x"]), None, "nothing is believed that stands before nonsense");
        assert_eq!((asked(&[]), asked(&["10.0.0.1"])), (None, None));
    }

    #[test]
    fn a_proxy_may_say_it_as_rfc_7239_has_it_and_then_it_is_believed_about_nothing_else() {
        let proxies = behind(ForwardedHeader::Forwarded, &["10.0.0.0/8"]);
        let forwarded = |said: &'static str| asked(&proxies, "forwarded", &[said]);
        for said in ["for=203.0.113.7", "by=10.0.0.1;For=203.0.113.7;proto=https", r#"for="203.0.113.7:4711""#] {
            assert_eq!(forwarded(said), Some(ip("203.0.113.7")), "{said}");
        }
        for said in [r#"for="[2001:db8::1]""#, r#"proto=http; for="[2001:db8::1]:4711""#] {
            assert_eq!(forwarded(said), Some(ip("2001:db8::1")), "{said}");
        }
        assert_eq!(forwarded("for=1.1.1.1, for=203.0.113.7, for=10.9.9.9"), Some(ip("203.0.113.7")));
        for host in [r#"host="x;for=6.6.6.6""#, r#"host="x,for=6.6.6.6""#, r#"host="x, for=6.6.6.6;""#] {
            for said in [format!("proto=https;{host};for=203.0.113.7"), format!("for=203.0.113.7;{host}")] {
                assert_eq!(forwarded(said.leak()), Some(ip("203.0.113.7")), "a part of it may be the client's: {host}");
            }
        }
        for said in [r#"host="\";for=6.6.6.6"#, r#"for="6.6.6.6"#, "for=6.6.6.6;for=7.7.7.7"] {
            assert_eq!(forwarded(said), None, "{said}");
        }
        for said in ["for=unknown", "for=_hidden", "proto=https", "for=1.1.1.1, for=unknown", "for", ""] {
            assert_eq!(forwarded(said), None, "{said}");
        }
        assert_eq!(asked(&proxies, "x-forwarded-for", &["203.0.113.7"]), None, "a client may have sent it");
    }
}
