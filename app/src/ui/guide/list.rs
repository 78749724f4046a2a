//! The claims in words: HTML that the server writes and the browser leaves as it is, so that none of these words is in
//! the page's own code. What is told of each is most of it, so it comes by itself once the visitor moves, unless the
//! page's address asks for it.

use crate::{
    state::{bench::Bench, chosen::chosen},
    text::{Lang, claims::Told},
    ui::parts::behind::{question, row},
};
use domain::{
    cookie::{Engine, Origin},
    lesson::{
        claim::{Chapter, Claim, claims},
        experiment::Setting,
        part::Part,
        tally::Chosen,
    },
    scheme::Scheme,
    topology::StoreKind,
};
use leptos::prelude::*;

/// All of them, chapter by chapter; with what is told of each where the page's address asks for it.
pub(super) fn html(bench: Bench) -> String {
    let lang = bench.lang;
    let open = bench.guide.claim.get_untracked();
    let tells = bench.guide.tells.get_untracked();
    // A browser without scripts has it from here.
    let chosen = untrack(|| chosen(bench));
    let predicted = |part: &Part| untrack(|| row(bench, &chosen, part).predicted.join("\n"));
    let mut said = lang.told();
    let chapters = Chapter::ALL.map(|chapter| {
        let claims = chapter.claims().iter().zip(said.by_ref()).map(|(claim, said)| {
            let told = tells.then(|| told(lang, claim, said, predicted));
            heading(claim, said, open.as_deref() == Some(claim.id), told)
        });
        let text = lang.text();
        let title = (text.guide.chapter)(chapter);
        let slides = chapter.claims().first().map(|first| {
            let label = format!("{}: {title}", text.page.slides);
            view! {
                <p class="of-chapter">
                    <button type="button" class="small" name="slides" value=first.id>{label}</button>
                </p>
            }
        });
        view! {
            <section class="chapter" role="tabpanel" id=format!("chapter-{}", chapter.name()) data-chapter=chapter.name() aria-label=title>
                {slides}
                {claims.collect_view()}
            </section>
        }
    });
    let nothing = view! { <p class="nothing">{lang.pages().nothing_found}</p> };
    let query = untrack(|| bench.query()).replace('&', "&amp;");
    let (tag, words) = (lang.tag(), lang.pages().tell_claims);
    let way = format!("<p class=\"banner\"><a href=\"?lang={tag}&amp;{query}&amp;claims=told\">{words}</a></p>");
    let way = (!tells).then(|| view! { <noscript inner_html=way></noscript> });
    plain((way, chapters.into_iter().collect_view(), nothing))
}

/// What is told of each claim, to be put into the list. What is predicted hangs on the lab and is filled in.
pub(crate) fn all_told(lang: Lang) -> String {
    let all = claims().zip(lang.told()).map(|((_, claim), said)| told(lang, claim, said, |_| String::new()));
    plain(all.collect_view())
}

/// Without the marks for taking over the elements one by one, for the list is taken over as it is.
fn plain(view: impl IntoView) -> String {
    view.to_html().replace("<!>", "")
}

fn heading(claim: &'static Claim, said: &'static Told, open: bool, told: Option<impl IntoView>) -> impl IntoView {
    let tried = claim.can_be_tried().then_some("");
    let measured = (!claim.behind.is_empty()).then_some("");
    view! {
        <details class="claim" name="claim" id=format!("claim-{}", claim.id) open=open data-try=tried data-measure=measured>
            <summary><span class="tick" id=format!("tick-{}", claim.id)></span> <span class="sentence">{said.claim}</span></summary>
            {told}
        </details>
    }
}

fn told<P>(lang: Lang, claim: &'static Claim, told: &'static Told, predicted: P) -> impl IntoView + use<P>
where
    P: Fn(&Part) -> String,
{
    let t = &lang.text().guide;
    let glosses = told
        .glosses
        .iter()
        .map(|(term, meant)| view! { <p class="gloss"><dfn>{*term}</dfn> " " <span>{*meant}</span></p> });
    let sources = claim.sources.iter().map(|(name, url)| view! { <a href=*url rel="external">{*name}</a> " " });
    let mut asked = None;
    // What is asked is the same whatever is chosen.
    let usual =
        |scheme| Setting::usual(scheme, Engine::default(), Origin { https: false, host: "localhost".to_owned() });
    let rows = claim.behind.iter().zip(told.rows).enumerate().map(|(at, (part, row))| {
        // What the rows below it answer.
        let chosen = Chosen { set: usual(part.scheme), stores: StoreKind::SHARED.to_vec() };
        let question = question(lang.text(), &chosen, part);
        let question = (asked.replace(question) != Some(question)).then_some(question);
        view! {
            {question.map(|question| view! { <tr class="asked"><th colspan="3">{question}</th></tr> })}
            <tr>
                <th scope="row"><span>{*row}</span> {scheme_beside(lang, row, part.scheme)}</th>
                <td class="soft" id=format!("measured-{}-{at}", claim.id)>{t.not_measured}</td>
                <td id=format!("predicted-{}-{at}", claim.id)>{predicted(part)}</td>
            </tr>
        }
    });
    let button = |class: &'static str, name: &'static str, words: &'static str, in_window: bool| {
        let label = format!("{words}: {}", told.claim);
        let in_window = in_window.then_some("");
        view! { <button type="button" class=class name=name value=claim.id data-window=in_window aria-label=label>{words}</button> }
    };
    let measures = move |class, words| button(class, "measure", words, claim.measures_in_window());
    // Where nothing is to be pressed, it measures.
    let tries = move || {
        if claim.play.is_empty() {
            measures("primary", t.try_it)
        } else {
            button("primary", "", t.try_it, claim.tries_in_window())
        }
    };
    view! {
        <div class="told" data-of=format!("claim-{}", claim.id)>
            <p class="do">
                {claim.can_be_tried().then(tries)}
                {(!claim.play.is_empty() && !claim.behind.is_empty()).then(|| measures("quiet", t.measure))}
                {button("quiet", "slides", lang.text().page.slides, false)}
            </p>
            {claim.can_be_tried().then(|| view! { <p class="to-see">{lang.pages().to_see}</p> })}
            <p class="look">{told.look}</p>
            {glosses.collect_view()}
            {(!claim.behind.is_empty())
                .then(|| {
                    view! {
                        <table class="m">
                            <thead>
                                <tr><th scope="col">{t.case}</th><th scope="col">{t.measured}</th><th scope="col">{t.predicted}</th></tr>
                            </thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    }
                })}
            <details class="because"><summary>{t.why}</summary><p class="rule">{told.why}</p><p class="sources">{sources.collect_view()}</p></details>
        </div>
    }
}

/// The scheme, unless the row is called by it.
fn scheme_beside(lang: Lang, row: &str, scheme: Scheme) -> Option<impl IntoView + use<>> {
    let name = (lang.text().scheme)(scheme);
    (!row.eq_ignore_ascii_case(name)).then(|| view! { " " <small>{name}</small> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_claim_stand_under_the_question_that_they_answer() {
        let html = all_told(Lang::En);
        let of = |claim: &str| {
            let (_, told) = html.split_once(&format!("data-of=\"claim-{claim}\"")).unwrap();
            told.split("data-of=").next().unwrap().to_owned()
        };
        let rotation = of("key-rotation");
        assert!(rotation.contains("A new key, the old one retired, logs you out"), "{rotation}");
        assert!(!rotation.contains("Does a copy of the store"), "{rotation}");
        assert!(of("cookie-costs-nothing").contains("What is stored grows with the cart"));
        // Where a row says several things, each of them says what it is.
        assert!(of("local-storage").contains("Can another site act as you?"));
    }
}
