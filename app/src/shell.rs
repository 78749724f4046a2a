//! The HTML document around the page.

use crate::{
    state::{
        bench::Bench,
        boot::{Assets, Boot, Theme},
    },
    text::Lang,
    ui::{PARTS, guide::list, later::files},
};
use leptos::prelude::*;

/// What else applies where there are no scripts.
const NO_SCRIPT: &str = "<link rel=\"stylesheet\" href=\"/no-script.css\">";

/// The whole document. `nonce` is the one that the response's Content-Security-Policy names.
#[must_use]
pub fn shell(boot: &Boot, assets: &Assets, nonce: &str) -> impl IntoView + use<> {
    let head = boot.lang.head();
    let start = format!(
        "const failed=()=>document.getElementById('failed').hidden=false;\
         const frame=()=>document.hidden||new Promise(requestAnimationFrame);await frame();await frame();\
         try{{const m=await import('{}');await m.default({{module_or_path:'{}'}});await m.start()||failed()}}\
         catch(e){{failed();throw e}}",
        assets.js, assets.wasm
    );
    // Inside a script element only `</script` and `<!--` could end or change it: no `<` is left as such.
    let data = serde_json::to_string(boot).unwrap_or_default().replace('<', "\\u003c");
    let reload = assets.reload.map(|port| {
        let script =
            format!("new WebSocket('ws://'+location.hostname+':{port}/live_reload').onmessage=()=>location.reload()");
        view! { <script type="module" nonce=nonce.to_owned() inner_html=script></script> }
    });
    let bench = Bench::new(boot.clone(), files());
    view! {
        <!DOCTYPE html>
        <html lang=boot.lang.tag() data-theme=boot.theme.map(Theme::name)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="description" content=head.question />
                <meta name="color-scheme" content="light dark" />
                // Raw, for Leptos would close the text with a comment, and a title has none. Our words need no escaping.
                <title inner_html=format!("{} · {}", head.title, head.question)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css.clone() />
                // Raw, and no literal: Leptos would take that for an attribute.
                <noscript inner_html=NO_SCRIPT.to_owned()></noscript>
                <link rel="modulepreload" href=assets.js.clone() />
                <script type="module" nonce=nonce.to_owned() inner_html=start></script>
                {reload}
            </head>
            <body>
                <div id="page" class="page">{PARTS.map(|part| part(bench)).into_iter().collect_view()}</div>
                <p id="failed" class="banner" role="alert" hidden>{head.failed}</p>
                <script type="application/json" id="boot" inner_html=data></script>
            </body>
        </html>
    }
}

/// What the guide tells of each claim, to be put into the page: a piece of HTML for each, whose `data-of` says where.
#[must_use]
pub fn told(lang: Lang) -> String {
    list::all_told(lang)
}
