//! The common questions, in English.

use crate::text::{Asked, Questions};
use domain::lesson::question::Question;

pub(in crate::text::en) const QUESTIONS: Questions = Questions {
    title: "Common questions",
    lede: "Each with a short answer, and the comparisons that show it. Its button measures them in this browser; your own settings stay as they are. Unless a label says otherwise: HttpOnly, SameSite=Lax, one server.",
    run: "Run it",
    whole: "The whole experiment",
    wire: "What went over the wire",
    asked,
};

fn asked(question: Question) -> Asked {
    match question {
        Question::HiddenCookie => Asked {
            question: "Why can't I see my cookie in document.cookie?",
            answer: "Most likely because it is HttpOnly: the browser keeps it and sends it, but shows it to no script, yours included. Switch HttpOnly off and log in again, and it appears.",
            parts: &[
                "A hostile script looks for it, as a script of yours would: with HttpOnly it finds nothing.",
                "The browser sends it all the same: a page is loaded in a frame, and the server knows whose it is.",
            ],
        },
        Question::UnsentCookie => Asked {
            question: "Why isn't my cookie sent?",
            answer: "Because the browser has rules about who gets it: by the site that asked, by the host that it belongs to, and by its own attributes. One no is enough.",
            parts: &[
                "Another site caused the request. SameSite says with which of these the cookie goes along. Many browsers also block third-party cookies: then a fetch and a frame bring none, whatever SameSite says (this one is asked once the other site's window is open, before anything is measured; what was predicted of these may change by it). And SameSite=None without Secure is not even kept.",
                "It belongs to another host: localhost is not 127.0.0.1. The port does not matter to a cookie. (A fetch to another port is one to another origin, and takes the cookie along only with credentials: 'include'; the one here says so.)",
                "Its own attributes. It is not even kept if its time is over (Max-Age=0), or if it lacks what __Host- or SameSite=None asks for. Without Path it stays in the directory that set it. And of a page that comes by http from another machine, Secure keeps it away, too (not here: Chromium and Firefox count http://localhost as secure). Of 192 cookies, one for each combination: how many are kept, shown and sent. Below, each in a line.",
            ],
        },
        Question::LocalStorage => Asked {
            question: "Is localStorage safe?",
            answer: "Against other sites, yes. Against a hostile script on your own page, no.",
            parts: &[
                "Another site gets nothing: what lies in localStorage goes along with no request by itself.",
                "Nor does a page of another origin find it, not even one at another port of this host: each origin has a localStorage of its own.",
                "A script of your own origin reads all of it, and there is no flag against that. One hostile script is enough to take the credential away.",
            ],
        },
        Question::EncryptedJwt => Asked {
            question: "Is a JWT encrypted?",
            answer: "No. It is signed: nobody can change it without the key, but anybody who sees it can read it, for it is only base64url. Put nothing secret into it.",
            parts: &[
                "Read without any key:",
                "Changed in five ways. The server refuses each one, and still takes the genuine token.",
            ],
        },
        Question::JwtLogout => Asked {
            question: "How do I log out a JWT?",
            answer: "You make the browser forget it; a copy works until exp, the time at which it ends. To end it at once the server has to remember that it is over, in a denylist (a list of ended tokens) that every request asks. That is state again, on the server.",
            parts: &[
                "Somebody copied the token before the logout. Does the copy still let them in?",
                "What the denylist costs: the server looks into it with each request.",
                "Left alone, a token ends at exp, and not before.",
                "The same with a session ID: its row is gone, and every copy dies with it.",
            ],
        },
        Question::CsrfWithBearer => Asked {
            question: "Do I need CSRF protection with Bearer?",
            answer: "No. CSRF is when another site has your browser send a request as you. Bearer is a header that your own script has to write, Authorization: Bearer, and another site's script has no token to write there. A cookie goes along by itself, so with a cookie you do need protection.",
            parts: &[
                "The token lies in localStorage, and your own script attaches it: with it the server knows you, without it nobody does.",
                "Another site tries, and nothing comes along:",
                "The same token in a cookie goes along by itself, unless SameSite keeps it at home. Where SameSite is left away, a form takes it along (in Chromium for its first two minutes): then the server itself has to check where a request comes from.",
            ],
        },
        Question::AddedServer => Asked {
            question: "Why was everybody logged out when we added a server?",
            answer: "Because each server kept its sessions in its own memory, and the load balancer, which hands each request to one of the servers, gave the next one to a server that had never heard of them. With N servers one request in N meets the one that knows you.",
            parts: &[
                "Before: one server.",
                "Three servers, each with its own memory, take turns:",
                "Remedy: stay with one server (sticky session). If it stops, the login is gone.",
                "Remedy: the servers copy their sessions to each other (clustering).",
                "Remedy: all servers ask one store.",
                "Remedy: a token. Every server has the key, so nobody has to be asked.",
            ],
        },
        Question::Stateless => Asked {
            question: "Are sessions against HTTP being stateless?",
            answer: "No. HTTP ties no request to the one before, and a session does not change that: each request has to bring the ID, by which the server finds what it stores about you. The state is a layer above the protocol.",
            parts: &[
                "Three requests: with the ID, without it, with it again. Leave it away and nobody knows you, though the row is still there.",
                "A token is no different: it has to come along, too. Only the state lies in it, not in a row.",
            ],
        },
    }
}
