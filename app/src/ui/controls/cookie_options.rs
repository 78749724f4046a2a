use crate::{act, state::bench::Bench, text::Text, ui::parts::chip::short};
use domain::cookie::{
    Browser, Cookie, CookieOptions as Options, Origin, Ruling, SameSite, Situation, kept, sent, visible,
};
use leptos::prelude::*;

/// How the cookie will be set, and what the browser will do with such a cookie, before it is asked for.
#[component]
pub(crate) fn CookieOptions(bench: Bench) -> impl IntoView {
    let with_options = move || act::has_options(bench.scheme.get());
    view! {
        <section class="options" id="cookie-options" aria-label=bench.word(|t| t.options().legend)>
            <p class="note" hidden=with_options>{bench.word(|t| t.options().storage)}</p>
            <div class="options-body" hidden=move || !with_options()>
                <Controls bench />
                <Beforehand bench />
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Controls(bench: Bench) -> impl IntoView {
    let same_site = move || bench.options.with(|options| options.same_site.name());
    let max_age = move || bench.options.with(|options| options.max_age.map(|s| s.to_string()).unwrap_or_default());
    view! {
        <fieldset class="controls">
            <legend>{bench.word(|t| t.options().legend)}</legend>
            <Toggle bench name="http_only" hint=|t| t.options().http_only label="HttpOnly" get=|o| o.http_only set=|o, on| o.http_only = on />
            <Toggle bench name="secure" hint=|t| t.options().secure label="Secure" get=|o| o.secure set=|o, on| o.secure = on />
            <Toggle bench name="host_prefix" hint=|t| t.options().host_prefix label="__Host-" get=|o| o.host_prefix set=|o, on| o.host_prefix = on />
            <span class="pick">
                <label for="same_site">"SameSite"</label>
                <select
                    id="same_site"
                    name="same_site"
                    form="login"
                    prop:value=same_site
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        if let Some(chosen) = SameSite::ALL.into_iter().find(|s| s.name() == value) {
                            bench.options.update(|options| options.same_site = chosen);
                        }
                    }
                >
                    {SameSite::ALL
                        .map(|s| view! { <option value=s.name() selected=move || bench.options.with(|o| o.same_site == s)>{s.attribute().unwrap_or("unset")}</option> })}
                </select>
            </span>
            <span class="pick">
                <label for="max_age">{bench.word(|t| t.options().lifetime)}</label>
                <select
                    id="max_age"
                    name="max_age"
                    form="login"
                    prop:value=max_age
                    on:change=move |event| {
                        let seconds = event_target_value(&event).parse().ok();
                        bench.options.update(|options| options.max_age = seconds);
                    }
                >
                    <option value="">{bench.word(|t| t.options().until_close)}</option>
                    <option value="60">{bench.word(|t| t.options().one_minute)}</option>
                    <option value="86400">{bench.word(|t| t.options().one_day)}</option>
                </select>
            </span>
        </fieldset>
    }
    .into_any()
}

/// A checkbox that also works in a plain form: without script an unticked box is not sent, so a hidden
/// `false` goes before it and the server takes the last.
#[component]
fn Toggle(
    bench: Bench,
    name: &'static str,
    label: &'static str,
    hint: fn(&'static Text) -> &'static str,
    get: fn(&Options) -> bool,
    set: fn(&mut Options, bool),
) -> impl IntoView {
    // The prefix asks for Secure, and so does https: then there is no choice any more.
    let is_asked_for =
        move || name == "secure" && (bench.is_https() || bench.options.with(|options| options.host_prefix));
    let on = move || bench.options.with(get) || is_asked_for();
    view! {
        <input type="hidden" name=name value="false" form="login" />
        <label class="toggle" title=bench.word(hint)>
            <input
                type="checkbox"
                name=name
                value="true"
                form="login"
                checked=untrack(on)
                prop:checked=on
                disabled=is_asked_for
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    bench.options.update(|options| set(options, on));
                }
            />
            {label}
        </label>
    }
    .into_any()
}

/// Which ruling a line shows, by its number.
fn ruling(line: usize, cookie: &Cookie, bench: Bench) -> Ruling {
    let boot = bench.boot();
    let engine = boot.engine;
    let browser = Browser { engine, third_party: bench.view.with(|view| view.attacker.third_party) };
    let page = bench.path("");
    match line {
        0 => {
            let origin = Origin::parse(&boot.origin).unwrap_or(Origin { https: false, host: String::new() });
            kept(cookie, &origin, engine)
        }
        1 => visible(cookie, &page),
        2 => sent(cookie, &page, Situation::OwnPage, browser),
        3 => sent(cookie, &page, Situation::CrossSiteLink, browser),
        4 => sent(cookie, &page, Situation::CrossSitePost, browser),
        _ => sent(cookie, &page, Situation::CrossSiteEmbedded, browser),
    }
}

#[component]
fn Beforehand(bench: Bench) -> impl IntoView {
    let text = bench.text();
    // A session id has 22 bytes; how long a JWT will be is not known before, but it starts far below the wall.
    let cookie = Memo::new(move |_| {
        bench.options.get().cookie(bench.scheme.get().credential, &bench.lab(), bench.is_https(), 22)
    });
    let is_kept = move || cookie.with(|cookie| ruling(0, cookie, bench).yes);
    let name = move || cookie.with(|cookie| short(&cookie.name));
    view! {
        <div class="beforehand">
            <p class="caption">{bench.word(|t| t.options().beforehand)} " " <code>{name}</code></p>
            <ul>
                {(0..6)
                    .map(|line| {
                        let ruling = move || cookie.with(|cookie| ruling(line, cookie, bench));
                        let what = move || {
                            let t = text.options();
                            [t.kept, t.visible, t.own, t.link, t.form, t.embedded][line]
                        };
                        let dead = move || line > 0 && !is_kept();
                        view! {
                            <li class:yes=move || ruling().yes class:dead=dead>
                                <b>{move || if ruling().yes { text.page.yes } else { text.page.no }}</b>
                                <span>{what}</span>
                                <small>{move || (text.rule)(ruling().because)}</small>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="warning" hidden=is_kept>{bench.word(|t| t.options().dropped)}</p>
        </div>
    }
    .into_any()
}
