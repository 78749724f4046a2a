use crate::{
    bench::{Bench, Held, held},
    ui::{browser_holds::carrier_name, chip::Chip, place::Part},
};
use domain::scheme::Carrier;
use leptos::prelude::*;

/// What the next request will carry, in the header's own words.
#[component]
pub(crate) fn NextRequest(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let held = Memo::new(move |_| bench.browser.with(held));
    let lines = move || {
        let held = held.get();
        if held.is_empty() {
            return view! { <p class="empty">{text().browser.next_nothing}</p> }.into_any();
        }
        let two = (held.len() > 1).then(|| view! { <p class="warning">{text().browser.next_two}</p> });
        let lines = held.into_iter().map(|held| view! { <Line bench held /> }).collect_view();
        view! { <dl class="headers">{lines}</dl> {two} }.into_any()
    };
    view! {
        <Part bench
            title=|t| t.browser.next
            remark=|t| t.browser.next_how
        >
            {lines}
        </Part>
    }
    .into_any()
}

#[component]
fn Line(bench: Bench, held: Held) -> impl IntoView {
    let name = carrier_name(held.scheme.carrier);
    let prefix = match held.scheme.carrier {
        Carrier::Cookie => {
            let cookie = bench.browser.with_untracked(|browser| {
                browser.cookies().find(|(cookie, _)| cookie.value == held.value).map(|(cookie, _)| cookie.name.clone())
            });
            format!("{}=", cookie.unwrap_or_default())
        }
        Carrier::LocalStorage => "Bearer ".to_owned(),
    };
    // The header line as it goes over the wire: name, colon, space, value, line end.
    let bytes = name.len() + 2 + prefix.len() + held.value.len() + 2;
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{prefix} <Chip value=held.value /> " " <small>{move || (bench.text().server.bytes)(bytes)}</small></dd>
        </div>
    }
    .into_any()
}
