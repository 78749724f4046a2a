//! What each experiment is, in English.

use crate::text::T;
use domain::lesson::experiment::Experiment;

pub(super) fn title(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => "Can a hostile script read it?",
        Experiment::ScriptActs => "Can a hostile script act without reading it?",
        Experiment::OtherSite => "Can another site act as you?",
        Experiment::Reload => "Does the server know you before any script runs?",
        Experiment::CookieRules => "Which cookies does this browser keep, show and send?",
        Experiment::CookieWall => "Does the browser drop a cookie that grew too large?",
        Experiment::Ports => "Does another port get the credential?",
        Experiment::CopyAfterLogout => "Does a copy work after logging out?",
        Experiment::RoleChange => "Does a role work after it was taken away?",
        Experiment::Restart => "Does a login survive a restart?",
        Experiment::Expiry => "Does it still work when its time is up?",
        Experiment::Payload => "Can anybody who sees the credential read whose it is?",
        Experiment::Tampered => "Is a forged credential accepted?",
        Experiment::StoreCopied => "Does a copy of the store let somebody in?",
        Experiment::Fixation => "Does an id planted before the login speak for you after it?",
        Experiment::Growth => "Does a request grow with the cart?",
        Experiment::Cost => "How many look-ups do ten requests cost?",
        Experiment::Refresh => "Does a refresh token carry a short login on?",
        Experiment::Stateless => "Does the server remember who asked a moment ago?",
        Experiment::Retry => "How often is an order placed when it is sent twice?",
        Experiment::Cache => "How many of two fetches reach the server?",
        Experiment::AnyServer => "How many servers can answer a request that needs no login?",
        Experiment::Problem => "Several servers, nothing shared: how often are you known?",
        Experiment::Sticky => "Sticky session: how often are you known?",
        Experiment::Clustering => "Session clustering: how often are you known?",
        Experiment::Separate => "Separate storage: how often are you known?",
    }
}

pub(super) fn rule(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => {
            "A script of the origin reads all of localStorage, and of the cookies those without HttpOnly. Whoever has the credential is you."
        }
        Experiment::ScriptActs => {
            "HttpOnly hides the value, not the power: a script of the origin sends what the page could send. Only keeping the script out helps."
        }
        Experiment::OtherSite => {
            "The browser decides by SameSite whether a cookie goes along with what another site caused. It never attaches what lies in localStorage."
        }
        Experiment::Reload => {
            "A navigation carries cookies and nothing else. What lies in localStorage arrives only after a script has run."
        }
        Experiment::CookieRules => {
            "Each attribute has its rule, and the engines differ. The same rules that the page predicts with are measured here whole."
        }
        Experiment::CookieWall => "Name and value of a cookie have 4096 bytes. A larger one is dropped without a word.",
        Experiment::Ports => {
            "A cookie belongs to a host, whatever the port. localStorage belongs to an origin, and the port is part of it."
        }
        Experiment::CopyAfterLogout => {
            "Logging out deletes a session's row, and every copy of the id dies with it. A token has no row: a copy is good until exp, the time at which the token ends, unless a denylist, a list of ended tokens, names it."
        }
        Experiment::RoleChange => "A row says what is true now. A token says what was true when it was issued.",
        Experiment::Restart => {
            "A login lives where its state lives: in a server's memory, in a store, or in the token."
        }
        Experiment::Expiry => {
            "A session ends when it lies idle or at its absolute limit; use pushes only the first on. A token ends at exp, a time that is written in it and cannot move."
        }
        Experiment::Payload => {
            "A JWT is signed, not encrypted: header and payload are base64url, which anybody turns back. An id is a random number that means something to the server alone."
        }
        Experiment::Tampered => {
            "An id cannot be guessed; a token cannot be changed, for the signature covers every byte and the key decides the algorithm."
        }
        Experiment::StoreCopied => {
            "The claim is half true: it holds only as long as nobody copies the store. Ids in the clear let a copier in; hashes do not. With tokens there are no rows, but whoever has the key signs for anyone until it is retired."
        }
        Experiment::Fixation => {
            "Every login gets a new credential, so what was known before it is worth nothing after it."
        }
        Experiment::Growth => {
            "With a session the row grows and the id stays short. With a token the row is not there and the request grows."
        }
        Experiment::Cost => {
            "A session is looked up with every request. A signature is checked by itself, unless there is a denylist to ask."
        }
        Experiment::Refresh => {
            "The claim is half true: a short token ends soon by itself, but a refresh token, which fetches the next one, means that the server stores a row again. It is used once and changed for the next. One that comes twice was stolen or lost, so its whole family ends."
        }
        Experiment::Stateless => "Nothing ties a request to the one before. What makes it yours is what it carries.",
        Experiment::Retry => {
            "The claim is half true: it holds for requests that change nothing. A purchase that is sent twice is placed twice, unless an Idempotency-Key says that it is the same one."
        }
        Experiment::Cache => {
            "An answer may be kept as long as its headers allow. What is yours alone says no-store, or the next one at this browser reads it."
        }
        Experiment::AnyServer => {
            "A request that holds all that is needed to answer it can be answered by any server, and one for the public catalog does. A request that needs a session is another matter: see the experiments with several servers."
        }
        Experiment::Problem => {
            "One server in three knows the login, so one request in three is known. A token is known everywhere: every server has the key."
        }
        Experiment::Sticky => "Every request goes to the server that knows you. When it stops, what it knew is gone.",
        Experiment::Clustering => "All servers know you, at the price of N−1 messages for each change.",
        Experiment::Separate => "No server knows anything, all ask the same store: any of them may stop.",
    }
}
