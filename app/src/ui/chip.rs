use leptos::prelude::*;

/// How many colours chips have.
const COLOURS: u32 = 6;

/// A credential, shortened and coloured: the same one has the same colour in every place.
#[component]
pub(crate) fn Chip(#[prop(into)] value: String) -> impl IntoView {
    let class = format!("chip c{}", colour(&value));
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

/// FNV-1a: a number that is the same wherever the same text is.
fn colour(value: &str) -> u32 {
    value.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619)) % COLOURS
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
