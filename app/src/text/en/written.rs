//! What the server alone writes, in English.

use crate::text::written::{Actions, Head, Presets, Rendered, Switch, Users};
use domain::scheme::{Carrier, Credential};

pub(in crate::text) const HEAD: Head = Head {
    title: "Login Lab",
    question: "Who holds your login: the browser or the server?",
    contents: "On this page",
    theme: "Theme",
    themes: ["System", "Light", "Dark"],
    share: "Share",
    failed: "The page could not start: a part of it did not come, or could not be read. See that the server runs, and load the page again. The cookie schemes work all the same.",
};

pub(in crate::text) const USERS: Users = Users {
    title: "Users",
    how: "who may log in, and as what",
    role_of: |name| format!("Role of {name}"),
    disabled: "disabled",
    disabled_of: |name| format!("{name} disabled"),
};

pub(in crate::text) const RENDERED: Rendered = Rendered {
    title: "When loaded, rendered for",
    known: "A cookie came along with the page request, so the server knew you before any script ran.",
    for_nobody: "No credential came along with the page request. What lies in localStorage, the server does not get to see until a script sends it.",
    refused: "A cookie came along, but the server knows no login for it.",
    untold: "A cookie came along, but no server was up or the session store did not answer, so nobody could say whose it is.",
    nobody: "nobody",
};

pub(in crate::text) const PRESETS: Presets = Presets {
    label: "How several servers share logins",
    what: [
        "One server, with its own memory.",
        "Three servers, each with its own memory, taking turns: the session consistency problem.",
        "A cookie of the balancer, lb, leads you to the same server each time.",
        "Every server sends each change of a session to all the others.",
        "The servers keep no session: all of them ask one store outside.",
        "With a JWT no server keeps anything: each verifies the token by itself.",
    ],
    attempt: [
        "Log in, then restart it.",
        "Log in, and ask three times who you are.",
        "Ask three times; then stop that server.",
        "Stop the server that answered, and ask again.",
        "Stop a server; then, in the menu of the servers, stop the store.",
        "Stop any server, and ask again.",
    ],
};

pub(in crate::text) const SWITCH: Switch = Switch {
    legend: "Login scheme",
    cookie_how: "browser attaches",
    storage_how: "your script attaches",
    carrier: |carrier| match carrier {
        Carrier::Cookie => "cookie",
        Carrier::LocalStorage => "localStorage",
    },
    credential: |credential| match credential {
        Credential::SessionId => ("Session ID", "the server remembers"),
        Credential::Jwt => ("JWT", "the token remembers"),
    },
    usual: |scheme| match scheme.name() {
        "session-cookie" => "classic",
        "session-storage" => "opaque token",
        "token-cookie" => "stateless",
        _ => "SPA",
    },
};

pub(in crate::text) const ACTIONS: Actions = Actions {
    guestbook_csp: "Content Security Policy on the guestbook",
    guestbook_csp_why: "only scripts that the page itself names may run: a script in a comment does not",
    label: "Actions",
    user: "as",
    password: "password",
    log_in: "Log in",
    who_am_i: "Who am I?",
    add: "Add to cart",
    log_out: "Log out",
    log_out_everywhere: "Log out everywhere",
    restart: "Restart server",
    ten_minutes: "+10 min",
    new_tab: "New tab",
    what_if: "What if…",
    another_site: "another site",
    attacks: ["posts a form here", "links here", "fetches from here", "frames this page"],
    a_script: "a script",
    script_reads: "reads what it can",
    script_acts: "acts as you",
    catalog: "Fetch the catalog",
    take_rows: "Copy the session store",
    take_key: "Copy the signing key",
    groups: ["Login", "Requests", "Signing key", "Break-in", "Lab"],
    more: "⋯",
    more_label: "More",
    empty_cart: "Empty the cart",
    admin: "Visit the admin area",
    eight_hours: "+8 h",
    alg: "Algorithm of the next key",
    rotate: "New signing key, old ones still verify",
    retire: "New signing key, old ones are out",
    reset: "Start this lab afresh",
    defences: "Defences",
    denylist: "Denylist for tokens",
    denylist_why: "ended logins with a JWT are remembered until their tokens expire: the server holds state again",
    check_origin: "Check the origin",
    check_origin_why: "what changes something must come from this page",
    hash_ids: "Store only a hash of each id",
    hash_ids_why: "whoever copies the store cannot log in with it",
};
