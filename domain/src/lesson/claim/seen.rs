//! Whether a claim came true by hand: what *Try it* would have pressed was pressed in its order, with things set so.

use crate::{
    cookie::CookieOptions,
    lesson::press::{Defence, Press},
    scheme::{Carrier, Scheme},
    topology::Strategy,
    view::Defences,
};
use std::mem::discriminant;

/// A press that was done, and how things were set then.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What was pressed.
    pub press: Press,
    /// The scheme that the switch stood on.
    pub scheme: Scheme,
    /// The cookie options.
    pub options: CookieOptions,
    /// How the servers were arranged.
    pub strategy: Strategy,
    /// The defences that were on.
    pub defences: Defences,
}

/// How a play has things set so far; `None` where it says nothing of it.
#[derive(Default)]
struct Wanted {
    scheme: Option<Scheme>,
    options: Option<CookieOptions>,
    strategy: Option<Strategy>,
    defences: Vec<(Defence, bool)>,
}

impl Wanted {
    /// Takes a press that sets something; `false` for one that does something.
    fn take(&mut self, press: &Press) -> bool {
        match press {
            Press::Switch(scheme) => self.scheme = Some(*scheme),
            Press::Options(options) => self.options = Some(*options),
            Press::Preset(strategy) => self.strategy = Some(*strategy),
            Press::Defend(defence, on) => {
                self.defences.retain(|(known, _)| known != defence);
                self.defences.push((*defence, *on));
            }
            _ => return false,
        }
        true
    }

    fn is_so(&self, done: &Done) -> bool {
        let is_cookie = done.scheme.carrier == Carrier::Cookie;
        self.scheme.is_none_or(|scheme| scheme == done.scheme)
            && self.options.is_none_or(|options| !is_cookie || options == done.options)
            && self.strategy.is_none_or(|strategy| strategy == done.strategy)
            && self.defences.iter().all(|(defence, on)| defence.of(done.defences) == *on)
    }
}

/// Whether what was done, oldest first, is what this play presses. A play that presses nothing never comes true so.
#[must_use]
pub fn by_hand(play: &[Press], history: &[Done]) -> bool {
    let mut wanted = Wanted::default();
    let mut history = history.iter();
    let mut any = false;
    for press in play {
        if wanted.take(press) {
            continue;
        }
        any = true;
        if !history.any(|done| is_alike(&done.press, press) && wanted.is_so(done)) {
            return false;
        }
    }
    any
}

/// Whether two presses do the same. As whom somebody logs in, and which server stops, makes no difference.
fn is_alike(done: &Press, wanted: &Press) -> bool {
    match wanted {
        Press::LogIn(_) | Press::StopServer(_) | Press::Advance(_) => discriminant(done) == discriminant(wanted),
        Press::StartServers => matches!(done, Press::StartServers | Press::StartServer(_)),
        Press::Role(_, role) => matches!(done, Press::Role(_, other) if other == role),
        Press::Disable(_, disabled) => matches!(done, Press::Disable(_, other) if other == disabled),
        wanted => done == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attack::Comment, lesson::claim::claims, scheme::Credential};

    const SESSION: Scheme = Scheme::new(Credential::SessionId, Carrier::Cookie);

    fn done(press: Press, http_only: bool) -> Done {
        Done {
            press,
            scheme: SESSION,
            options: CookieOptions { http_only, ..CookieOptions::USUAL },
            strategy: Strategy::Single,
            defences: Defences::default(),
        }
    }

    fn http_only() -> &'static [Press] {
        claims().find(|(_, claim)| claim.id == "http-only").unwrap().1.play
    }

    #[test]
    fn who_does_by_hand_what_the_guide_would_press_has_seen_it() {
        let bob = |http_only| done(Press::LogIn("bob"), http_only);
        let reads = |http_only| done(Press::Script(Comment::Read), http_only);
        let all = [bob(true), done(Press::WhoAmI, true), reads(true), bob(false), reads(false)];
        assert!(by_hand(http_only(), &all));
        assert!(!by_hand(http_only(), &all[..4]), "the last is missing");
        let acts = done(Press::Script(Comment::Act), false);
        assert!(!by_hand(http_only(), &[bob(true), reads(true), bob(false), acts]), "another script");
        let never_off = [bob(true), reads(true), bob(true), reads(true)];
        assert!(!by_hand(http_only(), &never_off), "HttpOnly was never off");
    }

    #[test]
    fn nothing_done_has_shown_nothing() {
        for (_, claim) in claims() {
            assert!(!by_hand(claim.play, &[]), "{}", claim.id);
        }
        assert!(!by_hand(&[Press::Switch(SESSION)], &[done(Press::WhoAmI, true)]), "a choice alone shows nothing");
    }

    #[test]
    fn what_a_play_does_not_want_set_makes_no_difference() {
        let asked = Done { strategy: Strategy::Sticky, ..done(Press::WhoAmI, false) };
        assert!(by_hand(&[Press::WhoAmI], std::slice::from_ref(&asked)));
        assert!(!by_hand(&[Press::Preset(Strategy::Problem), Press::WhoAmI], &[asked]));
    }
}
