"""What may be otherwise than schemathesis checks it, each with its reason. There is no other place for that.

An exception holds for the checks that it names, and for the answers that `when` names. Run as a program, this says
which exceptions nothing fell under in all runs, and which operations nobody got done.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import requests

REJECTED, ACCEPTED, FAILED = "RejectedPositiveData", "AcceptedNegativeData", "ServerError"
FORMS = ("POST /api/login", "POST /api/cart", "POST /api/logout", "POST /api/logout-everywhere")


@dataclass(frozen=True)
class Answer:
    """What was asked and answered, and in which run."""

    operation: str
    status: int
    headers: dict
    sent: object
    is_form: bool
    credentials: int
    text: str
    who: str
    state: str

    def to(self, *operations):
        return self.operation.replace("/lab/{lab}", "") in operations

    def says(self, words):
        return words in self.text

    def leads_back_with(self, *outcomes):
        """Whether a form is led back to the page, which is told one of these outcomes."""
        return self.status == 303 and self.headers["location"].rpartition("outcome=")[2] in outcomes

    def refuses(self):
        return self.status == 422 or self.leads_back_with("refused")

    def field(self, name):
        return self.sent.get(name) if isinstance(self.sent, dict) else None

    def is_over(self, name, most):
        """Whether a text has no more characters than bytes are allowed, but more bytes."""
        text = self.field(name)
        return isinstance(text, str) and len(text) <= most < len(text.encode(errors="surrogatepass"))


@dataclass(frozen=True)
class But:
    name: str
    checks: tuple
    when: Callable[[Answer], bool]
    reason: str
    # Whether only more examples than usual meet it.
    is_rare: bool = False


def has_whole_float(value):
    if isinstance(value, dict):
        return any(has_whole_float(one) for one in value.values())
    return isinstance(value, float) and value.is_integer()


def has_null(value):
    return isinstance(value, dict) and any(one is None or has_null(one) for one in value.values())


ALL = [
    # What fits the description and is not done.
    But(
        "nobody is logged in",
        (REJECTED,),
        lambda a: a.who == "nobody"
        and not a.to("POST /api/login", "POST /api/refresh")
        and (a.status == 401 or a.leads_back_with("not-logged-in")),
        "In these runs nobody is, so 401 is the answer, or the way back of a form.",
    ),
    But(
        "more than one credential",
        (REJECTED,),
        lambda a: a.credentials > 1
        and ((a.status == 400 and a.says("credentials came along")) or (a.is_form and a.leads_back_with("refused"))),
        "A cookie and a token are made up for one request. A schema says that either will do, not that both will not.",
    ),
    But(
        "no admin",
        (REJECTED,),
        lambda a: a.to("GET /api/admin") and a.status == 403 and a.state != "used",
        "alice is none. In a lab that is used, carol asks, and is let in.",
    ),
    But(
        "to a new lab",
        (REJECTED,),
        lambda a: a.to("GET /") and a.status == 303,
        "The address leads to a new lab: that is what it is for.",
    ),
    But(
        "a copy that is still good",
        (REJECTED,),
        lambda a: a.to("GET /api/catalog", "GET /guide/{lang}") and a.status == 304,
        "`If-None-Match: *` names every copy.",
    ),
    But(
        "the way back of a form",
        (REJECTED,),
        lambda a: a.to(*FORMS) and a.leads_back_with("logged-in", "cart-changed", "logged-out"),
        "It was done, and the page's address says so.",
    ),
    But(
        "a wrong password",
        (REJECTED,),
        lambda a: a.to("POST /api/login")
        and a.state != "used"
        and (a.status in (401, 429) or a.leads_back_with("wrong-login", "refused")),
        "Names and passwords are made up; after ten wrong ones a name rests. In a lab that is used, carol's are sent.",
    ),
    But(
        "a login that cannot be had",
        (REJECTED,),
        lambda a: a.to("POST /api/login")
        and a.refuses()
        and (
            (a.field("refresh") and str(a.field("scheme")).startswith("session"))
            or (a.is_form and str(a.field("scheme")).endswith("storage"))
        ),
        "A refresh token goes with a JWT only, and a form cannot fill localStorage: one field rules another.",
    ),
    But(
        "null in a form",
        (REJECTED,),
        lambda a: a.is_form and a.leads_back_with("refused") and has_null(a.sent),
        "A form has no null: an empty field stands for it, and the word `null` for nothing.",
    ),
    But(
        "bytes, not characters",
        (REJECTED,),
        lambda a: a.refuses() and (a.is_over("item", 64) or a.is_over("username", 128) or a.is_over("password", 128)),
        "The bound is one of bytes, and a schema counts characters.",
        is_rare=True,
    ),
    But(
        "a whole number with a point",
        (REJECTED,),
        lambda a: a.status == 400 and a.says("expected u") and has_whole_float(a.sent),
        "To a schema 1.0 is a whole number; here it is none. No JSON.stringify writes one so.",
    ),
    But(
        "a key that came with another order",
        (REJECTED,),
        lambda a: a.to("POST /api/orders") and a.status == 422 and a.says("Idempotency-Key came with another body"),
        "Keys are made up, and the same one comes with different orders.",
    ),
    But(
        "no range of probes",
        (REJECTED,),
        lambda a: a.to("PUT /api/probes", "DELETE /api/probes") and a.status == 422,
        "`from` is less than `to`, and by 32 at most: one parameter rules another.",
    ),
    But(
        "no refresh token of ours",
        (REJECTED,),
        lambda a: a.to("POST /api/refresh")
        and a.status == 401
        and (a.state != "used" or a.field("refresh_token") is None),
        "The tokens are made up, or there is none. In a lab that is used, the right one is sent.",
    ),
    But(
        "no window of the attacker",
        (REJECTED,),
        lambda a: a.to("POST /control/attacks") and a.status == 409,
        "No browser has it open.",
    ),
    But(
        "no such loot",
        (REJECTED,),
        lambda a: a.to("POST /control/loot/{id}/replay") and a.status == 404 and a.state != "used",
        "Nothing was taken. In a lab that is used, something was.",
    ),
    But(
        "no such node",
        (REJECTED,),
        lambda a: a.to("POST /control/nodes/{node}/start", "POST /control/nodes/{node}/stop")
        and a.status == 404
        and a.state != "used",
        "There is one node. In a lab that is used, there are all five.",
    ),
    But(
        "results of another version",
        (REJECTED,),
        lambda a: a.to("PUT /control/results") and a.status == 409 and a.state != "used",
        "The versions are made up. In a lab that is used, the right one is sent.",
    ),
    But(
        "a store that is not there",
        (REJECTED,),
        lambda a: a.to("PUT /control/topology") and a.status == 422 and a.says("is not configured here"),
        "The server is started without Redis and memcached.",
    ),
    # What does not fit the description and is taken.
    But(
        "a form that is refused",
        (ACCEPTED,),
        lambda a: a.to(*FORMS) and a.leads_back_with("refused"),
        "It is not taken. A form has to lead back to the page, whose address says so.",
    ),
    But(
        "a link to a page",
        (ACCEPTED,),
        lambda a: a.to("GET ", "GET /guestbook") and a.status == 200,
        "What is no setting is passed over: an old link, or one with more in its query, opens the page all the same.",
    ),
    But(
        "a stream after something unknown",
        (ACCEPTED,),
        lambda a: a.to("GET /control/events") and a.status == 200,
        "What is no number of an exchange is as good as one that was missed, and the stream begins by saying so.",
    ),
    # What fails.
    But(
        "the store is out of reach",
        (FAILED, REJECTED, ACCEPTED),
        lambda a: a.state == "outage"
        and (
            (a.status == 503 and a.headers.get("retry-after") == "1" and a.says("the session store"))
            or (a.to(*FORMS) and a.leads_back_with("refused"))
        ),
        "In these runs it is. Who needs it is told so, and when to try again, whatever else is right or wrong.",
    ),
]

# Operations that nobody gets done in any run.
NEVER_DONE = {
    "POST /lab/{lab}/control/attacks": "It needs a browser in which the attacker's window is open.",
}


def of(failure, case, response, *, who, state):
    """The name of the exception that a finding falls under, or None."""
    answer = Answer(
        operation=case.operation.label,
        status=response.status_code,
        headers={name.lower(): values[0] for name, values in response.headers.items()},
        sent=case.body,
        is_form=case.media_type == "application/x-www-form-urlencoded",
        credentials=("sid" in (case.cookies or {})) + ("Authorization" in (case.headers or {})),
        text=response.text,
        who=who,
        state=state,
    )
    check = type(failure).__name__
    return next((but.name for but in ALL if check in but.checks and but.when(answer)), None)


def main(url, *files):
    met = {line for file in files for line in Path(file).read_text().splitlines()}
    idle = [but.name for but in ALL if not but.is_rare and f"but {but.name}" not in met]
    left = [f"nothing falls under the exception: {name}" for name in idle]
    for path, item in requests.get(url, timeout=10).json()["paths"].items():
        for method in item:
            operation = f"{method.upper()} {path}"
            if (f"did {operation}" in met) == (operation in NEVER_DONE):
                left.append(f"nobody got it done, or somebody did after all: {operation}")
    print("\n".join(left), end="\n" if left else "")
    return bool(left)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
