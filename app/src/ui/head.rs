use crate::{
    act, browser,
    state::{bench::Bench, boot::Theme},
    text::{Lang, Text},
};
use leptos::prelude::*;

/// Title, question, language, theme, and the link to this lab.
#[component]
pub(crate) fn Header(bench: Bench) -> impl IntoView {
    let text = bench.text();
    view! {
        <header class="top">
            <h1>{bench.word(|t| t.page.title)}</h1>
            <p>{bench.word(|t| t.page.question)}</p>
            <Contents bench />
            <nav class="settings">
                {Lang::ALL.map(|lang| view! { <LangLink bench lang /> })}
                <label class="theme">
                    <span class="off-screen">{bench.word(|t| t.page.theme)}</span>
                    <select
                        disabled=move || !bench.hydrated.get()
                        prop:value=move || bench.theme.get().map_or("", Theme::name)
                        on:change=move |event| act::set_theme(bench, Theme::parse(&event_target_value(&event)))
                    >
                        {["", "light", "dark"]
                            .into_iter()
                            .enumerate()
                            .map(|(i, value)| {
                                let selected = move || bench.theme.get().map_or("", Theme::name) == value;
                                view! { <option value=value selected=selected>{text.page.themes[i]}</option> }
                            })
                            .collect_view()}
                    </select>
                </label>
                <button
                    type="button"
                    class="share"
                    disabled=move || !bench.hydrated.get()
                    on:click=move |_| {
                        let boot = bench.boot();
                        act::copy(bench, format!("{}/lab/{}?scheme={}", boot.origin, boot.lab, bench.scheme.get_untracked()));
                    }
                >
                    {bench.word(|t| t.page.share)}
                </button>
            </nav>
        </header>
    }
    .into_any()
}

/// The sections below the bench: a visitor sees none of them at first.
#[component]
fn Contents(bench: Bench) -> impl IntoView {
    type Title = fn(&'static Text) -> &'static str;
    let sections: [(&str, Title); 5] = [
        ("#crowd", |t| t.crowd.title),
        ("#questions", |t| t.questions.title),
        ("#experiments", |t| t.experiments.title),
        ("#verdict", |t| t.verdict.title),
        ("#notes", |t| t.notes.title),
    ];
    let links = sections.map(|(to, title)| view! { <a href=to>{bench.word(title)}</a> });
    view! { <nav class="contents" aria-label=bench.word(|t| t.page.contents)>{links.into_iter().collect_view()}</nav> }
        .into_any()
}

/// A link, so that it works without script too.
#[component]
fn LangLink(bench: Bench, lang: Lang) -> impl IntoView {
    view! {
        <a
            class="lang"
            lang=lang.tag()
            hreflang=lang.tag()
            href=move || format!("?lang={}&scheme={}", lang.tag(), bench.scheme.get())
            aria-current=(bench.lang == lang).then_some("true")
            on:click=move |_| browser::remember("lang", Some(lang.tag()))
        >
            {lang.own_name()}
        </a>
    }
    .into_any()
}
