//! Numbers as people read them, and as charts draw them. The same in every language.

use domain::crowd::Quantity;

/// `12,345`.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number from 0 up, rounded to so many places. What the standard library does for every float there may be is
/// fifteen kilobytes of the page.
pub(crate) fn decimal(n: f64, places: u32) -> String {
    let one = 10_u64.pow(places);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is shown is far below 2^52"
    )]
    let rounded = (n * one as f64).round() as u64;
    if places == 0 {
        return rounded.to_string();
    }
    format!("{}.{:0width$}", rounded / one, rounded % one, width = places as usize)
}

/// Bytes: `311 B`, `1.2 KB`, `3.4 MB`.
#[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
pub(crate) fn bytes(n: u64) -> String {
    match n as f64 {
        n if n < 1_000.0 => format!("{} B", decimal(n, 0)),
        n if n < 1_000_000.0 => format!("{} KB", decimal(n / 1e3, 1)),
        n => format!("{} MB", decimal(n / 1e6, 1)),
    }
}

/// Microseconds: `0.012 ms`, `12.3 ms`, `1.23 s`.
pub(crate) fn time(micros: f64) -> String {
    match micros {
        us if us < 10_000.0 => format!("{} ms", decimal(us / 1e3, 3)),
        us if us < 1_000_000.0 => format!("{} ms", decimal(us / 1e3, 1)),
        us => format!("{} s", decimal(us / 1e6, 2)),
    }
}

/// A share of a whole: `33.3%`; of nothing, a dash.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(fraction(part, whole)) }
}

/// `0.333` is `33.3%`. What is not all is not rounded up to all, and what is not nothing not down to nothing.
pub(crate) fn percent(fraction: f64) -> String {
    let rounded = (fraction * 1_000.0).round() / 10.0;
    if rounded >= 100.0 && fraction < 1.0 {
        ">99.9%".to_owned()
    } else if rounded <= 0.0 && fraction > 0.0 {
        "<0.1%".to_owned()
    } else if rounded.fract() == 0.0 {
        format!("{}%", decimal(rounded, 0))
    } else {
        format!("{}%", decimal(rounded, 1))
    }
}

/// From 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Where the segments of a stacked bar begin and how wide they are, of 100.
pub(crate) fn stacked(parts: &[u64]) -> Vec<(f64, f64)> {
    let all = parts.iter().sum();
    let mut begin = 0.0;
    parts
        .iter()
        .map(|part| {
            let width = 100.0 * fraction(*part, all);
            let segment = (begin, width);
            begin += width;
            segment
        })
        .collect()
}

/// A measured or expected number, with its unit.
pub(crate) fn measured(what: Quantity, number: f64) -> String {
    match what {
        Quantity::KnownShare | Quantity::StaleShare => percent(number),
        Quantity::LoadGini | Quantity::LoadVariation | Quantity::LoadPeak => decimal(number, 3),
        Quantity::LatencyMedian | Quantity::LatencyNinety | Quantity::LatencyNinetyNine => time(number),
        Quantity::MessageBytes => bytes(whole(number)),
        _ if number.fract() == 0.0 => count(whole(number)),
        // An average: nobody loses a third of a login.
        _ => decimal(number, 1),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; what is below 0 becomes 0")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_rounded_to_its_places() {
        let of = [(0.0, 3), (0.0214, 3), (0.9996, 3), (12.35, 0), (99.96, 1), (1234.5, 2)];
        assert_eq!(of.map(|(n, places)| decimal(n, places)), ["0.000", "0.021", "1.000", "12", "100.0", "1234.50"]);
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 12_345, 1_234_567].map(count), ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn a_share_that_is_not_all_never_looks_like_all() {
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(3, 3), "100%");
        assert_eq!(share(9_999, 10_000), ">99.9%");
        assert_eq!(share(1, 10_000), "<0.1%");
        assert_eq!(share(0, 10), "0%");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn segments_stand_one_after_the_other_and_fill_the_bar() {
        assert_eq!(stacked(&[1, 0, 3]), [(0.0, 25.0), (25.0, 0.0), (25.0, 75.0)]);
        assert_eq!(stacked(&[0, 0]), [(0.0, 0.0), (0.0, 0.0)]);
    }

    #[test]
    fn every_quantity_has_its_unit() {
        assert_eq!(measured(Quantity::KnownShare, 1.0 / 3.0), "33.3%");
        assert_eq!(measured(Quantity::Messages, 1_200.0), "1,200");
        assert_eq!(measured(Quantity::MessageBytes, 373_000.0), "373.0 KB");
        assert_eq!(measured(Quantity::LatencyMedian, 812.0), "0.812 ms");
        assert_eq!(measured(Quantity::LatencyNinetyNine, 12_340.0), "12.3 ms");
        assert_eq!(measured(Quantity::LoadGini, 0.0512), "0.051");
        assert_eq!(measured(Quantity::LoginsLost, 33.333), "33.3");
    }
}
