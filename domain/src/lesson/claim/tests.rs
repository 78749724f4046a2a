use super::*;
use crate::{
    attack::Comment,
    cookie::{Engine, Origin},
    lesson::experiment::{Setting, Trial, trials},
    scheme::Credential,
    topology::StoreKind,
    view::Defences,
};
use std::collections::{BTreeSet, HashSet};

/// As things are after the start, and as a visitor may have set them.
fn settings(part: &Part) -> [Setting; 3] {
    let origin = Origin::parse("http://localhost:3000").unwrap();
    let usual = Setting::usual(part.scheme, Engine::Blink, origin);
    let options = CookieOptions { same_site: SameSite::None, secure: true, http_only: false, ..usual.options };
    let defences = Defences { check_origin: true, denylist: true, guestbook_csp: true, hash_ids: true };
    let strict = CookieOptions { same_site: SameSite::Strict, ..usual.options };
    [usual.clone(), Setting { options, defences, ..usual.clone() }, Setting { options: strict, ..usual }]
}

fn shown(part: &Part, set: &Setting) -> Vec<Trial> {
    part.of(trials(part.experiment, set, &[StoreKind::Sqlite]))
}

fn parts() -> impl Iterator<Item = (&'static str, &'static Part)> {
    claims().flat_map(|(_, claim)| claim.behind.iter().map(move |part| (claim.id, part)))
}

#[test]
fn one_goes_from_the_first_claim_to_the_last_and_back() {
    let mut claim = first();
    let mut seen = vec![claim.id];
    while let Some(next) = claim.beside(1) {
        assert_eq!(next.beside(-1).map(|before| before.id), Some(claim.id));
        claim = next;
        seen.push(claim.id);
    }
    assert!(claims().map(|(_, claim)| claim.id).eq(seen));
    assert!(first().beside(-1).is_none());
}

#[test]
fn a_claim_knows_its_place_in_its_chapter() {
    for chapter in Chapter::ALL {
        for (at, claim) in chapter.claims().iter().enumerate() {
            assert_eq!(claim.place(), (chapter, at + 1, chapter.claims().len()), "{}", claim.id);
            assert_eq!(named(claim.id).map(|found| found.id), Some(claim.id));
        }
    }
}

#[test]
fn every_claim_has_an_id_of_its_own_that_reads_well_in_an_address() {
    let mut seen = HashSet::new();
    for (_, claim) in claims() {
        assert!(claim.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", claim.id);
        assert!(claim.id.len() <= 24, "{}", claim.id);
        assert!(seen.insert(claim.id), "{} is there twice", claim.id);
    }
}

#[test]
fn every_statement_of_the_note_is_covered() {
    let covered: BTreeSet<u8> = claims().flat_map(|(_, claim)| claim.note.iter().copied()).collect();
    assert!(covered.iter().copied().eq(1..=66), "{covered:?}");
}

#[test]
fn a_chapter_is_neither_empty_nor_endless() {
    for chapter in Chapter::ALL {
        assert!((5..=20).contains(&chapter.claims().len()), "{chapter:?}");
    }
}

#[test]
fn what_is_tried_is_short_and_sets_what_it_needs_before_a_login() {
    for (_, claim) in claims() {
        assert!(claim.play.len() <= 8, "{}", claim.id);
        let login = claim.play.iter().position(|press| matches!(press, Press::LogIn(_)));
        let switch = claim.play.iter().position(|press| matches!(press, Press::Switch(_)));
        if let Some(login) = login {
            assert!(switch.is_some_and(|switch| switch < login), "{}", claim.id);
        }
    }
}

/// A session needs to know its servers, or a request may meet one that knows nobody.
#[test]
fn who_goes_on_with_a_session_says_how_many_servers_there_are() {
    for (_, claim) in claims() {
        let (mut is_session, mut is_logged_in, mut servers) = (false, false, false);
        for press in claim.play {
            match press {
                Press::Switch(scheme) => is_session = scheme.credential == Credential::SessionId,
                Press::Preset(_) => servers = true,
                Press::LogIn(_) => is_logged_in = true,
                Press::WhoAmI
                | Press::AddToCart
                | Press::LogOut
                | Press::LogOutEverywhere
                | Press::VisitAdmin
                | Press::OtherSite(_)
                | Press::Script(Comment::Act)
                | Press::SendCopy
                | Press::Reload
                    if is_session && is_logged_in =>
                {
                    assert!(servers, "{}: {press:?}", claim.id);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn what_a_claim_switches_off_among_servers_and_stores_it_switches_on_again() {
    for (_, claim) in claims() {
        let last = |off: fn(&Press) -> bool, on: fn(&Press) -> bool| {
            let at = |found: fn(&Press) -> bool| claim.play.iter().rposition(found);
            at(off).is_none_or(|off| at(on).is_some_and(|on| off < on))
        };
        assert!(last(|p| matches!(p, Press::StopServer(_)), |p| *p == Press::StartServers), "{}", claim.id);
        assert!(last(|p| *p == Press::StopStore(true), |p| *p == Press::StopStore(false)), "{}", claim.id);
        assert!(
            last(|p| matches!(p, Press::Disable(_, true)), |p| matches!(p, Press::Disable(_, false))),
            "{}",
            claim.id
        );
    }
}

/// Its words say why: work is no milliseconds.
#[test]
fn only_one_claim_can_neither_be_tried_nor_measured() {
    let unseen = claims().filter(|(_, claim)| claim.play.is_empty() && claim.behind.is_empty());
    assert!(unseen.map(|(_, claim)| claim.id).eq(["store-has-a-price"]));
}

#[test]
fn every_part_shows_one_to_six_comparisons() {
    for (id, part) in parts() {
        let [usual, ..] = settings(part);
        let shown = shown(part, &usual);
        assert!((1..=6).contains(&shown.len()), "{id}: {part:?} shows {}", shown.len());
    }
}

#[test]
fn every_part_shows_the_same_comparisons_whatever_the_visitor_has_set() {
    for (id, part) in parts() {
        let [usual, set, strict] = settings(part).map(|set| shown(part, &set));
        for other in [set, strict] {
            assert_eq!(usual.len(), other.len(), "{id}: {part:?}");
            for trial in &usual {
                assert!(other.contains(trial), "{id}: {trial:?}");
            }
        }
    }
}

#[test]
fn only_the_claim_about_two_minutes_waits() {
    for (id, part) in parts() {
        let [usual, ..] = settings(part);
        let waits = shown(part, &usual).iter().any(|trial| trial.what.takes_minutes());
        assert!(!waits || id == "unset-is-not-lax", "{id}: {part:?}");
    }
}

#[test]
fn every_rule_names_its_source_by_a_secure_address() {
    for (_, claim) in claims() {
        assert!(!claim.sources.is_empty(), "{}", claim.id);
        for (name, address) in claim.sources {
            assert!(name.len() > 4 && address.starts_with("https://"), "{}: {name}", claim.id);
        }
    }
}

#[test]
fn that_a_part_needs_the_attackers_window_is_known_without_its_trials() {
    let mut with_window = 0;
    for part in claims().flat_map(|(_, claim)| claim.behind) {
        for setting in settings(part) {
            let trials = part.of(trials(part.experiment, &setting, &StoreKind::SHARED));
            let asks = trials.iter().any(|trial| trial.what.needs_window());
            assert_eq!(part.needs_window(), asks, "{part:?}");
            with_window += usize::from(asks);
        }
    }
    assert!(with_window > 0);
}
