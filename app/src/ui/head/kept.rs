use crate::{
    browser,
    state::{
        bench::Bench,
        boot::{Room, Theme},
    },
    ui::parts::kept::Kept,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Head(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        let now = bench.room.get();
        browser::attribute("#top", "hidden", (now == Room::Slides).then_some(""));
        let pressed = |name: &str, on: bool| {
            let on = if on { "true" } else { "false" };
            browser::attribute(&format!("#top [data-press={name}]"), "aria-pressed", Some(on));
        };
        pressed("guide", bench.guide.is_open.get() && now == Room::Desk);
        for room in Room::ASKED {
            pressed(room.name(), now == room);
        }
    });
    Effect::new(move || browser::choose("#theme", bench.theme.get().map_or("", Theme::name)));
    Effect::new(move || {
        let to = format!("?lang={}&{}", bench.lang.other().tag(), bench.query());
        browser::attribute("#lang", "href", Some(&to));
    });
    view! { <Kept id="top" /> }
}
