//! The addresses under which browsers see this server and its attacker, and whether the two are one site.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Origin, Url};

/// Where this server listens unless told otherwise.
pub(crate) const ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);
/// Where the attacker listens unless told otherwise.
pub(crate) const ATTACKER_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3666);

/// As which the page and the attacker are served, where that was configured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configured {
    pub(crate) public: Option<String>,
    pub(crate) attacker: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Origins {
    pub(crate) configured: Configured,
    /// As which the page is served, as far as this server knows.
    pub(crate) public: String,
    pub(crate) attacker: String,
    /// Another port of the page's own host, where the attacker listens there, too.
    pub(crate) neighbour: Option<String>,
    /// Whether the attacker and the page are one site.
    pub(crate) same_site: bool,
}

impl Origins {
    /// Of a server that listens here, and an attacker there.
    pub(crate) fn new(configured: Configured, addr: SocketAddr, attacker_addr: SocketAddr) -> Self {
        let attacker = configured.attacker.clone().unwrap_or_else(|| numeric(attacker_addr));
        let public = configured.public.clone().unwrap_or_else(|| seen_at(addr));
        let is_on_loopback = configured.attacker.is_some() || is_localhost(attacker_addr.ip());
        Self {
            // Over another scheme it would be another site.
            neighbour: as_localhost(&attacker, leads_there)
                .filter(|neighbour| is_on_loopback && is_at_localhost(&public) && same_site(&public, neighbour)),
            same_site: same_site(&public, &attacker),
            configured,
            public,
            attacker,
        }
    }

    /// As which the attacker is reached, where that was configured: also as another port of the page's own host.
    pub(crate) fn of_configured_attacker(&self) -> Vec<&str> {
        let Some(attacker) = &self.configured.attacker else { return Vec::new() };
        std::iter::once(attacker).chain(&self.neighbour).map(String::as_str).collect()
    }
}

/// Whether this is an origin of the name `localhost`.
pub(crate) fn is_at_localhost(origin: &str) -> bool {
    matches!(parse(origin), Some(Origin::Tuple(_, Host::Domain(name), _)) if name == "localhost")
}

/// The same port of the name `localhost`, where an origin's host is such a one.
pub(crate) fn as_localhost(origin: &str, is_such: impl FnOnce(&Host) -> bool) -> Option<String> {
    let Origin::Tuple(scheme, host, port) = parse(origin)? else { return None };
    is_such(&host).then(|| Origin::Tuple(scheme, Host::Domain("localhost".to_owned()), port).ascii_serialization())
}

/// Whether the name `localhost` leads there.
fn leads_there(host: &Host) -> bool {
    match host {
        Host::Ipv4(ip) => is_localhost((*ip).into()),
        Host::Ipv6(ip) => is_localhost((*ip).into()),
        Host::Domain(_) => false,
    }
}

fn is_localhost(ip: IpAddr) -> bool {
    ip == Ipv4Addr::LOCALHOST || ip == Ipv6Addr::LOCALHOST
}

/// Where people find a server that listens there.
pub(crate) fn seen_at(addr: SocketAddr) -> String {
    let ip = addr.ip();
    if is_localhost(ip) || ip.is_unspecified() {
        format!("http://localhost:{}", addr.port())
    } else {
        format!("http://{addr}")
    }
}

/// Where a server that listens there is found on its own machine, also one that listens everywhere.
pub(crate) fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// The same as an origin.
pub(crate) fn numeric(addr: SocketAddr) -> String {
    format!("http://{}", reachable(addr))
}

/// Reads `http(s)://host[:port]`. What has anything more is no origin, though it may be an address.
pub(crate) fn parse(text: &str) -> Option<Origin> {
    let (scheme, authority) = text.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_plain = authority.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b));
    let url = (is_web && is_plain).then(|| Url::parse(text).ok())??;
    Some(url.origin())
}

/// Whether two origins are one site, as `SameSite` has it: one scheme, one registrable domain, whatever the port.
pub(crate) fn same_site(one: &str, other: &str) -> bool {
    let (Some(Origin::Tuple(scheme, one, _)), Some(Origin::Tuple(other_scheme, other, _))) = (parse(one), parse(other))
    else {
        return false;
    };
    scheme == other_scheme
        && match (&one, &other) {
            (Host::Domain(one), Host::Domain(other)) => registrable(one) == registrable(other),
            _ => one == other,
        }
}

/// The registrable domain; of a single label and a public suffix all of it. A dot at the end makes a name another one
/// (URL Standard, "registrable domain"), so not `domain_str`, which takes it away.
fn registrable(name: &str) -> &[u8] {
    psl::domain(name.as_bytes()).map_or(name.as_bytes(), |domain| domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_the_scheme_and_the_registrable_domain_whatever_the_port() {
        for (one, other) in [
            ("http://localhost:3000", "http://localhost:3666"),
            ("https://lab.example.com", "https://evil.example.com:8443"),
            ("https://a.b.example.co.uk", "https://example.co.uk"),
            ("http://127.0.0.1:1", "http://127.0.0.1:2"),
            ("http://[::1]:1", "http://[::1]:2"),
            ("https://Lab.Example.com", "https://example.com"),
            ("https://lab.example.com.", "https://example.com."),
            ("http://127.0.0.1:1", "http://127.0.0.1.:2"),
        ] {
            assert!(same_site(one, other) && same_site(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("http://localhost:3000", "http://127.0.0.1:3666"),
            ("http://127.0.0.1", "http://127.0.0.2"),
            ("http://127.0.0.1", "http://[::1]"),
            ("https://lab.example.com", "http://lab.example.com"),
            ("https://alice.github.io", "https://bob.github.io"),
            ("https://one.co.uk", "https://two.co.uk"),
            ("https://lab.example", "https://evil.example"),
            ("http://lab", "http://evil"),
            ("http://10.0.0.1", "http://20.0.0.1"),
            ("http://10.0.0.1.", "http://20.0.0.1."),
            ("https://lab.example.com", "https://lab.example.com."),
            ("http://localhost", "http://localhost."),
        ] {
            assert!(!same_site(one, other) && !same_site(other, one), "{one} {other}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port_and_nothing_more() {
        assert_eq!(parse("HTTPS://Lab.example:443"), parse("https://lab.example"));
        assert_ne!(parse("http://lab.example"), parse("https://lab.example"));
        for text in [
            "",
            "null",
            "lab.example",
            "https://",
            "https://x/",
            "https://x/y",
            "https://x?y",
            "https://x#y",
            "ftp://x",
            "https://a@x",
            "https://a b",
            " https://x",
            "https://x\\y",
            "https:x",
            "https://x:abc",
            "http://x:99999",
            "https://[zz]:1",
            "http://\u{2000}x",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn only_what_listens_where_localhost_leads_is_found_there() {
        for (addr, seen) in [
            ("127.0.0.1:80", "http://localhost:80"),
            ("[::1]:3000", "http://localhost:3000"),
            ("0.0.0.0:3000", "http://localhost:3000"),
            ("[::]:3000", "http://localhost:3000"),
            ("127.0.0.2:3000", "http://127.0.0.2:3000"),
            ("192.168.1.5:3000", "http://192.168.1.5:3000"),
            ("[fe80::1]:3000", "http://[fe80::1]:3000"),
        ] {
            assert_eq!(seen_at(addr.parse().unwrap()), seen);
        }
    }

    #[test]
    fn what_is_not_configured_follows_from_where_they_listen() {
        let addr = |text: &str| text.parse::<SocketAddr>().unwrap();
        let origins = Origins::new(Configured::default(), addr("127.0.0.1:80"), addr("127.0.0.1:3666"));
        assert_eq!(
            (origins.public.as_str(), origins.attacker.as_str()),
            ("http://localhost:80", "http://127.0.0.1:3666")
        );
        assert_eq!(origins.neighbour.as_deref(), Some("http://localhost:3666"));
        assert!(!origins.same_site);

        let origins = Origins::new(Configured::default(), addr("0.0.0.0:3000"), addr("0.0.0.0:3666"));
        assert_eq!(
            (origins.public.as_str(), origins.attacker.as_str()),
            ("http://localhost:3000", "http://127.0.0.1:3666")
        );
        assert_eq!(origins.neighbour, None, "only what listens on loopback and nowhere else");

        let behind = |public: &str, attacker: Option<&str>| {
            let configured = Configured { public: Some(public.to_owned()), attacker: attacker.map(str::to_owned) };
            Origins::new(configured, addr("127.0.0.1:3000"), addr("127.0.0.1:3666")).neighbour
        };
        assert_eq!(behind("http://localhost:80", None).as_deref(), Some("http://localhost:3666"));
        let proxied = behind("https://localhost:8443", Some("https://127.0.0.1:8444"));
        assert_eq!(proxied.as_deref(), Some("https://localhost:8444"), "behind a proxy on this machine");
        assert_eq!(behind("https://localhost:8443", Some("https://evil.example")), None);
        assert_eq!(behind("https://localhost:8443", None), None, "another scheme is another site");
        assert_eq!(behind("https://lab.example", Some("https://127.0.0.1:8444")), None);

        let public = Some("https://lab.example.com".to_owned());
        let attacker = Some("https://evil.example.com".to_owned());
        let configured = Configured { public: public.clone(), attacker };
        let origins = Origins::new(configured, addr("127.0.0.1:3000"), addr("127.0.0.1:3666"));
        assert_eq!((origins.configured.public, origins.neighbour, origins.same_site), (public, None, true));
    }
}
