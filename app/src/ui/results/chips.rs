//! Under which setting a comparison is made, as chips.

use crate::text::Text;
use domain::lesson::experiment::Setting;
use leptos::prelude::*;

/// Where a setting is not the usual one.
pub(crate) fn setting(t: &Text, setting: &Setting) -> Option<AnyView> {
    let differences = setting.differences();
    (!differences.is_empty()).then(|| chips(differences.into_iter().map(t.experiments().difference)))
}

fn chips(words: impl IntoIterator<Item = String>) -> AnyView {
    let chips = words.into_iter().map(|words| view! { <span class="flag">{words}</span> " " }).collect_view();
    view! { <p class="differences">{chips}</p> }.into_any()
}
