//! The five steps of a login, and which of them an exchange went through.
//!
//! For a session: log in, session made, id handed over, next request, looked up.
//! For a token: log in, token signed, token kept, next request, verified.

use crate::{
    exchange::{Did, Exchange, Sender, Step},
    scheme::{Carrier, Credential, Scheme},
};

/// The steps that an exchange went through, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// With which scheme, where the exchange tells.
    pub scheme: Option<Scheme>,
    /// The first step.
    pub first: usize,
    /// The last step.
    pub last: usize,
    /// Whether it ended there because the server refused.
    pub refused: bool,
}

/// Which steps an exchange went through; `None` when it is no part of the flow.
#[must_use]
pub fn passed(exchange: &Exchange) -> Option<Passed> {
    if !matches!(exchange.from, Sender::Page | Sender::Other) {
        return None;
    }
    let did = |what: Did| exchange.steps.iter().any(|step| step.did == what);
    let refused = exchange.response.status >= 400 || did(Did::Refused);
    match exchange.request.route() {
        "api/login" if refused => {
            // With the right password it came as far as the row or the token: it is there that it was refused.
            let is_right = |step: &Step| step.did == Did::CheckedPassword && step.detail == "right";
            let last = usize::from(exchange.steps.iter().any(is_right));
            Some(Passed { scheme: None, first: 0, last, refused })
        }
        "api/login" => {
            let credential = if did(Did::SignedToken) { Credential::Jwt } else { Credential::SessionId };
            let carrier = if did(Did::SetCookie) { Carrier::Cookie } else { Carrier::LocalStorage };
            Some(Passed { scheme: Some(Scheme::new(credential, carrier)), first: 0, last: 2, refused })
        }
        // No server was there: it was on its way, and no further.
        "api/me" | "api/cart" | "api/admin" if exchange.node.is_none() && exchange.response.status == 503 => {
            Some(Passed { scheme: None, first: 3, last: 3, refused })
        }
        // Nothing came along: the request went as far as that, and nobody was looked for.
        "api/me" | "api/cart" | "api/admin" if did(Did::FoundNothing) => {
            Some(Passed { scheme: None, first: 3, last: 3, refused: true })
        }
        "" | "api/me" | "api/cart" | "api/admin" => {
            let credential = if did(Did::LookedUp) {
                Credential::SessionId
            } else if did(Did::Verified) {
                Credential::Jwt
            } else {
                return None;
            };
            let carrier = if did(Did::FoundCookie) { Carrier::Cookie } else { Carrier::LocalStorage };
            // Whoever is known but may not was looked up or verified all the same.
            let refused = !did(Did::Identified);
            Some(Passed { scheme: Some(Scheme::new(credential, carrier)), first: 3, last: 4, refused })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Request, Response};

    fn exchange(route: &str, status: u16, did: &[Did]) -> Exchange {
        Exchange {
            id: 1,
            at: 0,
            from: Sender::Page,
            node: Some(1),
            request: Request {
                method: "GET".into(),
                path: format!("/lab/x{route}"),
                headers: vec![],
                body: None,
                body_base64: None,
            },
            response: Response { status, headers: vec![], body: None },
            steps: did.iter().map(|did| Step { did: *did, detail: "".into(), micros: 0.0 }).collect(),
        }
    }

    #[test]
    fn a_login_goes_through_the_first_three_steps_of_its_scheme() {
        use Did::{CheckedPassword, CreatedSession, DeletedSession, Identified, LookedUp, SetCookie, SignedToken};
        let session = exchange("/api/login", 200, &[CheckedPassword, CreatedSession, SetCookie, Identified]);
        assert_eq!(passed(&session), Some(Passed { scheme: Some(Scheme::ALL[0]), first: 0, last: 2, refused: false }));
        // Logged in with a session before: that one was looked up, and is not what this login made.
        let token = exchange("/api/login", 200, &[CheckedPassword, LookedUp, DeletedSession, SignedToken, Identified]);
        assert_eq!(passed(&token).unwrap().scheme, Some(Scheme::ALL[3]));
    }

    #[test]
    fn a_refused_login_stops_at_the_first_step() {
        let refused = Some(Passed { scheme: None, first: 0, last: 0, refused: true });
        assert_eq!(passed(&exchange("/api/login", 401, &[Did::CheckedPassword, Did::Refused])), refused);
        assert_eq!(passed(&exchange("/api/login", 303, &[Did::CheckedPassword, Did::Refused])), refused, "by a form");
    }

    #[test]
    fn a_login_that_the_store_refuses_stops_where_the_store_is_asked() {
        let mut silent = exchange("/api/login", 503, &[Did::CheckedPassword, Did::Refused]);
        silent.steps[0].detail = "right".into();
        assert_eq!(passed(&silent), Some(Passed { scheme: None, first: 0, last: 1, refused: true }));
        for wrong in ["wrong", "right, but the user is disabled"] {
            silent.steps[0].detail = wrong.into();
            assert_eq!(passed(&silent).unwrap().last, 0, "{wrong}");
        }
    }

    #[test]
    fn later_requests_go_through_the_last_two_steps_the_page_s_own_included() {
        use Did::{FoundBearer, FoundCookie, Identified, LookedUp, Verified};
        for route in ["", "/api/me", "/api/cart", "/api/admin"] {
            let known = passed(&exchange(route, 200, &[FoundCookie, LookedUp, Identified])).unwrap();
            assert_eq!((known.scheme, known.first, known.last, known.refused), (Some(Scheme::ALL[0]), 3, 4, false));
        }
        let forged = passed(&exchange("/api/me", 401, &[FoundBearer, Verified, Did::Refused])).unwrap();
        assert_eq!((forged.scheme, forged.last, forged.refused), (Some(Scheme::ALL[3]), 4, true));
    }

    #[test]
    fn where_no_server_is_up_a_request_gets_no_further_than_on_its_way() {
        let mut asked = exchange("/api/me", 503, &[]);
        asked.node = None;
        assert_eq!(passed(&asked), Some(Passed { scheme: None, first: 3, last: 3, refused: true }));
    }

    #[test]
    fn who_is_known_but_may_not_has_gone_through_all_steps() {
        use Did::{FoundCookie, Identified, LookedUp, Refused};
        let forbidden = passed(&exchange("/api/admin", 403, &[FoundCookie, LookedUp, Identified, Refused])).unwrap();
        assert!(!forbidden.refused);
    }

    #[test]
    fn what_carried_no_credential_got_no_further_than_on_its_way_where_one_was_needed() {
        let asked = passed(&exchange("/api/me", 401, &[Did::FoundNothing, Did::Refused]));
        assert_eq!(asked, Some(Passed { scheme: None, first: 3, last: 3, refused: true }));
    }

    #[test]
    fn a_page_for_nobody_a_logout_and_an_attack_are_no_part_of_the_flow() {
        assert_eq!(passed(&exchange("", 200, &[Did::FoundNothing, Did::Rendered])), None);
        assert_eq!(passed(&exchange("/api/logout", 200, &[Did::FoundCookie, Did::LookedUp])), None);
        let mut attack = exchange("/api/me", 200, &[Did::FoundCookie, Did::LookedUp, Did::Identified]);
        attack.from = Sender::Attacker;
        assert_eq!(passed(&attack), None);
    }
}
