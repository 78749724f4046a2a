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

pub(super) fn does(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => {
            "A comment in the guestbook carries a script. It reads everything that a script can reach and sends it to the attacker's origin."
        }
        Experiment::ScriptActs => {
            "The same comment steals nothing: it puts something into your cart, as the page's own script would."
        }
        Experiment::OtherSite => {
            "A window of another site posts a form, links, fetches and frames, all aimed at your login."
        }
        Experiment::Reload => "Loads a page of this lab in a frame and looks for whom the server rendered it.",
        Experiment::CookieRules => {
            "Sets 192 cookies, one for every combination of attributes, and sees which ones the browser keeps, shows to scripts and sends in which situation."
        }
        Experiment::CookieWall => {
            "Logs in and fills the cart, item by item, until the browser stops keeping the cookie."
        }
        Experiment::Ports => {
            "A script asks another port of this host, and a window of another host asks that host: does the credential come along? A page from the other port, in a frame, looks for it in localStorage."
        }
        Experiment::CopyAfterLogout => {
            "Copies the credential, logs out, and sends the copy from the attacker's machine."
        }
        Experiment::RoleChange => {
            "Takes the admin role away, or disables the user, and sees whether the login that is under way still has it."
        }
        Experiment::Restart => "Logs in, restarts all servers, and asks who you are.",
        Experiment::Expiry => "Turns the lab's clock to the limit, and to just before it.",
        Experiment::Payload => "Looks at the credential as somebody who has no key, and takes it apart.",
        Experiment::Tampered => "Changes the credential in every way that a forger would try, and sends it.",
        Experiment::StoreCopied => {
            "Copies all rows of the session store, or the signing key, and tries to get in with what is there."
        }
        Experiment::Fixation => {
            "Plants a credential of the attacker's, lets you log in over it, and tries the old one."
        }
        Experiment::Growth => "Weighs the request and the server's row with 0, 5, 10, 20 and 30 items in the cart.",
        Experiment::Cost => "Sends ten requests and counts how often the server had to look something up.",
        Experiment::Refresh => {
            "Lets the token run out, refreshes it, steals the refresh token, and refreshes in two tabs at once."
        }
        Experiment::Stateless => {
            "Asks who you are with the credential, the moment after without it, and then with it again."
        }
        Experiment::Retry => "Loses the answer on the way and sends the same request again.",
        Experiment::Cache => {
            "Fetches the catalog and your own data twice, counts what arrived at the server, then logs out and looks into the browser's cache."
        }
        Experiment::AnyServer => {
            "Asks three servers that know nothing of each other for the public catalog, with the same request."
        }
        Experiment::Problem => "Three servers, each with its own memory, each request to the next one. Sends twelve.",
        Experiment::Sticky => {
            "The load balancer's cookie leads each request to the same server. Sends twelve, then stops that server."
        }
        Experiment::Clustering => {
            "Each server sends each change to the others. Sends twelve requests, then stops a server."
        }
        Experiment::Separate => "All servers ask one store. Sends twelve requests, then stops a server.",
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

/// What people say: the claim that is put to the test.
pub(super) fn proves(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads | Experiment::ScriptActs => "HttpOnly: no access for JavaScript.",
        Experiment::OtherSite => "SameSite: softens CSRF.",
        Experiment::Reload => "With every request the browser sends this cookie (the session ID) along.",
        Experiment::CookieRules => "Options: HttpOnly, Secure, SameSite.",
        Experiment::CookieWall => "A cookie uses no resources and is fast. But there is a limit to what it can hold.",
        Experiment::Ports => "A cookie is mostly used to carry credentials such as a session ID or a token.",
        Experiment::CopyAfterLogout => {
            "The state and information are inside the token itself, and the server trusts the token."
        }
        Experiment::RoleChange => {
            "It is not whether the server has the user's data. It records the user's present state: the session way. It does not record it but sends it along in the token: the token way."
        }
        Experiment::Restart => "A session is the user's state, kept in the server's memory, a database or Redis.",
        Experiment::Expiry => "The server looks the ID up in the session store and checks the user's state.",
        Experiment::Payload => "The JWT's payload holds the user's data.",
        Experiment::Tampered => "The server checks the JWT's signature and takes the user's data out of the payload.",
        Experiment::StoreCopied => {
            "A session can keep sensitive data safely on the server, so its security is very high."
        }
        Experiment::Fixation => "The server creates a session ID that identifies the session.",
        Experiment::Growth => "The client has only the session ID; the real state is managed by the server.",
        Experiment::Cost => {
            "The client keeps only the session identifier, and the server finds the session with every request."
        }
        Experiment::Refresh => "Short-lived tokens make revocation unnecessary: the server keeps nothing.",
        Experiment::Stateless => "Each request is independent of the one before. Past state is not remembered.",
        Experiment::Retry => "Retrying is easy: after a network error, sending the same request again is no problem.",
        Experiment::Cache => "Caching is easy: if a request has the same answer, a proxy or browser can cache it.",
        Experiment::AnyServer => "Scale: with several servers there is no need to share former state.",
        Experiment::Problem => {
            "Server B does not know the session that server A keeps, so the login comes undone. This is called the session consistency problem."
        }
        Experiment::Sticky => {
            "The load balancer is set to pass all requests of a user to the same server. If that server fails, all session data is lost."
        }
        Experiment::Clustering => {
            "All servers of the cluster copy session data to each other, so if one goes down, another has it. The copying causes traffic."
        }
        Experiment::Separate => {
            "All session data is kept in a central store outside the web servers. The web servers hold no state and look it up when needed."
        }
    }
}
