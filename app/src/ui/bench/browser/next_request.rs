use crate::{
    state::bench::{Bench, Held, held},
    ui::parts::{chip::Chip, place::Part},
};
use domain::scheme::{Carrier, Credential};
use leptos::prelude::*;

/// What the next request will carry, in the header's own words.
#[component]
pub(crate) fn NextRequest(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let held = Memo::new(move |_| bench.browser.with(held));
    let lines = move || {
        let held = held.get();
        if held.is_empty() {
            return view! { <p class="empty">{text.browser.next_nothing}</p> }.into_any();
        }
        let two = (held.len() > 1).then(|| view! { <p class="warning">{text.browser.next_two}</p> });
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
    let (prefix, rest) = match held.scheme.carrier {
        Carrier::Cookie => bench.browser.with_untracked(|browser| {
            let mut name = String::new();
            let mut rest = String::new();
            for (cookie, _) in browser.cookies() {
                if cookie.value == held.value {
                    name.clone_from(&cookie.name);
                } else if Credential::of_cookie(&cookie.name).is_none() {
                    rest.extend(["; ", &cookie.name, "=", &cookie.value]);
                }
            }
            (format!("{name}="), rest)
        }),
        Carrier::LocalStorage => ("Bearer ".to_owned(), String::new()),
    };
    // The header line as it goes over the wire: name, colon, space, value, line end.
    let bytes = name.len() + 2 + prefix.len() + held.value.len() + rest.len() + 2;
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                {prefix} <Chip bench value=held.value /><small>{rest}</small> " "
                <small>{(bench.text().server.bytes)(bytes)}</small>
            </dd>
        </div>
    }
    .into_any()
}

/// The header that a carrier's credential travels in.
fn carrier_name(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Cookie => "Cookie",
        Carrier::LocalStorage => "Authorization",
    }
}
