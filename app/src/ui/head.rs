use crate::{
    act, browser,
    state::{
        bench::Bench,
        boot::{Room, Theme},
    },
    text::Lang,
};
use leptos::prelude::*;

/// Title, question, the rooms, language, theme, and the link to this lab.
#[component]
pub(crate) fn Head(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let locked = move || !bench.hydrated.get();
    let shows_guide = move || bench.guide.is_open.get() && bench.room.get() == Room::Desk;
    // In a narrow window it stands below the desk, and closing it would make room for nothing.
    let to_guide = move || {
        if bench.room.get_untracked() != Room::Desk {
            act::enter(bench, Room::Desk);
        }
        bench.guide.is_open.set(true);
    };
    let room = move |room: Room, name: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                disabled=locked
                aria-pressed=move || if bench.room.get() == room { "true" } else { "false" }
                on:click=move |_| act::enter(bench, if bench.room.get_untracked() == room { Room::Desk } else { room })
            >
                {name}
            </button>
        }
    };
    view! {
        <header class="top" hidden=move || bench.room.get() == Room::Slides>
            <h1>{text.page.title}</h1>
            <p>{text.page.question}</p>
            <nav aria-label=text.page.contents>
                <a class="to-guide" href="#guide" on:click=move |_| to_guide()>{text.guide.title}</a>
                <button
                    type="button"
                    class="quiet toggles-guide"
                    disabled=locked
                    aria-pressed=move || if shows_guide() { "true" } else { "false" }
                    on:click=move |_| {
                        let shown = untrack(shows_guide);
                        to_guide();
                        bench.guide.is_open.set(!shown);
                    }
                >
                    {text.guide.title}
                </button>
                {room(Room::Results, text.page.results)}
                {room(Room::Slides, text.page.slides)}
                {Lang::ALL.into_iter().filter(|lang| *lang != bench.lang).map(|lang| view! { <LangLink bench lang /> }).collect_view()}
                <label class="theme">
                    <span class="off-screen">{text.page.theme}</span>
                    <select
                        id="theme"
                        disabled=locked
                        prop:value=move || bench.theme.get().map_or("", Theme::name)
                        on:change=move |event| act::set_theme(bench, Theme::parse(&event_target_value(&event)))
                    >
                        {["", "light", "dark"]
                            .into_iter()
                            .zip(text.page.themes)
                            .map(|(value, name)| {
                                let selected = move || bench.theme.get().map_or("", Theme::name) == value;
                                view! { <option value=value selected=selected>{name}</option> }
                            })
                            .collect_view()}
                    </select>
                </label>
                <button
                    type="button"
                    class="quiet"
                    disabled=locked
                    on:click=move |_| {
                        let boot = bench.boot();
                        act::copy(bench, format!("{}/lab/{}?scheme={}", boot.origin, boot.lab, bench.scheme.get_untracked()));
                    }
                >
                    {text.page.share}
                </button>
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
            lang=lang.tag()
            hreflang=lang.tag()
            href=move || format!("?lang={}&scheme={}", lang.tag(), bench.scheme.get())
            on:click=move |_| browser::remember("lang", Some(lang.tag()))
        >
            {lang.own_name()}
        </a>
    }
    .into_any()
}
