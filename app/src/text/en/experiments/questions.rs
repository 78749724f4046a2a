//! The common questions, in English.

use crate::text::Questions;

pub(in crate::text::en) const QUESTIONS: Questions = Questions {
    title: "Common questions",
    lede: "Each with a short answer, and the experiment that shows it. Its button moves the switch to the scheme that the question is about.",
    run: "Run it",
    all: [
        (
            "Why can't I see my cookie in document.cookie?",
            "Because it is HttpOnly: the browser keeps it and sends it, but shows it to no script, yours included. That is what keeps a hostile script from reading it. Switch HttpOnly off and log in again, and it appears.",
        ),
        (
            "Why isn't my cookie sent?",
            "Mostly because another site caused the request: SameSite decides then, and many browsers block third-party cookies in whatever is embedded. Or the browser did not keep it: SameSite=None needs Secure. Or a fetch went to another origin or port without credentials: 'include'. Or the cookie belongs to another host (localhost is not 127.0.0.1) or another path, or it expired. Or it is Secure and the page is plain http, though Chromium and Firefox count http://localhost as secure. The first experiment sends forms, links, fetches and frames from another site and counts the cookies that came along; the second tries another port and another host; the third all combinations of attributes, cookie by cookie under Why?",
        ),
        (
            "Is localStorage safe?",
            "Against other sites, yes: nothing goes along by itself. Against a script on your own page, no: every script of the origin reads all of it, and there is no flag against that. One hostile script is enough to take the credential away.",
        ),
        (
            "Is a JWT encrypted?",
            "No. It is signed: nobody can change it without the key, but anybody who sees it can read it, for it is only base64url. Put nothing secret into it. The first experiment reads it without a key; the second changes it in five ways, and the server refuses each.",
        ),
        (
            "How do I log out a JWT?",
            "You make the browser forget it; a copy works until exp, the time at which it ends. To end it at once the server has to remember that it is over, in a denylist (a list of ended tokens) that every request asks. That is state again, on the server.",
        ),
        (
            "Do I need CSRF protection with Bearer?",
            "No, as long as the credential is attached only by your own script: another site cannot make the browser add Authorization. A cookie goes along by itself, so with a cookie you do need it.",
        ),
        (
            "Why was everybody logged out when we added a server?",
            "Each server kept its sessions in its own memory, and the load balancer sent the next request to one that had never heard of them. The server that knows you answers one request in N. Share the sessions, stay with one server, or carry the state in a token.",
        ),
        (
            "Are sessions against HTTP being stateless?",
            "No. HTTP ties no request to the one before, and a session does not change that: each request has to carry the ID, by which the server finds what it stores about you. Leave the ID away and nobody knows you, though the row is still there; send it again and you are back. The state is a layer above the protocol.",
        ),
    ],
};
