//! What each button of the desk does: one request that curl could make as well, and then a word on what came of it.

use super::{
    attacker, crowd,
    requests::{detail, json, lesson, report, send, steer, told},
    servers,
};
use crate::{
    act::set_scheme,
    browser::{self, Outgoing},
    measure,
    state::{
        bench::{Bench, held},
        boot::Theme,
    },
};
use domain::{
    api::{AdminArea, Advance, Cart, ChangeDefences, ChangeUser, LoggedIn, LoggedOut, Login, Me, RotateKeys},
    claims::Alg,
    lesson::{
        press::{Defence, Press},
        said::{Outcome, Said},
    },
    scheme::{Carrier, Credential, Scheme},
    user::demo_password,
};
use leptos::prelude::*;

/// What goes into the cart, one after the other.
const ITEMS: [&str; 5] = ["pen", "mug", "book", "lamp", "tea"];

/// Does it.
pub(super) async fn done(bench: Bench, press: Press) {
    match press {
        Press::Switch(scheme) => switch_to(bench, scheme),
        Press::Options(options) => bench.options.set(options),
        Press::Preset(strategy) => servers::adopt(bench, strategy).await,
        Press::Arrange(change) => servers::put_topology(bench, change).await,
        Press::LogIn(name) => log_in(bench, name, &demo_password(name)).await,
        Press::WhoAmI => who_am_i(bench).await,
        Press::AddToCart => add_to_cart(bench).await,
        Press::EmptyCart => change_cart(bench, "DELETE", None).await,
        Press::LogOut => log_out(bench, false).await,
        Press::LogOutEverywhere => log_out(bench, true).await,
        Press::VisitAdmin => visit_admin(bench).await,
        Press::Proxy(on) => servers::put_proxy(bench, on).await,
        Press::Restart => servers::restart(bench).await,
        Press::Advance(seconds) => {
            let body = json(&Advance { advance: seconds });
            steer(bench, "POST", "clock", body, Said::Advanced(seconds)).await;
        }
        Press::StopServer(server) => servers::stop(bench, server).await,
        Press::StartServer(node) => servers::start(bench, node).await,
        Press::SlowStore(milliseconds) => servers::slow_store(bench, milliseconds).await,
        Press::StartServers => servers::start_all(bench).await,
        Press::StopStore(down) => servers::stop_store(bench, down).await,
        Press::Role(name, role) => {
            let body = json(&ChangeUser { role: Some(role), disabled: None });
            let said = Said::RoleSet { name: name.to_owned(), role };
            steer(bench, "PUT", &format!("users/{name}"), body, said).await;
        }
        Press::Disable(name, disabled) => {
            let body = json(&ChangeUser { role: None, disabled: Some(disabled) });
            let said = Said::DisabledSet { name: name.to_owned(), disabled };
            steer(bench, "PUT", &format!("users/{name}"), body, said).await;
        }
        Press::Defend(defence, on) => {
            let mut change = ChangeDefences::default();
            let field = match defence {
                Defence::CheckOrigin => &mut change.check_origin,
                Defence::Denylist => &mut change.denylist,
                Defence::HashIds => &mut change.hash_ids,
                Defence::GuestbookCsp => &mut change.guestbook_csp,
            };
            *field = Some(on);
            steer(bench, "PUT", "defences", json(&change), Said::DefenceSet { defence, on }).await;
        }
        Press::RotateKeys { retire } => {
            let chosen = browser::value_of("alg");
            let alg = Alg::ALL.into_iter().find(|alg| alg.name() == chosen);
            let body = json(&RotateKeys { retire, alg });
            steer(bench, "POST", "keys/rotate", body, Said::Rotated { retired: retire }).await;
        }
        Press::Reset => reset(bench).await,
        Press::Replay => attacker::replay_newest(bench).await,
        Press::SendCopy => {
            if let Some(copy) = bench.copy.get_untracked() {
                send_as_bearer(bench, copy).await;
            }
        }
        Press::Crowd => {
            bench.shows_crowd.set(true);
            crowd::send_usual(bench).await;
        }
        Press::Theme => {
            let dark = bench.theme.get_untracked() == Some(Theme::Dark);
            set_theme(bench, Some(if dark { Theme::Light } else { Theme::Dark })).await;
        }
        Press::Reload => browser::reload(),
        Press::Script(_) | Press::OtherSite(_) | Press::Take(_) | Press::Tamper(_) | Press::Catalog => {
            bench.say(measure::hand(bench, press).await);
        }
    }
}

/// Logs in with the scheme and the options of the switch.
pub(super) async fn log_in(bench: Bench, username: &str, password: &str) {
    let scheme = bench.scheme.get_untracked();
    let before = bench.browser.with_untracked(held);
    let login = Login { cookie: bench.options.get_untracked(), ..Login::new(username, password, scheme) };
    let Some(answer) = lesson(bench, "POST", "api/login", json(&login)).await else { return };
    if answer.status == 401 && password != demo_password(username) {
        // Its own words say nothing of where the right one is to be found.
        return bench.say(Said::Outcome(Outcome::WrongLogin));
    }
    bench.cart.set_value(0);
    let logged_in = report(bench, &answer, |body: LoggedIn| {
        // Whatever lay in localStorage came along and was ended; with a cookie login nothing takes its place.
        if bench.keep(body.access_token.as_deref()) {
            Said::LoggedIn { name: body.user.name, scheme, dropped: body.warning.is_some() }
        } else {
            Said::NotStored
        }
    });
    // A cookie of before may still lie there, and is worth nothing any more.
    let kept = bench
        .browser
        .with_untracked(|browser| held(browser).iter().any(|held| held.scheme == scheme && !before.contains(held)));
    if logged_in && !kept && scheme.carrier == Carrier::Cookie {
        bench.say(Said::NotKept);
    }
}

async fn who_am_i(bench: Bench) {
    let Some(answer) = lesson(bench, "GET", "api/me", None).await else { return };
    let node = told(bench, &answer);
    report(bench, &answer, |me: Me| match answer.node {
        Some(node) if untrack(|| bench.is_copied()) && me.cart.len() < bench.cart.get_value() => {
            Said::CartBehind { items: me.cart.len(), node }
        }
        _ => Said::Me { name: me.user.name, role: me.user.role, scheme: me.scheme, node },
    });
}

async fn add_to_cart(bench: Bench) {
    let next = bench.added.get_value();
    bench.added.set_value(next.wrapping_add(1));
    let item = ITEMS.get(next % ITEMS.len()).copied().unwrap_or("pen");
    change_cart(bench, "POST", Some(serde_json::json!({ "item": item }).to_string())).await;
}

async fn change_cart(bench: Bench, method: &'static str, body: Option<String>) {
    let Some(answer) = lesson(bench, method, "api/cart", body).await else { return };
    report(bench, &answer, |cart: Cart| {
        let (items, before) = (cart.cart.len(), bench.cart.get_value());
        bench.cart.set_value(items);
        if cart.access_token.is_some() && !bench.keep(cart.access_token.as_deref()) {
            return Said::NotStored;
        }
        match answer.node {
            Some(node) if untrack(|| bench.is_copied()) && method == "POST" && items <= before => {
                Said::CartBehind { items, node }
            }
            _ => Said::Cart { items, dropped: cart.warning.is_some() },
        }
    });
}

async fn log_out(bench: Bench, everywhere: bool) {
    let held = bench.browser.with_untracked(|browser| held(browser).first().map(|held| held.scheme.credential));
    let credential = held.unwrap_or(Credential::SessionId);
    let route = if everywhere { "api/logout-everywhere" } else { "api/logout" };
    let Some(answer) = lesson(bench, "POST", route, None).await else { return };
    report(bench, &answer, |body: LoggedOut| Said::LoggedOut { revoked: body.revoked, credential, everywhere });
    // What lies in localStorage only a script can take out again.
    let is_stored = bench.stored().is_some();
    if is_stored {
        bench.keep(None);
    }
    // A cookie is cleared also where the server does not know what is in it.
    if !answer.ok() && (is_stored || held.is_some() && answer.status == 401) {
        bench.say(Said::Forgotten);
    }
}

async fn visit_admin(bench: Bench) {
    let Some(answer) = lesson(bench, "GET", "api/admin", None).await else { return };
    report(bench, &answer, |area: AdminArea| Said::LetIn { users: area.users.len() });
}

/// Sends a credential as Bearer, without cookies.
pub(super) async fn send_as_bearer(bench: Bench, credential: String) {
    let outgoing = Outgoing {
        method: "GET",
        url: bench.path("api/me"),
        bearer: Some(credential),
        body: None,
        cookies: false,
        ..Outgoing::default()
    };
    if let Some(answer) = send(bench, outgoing).await {
        bench.say(Said::Tampered { status: answer.status, detail: detail(&answer) });
    }
}

async fn reset(bench: Bench) {
    // The server forgets everything; this browser has to be asked to.
    if bench.browser.with_untracked(|browser| !held(browser).is_empty()) {
        lesson(bench, "POST", "api/logout", None).await;
    }
    bench.keep(None);
    bench.options.set(bench.boot().options);
    browser::choose("#alg", Alg::default().name());
    steer(bench, "POST", "reset", None, Said::Reset).await;
    bench.keeps_results.set(true);
}

/// Keeps the theme, and shows it.
pub(super) async fn set_theme(bench: Bench, theme: Option<Theme>) {
    bench.theme.set(theme);
    browser::remember("theme", theme.map(Theme::name));
    browser::root_attribute("data-theme", theme.map(Theme::name));
    bench.look_at_arrivals().await;
}

/// The switch was moved: only the next login is another one.
pub(super) fn switch_to(bench: Bench, scheme: Scheme) {
    set_scheme(bench, scheme);
    let held = bench.browser.with_untracked(|browser| held(browser).first().map(|held| held.scheme));
    bench.say(Said::Switched { scheme, held: held.filter(|held| *held != scheme) });
}
