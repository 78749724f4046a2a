use crate::{
    state::bench::Bench,
    text::{Text, figures},
};
use domain::{lesson::experiment::Experiment, scheme::Scheme};
use leptos::prelude::*;

/// A line of a chart: a scheme, and bytes by items.
struct Line {
    at: usize,
    name: &'static str,
    points: Vec<(u64, u64)>,
}

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 150.0;

/// What grows with the cart, drawn from what was measured.
#[component]
pub(super) fn Growth(bench: Bench) -> impl IntoView {
    // Each scheme's longest line.
    let measured = Memo::new(move |_| {
        Scheme::ALL.map(|scheme| {
            bench.experiments.entries.with(|entries| {
                let of =
                    entries.iter().filter(|e| e.experiment == Experiment::Growth && e.trial.setting.scheme == scheme);
                of.filter_map(|entry| entry.outcome.as_ref().ok())
                    .map(|measured| measured.growth.clone())
                    .max_by_key(Vec::len)
            })
        })
    });
    let lines = move |t: &Text, pick: fn(&domain::lesson::measured::Growth) -> u64| {
        let measured = measured.get().into_iter().enumerate();
        let lines = measured.filter_map(|(at, growth)| {
            let growth = growth.filter(|growth| !growth.is_empty())?;
            let points = growth.iter().map(|one| (one.items, pick(one))).collect();
            Some(Line { at, name: (t.scheme)(Scheme::ALL[at]), points })
        });
        lines.collect::<Vec<_>>()
    };
    move || {
        let t = bench.text();
        let (requests, rows) = (lines(t, |one| one.request_bytes), lines(t, |one| one.row_bytes));
        (!requests.is_empty()).then(|| {
            view! {
                <div class="growth">
                    <h3>{t.verdict().growth}</h3>
                    <p class="lede">{t.verdict().growth_how}</p>
                    <div class="charts">
                        {chart(t, t.verdict().request_bytes, &requests)} {chart(t, t.verdict().row_bytes, &rows)}
                    </div>
                </div>
            }
        })
    }
}

/// Where an axis ends: the next round number whose half is one, too.
fn round_top(most: u64) -> u64 {
    let mut unit: u64 = 1;
    while unit.saturating_mul(10) < most {
        unit = unit.saturating_mul(10);
    }
    [2, 4, 6, 8, 10].map(|n: u64| n.saturating_mul(unit)).into_iter().find(|top| *top >= most).unwrap_or(most)
}

/// The lines of a figure. Where two schemes send or store the same, one line lies on the other: those of a cookie
/// are drawn broad and those of localStorage thin, so that both are seen.
fn chart(t: &Text, title: &'static str, lines: &[Line]) -> AnyView {
    let (middle, half) = (WIDTH / 2.0, HEIGHT / 2.0);
    let all = || lines.iter().flat_map(|line| line.points.iter());
    let items = all().map(|point| point.0).max().unwrap_or(0).max(1);
    let most = (items, round_top(all().map(|point| point.1).max().unwrap_or(0)));
    let drawn = lines.iter().map(|line| {
        let points = line.points.iter().map(|(items, bytes)| {
            let (x, y) = (figures::fraction(*items, most.0), 1.0 - figures::fraction(*bytes, most.1));
            format!("{:.1},{:.1}", x * WIDTH, y * HEIGHT)
        });
        let points = points.collect::<Vec<_>>().join(" ");
        view! { <polyline class=format!("line l{}", line.at) points=points></polyline> }
    });
    let drawn = drawn.collect_view();
    let y = [figures::count(most.1), figures::count(most.1 / 2), "0".to_owned()];
    let x = ["0".to_owned(), (most.0 / 2).to_string(), format!("{} {}", most.0, t.verdict().items)];
    let ticks = |of: [String; 3]| of.map(|tick| view! { <span>{tick}</span> }).into_iter().collect_view();
    let keys = lines.iter().map(|line| {
        let last = line.points.last().map(|point| figures::count(point.1));
        view! {
            <li>
                <svg class="key" viewBox="0 0 24 8" aria-hidden="true"><line class=format!("line l{}", line.at) x1="0" y1="4" x2="24" y2="4"></line></svg>
                {line.name} " " <small>{last}</small>
            </li>
        }
    });
    let keys = keys.collect_view();
    view! {
        <figure>
            <figcaption>{title}</figcaption>
            <div class="plot">
                <p class="ticks y" aria-hidden="true">{ticks(y)}</p>
                <svg class="chart" role="img" aria-label=title viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
                    <path class="axes" d=format!("M0 0H{WIDTH}M0 {half}H{WIDTH}M{middle} 0V{HEIGHT}M{WIDTH} 0V{HEIGHT}M0 0V{HEIGHT}H{WIDTH}")></path>
                    {drawn}
                </svg>
                <p class="ticks x" aria-hidden="true">{ticks(x)}</p>
            </div>
            <ul class="keys">{keys}</ul>
            <details>
                <summary>{t.verdict().as_table}</summary>
                {table(t, title, lines)}
            </details>
        </figure>
    }
    .into_any()
}

fn table(t: &Text, title: &'static str, lines: &[Line]) -> AnyView {
    let mut items: Vec<u64> = lines.iter().flat_map(|line| line.points.iter().map(|point| point.0)).collect();
    items.sort_unstable();
    items.dedup();
    let heads = lines.iter().map(|line| view! { <th scope="col">{line.name}</th> }).collect_view();
    let rows = items.into_iter().map(|n| {
        let cells = lines.iter().map(|line| {
            let bytes = line.points.iter().find(|point| point.0 == n).map(|point| figures::count(point.1));
            view! { <td class="number">{bytes.unwrap_or_else(|| "–".to_owned())}</td> }
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row">{n}</th>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=title>
            <table class="figures">
                <caption class="off-screen">{title}</caption>
                <thead><tr><th scope="col">{t.verdict().items}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_that_can_be_halved() {
        let tops = [0, 1, 3, 26, 711, 940, 1_000, 1_001, 4_097].map(round_top);
        assert_eq!(tops, [2, 2, 4, 40, 800, 1_000, 1_000, 2_000, 6_000]);
    }
}
