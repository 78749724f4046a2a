use super::*;
use crate::{
    attack::Attack,
    cookie::{Probe, SameSite},
    topology::StoreKind,
};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};

fn usual(scheme: Scheme) -> Setting {
    Setting::usual(scheme, Engine::Blink, Origin::parse("http://localhost:3000").unwrap())
}

fn scheme(name: &str) -> Scheme {
    name.parse().unwrap()
}

fn answer(what: What, setting: &Setting) -> Finding {
    predict(what, setting).unwrap().finding
}

const ENGINES: [Engine; 3] = [Engine::Blink, Engine::Gecko, Engine::WebKit];

#[test]
fn every_experiment_has_a_name_of_its_own_and_trials_unless_it_says_why_not() {
    let names: HashSet<_> = Experiment::ALL.iter().map(|experiment| experiment.name()).collect();
    assert_eq!(names.len(), Experiment::ALL.len());
    for experiment in Experiment::ALL {
        assert_eq!(Experiment::parse(experiment.name()), Some(experiment));
        for scheme in Scheme::ALL {
            let trials = trials(experiment, &usual(scheme), &StoreKind::SHARED);
            assert_eq!(trials.is_empty(), does_not_apply(experiment, scheme).is_some(), "{experiment:?} {scheme}");
        }
    }
}

#[test]
fn no_trial_is_asked_twice() {
    for experiment in Experiment::ALL {
        for scheme in Scheme::ALL {
            let trials = trials(experiment, &usual(scheme), &StoreKind::SHARED);
            for (i, trial) in trials.iter().enumerate() {
                assert!(!trials[..i].contains(trial), "{experiment:?} {scheme} {:?}", trial.what);
            }
        }
    }
}

#[test]
fn only_a_time_is_not_predicted() {
    for experiment in Experiment::ALL {
        for scheme in Scheme::ALL {
            for trial in trials(experiment, &usual(scheme), &StoreKind::SHARED) {
                let none = predict(trial.what, &trial.setting).is_none();
                assert_eq!(none, trial.what == What::TimeToIdentify, "{:?}", trial.what);
            }
        }
    }
}

/// The property that the two axes are: what a script and another site can do depends on the carrier alone.
#[test]
fn what_others_can_do_with_it_depends_on_the_carrier_alone() {
    for experiment in Experiment::ALL.into_iter().filter(|e| e.axis() == Axis::Carrier) {
        for carrier in [Carrier::Cookie, Carrier::LocalStorage] {
            let [a, b] = [Credential::SessionId, Credential::Jwt].map(|credential| {
                let set = usual(Scheme::new(credential, carrier));
                let trials = trials(experiment, &set, &StoreKind::SHARED);
                trials.iter().map(|t| (t.what, predict(t.what, &t.setting).unwrap().finding)).collect::<Vec<_>>()
            });
            // How large a cookie gets is both: a JWT grows, and a cookie has a wall.
            if experiment != Experiment::CookieWall {
                assert_eq!(a, b, "{experiment:?}");
            }
        }
    }
}

#[test]
fn a_local_storage_is_looked_into_only_where_something_lies_in_it() {
    for scheme in Scheme::ALL {
        let trials = trials(Experiment::Ports, &usual(scheme), &StoreKind::SHARED);
        let looks = trials.iter().any(|trial| trial.what == What::PortReadsStorage);
        assert_eq!(looks, scheme.carrier == Carrier::LocalStorage, "{scheme}");
    }
}

#[test]
fn when_it_ends_and_what_it_costs_depends_on_the_credential_alone() {
    for experiment in Experiment::ALL.into_iter().filter(|e| e.axis() != Axis::Carrier) {
        for credential in [Credential::SessionId, Credential::Jwt] {
            let [a, b] = [Carrier::Cookie, Carrier::LocalStorage].map(|carrier| {
                let set = usual(Scheme::new(credential, carrier));
                let trials = trials(experiment, &set, &StoreKind::SHARED);
                trials.iter().map(|t| (t.what, predict(t.what, &t.setting).map(|p| p.finding))).collect::<Vec<_>>()
            });
            assert_eq!(a, b, "{experiment:?}");
        }
    }
}

#[test]
fn an_experiment_takes_minutes_where_one_of_its_trials_does() {
    for scheme in Scheme::ALL {
        for experiment in Experiment::ALL {
            let takes = trials(experiment, &usual(scheme), &[]).iter().any(|trial| trial.what.takes_minutes());
            assert_eq!(experiment.takes_minutes(scheme.carrier), takes, "{experiment:?} {scheme:?}");
        }
    }
}

#[test]
fn each_defence_changes_the_answer_of_the_attack_that_it_is_against() {
    let differs = |what, setting: &Setting, defended: &Setting| {
        assert_eq!((answer(what, setting), answer(what, defended)), (Finding::Yes, Finding::No), "{what:?}");
    };
    let open = |setting: Setting| Setting { options: CookieOptions { http_only: false, ..setting.options }, ..setting };
    let cookie = usual(scheme("session-cookie"));
    differs(What::ScriptReads, &open(cookie.clone()), &cookie);
    let csp = Setting { defences: Defences { guestbook_csp: true, ..cookie.defences }, ..cookie.clone() };
    differs(What::ScriptActs, &cookie, &csp);
    differs(What::ScriptReads, &open(cookie.clone()), &open(csp));
    let unset = CookieOptions { same_site: SameSite::Unset, ..cookie.options };
    let unset = Setting { options: unset, ..cookie.clone() };
    differs(What::OtherSite(Attack::FormPost), &unset, &cookie);
    let checked = Setting { defences: Defences { check_origin: true, ..cookie.defences }, ..unset.clone() };
    differs(What::OtherSite(Attack::FormPost), &unset, &checked);
    let hashed = Setting { defences: Defences { hash_ids: true, ..cookie.defences }, ..cookie.clone() };
    differs(What::CopiedRowsWork, &cookie, &hashed);
    let token = usual(scheme("token-storage"));
    let denied = Setting { defences: Defences { denylist: true, ..token.defences }, ..token.clone() };
    differs(What::CopyWorks(Ending::LogOut), &token, &denied);
    differs(What::DisabledWorks, &token, &denied);
}

/// As measured in the three engines over plain http.
#[test]
fn engines_differ_where_they_were_seen_to_differ() {
    let form = |engine, same_site, secure| {
        let set = usual(scheme("session-cookie"));
        let options = CookieOptions { secure, same_site, ..set.options };
        answer(What::OtherSite(Attack::FormPost), &Setting { options, engine, ..set }) == Finding::Yes
    };
    assert_eq!(ENGINES.map(|e| form(e, SameSite::Lax, false)), [false; 3]);
    assert_eq!(ENGINES.map(|e| form(e, SameSite::Strict, false)), [false; 3]);
    assert_eq!(ENGINES.map(|e| form(e, SameSite::Unset, false)), [true; 3]);
    assert_eq!(ENGINES.map(|e| form(e, SameSite::None, true)), [true, true, false]);
    assert_eq!(ENGINES.map(|e| form(e, SameSite::None, false)), [false, false, true]);
    let later = |engine| {
        let set = usual(scheme("session-cookie"));
        let options = CookieOptions { same_site: SameSite::Unset, ..set.options };
        answer(What::OtherSiteLater, &Setting { options, engine, ..set }) == Finding::Yes
    };
    assert_eq!(ENGINES.map(later), [false, true, true]);
    let wall = |engine| answer(What::CookieDropped, &Setting { engine, ..usual(scheme("token-cookie")) });
    assert_eq!(ENGINES.map(wall), [Finding::Yes, Finding::Yes, Finding::No]);
}

#[test]
fn a_measurement_is_held_against_its_prediction() {
    let setting = usual(scheme("session-cookie"));
    let predicted = predict(What::ScriptReads, &setting);
    assert_eq!(judge(predicted.as_ref(), &Finding::No), Verdict::AsPredicted);
    assert_eq!(judge(predicted.as_ref(), &Finding::Yes), Verdict::NotAsPredicted { differ: 1 });
    assert_eq!(judge(None, &Finding::Micros(7)), Verdict::MeasuredOnly);
    let probes = predict(What::ProbesKept, &setting);
    let Some(Prediction { finding: Finding::Probes(mut which), .. }) = probes.clone() else { panic!("no probes") };
    assert_eq!(judge(probes.as_ref(), &Finding::Probes(which.clone())), Verdict::AsPredicted);
    let first = *which.iter().next().unwrap();
    which.remove(&first);
    which.insert(191);
    assert_eq!(judge(probes.as_ref(), &Finding::Probes(which)), Verdict::NotAsPredicted { differ: 2 });
}

#[test]
fn what_a_browser_says_of_third_party_cookies_changes_what_others_embed_and_nothing_else() {
    for scheme in Scheme::ALL {
        let set = usual(scheme);
        for experiment in Experiment::ALL {
            let [unknown, blocked, allowed] = [None, Some(false), Some(true)]
                .map(|third_party| trials(experiment, &Setting { third_party, ..set.clone() }, &StoreKind::SHARED));
            for ((unknown, blocked), allowed) in unknown.iter().zip(&blocked).zip(&allowed) {
                let is_asked = unknown.what.needs_window();
                assert_eq!(blocked.setting.third_party, is_asked.then_some(false), "{:?}", unknown.what);
                let [blocked, allowed] = [blocked, allowed].map(|trial| predict(trial.what, &trial.setting));
                let is_embedded = matches!(
                    unknown.what,
                    What::OtherSite(Attack::Fetch | Attack::Frame) | What::ProbesCross(Attack::Fetch | Attack::Frame)
                );
                let of_none =
                    unknown.setting.options.same_site == SameSite::None || experiment == Experiment::CookieRules;
                let differs = is_embedded && of_none && scheme.carrier == Carrier::Cookie;
                assert_eq!(blocked != allowed, differs, "{experiment:?} {:?}", unknown.what);
            }
        }
    }
}

fn any_setting() -> impl Strategy<Value = Setting> {
    use proptest::prelude::Strategy as _;
    let options =
        (any::<bool>(), any::<bool>(), 0..4_usize, any::<bool>()).prop_map(|(http_only, secure, site, host)| {
            CookieOptions { http_only, secure, same_site: SameSite::ALL[site], host_prefix: host, ..Default::default() }
        });
    let defences = any::<[bool; 4]>().prop_map(|[check_origin, denylist, hash_ids, guestbook_csp]| Defences {
        check_origin,
        denylist,
        hash_ids,
        guestbook_csp,
    });
    (0..4_usize, 0..3_usize, options, defences).prop_map(|(scheme, engine, options, defences)| Setting {
        options,
        defences,
        engine: ENGINES[engine],
        ..usual(Scheme::ALL[scheme])
    })
}

use proptest::strategy::Strategy;

proptest! {
    /// However the visitor has set things, the first trial answers for just that, and each has a prediction.
    #[test]
    fn the_first_trial_is_under_the_visitors_own_setting(set in any_setting()) {
        for experiment in [Experiment::ScriptReads, Experiment::OtherSite, Experiment::Reload] {
            let trials = trials(experiment, &set, &[StoreKind::Sqlite]);
            if set.scheme.carrier == Carrier::Cookie {
                prop_assert_eq!(trials[0].setting.options, set.options);
            }
            prop_assert!(predict(trials[0].what, &trials[0].setting).is_some());
        }
    }

    /// A cookie that is not kept gives nobody anything.
    #[test]
    fn a_cookie_that_is_not_kept_gives_nobody_anything(set in any_setting()) {
        if set.not_kept().is_some() {
            for what in [What::ScriptReads, What::ScriptActs, What::OtherSite(Attack::Link), What::KnownBeforeScript] {
                prop_assert_eq!(answer(what, &set), Finding::No);
            }
        }
    }
}

#[test]
fn a_cookie_without_path_stays_in_the_directory_that_set_it() {
    let setting = usual(Scheme::ALL[0]);
    let which = |what| match predict(what, &setting) {
        Some(Prediction { finding: Finding::Probes(which), .. }) => which,
        other => panic!("{other:?}"),
    };
    let is_root = |number: &usize| Probe::all().nth(*number).is_some_and(|probe| probe.root);
    let kept = which(What::ProbesKept);
    assert!(kept.iter().any(is_root) && !kept.iter().all(is_root));
    assert_eq!(which(What::ProbesFetched), kept, "the script asks in that directory");
    let everywhere: BTreeSet<_> = kept.into_iter().filter(is_root).collect();
    assert_eq!(which(What::ProbesFramed), everywhere, "the page in the frame lies elsewhere");
    assert!(which(What::ProbesVisible).iter().all(is_root), "and so does this one");
}
