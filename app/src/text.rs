//! The words of the page, a constant per language: a missing text is a compile error.

use domain::{
    balance::NodeId,
    cookie::{CookieOptions, Rule},
    exchange::Did,
    lesson::{claim::Chapter, said::Said},
    scheme::Scheme,
    user::Role,
};
use serde::{Deserialize, Serialize};

#[cfg(any(feature = "ssr", test))]
pub(crate) mod claims;
mod crowd;
mod en;
mod experiments;
pub(crate) mod figures;
mod ko;
mod pages;
mod results;
mod servers;
#[cfg(feature = "ssr")]
pub(crate) mod written;

pub(crate) use crowd::Crowd;
pub(crate) use experiments::{Abouts, Attacker, Experiments, Verdict};
pub use pages::{AttackerWindow, Guestbook, NotFound, Pages};
pub(crate) use results::Results;
pub(crate) use servers::{Adjust, Fleet, Nodes, Servers};

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::Ko];

    /// The language tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The other one.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::En => Self::Ko,
            Self::Ko => Self::En,
        }
    }

    /// Its own name for itself.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
        }
    }

    const fn pick<W>(self, en: &'static W, ko: &'static W) -> &'static W {
        match self {
            Self::En => en,
            Self::Ko => ko,
        }
    }

    /// Its words.
    pub(crate) const fn text(self) -> &'static Text {
        match self {
            Self::En => &en::TEXT,
            Self::Ko => &ko::TEXT,
        }
    }

    /// The result of an action.
    pub(crate) fn said(self, said: &Said) -> String {
        match self {
            Self::En => en::said(said),
            Self::Ko => ko::said(said),
        }
    }

    /// Reads a language tag; the region does not matter.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The first of ours in an `Accept-Language` header, by weight (RFC 9110 §12.5.4).
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let weighted = header.split(',').filter_map(|range| {
            let mut parts = range.split(';');
            let lang = Self::parse(parts.next()?)?;
            let weight =
                parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            (weight > 0.0).then_some((lang, weight))
        });
        // `max_by` takes the last of equals; the first is wanted.
        weighted
            .fold(None, |best: Option<(Self, f32)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
            .map(|(lang, _)| lang)
    }
}

/// The words of the parts that the server alone writes.
#[cfg(feature = "ssr")]
impl Lang {
    pub(crate) const fn head(self) -> &'static written::Head {
        self.pick(&en::written::HEAD, &ko::written::HEAD)
    }

    pub(crate) const fn rendered(self) -> &'static written::Rendered {
        self.pick(&en::written::RENDERED, &ko::written::RENDERED)
    }

    pub(crate) const fn users(self) -> &'static written::Users {
        self.pick(&en::written::USERS, &ko::written::USERS)
    }

    pub(crate) const fn presets(self) -> &'static written::Presets {
        self.pick(&en::written::PRESETS, &ko::written::PRESETS)
    }

    pub(crate) const fn switch(self) -> &'static written::Switch {
        self.pick(&en::written::SWITCH, &ko::written::SWITCH)
    }

    pub(crate) const fn actions(self) -> &'static written::Actions {
        self.pick(&en::written::ACTIONS, &ko::written::ACTIONS)
    }
}

/// A word of the page.
type T = &'static str;

/// The words of the page's first file, by the place where they stand. Those of the other files are reached by the
/// methods, so that they lie where they are used.
pub(crate) struct Text {
    pub(crate) lang: Lang,
    pub(crate) page: Page,
    pub(crate) desk: Desk,
    pub(crate) browser: Browser,
    pub(crate) wire: Wire,
    pub(crate) servers: Servers,
    pub(crate) server: Server,
    pub(crate) nodes: Nodes,
    pub(crate) token: Token,
    pub(crate) flow: Flow,
    pub(crate) guide: Guide,
    pub(crate) standing: Standing,
    /// What the server did.
    pub(crate) did: fn(Did) -> T,
    /// The server's own words about a step or a refusal, which are English.
    pub(crate) detail: fn(&str) -> String,
    /// What decided about a cookie.
    pub(crate) rule: fn(Rule) -> T,
    pub(crate) role: fn(Role) -> T,
    pub(crate) scheme: fn(Scheme) -> T,
}

impl Text {
    const fn pick<W>(&self, en: &'static W, ko: &'static W) -> &'static W {
        self.lang.pick(en, ko)
    }

    pub(crate) const fn crowd(&self) -> &'static Crowd {
        self.pick(&en::crowd::CROWD, &ko::crowd::CROWD)
    }

    pub(crate) const fn experiments(&self) -> &'static Experiments {
        self.pick(&en::experiments::EXPERIMENTS, &ko::experiments::EXPERIMENTS)
    }

    pub(crate) const fn verdict(&self) -> &'static Verdict {
        self.pick(&en::experiments::VERDICT, &ko::experiments::VERDICT)
    }

    pub(crate) const fn results(&self) -> &'static Results {
        self.pick(&en::results::RESULTS, &ko::results::RESULTS)
    }

    pub(crate) const fn attacker(&self) -> &'static Attacker {
        self.pick(&en::experiments::ATTACKER, &ko::experiments::ATTACKER)
    }

    pub(crate) const fn opened_token(&self) -> &'static OpenedToken {
        self.pick(&en::OPENED_TOKEN, &ko::OPENED_TOKEN)
    }

    pub(crate) const fn options(&self) -> &'static Options {
        self.pick(&en::OPTIONS, &ko::OPTIONS)
    }

    pub(crate) const fn adjust(&self) -> &'static Adjust {
        self.pick(&en::servers::ADJUST, &ko::servers::ADJUST)
    }

    pub(crate) const fn fleet(&self) -> &'static Fleet {
        self.pick(&en::servers::FLEET, &ko::servers::FLEET)
    }

    pub(crate) const fn tamper(&self) -> &'static Tamper {
        self.pick(&en::TAMPER, &ko::TAMPER)
    }

    pub(crate) const fn slides(&self) -> &'static Slides {
        self.pick(&en::SLIDES, &ko::SLIDES)
    }
}

impl Desk {
    /// The cookie options in short, as they stand. By itself a value says whose it is.
    pub(crate) fn options(&self, options: &CookieOptions) -> String {
        let flags = [(options.http_only, "HttpOnly"), (options.secure, "Secure"), (options.host_prefix, "__Host-")];
        let mut on: Vec<_> = flags.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned()).collect();
        on.push(match options.same_site.attribute() {
            None => self.same_site_unset.to_owned(),
            Some(value) if on.is_empty() => format!("SameSite={value}"),
            Some(value) => value.to_owned(),
        });
        on.join(" · ")
    }
}

/// What changes in the parts of the desk that the server writes.
pub(crate) struct Desk {
    /// Instead of a `SameSite`.
    pub(crate) same_site_unset: T,
    /// Over the switch.
    pub(crate) lead: T,
    /// To put it there, and to take it away.
    pub(crate) proxy: [T; 2],
    pub(crate) defences_on: fn(usize) -> String,
    pub(crate) no_shared: T,
}

pub(crate) struct Page {
    /// What the fourth place is called.
    pub(crate) attacker: T,
    pub(crate) close: T,
    pub(crate) results: T,
    pub(crate) slides: T,
    /// What is said while something runs.
    pub(crate) under_way: T,
    pub(crate) send_copy: T,
    /// How far something is, of how much.
    pub(crate) progress: fn(usize, usize) -> String,
    pub(crate) skip: T,
    /// Where a part of it did not come.
    pub(crate) part_failed: T,
    pub(crate) cut: T,
    pub(crate) newer: T,
    pub(crate) load: T,
    pub(crate) yes: T,
    pub(crate) no: T,
    pub(crate) welcome: T,
}

pub(crate) struct Options {
    pub(crate) legend: T,
    pub(crate) http_only: T,
    pub(crate) secure: T,
    pub(crate) host_prefix: T,
    pub(crate) lifetime: T,
    pub(crate) until_close: T,
    pub(crate) one_minute: T,
    pub(crate) one_day: T,
    pub(crate) beforehand: T,
    pub(crate) kept: T,
    pub(crate) visible: T,
    pub(crate) own: T,
    pub(crate) link: T,
    pub(crate) form: T,
    pub(crate) embedded: T,
    pub(crate) dropped: T,
    pub(crate) storage: T,
}

pub(crate) struct Browser {
    pub(crate) tamper: T,
    pub(crate) title: T,
    pub(crate) cookies: T,
    pub(crate) cookies_how: T,
    pub(crate) hidden: T,
    pub(crate) shown: T,
    pub(crate) no_cookie: T,
    pub(crate) preference: T,
    pub(crate) affinity: fn(&str) -> String,
    pub(crate) affinity_idle: T,
    pub(crate) storage: T,
    pub(crate) storage_how: T,
    pub(crate) storage_note: T,
    pub(crate) nothing: T,
    pub(crate) next: T,
    pub(crate) next_how: T,
    pub(crate) next_nothing: T,
    pub(crate) next_two: T,
    pub(crate) unrecorded: T,
    pub(crate) looking: T,
}

pub(crate) struct Wire {
    pub(crate) title: T,
    pub(crate) how: T,
    pub(crate) empty: T,
    pub(crate) attacker: T,
    pub(crate) crowd: T,
    pub(crate) other: T,
    pub(crate) page: T,
    pub(crate) open: T,
    pub(crate) request: T,
    pub(crate) response: T,
    pub(crate) no_body: T,
    pub(crate) steps: T,
    pub(crate) curl: T,
    pub(crate) no_credential: T,
    pub(crate) all: fn(usize) -> String,
    pub(crate) in_body: T,
    pub(crate) forgets: T,
}

pub(crate) struct Server {
    pub(crate) crowd: T,
    pub(crate) title: T,
    /// What it stores now, beside the crowd.
    pub(crate) now: T,
    /// Sessions, the rows in which they lie, and their bytes.
    pub(crate) summary: fn(usize, usize, usize) -> String,
    pub(crate) nodes: T,
    pub(crate) nodes_how: T,
    pub(crate) node: fn(u8) -> String,
    pub(crate) requests: fn(u64) -> String,
    pub(crate) stopped: T,
    pub(crate) sessions: T,
    pub(crate) sessions_how: T,
    pub(crate) columns: [T; 6],
    pub(crate) no_sessions: T,
    pub(crate) no_sessions_jwt: T,
    pub(crate) hashed: T,
    pub(crate) cart_empty: T,
    pub(crate) keys: T,
    pub(crate) keys_how: T,
    pub(crate) key: fn(&str, &str, u32) -> String,
    pub(crate) signs: T,
    pub(crate) verifies: T,
    pub(crate) secret: T,
    pub(crate) denylist: T,
    pub(crate) denylist_how: T,
    pub(crate) denylist_empty: T,
    pub(crate) denylist_all: fn(&str) -> String,
    pub(crate) gone_in: T,
    pub(crate) bytes: fn(usize) -> String,
    pub(crate) over: T,
}

pub(crate) struct Token {
    pub(crate) open: T,
    pub(crate) left: T,
    pub(crate) over: T,
    pub(crate) opaque: T,
}

/// What is said of a token that is open.
pub(crate) struct OpenedToken {
    pub(crate) anyone: T,
    pub(crate) header: T,
    pub(crate) payload: T,
    pub(crate) signature: T,
    pub(crate) signature_why: T,
    /// What a header field or claim means; empty for one that is not known.
    pub(crate) claim: fn(&str) -> T,
}

pub(crate) struct Tamper {
    pub(crate) lede: T,
    pub(crate) field: T,
    pub(crate) take: T,
    pub(crate) flip: T,
    pub(crate) admin: T,
    pub(crate) none: T,
    pub(crate) send: T,
    pub(crate) how: T,
    pub(crate) nothing: T,
    pub(crate) not_ascii: T,
}

pub(crate) struct Flow {
    pub(crate) session: T,
    pub(crate) token: T,
    /// The note's five steps with their explanations, for a session in a cookie.
    pub(crate) session_cookie: [(T, T); 5],
    pub(crate) session_storage: [(T, T); 5],
    pub(crate) token_cookie: [(T, T); 5],
    pub(crate) token_storage: [(T, T); 5],
    pub(crate) refused: T,
}

/// What the credential that the browser holds is worth.
pub(crate) struct Standing {
    pub(crate) label: T,
    pub(crate) nobody: T,
    pub(crate) dead: T,
    pub(crate) unclear: T,
    pub(crate) too_many: T,
    pub(crate) known_to: fn(&[NodeId]) -> String,
    pub(crate) store_silent: T,
    pub(crate) nodes_silent: T,
}

/// The guide, but for its claims.
pub(crate) struct Guide {
    pub(crate) title: T,
    /// How many claims were seen, of how many.
    pub(crate) seen: fn(usize, usize) -> String,
    pub(crate) was_seen: T,
    pub(crate) search: T,
    pub(crate) chapters: T,
    pub(crate) chapter: fn(Chapter) -> T,
    pub(crate) try_it: T,
    pub(crate) measure: T,
    pub(crate) stop: T,
    pub(crate) put_back: T,
    pub(crate) case: T,
    pub(crate) measured: T,
    pub(crate) predicted: T,
    pub(crate) not_measured: T,
    pub(crate) why: T,
}

/// Slides, but for what the guide calls the same.
pub(crate) struct Slides {
    /// The number of a claim in its chapter, and how many that has.
    pub(crate) of: fn(usize, usize) -> String,
    pub(crate) show_prediction: T,
    /// Shows what was measured before.
    pub(crate) show: T,
    pub(crate) measure_again: T,
    pub(crate) back: T,
    pub(crate) next: T,
    /// To the next slide, where it begins another chapter.
    pub(crate) next_chapter: fn(&str) -> String,
    /// To the next slide, before this one is told.
    pub(crate) skip: T,
    pub(crate) leave: T,
    pub(crate) keys: T,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cookie::SameSite;

    #[test]
    fn the_heaviest_of_our_languages_wins_and_the_first_of_equals() {
        assert_eq!(Lang::accepted("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), Some(Lang::Ko));
        assert_eq!(Lang::accepted("fr, en;q=0.3, ko;q=0.5"), Some(Lang::Ko));
        assert_eq!(Lang::accepted("en, ko"), Some(Lang::En));
        assert_eq!(Lang::accepted("ko;q=0"), None);
        assert_eq!(Lang::accepted("de"), None);
        assert_eq!(Lang::accepted(";;q=,"), None);
    }

    #[test]
    fn a_same_site_by_itself_says_that_it_is_one() {
        let desk = &Lang::En.text().desk;
        let with =
            |http_only, same_site| desk.options(&CookieOptions { http_only, same_site, ..CookieOptions::default() });
        assert_eq!(with(true, SameSite::Lax), "HttpOnly · Lax");
        assert_eq!(with(false, SameSite::None), "SameSite=None");
        assert_eq!(with(false, SameSite::Unset), "SameSite unset");
    }
}
