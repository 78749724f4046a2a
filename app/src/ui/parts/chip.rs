use crate::state::bench::Bench;
use leptos::prelude::*;

/// How many colours chips have.
const COLOURS: usize = 6;

/// A credential, shortened and coloured: the same one has the same colour in every place.
#[component]
pub(crate) fn Chip(bench: Bench, #[prop(into)] value: String) -> impl IntoView {
    let class = format!("chip c{}", bench.order_of(&value) % COLOURS);
    view! { <code class=class title=value.clone()>{short(&value)}</code> }.into_any()
}

/// Its first and last characters; a JWT's first ones are all alike, so its last ones tell more.
pub(crate) fn short(value: &str) -> String {
    let count = value.chars().count();
    if count <= 14 {
        return value.to_owned();
    }
    let head: String = value.chars().take(6).collect();
    let tail: String = value.chars().skip(count.saturating_sub(6)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_shortened_by_characters_and_a_short_one_is_left() {
        assert_eq!(short("abcdefghijklmnopqrstuv"), "abcdef…qrstuv");
        assert_eq!(short("sid"), "sid");
        assert_eq!(short(&"가".repeat(20)).chars().count(), 13);
    }
}
