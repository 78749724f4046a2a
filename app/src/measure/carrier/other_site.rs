//! What a browser sends along by itself: for another site, and for a navigation before any script.

use crate::measure::rig::{Rig, brought_credential, is_marked};
use domain::{
    attack::{Attack, Target},
    exchange::{Did, Exchange},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
    scheme::Carrier,
};

/// What the server notes when it renders a page for the visitor.
const FOR_VISITOR: &str = "for alice";

/// Is a request that another site caused answered as the visitor's?
pub(super) async fn attacks(rig: &Rig, setting: &Setting, attack: Attack) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    attacked(rig, attack).await
}

/// And two minutes after the login?
pub(in crate::measure) async fn attacked_later(rig: &Rig) -> Result<Measured, Failure> {
    attacked(rig, Attack::FormPost).await
}

/// The same with the login that is there.
pub(in crate::measure) async fn attacked(rig: &Rig, attack: Attack) -> Result<Measured, Failure> {
    let exchange = rig.attack(attack, Target::Shop).await?;
    // Only a cookie comes along without a script.
    let came_along = brought_credential(&exchange, Carrier::Cookie);
    // The status says nothing: a browser that is not to leave the attacker's page is answered 204 either way.
    Ok(Measured::new(came_along && is_answered(attack, &exchange)).with(Figure::CameAlong, came_along.into()))
}

/// Whether the server did what it does for the visitor.
fn is_answered(attack: Attack, exchange: &Exchange) -> bool {
    match attack {
        Attack::FormPost | Attack::Fetch => {
            let is_refused = exchange.steps.iter().any(|step| step.did == Did::Refused);
            matches!(exchange.response.status, 200 | 204 | 303) && !is_refused
        }
        Attack::Link | Attack::Frame => is_rendered(exchange),
    }
}

fn is_rendered(exchange: &Exchange) -> bool {
    exchange.steps.iter().any(|step| step.did == Did::Rendered && step.detail == FOR_VISITOR)
}

/// Does the server know the visitor by the navigation of a frame alone?
pub(super) async fn known_before_script(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let n = Rig::marker();
    let frame = rig.guestbook(n).await?;
    let shown = frame.attribute("data-rendered-for").ok_or(Failure::Unreachable)?;
    let exchange = rig.awaited(|exchange| is_marked(exchange, n)).await?;
    let is_known = shown == "alice" && is_rendered(&exchange);
    let came_along = brought_credential(&exchange, Carrier::Cookie);
    Ok(Measured::new(is_known).with(Figure::CameAlong, came_along.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exchange::{Request, Response, Sender, Step};

    fn exchange(status: u16, steps: &[(Did, &str)]) -> Exchange {
        let request = Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: Vec::new(),
            body: None,
            body_base64: None,
        };
        let response = Response { status, headers: Vec::new(), body: None };
        let step = |(did, detail): &(Did, &str)| Step { did: *did, detail: (*detail).to_owned().into(), micros: 0.0 };
        let steps = steps.iter().map(step).collect();
        Exchange { id: 0, at: 0, from: Sender::Attacker, node: None, request, response, steps }
    }

    #[test]
    fn a_form_that_is_sent_back_to_the_page_is_answered_unless_it_was_refused() {
        for attack in [Attack::FormPost, Attack::Fetch] {
            assert!(is_answered(attack, &exchange(303, &[(Did::UpdatedSession, "the cart")])));
            assert!(is_answered(attack, &exchange(200, &[])));
            assert!(!is_answered(attack, &exchange(303, &[(Did::Refused, "no credential")])));
            assert!(!is_answered(attack, &exchange(401, &[])));
        }
    }

    #[test]
    fn a_page_is_answered_as_the_visitor_s_when_it_was_rendered_for_just_that_visitor() {
        for attack in [Attack::Link, Attack::Frame] {
            assert!(is_answered(attack, &exchange(200, &[(Did::Rendered, "for alice")])));
            for other in ["for nobody", "for bob", "for alice2"] {
                assert!(!is_answered(attack, &exchange(200, &[(Did::Rendered, other)])), "{other}");
            }
        }
    }
}
