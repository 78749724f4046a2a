use crate::bench::Bench;
use domain::{
    exchange::{Did, Exchange, Sender},
    scheme::{Carrier, Credential, Scheme},
};
use leptos::prelude::*;

/// The five steps, with the ones lit that just happened.
#[component]
pub(crate) fn Flow(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let happened =
        Memo::new(move |_| bench.exchanges.with(|all| all.iter().rev().find_map(|exchange| happened(exchange))));
    // The flow shown is that of the last exchange; before any, that of the switch.
    let scheme = move || {
        happened.get().map_or_else(|| bench.scheme.get(), |(scheme, _)| scheme.unwrap_or_else(|| bench.scheme.get()))
    };
    let steps = move || {
        let flow = &text().flow;
        match (scheme().credential, scheme().carrier) {
            (Credential::SessionId, Carrier::Cookie) => flow.session_cookie,
            (Credential::SessionId, Carrier::LocalStorage) => flow.session_storage,
            (Credential::Jwt, Carrier::Cookie) => flow.token_cookie,
            (Credential::Jwt, Carrier::LocalStorage) => flow.token_storage,
        }
    };
    let lit = move |step: usize| happened.get().is_some_and(|(_, range)| (range.0..=range.1).contains(&step));
    let now = move |step: usize| happened.get().is_some_and(|(_, range)| range.1 == step);
    let title = move || match scheme().credential {
        Credential::SessionId => text().flow.session,
        Credential::Jwt => text().flow.token,
    };
    view! {
        <section class="flow" id="flow" aria-labelledby="flow-title">
            <h2 id="flow-title">{title} " · " <small>{move || (text().scheme)(scheme())}</small></h2>
            <ol>
                {(0..5)
                    .map(|step| {
                        view! {
                            <li class:lit=move || lit(step) class:now=move || now(step) aria-current=move || now(step).then_some("step")>
                                <b>{step + 1} " " {move || steps()[step].0}</b>
                                <small>{move || steps()[step].1}</small>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

/// Which steps an exchange went through, first and last, and with which scheme where it tells.
/// `None` when it is no part of the flow.
fn happened(exchange: &Exchange) -> Option<(Option<Scheme>, (usize, usize))> {
    if !matches!(exchange.from, Sender::Page | Sender::Other) {
        return None;
    }
    let did = |what: Did| exchange.steps.iter().any(|step| step.did == what);
    let credential =
        if did(Did::CreatedSession) || did(Did::LookedUp) { Credential::SessionId } else { Credential::Jwt };
    match exchange.request.route() {
        "api/login" => {
            if exchange.response.status >= 400 {
                return Some((None, (0, 0)));
            }
            let credential = if did(Did::SignedToken) { Credential::Jwt } else { Credential::SessionId };
            let carrier = if did(Did::SetCookie) { Carrier::Cookie } else { Carrier::LocalStorage };
            Some((Some(Scheme::new(credential, carrier)), (0, 2)))
        }
        "" | "api/me" | "api/cart" | "api/admin" => {
            let carrier = if did(Did::FoundCookie) {
                Carrier::Cookie
            } else if did(Did::FoundBearer) {
                Carrier::LocalStorage
            } else {
                return None;
            };
            Some((Some(Scheme::new(credential, carrier)), (3, 4)))
        }
        _ => None,
    }
}
