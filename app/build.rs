//! Tells the linker how to lay out what the page's code knows.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Words and tables as segments of their own, so that those of a part of the page go into its file.
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--no-merge-data-segments");
    }
}
