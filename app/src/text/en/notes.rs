//! The notes, in English.

use crate::text::Note;

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "cookie-or-session",
        title: "Cookie or session? Or session or token?",
        text: &[
            "People ask for the difference between a cookie and a session, and then compare sessions with tokens. Both are right: there are two questions.",
            "What proves you: a session ID, and the server remembers; or a JWT, and the token does. Who attaches it: the browser, from a cookie; or your script, from localStorage. A cookie is not the opposite of a session; it is one way to carry it.",
        ],
        see: "Log in with each of the four and compare the three places.",
        place: "switch",
    },
    Note {
        id: "cookie",
        title: "What a cookie is",
        text: &[
            "A few bytes that a server asks the browser to keep and to send back with every request. It lets the browser remember a login, usually by carrying a session ID or a token.",
            "HttpOnly: no script may read it. Secure: over https only. SameSite: whether it goes along when another site sends you here, which softens CSRF.",
        ],
        see: "Switch HttpOnly off and log in: the cookie appears in document.cookie.",
        place: "cookie-options",
    },
    Note {
        id: "session",
        title: "What a session is",
        text: &[
            "The state of a user that the server keeps: who is logged in, what they may do, what is in the cart. It lies in the server's memory, a database or Redis.",
            "The client keeps only an identifier and shows it with every request; the server finds the session by it. The client holds the ID, the server holds the state.",
        ],
        see: "Log in with a session cookie, add to the cart: the row changes, the cookie does not.",
        place: "server",
    },
    Note {
        id: "both",
        title: "What matters on the server, what is light in a cookie",
        text: &[
            "A session keeps what is sensitive on the server, out of the visitor's hands, and costs the server memory and a look-up. A cookie costs the server nothing and needs no look-up, but it holds 4096 bytes at the most and whoever has the browser can read it.",
            "So web apps mix them: what matters in the session, light preferences in cookies. This page does so too.",
        ],
        see: "Change the language or the theme: a small cookie appears beside the credential.",
        place: "browser",
    },
    Note {
        id: "token",
        title: "What a token is",
        text: &[
            "A JWT is a text that carries its own data, the payload, and a signature over it. The server checks the signature and believes the payload; it keeps no record.",
            "It is readable by anyone. It cannot be changed without the key. And because nobody keeps a list, it cannot simply be taken back: it lives until exp.",
        ],
        see: "Log in with a JWT and open it; then log out, and send the copy from the tamper field.",
        place: "browser",
    },
    Note {
        id: "bearer",
        title: "Bearer",
        text: &[
            "Authorization: Bearer … names an HTTP authentication scheme (RFC 6750): whoever bears this text is let in. It says nothing about what the text is; a session ID travels in it just as well as a JWT.",
        ],
        see: "Log in with Session ID in localStorage and look at Authorization on the wire.",
        place: "wire",
    },
    Note {
        id: "where-state-is",
        title: "The real difference between session and token",
        text: &[
            "It is not whether the server has your data: it has your account in both cases. It is where your present state is written down, that you are logged in and what is in your cart.",
            "Recorded on the server: a session. Not recorded, but carried along in the token: a JWT. That is why adding to the cart changes a row with the one and gives you a new token with the other.",
        ],
        see: "Add to the cart with each, and watch what changes: the row, or the token.",
        place: "wire",
    },
    Note {
        id: "stateless",
        title: "Why HTTP is called stateless",
        text: &[
            "The protocol remembers nothing: each request stands by itself and nothing ties it to the one before. TCP below may keep a connection open; HTTP draws no conclusion from that.",
        ],
        see: "Press Who am I? without logging in, twice. Nobody remembers the first time.",
        place: "wire",
    },
    Note {
        id: "stateless-buys",
        title: "What statelessness buys",
        text: &[
            "Simplicity: a server can answer each request by itself. Retries: after a network error a request that only asks can be sent again; one that buys needs a key that says it is the same. Scale: any server can answer, none needs to know what another one did. Caching: the same question may get a stored answer.",
        ],
        see: "Restart the server with a JWT login: nothing is lost, for nothing was there.",
        place: "actions",
    },
    Note {
        id: "state-needed",
        title: "But state is needed",
        text: &[
            "A login and a cart are state. Cookies, sessions and JWTs build it on top of HTTP: the protocol stays stateless, the application becomes stateful.",
        ],
        see: "Look at any request after a login: what makes it yours is what it carries.",
        place: "wire",
    },
    Note {
        id: "against-http",
        title: "Is a session against the nature of HTTP?",
        text: &[
            "No. A session does not change the protocol. Each request still carries all that the server needs to answer it, namely the ID; the state is a layer above, kept by the application. It is a practical pattern that leaves HTTP's principle whole.",
        ],
        see: "Copy any exchange as curl and run it in a terminal: one request, complete in itself.",
        place: "wire",
    },
    Note {
        id: "session-consistency",
        title: "Several servers: the problem",
        text: &[
            "One server is not enough, so there are several behind a load balancer. Your first request goes to server A, which writes your session into its memory; the second goes to server B, which has never heard of you. You are logged out, and with the next request you may be logged in again.",
            "This is the problem of session consistency. Three ways to solve it came one after the other.",
        ],
        see: "Choose The problem, log in, and press Who am I? three times.",
        place: "servers",
    },
    Note {
        id: "sticky-session",
        title: "Sticky session",
        text: &[
            "The load balancer always sends a visitor to the same server. A cookie of its own says which: here it is lb. The servers need not change at all.",
            "It has two costs. The load is uneven, for visitors are spread and not requests, and a server that came back stays empty. And when a server dies, all logins in its memory are lost: stickiness is not failover.",
        ],
        see: "Choose Sticky session, log in, find lb in the browser, then stop the node that it names.",
        place: "servers",
    },
    Note {
        id: "session-clustering",
        title: "Session clustering",
        text: &[
            "Every server sends each change of a session to all the others. If one dies, the others know you, and nobody notices.",
            "Each write costs N−1 messages, and N servers hold N·S sessions for S logins. Before a message has arrived, or when it is lost, the servers disagree. As both costs grow with the servers, it does not fit large systems; Tomcat's documentation advises against it beyond about four nodes.",
        ],
        see: "Choose Session clustering, let half of the messages get lost, log in and add to the cart: some copies differ, or are missing.",
        place: "server",
    },
    Note {
        id: "separate-storage",
        title: "Separate session storage",
        text: &[
            "All sessions lie in one store outside the servers, usually a fast one in memory such as Redis or memcached. The servers keep nothing and ask it when they need to.",
            "It costs one more thing to build, run and watch, and it is a single point of failure: while the store is down, nobody is known anywhere. Still it became the standard. Servers can be added and can die without anybody noticing, and answering requests and keeping state are two separate concerns.",
        ],
        see: "Choose Separate storage, log in and stop nodes; then stop the store, under Adjust.",
        place: "servers",
    },
    Note {
        id: "token-at-scale",
        title: "And where does the JWT stand?",
        text: &[
            "With a JWT there is nothing to share: every server that has the key can verify it by itself. No messages, no store, nothing lost with a node.",
            "The price is the one you know: a logout or a change of role is felt only at exp, unless the servers keep a denylist, and that is a shared store again.",
        ],
        see: "Send a crowd on each strategy, and compare what each of them costs.",
        place: "crowd",
    },
];
