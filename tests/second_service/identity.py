"""Tokens and users."""

import asyncio
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.second_service.state import App, Person
from tests.second_service.traits import Traits
from tests.second_service.web import Answer, Request, envelope, refuse

CLIENT_ID = "YXA6second"
CLIENT_SECRET = "YXA6kept-by-the-second-service"
SIXTY_DAYS_S = 60 * 24 * 3600
PLAIN_NAME = re.compile("[a-z][a-z0-9-]{1,32}")
LEGAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-")


@dataclass(frozen=True, slots=True)
class Token:
    app: App
    user: str | None
    """None: the app's own."""
    ends: float
    """On the monotonic clock."""


class Gate:
    """Issues tokens and says whose a request carries."""

    def __init__(self, traits: Traits) -> None:
        self.traits = traits
        self.issued: dict[str, Token] = {}
        self.uses: Counter[str] = Counter()

    def issue(self, app: App, user: str | None, ttl: Any) -> dict[str, Any]:
        entry = self.traits.entry
        unit = 1000 if entry.ttl_unit_ms else 1
        digits = str(ttl if ttl is not None else "")
        asked = int(digits) / unit if digits.isdigit() and not entry.ttl_ignored else SIXTY_DAYS_S
        told = seconds = max(asked or SIXTY_DAYS_S, entry.shortest_ttl_s)
        if entry.longest_ttl_s:
            seconds = min(seconds, entry.longest_ttl_s)
            told = seconds if entry.expiry_announced else told
        if entry.one_token and user is None:
            self.issued = {t: one for t, one in self.issued.items() if one.app is not app or one.user}
        if entry.one_user_token and user is not None:
            self.issued = {t: one for t, one in self.issued.items() if (one.app, one.user) != (app, user)}
        if entry.shared_token and user is None and ttl is None:
            for text, one in self.issued.items():
                if one.user is None and one.ends > time.monotonic() + SIXTY_DAYS_S / 2:
                    return {"access_token": text, "expires_in": SIXTY_DAYS_S, "application": app.uuid}
        text = "YWMt" + secrets.token_urlsafe(36)
        if entry.tokens == "dotted":
            text = f"YWMt{secrets.token_urlsafe(9)}.{secrets.token_urlsafe(30)}/+{secrets.token_hex(4)}=="
        self.issued[text] = Token(app, user, time.monotonic() + seconds)
        ends_in = 0 if entry.endless else int(told * unit)
        return {"access_token": text, "expires_in": ends_in, "application": app.uuid}

    def state(self, app: App, request: Request) -> str:
        """valid, expired, foreign or unknown: what a request carries after the scheme."""
        token = self.issued.get(request.headers.get("authorization", "").partition(" ")[2])
        if token is None:
            return "unknown"
        if token.app is not app:
            return "foreign"
        return "valid" if token.ends > time.monotonic() else "expired"

    def holder(self, app: App, request: Request) -> Token | None:
        """The valid token that the request carries for this app."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        token = self.issued.get(text)
        if scheme.lower() != "bearer" or token is None:
            return None
        if token.app is not app and not (self.traits.entry.shared_token and token.user is None):
            return None
        if token.ends <= time.monotonic() or self._worn_out(text):
            return None
        return token

    def _worn_out(self, text: str) -> bool:
        self.uses[text] += 1
        return 0 < self.traits.entry.token_uses < self.uses[text]

    def grant(self, app: App, request: Request) -> Answer:
        """`POST /token`."""
        web, now_ms = self.traits.web, app.now_ms()

        def bad(error: str, text: str) -> Answer:
            return refuse(web, 400, error, text, now_ms)

        asked = request.json()
        if not isinstance(asked, dict) or asked.get("grant_type") not in self.traits.entry.grants:
            return bad("invalid_grant", "grant_type is not supported")
        ttl = asked.get("ttl")
        match asked["grant_type"]:
            case "client_credentials":
                if not asked.get("client_id"):
                    return bad("illegal_argument", "client_id must be provided.")
                if asked["client_id"] != CLIENT_ID:
                    return bad("invalid_grant", "client_id does not match")
                if asked.get("client_secret") != CLIENT_SECRET:
                    return bad("invalid_grant", "client_secret does not match")
                return Answer(200, self.issue(app, None, ttl))
            case "password":
                person = app.person(str(asked.get("username", "")).lower())
                if person is None or person.password != asked.get("password"):
                    return bad("invalid_grant", "invalid username or password")
            case _:
                if (held := self.holder(app, request)) is None or held.user is not None:
                    return self.unauthorized(app)
                person = app.person(str(asked.get("username", "")).lower())
                if person is None:
                    return refuse(
                        web, 404, "service_resource_not_found", "Service resource not found", now_ms
                    )
        return Answer(200, {**self.issue(app, person.name, ttl), "user": entity(person)})

    def unauthorized(self, app: App) -> Answer:
        web = self.traits.web
        answer = refuse(web, 401, *self.traits.entry.unauthorized, app.now_ms())
        return Answer(401, answer.body, {"www-authenticate": 'Bearer realm="second"'})


def entity(person: Person) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "type": "user",
        "created": person.created_ms,
        "modified": person.created_ms,
        "username": person.name,
        "activated": True,
    }


def enrol(app: App, request: Request) -> Answer:
    """`POST /users` with one object or an array of them."""
    web, entry, now_ms = app.traits.web, app.traits.entry, app.now_ms()
    asked = request.json()
    batch = asked if isinstance(asked, list) else [asked]
    if entry.user_array_only and not isinstance(asked, list):
        return refuse(web, 400, "invalid_request_body", "Request body is invalid.", now_ms)
    if not batch or len(batch) > entry.users_per_call or not all(isinstance(one, dict) for one in batch):
        return refuse(web, 400, "illegal_argument", "this is an invalid request.", now_ms)
    for one in batch:
        name, password = str(one.get("username", "")).lower(), one.get("password")
        odd = entry.plain_names and not PLAIN_NAME.fullmatch(name)
        if odd or not name or not set(name) <= LEGAL or len(name) > 64:
            return refuse(web, 400, "illegal_argument", f"username [{name}] is not legal", now_ms)
        if entry.strict_passwords and not _is_strict(str(password)):
            return refuse(web, 400, "illegal_argument", "password is too weak", now_ms)
        if not password:
            return refuse(web, 400, "illegal_argument", "password or pin must provided", now_ms)
        if name in app.people:
            text = f"Application {app.uuid} Entity user requires that property named username be unique"
            return refuse(web, 400, "duplicate_unique_property_exists", text, now_ms)
    if entry.most_users and len(app.people) + len(batch) > entry.most_users:
        text = "You have exceeded the limit of the Free edition. Please upgrade to higher edition."
        return refuse(web, 429, "resource_limited", text, now_ms)
    now = time.monotonic()
    made = [
        Person(str(one["username"]).lower(), one["password"], now_ms, now + entry.come_s * (number % 3) / 2)
        for number, one in enumerate(batch, 2)
    ]
    app.people.update({person.name: person for person in made})
    body = envelope(request, app.org, app.name, app.uuid, now_ms)
    return Answer(200, {**body, "entities": [entity(person) for person in made]})


def _is_strict(password: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    return 8 <= len(password) <= 64 and all(any(map(kind, password)) for kind in kinds)


def show_or_remove(app: App, request: Request, name: str) -> Answer:
    """`GET` or `DELETE /users/{name}`."""
    web, now_ms = app.traits.web, app.now_ms()
    person = app.person(name.lower())
    if person is None and app.traits.entry.unknown_user == 400:
        text = f"User with id null does not exist in app {app.uuid}"
        return refuse(web, 400, "management", text, now_ms)
    if person is None:
        return refuse(web, 404, "service_resource_not_found", "Service resource not found", now_ms)
    entry = app.traits.entry
    if request.method == "DELETE" and entry.users_stay:
        return refuse(web, 403, "forbidden_service_operation", "Service operation not allowed", now_ms)
    if request.method == "DELETE" and entry.leave_s:
        asyncio.get_running_loop().call_later(entry.leave_s, app.forget, person.name)
    elif request.method == "DELETE":
        app.forget(person.name)
    body = envelope(request, app.org, app.name, app.uuid, now_ms)
    return Answer(200, {**body, "path": "/users", "entities": [entity(person)]})
