//! The small pages, in English.

use crate::text::pages::{AttackerWindow, Guestbook, NotFound, Pages};

pub(in crate::text) const PAGES: Pages = Pages {
    guestbook: Guestbook {
        title: "Guestbook",
        nobody: "You are not logged in.",
        somebody: |name| format!("You are logged in as {name}."),
        comments: [
            ("bob", "The pens are very good."),
            ("carol", "Fast delivery. Thank you!"),
            ("dave", "Are there blue ones, too?"),
        ],
        hostile: "Nice shop.",
    },
    nothing_found: "Nothing in the guide has these words.",
    to_see: "What to see:",
    no_script: "Scripts are off. The two cookie schemes work all the same: the browser attaches a cookie by itself, so plain forms are enough. The two localStorage schemes cannot work: only a script can read localStorage and attach what lies in it.",
    tell_claims: "Scripts are off: show what each claim says",
    not_found: NotFound {
        title: "There is nothing at this address",
        why: "A lab's address ends in 22 characters: letters, digits, - and _. A part of it may have got lost when it was copied.",
        gone: "Nobody has used this lab for long, or not yet. The address is still good.",
        here: "Open a fresh lab at this address",
        way: "To a new lab",
    },
    attacker: AttackerWindow {
        title: "The attacker's site",
        what: "This is another site. It attacks the lab, by order of the lab's own page.",
        close: "You can close this window.",
    },
};
