use crate::{
    state::{
        bench::Bench,
        boot::{Room, Theme},
    },
    text::Lang,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Head(bench: Bench) -> impl IntoView {
    let (t, text) = (bench.lang.head(), bench.text());
    let now = bench.room.get_untracked();
    let theme = bench.theme.get_untracked().map_or("", Theme::name);
    let pressed = |on: bool| if on { "true" } else { "false" };
    let room = move |room: Room, name: &'static str| {
        view! {
            <button type="button" class="quiet" disabled data-wakes data-press=room.name() aria-pressed=pressed(now == room)>
                {name}
            </button>
        }
    };
    let themes = ["", "light", "dark"].into_iter().zip(t.themes);
    view! {
        <header class="top" id="top" hidden=now == Room::Slides>
            <h1>{t.title}</h1>
            <p>{t.question}</p>
            <nav aria-label=t.contents>
                // In a narrow window the guide stands below the desk, and closing it would make room for nothing.
                <a class="to-guide" href="#guide" data-press="to-guide">{text.guide.title}</a>
                <button
                    type="button"
                    class="quiet toggles-guide"
                    id="toggles-guide"
                    disabled
                    data-wakes
                    data-press="guide"
                    aria-pressed=pressed(now == Room::Desk)
                >
                    {text.guide.title}
                </button>
                {room(Room::Results, text.page.results)}
                {room(Room::Slides, text.page.slides)}
                {Lang::ALL.into_iter().filter(|lang| *lang != bench.lang).map(|lang| view! { <LangLink bench lang /> }).collect_view()}
                <label class="theme">
                    <span class="off-screen">{t.theme}</span>
                    <select id="theme" disabled data-wakes data-set="theme">
                        {themes.map(|(value, name)| view! { <option value=value selected=theme == value>{name}</option> }).collect_view()}
                    </select>
                </label>
                <button type="button" class="quiet" disabled data-wakes data-press="share">{t.share}</button>
            </nav>
        </header>
    }
    .into_any()
}

/// A link: another language is another page. It works without script, too.
#[component]
fn LangLink(bench: Bench, lang: Lang) -> impl IntoView {
    view! {
        <a
            class="lang"
            id="lang"
            lang=lang.tag()
            hreflang=lang.tag()
            href=format!("?lang={}&{}{}", lang.tag(), untrack(|| bench.query()), if bench.boot().tells { "&claims=told" } else { "" })
            data-press="lang"
        >
            {lang.own_name()}
        </a>
    }
    .into_any()
}
