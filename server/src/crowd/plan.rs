//! Who sends what, in which order: made up front, so that the same seed is the same crowd.

use domain::crowd::CrowdRequest;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    LogIn,
    Read,
    Write,
}

/// A visitor's number, from 0, and what they do.
pub(super) type PlannedErrand = (usize, Errand);

/// What comes after the logins: each by any of the visitors.
pub(super) fn requests(request: &CrowdRequest) -> impl Iterator<Item = PlannedErrand> + use<> {
    let mut random = fastrand::Rng::with_seed(request.seed);
    let (visitors, write_fraction) = (request.visitors as usize, request.write_fraction);
    (0..request.requests).map(move |_| {
        let visitor = random.usize(..visitors.max(1));
        (visitor, if random.f64() < write_fraction { Errand::Write } else { Errand::Read })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_plan_and_another_is_another() {
        let request = CrowdRequest::default();
        let plan = |seed| requests(&CrowdRequest { seed, ..request }).collect::<Vec<_>>();
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
        assert_eq!(plan(7).len(), 2_000);
        assert!(plan(7).iter().all(|(visitor, _)| *visitor < 100));
        let writes = plan(7).iter().filter(|(_, errand)| *errand == Errand::Write).count();
        assert!((346..=454).contains(&writes), "400 give or take three times 18: {writes}");
    }

    #[test]
    fn nobody_writes_with_a_share_of_0_and_everybody_with_1() {
        for (write_fraction, errand) in [(0.0, Errand::Read), (1.0, Errand::Write)] {
            let request = CrowdRequest { write_fraction, ..CrowdRequest::default() };
            assert!(requests(&request).all(|(_, did)| did == errand));
        }
    }
}
