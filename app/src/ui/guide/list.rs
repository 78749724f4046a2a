//! The claims in words: HTML that the server writes and the browser leaves as it is, so that none of these words is in
//! the page's own code.

use crate::text::{Lang, claims::Told};
use domain::{
    lesson::claim::{Chapter, Claim},
    scheme::Scheme,
};
use leptos::prelude::*;

/// All of them, chapter by chapter.
pub(super) fn html(lang: Lang, open: Option<&str>) -> String {
    let mut told = lang.told();
    let chapters = Chapter::ALL.map(|chapter| {
        let claims = chapter.claims().iter().zip(told.by_ref()).map(|(claim, told)| one(lang, claim, told, open == Some(claim.id)));
        let title = (lang.text().guide.chapter)(chapter);
        view! {
            <section class="chapter" role="tabpanel" id=format!("chapter-{}", chapter.name()) data-chapter=chapter.name() aria-label=title>
                {claims.collect_view()}
            </section>
        }
    });
    chapters.into_iter().collect_view().to_html()
}

fn one(lang: Lang, claim: &'static Claim, told: &'static Told, open: bool) -> impl IntoView {
    let t = &lang.text().guide;
    let glosses =
        told.glosses.iter().map(|(term, meant)| view! { <p class="gloss"><dfn>{*term}</dfn> " " {*meant}</p> });
    let sources = claim.sources.iter().map(|(name, url)| view! { <a href=*url rel="external">{*name}</a> " " });
    let rows = claim.behind.iter().zip(told.rows).enumerate().map(|(at, (part, row))| {
        view! {
            <tr>
                <th scope="row">{*row} <small>{scheme(lang, part.scheme)}</small></th>
                <td id=format!("measured-{}-{at}", claim.id)>{t.not_measured}</td>
                <td id=format!("predicted-{}-{at}", claim.id)></td>
            </tr>
        }
    });
    let can_be_tried = !claim.play.is_empty() || !claim.behind.is_empty();
    let label = format!("{}: {}", t.try_it, told.claim);
    view! {
        <details class="claim" name="claim" id=format!("claim-{}", claim.id) open=open>
            <summary><span class="tick" id=format!("tick-{}", claim.id)></span> {told.claim}</summary>
            <div class="told">
                {can_be_tried
                    .then(|| {
                        view! {
                            <p class="do">
                                <button type="button" class="primary" value=claim.id aria-label=label>{t.try_it}</button>
                                {(!claim.play.is_empty() && !claim.behind.is_empty())
                                    .then(|| {
                                        view! {
                                            <button
                                                type="button"
                                                class="quiet"
                                                name="measure"
                                                value=claim.id
                                                aria-label=format!("{}: {}", t.measure, told.claim)
                                            >
                                                {t.measure}
                                            </button>
                                        }
                                    })}
                            </p>
                        }
                    })}
                <p class="look">{told.look}</p>
                {glosses.collect_view()}
                {(!claim.behind.is_empty())
                    .then(|| {
                        view! {
                            <table class="m">
                                <thead class="off-screen">
                                    <tr><th scope="col">{t.case}</th><th scope="col">{t.measured}</th><th scope="col">{t.predicted}</th></tr>
                                </thead>
                                <tbody>{rows.collect_view()}</tbody>
                            </table>
                        }
                    })}
                <details class="because"><summary>{t.why}</summary><p>{told.why}</p><p class="sources">{sources.collect_view()}</p></details>
            </div>
        </details>
    }
}

fn scheme(lang: Lang, scheme: Scheme) -> &'static str {
    (lang.text().scheme)(scheme)
}
