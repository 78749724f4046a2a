//! The probes: one cookie for every combination of attributes, so that a browser's rules can be measured whole.

use super::{Cookie, SameSite};
use crate::Seconds;

/// The most probes that are set at once: a browser keeps about 180 cookies of a host.
pub const PROBE_BATCH: usize = 32;

/// One combination of attributes, written as it stands here even where a browser must refuse it.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its number in [`Probe::all`].
    pub number: usize,
    /// The `HttpOnly` attribute.
    pub http_only: bool,
    /// The `Secure` attribute.
    pub secure: bool,
    /// The `SameSite` attribute, or none.
    pub same_site: SameSite,
    /// Whether its name begins with `__Host-`.
    pub host_prefix: bool,
    /// Whether it has `Path=/`. Without, it belongs to the directory of the address that set it, `/lab/{id}/api`
    /// (RFC 6265bis §5.1.4).
    pub root: bool,
    /// `Max-Age`: none, an hour, or zero.
    pub max_age: Option<Seconds>,
}

impl Probe {
    /// Every combination, neighbours differing in `SameSite` first.
    pub fn all() -> impl Iterator<Item = Self> {
        let flags = [false, true];
        let each = move |max_age| {
            flags.into_iter().flat_map(move |root| {
                flags.into_iter().flat_map(move |host_prefix| {
                    flags.into_iter().flat_map(move |secure| {
                        flags.into_iter().flat_map(move |http_only| {
                            SameSite::ALL.into_iter().map(move |same_site| Self {
                                number: 0,
                                http_only,
                                secure,
                                same_site,
                                host_prefix,
                                root,
                                max_age,
                            })
                        })
                    })
                })
            })
        };
        let all = [None, Some(3600), Some(0)].into_iter().flat_map(each);
        all.enumerate().map(|(number, probe)| Self { number, ..probe })
    }

    /// Its cookie's name, by which it is recognised wherever it turns up.
    #[must_use]
    pub fn name(&self) -> String {
        let prefix = if self.host_prefix { "__Host-" } else { "" };
        format!("{prefix}p{}", self.number)
    }

    /// The number in a probe's name; `None` when the name is not a probe's.
    #[must_use]
    pub fn number_of(name: &str) -> Option<usize> {
        let number = name.strip_prefix("__Host-").unwrap_or(name).strip_prefix('p')?;
        number.parse().ok().filter(|parsed: &usize| parsed.to_string() == number)
    }

    /// The cookie that it is, `age` seconds after it was set in a lab.
    #[must_use]
    pub fn cookie(&self, lab: &str, age: Seconds) -> Cookie {
        let name = self.name();
        Cookie {
            // Its value is one byte.
            bytes: name.len().saturating_add(1),
            name,
            http_only: self.http_only,
            secure: self.secure,
            same_site: self.same_site,
            max_age: self.max_age,
            path: if self.root { "/".to_owned() } else { format!("/lab/{lab}/api") },
            age,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_is_one_probe_for_every_combination_and_its_name_tells_its_number() {
        let all: Vec<_> = Probe::all().collect();
        assert_eq!(all.len(), 2 * 2 * 2 * 2 * 4 * 3);
        let different: HashSet<_> = all.iter().map(|probe| format!("{:?}", Probe { number: 0, ..*probe })).collect();
        assert_eq!(different.len(), all.len());
        for (number, probe) in all.iter().enumerate() {
            assert_eq!((probe.number, Probe::number_of(&probe.name())), (number, Some(number)));
        }
        assert_eq!([Probe::number_of("p01"), Probe::number_of("sid"), Probe::number_of("p+1")], [None; 3]);
    }
}
