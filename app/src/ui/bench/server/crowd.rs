use crate::{
    act,
    state::bench::Bench,
    ui::bench::server::crowd::{compared::Compared, load::Running, measures::Measures},
};
use domain::crowd::{CrowdRequest, REQUESTS, VISITORS};
use leptos::prelude::*;

mod compared;
mod load;
mod measures;

/// The paces that are offered, in requests a second; 0 is as fast as it goes. The default lasts ten seconds.
const PACES: [u32; 5] = [50, 200, 500, 1_000, 0];
const PACE: u32 = 200;

/// Many visitors at once, and what they cost, beside what theory expects.
#[component]
pub(crate) fn Crowd(bench: Bench) -> impl IntoView {
    view! {
        <section class="crowd" aria-labelledby="crowd">
            <p class="lede">{bench.word(|t| t.crowd().lede)}</p>
            <div class="sheet">
                <Form bench />
                <Running bench />
                <Measures bench />
            </div>
            <Compared bench />
        </section>
    }
    .into_any()
}

#[component]
fn Form(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let default = CrowdRequest::default();
    let visitors = RwSignal::new(default.visitors.to_string());
    let requests = RwSignal::new(default.requests.to_string());
    let writes = RwSignal::new((default.write_fraction * 100.0).to_string());
    let seed = RwSignal::new(default.seed.to_string());
    let pace = RwSignal::new(PACE.to_string());
    let sending = RwSignal::new(false);
    let is_under_way = move || sending.get() || bench.crowd.with(Option::is_some);
    let request = move || CrowdRequest {
        visitors: number(visitors).unwrap_or(default.visitors),
        requests: number(requests).unwrap_or(default.requests),
        scheme: bench.scheme.get_untracked(),
        write_fraction: number::<f64>(writes).unwrap_or_default() / 100.0,
        seed: number(seed).unwrap_or(default.seed),
        rate: number(pace).filter(|rate| *rate > 0),
    };
    view! {
        <form on:submit=move |event| {
            event.prevent_default();
            if !is_under_way() {
                act::send_crowd(bench, request(), sending);
            }
        }>
            <fieldset class="screws" disabled=move || !bench.hydrated.get()>
                <Number bench id="visitors" label=|t| t.crowd().visitors value=visitors least=1 most=VISITORS.into() />
                <Number bench id="requests" label=|t| t.crowd().requests value=requests least=1 most=REQUESTS.into() />
                <Number bench id="writes" label=|t| t.crowd().writes value=writes least=0 most=100 />
                <Number bench id="seed" label=|t| t.crowd().seed value=seed least=0 most=4_294_967_295 />
                <span class="pick">
                    <label for="pace">{bench.word(|t| t.crowd().pace)}</label>
                    <select
                        id="pace"
                        prop:value=move || pace.get()
                        on:change=move |event| pace.set(event_target_value(&event))
                    >
                        {PACES
                            .map(|rate| {
                                let words = move || match rate {
                                    0 => text.crowd().as_fast.to_owned(),
                                    rate => (text.crowd().per_second)(rate),
                                };
                                view! { <option value=rate.to_string() selected={rate == PACE}>{words}</option> }
                            })}
                    </select>
                </span>
                <span class="buttons">
                    // It stays where it is and keeps the focus; while a crowd is on its way it does nothing.
                    <button class="primary" aria-disabled=move || is_under_way().then_some("true")>
                        {bench.word(|t| t.crowd().send)}
                    </button>
                    <button type="button" disabled=move || !is_under_way() on:click=move |_| act::stop_crowd(bench)>
                        {bench.word(|t| t.crowd().stop)}
                    </button>
                </span>
            </fieldset>
            <p class="note">
                {bench.word(|t| t.crowd().scheme)} " " <b>{move || (text.scheme)(bench.scheme.get())}</b> ". "
                {bench.word(|t| t.crowd().honest)}
            </p>
        </form>
    }
    .into_any()
}

fn number<T: std::str::FromStr>(value: RwSignal<String>) -> Option<T> {
    value.with_untracked(|value| value.trim().parse().ok())
}

#[component]
fn Number(
    bench: Bench,
    id: &'static str,
    label: fn(&'static crate::text::Text) -> &'static str,
    value: RwSignal<String>,
    least: u64,
    most: u64,
) -> impl IntoView {
    view! {
        <span class="pick">
            <label for=id>{bench.word(label)}</label>
            <input
                type="number"
                id=id
                min=least.to_string()
                max=most.to_string()
                step="1"
                inputmode="numeric"
                required
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </span>
    }
    .into_any()
}
