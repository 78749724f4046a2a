//! That HTTP remembers nothing: the words of the claims, in English.

use crate::text::claims::Told;

pub(super) const CLAIMS: &[Told] = &[
    Told {
        id: "http-forgets",
        claim: "HTTP is stateless: each request is independent of the one before.",
        glosses: &[("stateless", "nothing is kept from one request to the next")],
        look: "A moment ago the server knew you. The two requests after the logout carried no credential and both got 401: the second is as unknown as the first.",
        why: "The protocol ties no request to an earlier one. What makes a request yours is what it carries; leave it out and nobody remembers.",
        rows: &["session cookie: without it, are you known?", "JWT: without it, are you known?"],
    },
    Told {
        id: "tcp-stays",
        claim: "TCP keeps the connection, HTTP forgets all the same.",
        glosses: &[("TCP", "the layer below HTTP: a connection that carries bytes both ways")],
        look: "Both requests usually share one connection, and the second is unknown like the first. The desk cannot show connections, for no script sees them: look at Connection ID in the browser's network tools.",
        why: "HTTP lets a connection stay open to save time, and draws no conclusion from it. Requests of several people may come over one connection, for instance from a proxy.",
        rows: &[],
    },
    Told {
        id: "simple",
        claim: "Simplicity: a request is complete in itself.",
        glosses: &[("curl", "a program that sends HTTP requests from the command line")],
        look: "Take the last exchange on the wire, press Copy as curl, and run it in a terminal: the same answer, with no page and no earlier request.",
        why: "All that the server needs to answer stands in the request. So it can handle each by itself, and so can you.",
        rows: &[],
    },
    Told {
        id: "retry",
        claim: "Retrying is easy: after a network error the same request can be sent again.",
        glosses: &[
            ("idempotent", "done twice is as good as done once"),
            ("Idempotency-Key", "a header that says: this is the same order as before"),
        ],
        look: "The desk has no button that loses an answer. Try it loses one on the way and sends the request again: a question changes nothing, the order is placed twice, with a key once.",
        why: "Half true: it holds for what is idempotent, such as GET. A POST may be done twice unless a key says that it is the same one.",
        rows: &["GET, sent twice", "POST, sent twice", "POST with the same key, twice"],
    },
    Told {
        id: "any-server",
        claim: "Scale: any server may answer, none has to know what another one did.",
        glosses: &[],
        look: "Your browser keeps the catalog for a minute, so by hand you would hear of one server only. Try it asks three servers past the cache: all answer, all the same.",
        why: "It holds as long as the request has all that is needed. A request that leans on a session in one server's memory is another matter: see Several servers.",
        rows: &["three servers that know nothing of each other"],
    },
    Told {
        id: "browser-cache",
        claim: "Answers can be kept: by the browser.",
        glosses: &[
            ("Cache-Control", "the header that says who may keep an answer, and how long"),
            ("ETag", "an answer's version, by which the browser asks whether it changed"),
        ],
        look: "The catalog came over the wire once; the second time the browser took it from its cache and the server heard nothing.",
        why: "max-age=60 allows a minute; after it the ETag asks, and 304 says “still the same” without a body. What is yours alone says no-store, or the next one at this browser could read it.",
        rows: &["the catalog, twice", "your own data, twice", "your own data, if the server allowed it to be kept"],
    },
    Told {
        id: "proxy-cache",
        claim: "Answers can be kept: by a proxy, for everybody.",
        glosses: &[],
        look: "A caching proxy stands before the servers now; the lab's server plays it. The first catalog came from a server, and the proxy kept it. The last one, asked for with nothing in the browser's cache, came whole from the copy: All headers shows Age and Cache-Status: hit, and no server was asked. Who am I? went through to the server, for its answer says no-store.",
        why: "A shared cache gives one visitor's answer to the next. So it may keep what is public, never what depends on who asks; an answer to a request with Authorization only if public or a like word allows it.",
        rows: &[],
    },
    Told {
        id: "app-needs-state",
        claim: "But an app needs state: a cart belongs to somebody.",
        glosses: &[],
        look: "Without a login, adding to the cart got 401: whose cart? After the login the same button got 200.",
        why: "The request alone does not say whose cart it means. Something has to tie it to what was before, and HTTP does not.",
        rows: &[],
    },
    Told {
        id: "app-is-stateful",
        claim: "The protocol is stateless, the application stateful: by cookies, sessions and JWTs.",
        glosses: &[],
        look: "Each request says by itself who you are, by a cookie or by Bearer. What grows lies in Server stores with the session, in the token with the JWT.",
        why: "These techniques do not change HTTP. They put into each request what the application needs to go on where you were.",
        rows: &[],
    },
    Told {
        id: "session-is-a-layer",
        claim: "Is a session against HTTP being stateless? No: it is a layer on top.",
        glosses: &[],
        look: "Each request carries its ID, and whichever server gets it answers. Copy as curl sends it from a terminal as well.",
        why: "The protocol stays as it was; each request is complete, for it carries the ID. The state lies above, in the application. It is a practical pattern that leaves HTTP's principle whole.",
        rows: &["without the ID, are you known?", "with the ID, at any server that asks the store"],
    },
];
