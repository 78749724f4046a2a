//! `GET peek`: a page for a frame, which looks into its own localStorage for what the lab's page keeps in its own.

use crate::{
    http::{
        Answer,
        attacker::{Existing, Number},
        html,
    },
    process::Process,
};
use axum::extract::State;
use domain::scheme::storage_key;
use maud::html;
use std::sync::Arc;

pub(super) async fn page(State(process): State<Arc<Process>>, Existing(lab): Existing, _: Number) -> Answer {
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; object-src 'none'; \
         form-action 'none'; frame-ancestors {} http://localhost:* http://127.0.0.1:*",
        process.origins.public
    );
    let key = storage_key(&lab.id);
    let page = html! {
        html lang="en" data-key=(key) { (html::scripted("Peek", "/peek.js", None)) body {} }
    };
    html::guarded(&policy, &page)
}
