"""Puts the lab of a run into its state, logs in, and hands each finding to the exceptions."""

import atexit
import os
import signal
import sys
from pathlib import Path

import requests
import schemathesis

sys.path.insert(0, str(Path(__file__).parent))

import exceptions  # noqa: E402

LAB = os.environ["SCHEMA_LAB"]
WHO = os.environ["SCHEMA_WHO"]
STATE = os.environ["SCHEMA_STATE"]

# So many seconds a run may take; then the process ends, and with it the test.
signal.alarm(int(os.environ["SCHEMA_SECONDS"]))

SCHEMES = {"session": "session-cookie", "token": "token-storage"}
PLACEHOLDER = "the-credential-of-the-moment"
# After so many changes by the lesson a lab is made anew: no cart and no list of orders gets full.
CHANGES = 50

# What was met, for the end: which exceptions, and which operations were done.
met = set()


@atexit.register
def keep_what_was_met():
    with open(os.environ["SCHEMA_MET"], "w") as file:
        file.writelines(f"{line}\n" for line in sorted(met))


class Lab:
    """The lab of this run. Whatever a request did to it, the next one finds it as it has to be."""

    def __init__(self):
        self.name = "carol" if STATE == "used" else "alice"
        self.session = requests.Session()
        self.is_arranged = self.is_logged_in = False
        self.changes = 0
        self.credential = self.refresh_token = PLACEHOLDER

    def send(self, method, below, body=None):
        headers = {}
        if WHO == "session":
            headers["Cookie"] = f"sid={self.credential}"
        if WHO == "token":
            headers["Authorization"] = f"Bearer {self.credential}"
        url = f"{os.environ['SCHEMA_SERVER']}/lab/{LAB}/{below}"
        answer = self.session.request(method, url, json=body, headers=headers, timeout=10)
        self.session.cookies.clear()
        answer.raise_for_status()
        return answer

    def arrange(self):
        """A fresh lab, or one in which much has happened, or one whose store is out of reach."""
        self.is_arranged = self.is_logged_in = False
        self.send("POST", "control/reset")
        if STATE == "used":
            self.send("PUT", "control/topology", {"nodes": 5, "store": "sqlite", "routing": "sticky"})
            self.send("PUT", "control/defences", {"denylist": True, "hash_ids": True})
            self.send("POST", "control/crowd", {"visitors": 2, "requests": 8})
            self.send("PUT", "control/guestbook", {"comment": "read"})
            self.loot = self.send("POST", "control/loot", {"take": "key"}).json()["attacker"]["loot"][0]["id"]
        if STATE == "outage":
            self.send("PUT", "control/faults", {"store_down": True})
        # What was measured outlives a reset.
        self.results = self.send("GET", "control/results").json()["version"]
        self.is_arranged, self.changes = True, 0

    def log_in(self):
        if STATE == "outage":
            self.send("PUT", "control/faults", {"store_down": False})
        if WHO in SCHEMES:
            answer = self.ask_in({"scheme": SCHEMES[WHO]})
            self.credential = answer.cookies["sid"] if WHO == "session" else answer.json()["access_token"]
            if STATE == "used":
                self.send("POST", "api/orders", {"item": "pen"})
        if STATE == "outage":
            self.send("PUT", "control/faults", {"store_down": True})
        self.is_logged_in = True

    def ask_in(self, more):
        return self.send("POST", "api/login", {"username": self.name, "password": f"{self.name}-password", **more})

    def was_asked(self, case, response):
        if response.request.method in ("GET", "OPTIONS", "TRACE") or response.status_code >= 400:
            return
        if "/control/" in case.path:
            self.is_arranged = False
        elif case.path.endswith(("/login", "/logout", "/logout-everywhere", "/refresh")):
            self.is_logged_in = False
        self.changes += 1
        if self.changes >= CHANGES:
            self.is_arranged = False


lab = Lab()

if WHO in SCHEMES:

    @schemathesis.auth(refresh_interval=None)
    class LoggedIn:
        """Says that somebody is logged in. With what is known once the request is sent."""

        def get(self, case, context):
            return PLACEHOLDER

        def set(self, case, data, context):
            if WHO == "session":
                case.cookies["sid"] = data
            else:
                case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """There is one lab: every other name of one is refused."""
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "lab":
                    parameter["schema"] = {"enum": [LAB]}


@schemathesis.hook
def before_call(context, case, kwargs):
    if not lab.is_arranged:
        lab.arrange()
    # The bench asks nobody who they are.
    if not lab.is_logged_in and "/control/" not in case.path:
        lab.log_in()
    if case.cookies and case.cookies.get("sid") == PLACEHOLDER:
        case.cookies["sid"] = lab.credential
    if case.headers and case.headers.get("Authorization") == f"Bearer {PLACEHOLDER}":
        case.headers["Authorization"] = f"Bearer {lab.credential}"
    if case.meta.generation.mode.is_positive:
        meet(case)


def meet(case):
    """Has what fits the description meet what is there in a lab that is used; and a crowd ends soon in any."""
    body = case.body if isinstance(case.body, dict) else {}
    if case.path.endswith("/control/crowd") and body:
        body["visitors"] = min(body.get("visitors", 2), 2)
        body["requests"] = min(body.get("requests", 8), 8)
    if STATE != "used":
        return
    if case.path.endswith("/replay"):
        case.path_parameters["id"] = lab.loot
    if case.path.endswith("/api/login") and body:
        body.update(username=lab.name, password=f"{lab.name}-password")
    if case.path.endswith("/api/refresh") and body.get("refresh_token") is not None:
        given = lab.ask_in({"scheme": "token-storage", "refresh": True}).json()
        body["refresh_token"] = given["refresh_token"]
        # That was a new login, which ended the old one.
        lab.is_logged_in = False
    if case.path.endswith("/control/results") and body:
        body["version"] = lab.results


@schemathesis.hook
def after_call(context, case, response):
    lab.was_asked(case, response)
    if response.status_code < 400 and response.request.method == case.operation.method.upper():
        met.add(f"did {case.operation.label}")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    excepted = exceptions.of(failure, case, response, who=WHO, state=STATE)
    if excepted is not None:
        met.add(f"but {excepted}")
    return excepted is None
