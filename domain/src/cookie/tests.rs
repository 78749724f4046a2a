use super::*;
use proptest::prelude::*;

const ENGINES: [Engine; 3] = [Engine::Blink, Engine::Gecko, Engine::WebKit];

fn cookie(options: CookieOptions) -> Cookie {
    options.cookie(Credential::SessionId, "lab", false, 22)
}

fn same_site(same_site: SameSite) -> Cookie {
    cookie(CookieOptions { same_site, secure: same_site == SameSite::None, ..CookieOptions::default() })
}

fn localhost() -> Origin {
    Origin::parse("http://localhost:3000").unwrap()
}

/// The table that was seen in the three engines, over plain http: page on localhost, the other site 127.0.0.1.
#[test]
fn what_is_sent_from_another_site_is_what_was_seen_in_the_engines() {
    use Engine::{Blink, Gecko, WebKit};
    use Situation::{CrossSiteEmbedded as Embedded, CrossSiteLink as Link, CrossSitePost as Post};
    let seen = [
        (SameSite::Strict, Blink, Embedded, false),
        (SameSite::Strict, Gecko, Post, false),
        (SameSite::Strict, WebKit, Link, false),
        (SameSite::Lax, Blink, Embedded, false),
        (SameSite::Lax, Gecko, Post, false),
        (SameSite::Lax, WebKit, Embedded, false),
        (SameSite::Lax, Blink, Link, true),
        (SameSite::Lax, WebKit, Link, true),
        (SameSite::Unset, Blink, Embedded, false),
        (SameSite::Unset, Gecko, Embedded, false),
        (SameSite::Unset, WebKit, Embedded, true),
        (SameSite::Unset, Blink, Post, true),
        (SameSite::Unset, Gecko, Post, true),
        (SameSite::Unset, WebKit, Post, true),
        (SameSite::Unset, Gecko, Link, true),
        (SameSite::None, Blink, Embedded, true),
        (SameSite::None, Gecko, Embedded, false),
        (SameSite::None, Blink, Post, true),
        (SameSite::None, Gecko, Link, true),
        (SameSite::None, WebKit, Embedded, true),
    ];
    for (attribute, engine, situation, expected) in seen {
        let ruling = sent(&same_site(attribute), "/lab/lab/api/me", situation, engine);
        assert_eq!(ruling.yes, expected, "{attribute:?} {engine:?} {situation:?}: {ruling:?}");
    }
}

/// Private windows of Chrome and Debian's Chromium block third-party cookies, an ordinary Chrome does not, and
/// everybody can set it: what the browser says of itself goes before what is usual.
#[test]
fn a_browser_that_blocks_third_party_cookies_sends_none_with_what_is_embedded_and_all_with_the_rest() {
    for engine in ENGINES {
        for third_party in [false, true] {
            let browser = Browser { engine, third_party: Some(third_party) };
            let goes = |situation| sent(&same_site(SameSite::None), "/lab/lab/api/me", situation, browser).yes;
            assert_eq!(goes(Situation::CrossSiteEmbedded), third_party, "{engine:?}");
            assert!(goes(Situation::CrossSiteLink) && goes(Situation::CrossSitePost) && goes(Situation::OwnPage));
            let lax = sent(&same_site(SameSite::Lax), "/lab/lab", Situation::CrossSiteEmbedded, browser);
            assert_eq!(lax, Ruling::no(Rule::LaxStaysHome), "{engine:?}");
        }
    }
}

#[test]
fn chromium_takes_unset_for_lax_once_two_minutes_have_gone() {
    let mut unset = same_site(SameSite::Unset);
    let post = |cookie: &Cookie, engine| sent(cookie, "/lab/lab", Situation::CrossSitePost, engine).yes;
    unset.age = 119;
    assert!(post(&unset, Engine::Blink));
    unset.age = 120;
    assert!(!post(&unset, Engine::Blink));
    assert!(post(&unset, Engine::Gecko), "Firefox never does");
}

#[test]
fn secure_over_plain_http_is_kept_on_loopback_by_all_but_webkit() {
    let secure = cookie(CookieOptions { secure: true, ..CookieOptions::default() });
    assert_eq!(kept(&secure, &localhost(), Engine::Blink), Ruling::yes(Rule::LoopbackCountsAsSecure));
    assert_eq!(kept(&secure, &localhost(), Engine::Gecko), Ruling::yes(Rule::LoopbackCountsAsSecure));
    assert_eq!(kept(&secure, &localhost(), Engine::WebKit), Ruling::no(Rule::SecureNeedsHttps));
    let lan = Origin::parse("http://192.168.0.7:3000").unwrap();
    let https = Origin::parse("https://lab.example").unwrap();
    for engine in ENGINES {
        assert_eq!(kept(&secure, &lan, engine), Ruling::no(Rule::SecureNeedsHttps));
        assert!(kept(&secure, &https, engine).yes);
    }
}

#[test]
fn same_site_none_without_secure_is_dropped_by_all_but_webkit() {
    let none = cookie(CookieOptions { same_site: SameSite::None, ..CookieOptions::default() });
    assert_eq!(kept(&none, &localhost(), Engine::Blink), Ruling::no(Rule::NoneNeedsSecure));
    assert_eq!(kept(&none, &localhost(), Engine::Gecko), Ruling::no(Rule::NoneNeedsSecure));
    assert!(kept(&none, &localhost(), Engine::WebKit).yes);
}

#[test]
fn the_host_prefix_insists_on_secure_and_the_root_path_but_for_webkit() {
    let good = cookie(CookieOptions { host_prefix: true, ..CookieOptions::default() });
    assert_eq!((good.name.as_str(), good.path.as_str(), good.secure), ("__Host-sid", "/", true));
    assert!(kept(&good, &localhost(), Engine::Blink).yes);
    for broken in [
        Cookie { path: "/x".into(), ..good.clone() },
        Cookie { secure: false, ..good.clone() },
        Cookie { name: "__hOST-sid".into(), secure: false, ..good.clone() },
        Cookie { name: "__Secure-sid".into(), secure: false, ..good.clone() },
    ] {
        for engine in [Engine::Blink, Engine::Gecko] {
            assert_eq!(kept(&broken, &localhost(), engine), Ruling::no(Rule::HostPrefixBroken), "{broken:?}");
        }
        let in_webkit = kept(&broken, &localhost(), Engine::WebKit);
        let expected = if broken.secure { Ruling::no(Rule::SecureNeedsHttps) } else { Ruling::yes(Rule::Nothing) };
        assert_eq!(in_webkit, expected, "{broken:?}");
    }
}

#[test]
fn the_wall_stands_at_4096_bytes_of_name_and_value() {
    let at = |bytes| Cookie { bytes, ..cookie(CookieOptions::default()) };
    for engine in [Engine::Blink, Engine::Gecko] {
        assert!(kept(&at(4096), &localhost(), engine).yes);
        assert_eq!(kept(&at(4097), &localhost(), engine), Ruling::no(Rule::TooLarge));
    }
    assert!(kept(&at(4098), &localhost(), Engine::WebKit).yes);
}

#[test]
fn max_age_zero_removes_and_a_passed_one_is_over() {
    let zero = cookie(CookieOptions { max_age: Some(0), ..CookieOptions::default() });
    assert_eq!(kept(&zero, &localhost(), Engine::Blink), Ruling::no(Rule::Expired));
    let mut ten = cookie(CookieOptions { max_age: Some(10), ..CookieOptions::default() });
    ten.age = 9;
    assert!(kept(&ten, &localhost(), Engine::Blink).yes);
    ten.age = 10;
    assert!(!kept(&ten, &localhost(), Engine::Blink).yes);
}

#[test]
fn http_only_alone_hides_a_cookie_from_the_script_of_its_own_page() {
    let hidden = cookie(CookieOptions::default());
    let shown = cookie(CookieOptions { http_only: false, ..CookieOptions::default() });
    assert_eq!(visible(&hidden, "/lab/lab"), Ruling::no(Rule::HttpOnly));
    assert_eq!(visible(&shown, "/lab/lab"), Ruling::yes(Rule::Nothing));
    assert_eq!(visible(&shown, "/lab/label"), Ruling::no(Rule::PathElsewhere), "a prefix of a word is no path");
    assert_eq!(visible(&shown, "/"), Ruling::no(Rule::PathElsewhere));
}

#[test]
fn a_lab_s_cookie_stays_in_its_lab_unless_the_path_is_root() {
    let own = cookie(CookieOptions::default());
    let root = cookie(CookieOptions { path: Some(CookiePath::Root), ..CookieOptions::default() });
    let to = |cookie: &Cookie, path| sent(cookie, path, Situation::OwnPage, Engine::Blink);
    assert!(to(&own, "/lab/lab/api/me").yes);
    assert_eq!(to(&own, "/lab/other/api/me"), Ruling::no(Rule::PathElsewhere));
    assert!(to(&root, "/lab/other/api/me").yes);
}

#[test]
fn origins_are_read_with_and_without_a_port() {
    let host = |origin| Origin::parse(origin).map(|o| (o.https, o.host.clone(), o.is_loopback()));
    assert_eq!(host("http://localhost:3000"), Some((false, "localhost".into(), true)));
    assert_eq!(host("https://Lab.Example"), Some((true, "lab.example".into(), false)));
    assert_eq!(host("http://127.8.0.1/x"), Some((false, "127.8.0.1".into(), true)));
    assert_eq!(host("http://[::1]:3000"), Some((false, "::1".into(), true)));
    assert_eq!(host("ftp://x"), None);
    assert_eq!(host("http://"), None);
    assert_eq!(host("null"), None);
    assert!(!Origin::parse("http://127.evil.example").unwrap().is_loopback());
}

#[test]
fn engines_are_told_by_their_user_agent() {
    let chromium =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
    let safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
    assert_eq!(Engine::of_user_agent(chromium), Engine::Blink);
    assert_eq!(Engine::of_user_agent(firefox), Engine::Gecko);
    assert_eq!(Engine::of_user_agent(safari), Engine::WebKit);
}

#[test]
fn a_set_cookie_header_is_read_for_showing() {
    let set = SetCookie::parse("sid=abc; HttpOnly; SameSite=Lax; Path=/lab/x").unwrap();
    assert_eq!((set.name, set.value), ("sid", "abc"));
    assert_eq!(set.attributes, ["HttpOnly", "SameSite=Lax", "Path=/lab/x"]);
    assert!(!set.removes());
    assert!(SetCookie::parse("sid=; Max-Age=0").unwrap().removes());
    assert_eq!(SetCookie::parse("HttpOnly"), None);
}

#[test]
fn a_cookie_header_keeps_its_duplicates() {
    assert_eq!(pairs("sid=a; sid=b;; lang=ko").collect::<Vec<_>>(), [("sid", "a"), ("sid", "b"), ("lang", "ko")]);
    assert_eq!(pairs("").count(), 0);
    assert_eq!(pairs(" \tsid\t =\t a \t;=x; y").collect::<Vec<_>>(), [("sid", "a"), ("", "x"), ("", "y")]);
}

#[test]
fn only_space_and_tab_are_trimmed_so_another_page_s_cookie_does_not_pass_for_ours() {
    for odd in ["\u{2000}", "\u{a0}", "\u{85}", "\u{feff}", "\u{3000}", "\x0b", "\x0c", "\r", "\n", "\u{1680}"] {
        let [before, after] = [format!("{odd}__Host-sid"), format!("__Host-sid{odd}")];
        for name in [&before, &after] {
            let header = format!("{name}=v{odd}; {name}={odd}v");
            let expected = [(name.as_str(), format!("v{odd}")), (name, format!("{odd}v"))];
            let expected: Vec<_> = expected.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(pairs(&header).collect::<Vec<_>>(), expected);
            assert_eq!(SetCookie::parse(&format!("{name}=v; Path=/")).unwrap().name, name);
        }
    }
}

#[test]
fn unknown_cookie_options_are_refused_and_missing_ones_are_the_safe_defaults() {
    let options: CookieOptions = serde_json::from_str(r#"{"same_site":"strict","path":"/"}"#).unwrap();
    assert!(options.http_only);
    assert_eq!((options.same_site, options.path), (SameSite::Strict, Some(CookiePath::Root)));
    assert!(serde_json::from_str::<CookieOptions>(r#"{"httponly":true}"#).is_err());
    assert!(serde_json::from_str::<CookieOptions>(r#"{"path":"/etc"}"#).is_err());
}

fn any_cookie() -> impl Strategy<Value = Cookie> {
    (any::<[bool; 3]>(), 0..4usize, proptest::option::of(0..1000u64), 0..5000usize, any::<bool>(), 0..1000u64).prop_map(
        |([http_only, secure, host_prefix], same_site, max_age, value, root, age)| {
            let options = CookieOptions {
                http_only,
                secure,
                same_site: SameSite::ALL[same_site],
                max_age,
                host_prefix,
                path: root.then_some(CookiePath::Root),
            };
            Cookie { age, ..options.cookie(Credential::Jwt, "lab", false, value) }
        },
    )
}

proptest! {
    #[test]
    fn over_https_a_small_living_cookie_is_kept_unless_none_lacks_secure(cookie in any_cookie(), engine in 0..3usize) {
        let https = Origin::parse("https://lab.example").unwrap();
        let ruling = kept(&cookie, &https, ENGINES[engine]);
        let alive = cookie.max_age.is_none_or(|m| m > cookie.age);
        if alive && cookie.bytes <= COOKIE_BYTES && (cookie.same_site != SameSite::None || cookie.secure) {
            prop_assert!(ruling.yes, "{ruling:?}");
        }
        if !alive {
            prop_assert!(!ruling.yes);
        }
    }

    #[test]
    fn what_another_site_may_send_the_own_page_may_send_too(cookie in any_cookie(), engine in 0..3usize) {
        for situation in [Situation::CrossSiteEmbedded, Situation::CrossSitePost, Situation::CrossSiteLink] {
            let theirs = sent(&cookie, "/lab/lab/api/me", situation, ENGINES[engine]);
            let ours = sent(&cookie, "/lab/lab/api/me", Situation::OwnPage, ENGINES[engine]);
            prop_assert!(ours.yes || !theirs.yes);
        }
    }

    #[test]
    fn http_only_changes_what_is_seen_and_never_what_is_kept_or_sent(cookie in any_cookie(), engine in 0..3usize) {
        let other = Cookie { http_only: !cookie.http_only, ..cookie.clone() };
        let engine = ENGINES[engine];
        prop_assert_eq!(kept(&cookie, &localhost(), engine), kept(&other, &localhost(), engine));
        for situation in [Situation::OwnPage, Situation::CrossSiteEmbedded, Situation::CrossSitePost, Situation::CrossSiteLink] {
            prop_assert_eq!(sent(&cookie, "/lab/lab", situation, engine), sent(&other, "/lab/lab", situation, engine));
        }
        prop_assert_ne!(visible(&cookie, "/lab/lab").yes, visible(&other, "/lab/lab").yes);
    }

    #[test]
    fn no_header_makes_the_reading_panic(header in ".{0,200}") {
        let _ = SetCookie::parse(&header);
        let _ = pairs(&header).count();
        let _ = Origin::parse(&header);
    }
}
