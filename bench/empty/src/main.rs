//! cargo-leptos asks for a program beside the page. It is never built: the page's HTML is a file.

fn main() {}
