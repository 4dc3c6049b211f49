"""A finding as a shell script that needs curl, jq and a token, and nothing of roamspec."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from roamspec.errors import UsageError
from roamspec.report.recorded_finding import Finding
from roamspec.report.shell_words import shell_word, shell_words
from roamspec.report.text import visible
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.reproduction.parsing import Meaning, meaning, strings
from roamspec.reproduction.symbols import Symbols, symbols_of

_PRELUDE: Final = Path(__file__).with_name("prelude.sh")
_IMPLIED: Final = {"host", "content-length", "connection", "user-agent", "accept-encoding"}
_NAME: Final = re.compile(r"\{\{([A-Za-z0-9_-]+)\}\}")
_TOKENS: Final = ("token", "neighbour-token", "closed-token", "user-token", "cut-token", "longer-token")
_WHY: Final = {
    "notify": "it compares which online devices are notified",
    "rate": "it compares the responses to a burst of calls",
    "concurrency": "its calls run concurrently",
}
"""Families that no script can judge, with the reason."""


def script_of(finding: Finding) -> str:
    """The script; UsageError with the reason and the line to run instead where there can be none."""
    compares = finding.failure.get("compares")
    if compares is None or not finding.failure["exchanges"]:
        family = finding.requirement["id"].split(".")[1]
        raise _unscripted(finding, _WHY.get(family, "curl and jq alone cannot see what it compares"))
    return _Script(finding, compares).text()


def _unscripted(finding: Finding, why: str) -> UsageError:
    instead = f" Run this instead: {finding.run_again}" if finding.run_again else ""
    return UsageError(f"{finding.requirement['id']} cannot be shown by a script: {why}.{instead}")


class _Script:
    def __init__(self, finding: Finding, compares: Mapping[str, Any]) -> None:
        self._finding = finding
        self._compares = compares
        failure = finding.failure
        shown = [(each, meaning(each), True) for each in failure["exchanges"]]
        made = [(each, meaning(each), False) for each in failure.get("arranged", ())]
        self._steps = sorted((*made, *shown), key=lambda step: (step[0]["sent_at"], step[2]))
        target = finding.report["target"]
        self._base_url = target["base_url"]
        self._app_path = target["app_key"].replace("#", "/")
        self._symbols = symbols_of([step[:2] for step in self._steps], app_path=self._app_path)
        self._known: set[int] = set()

    def text(self) -> str:
        steps, looks = list(self._actions()), list(self._looks())
        compares = self._compares
        verdict = shell_words(
            [
                "conclude",
                compares["kind"],
                compares["holds"],
                self._symbols.text(json.dumps(compares["ids"])),
                compares["conversation"],
            ]
        )
        body = "\n".join([*self._opening(), *self._users(), *steps])
        looking = ["looks() {", *(f"  {line}" for line in looks or [":"]), "}"]
        lines = [*self._head(), _PRELUDE.read_text(encoding="utf-8"), body, *looking, verdict]
        text = "\n".join(lines) + "\n"
        unknown = set(_NAME.findall(body)) & {"expired-token", "app-token", "secret", "client-secret"}
        if unknown:
            raise _unscripted(
                self._finding, f"it needs what a script does not have ({', '.join(sorted(unknown))})"
            )
        return text

    def _head(self) -> Iterator[str]:
        finding, target = self._finding, self._finding.report["target"]
        yield "#!/bin/sh"
        yield from _comment(f"{finding.requirement['id']}: {finding.requirement['title']}")
        yield "#"
        yield "# Exit status: 1 while the failure still occurs, 0 when it does not, 2 otherwise."
        yield "# Needs curl, jq, and ROAMSPEC_APP_TOKEN, or ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET."
        yield "# It creates users and messages of its own, and removes the users and groups unless KEEP=1."
        if finding.run_again:
            yield from _comment(f"The same with roamspec: {finding.run_again}")
        org, _, app = target["app_key"].partition("#")
        base_url = target["base_url"]
        if target["kind"] == "emulator":
            faults = "".join(f" --fault {shell_word(fault)}" for fault in finding.faults)
            yield "#"
            yield (
                "# The run used an emulator of its own. To start one with the same faults and set the "
                "variables:"
            )
            yield from _comment(f"roamspec emulate{faults} --print-env")
            base_url = ""
        yield "NL='\n'"
        yield f"EXPECTED={shell_word(_one_line(finding.failure['expected']))}"
        yield f'BASE="${{ROAMSPEC_BASE_URL:-{_quoted(base_url)}}}"'
        yield f'ORG="${{ROAMSPEC_ORG:-{_quoted(org)}}}"'
        yield f'APP="${{ROAMSPEC_APP:-{_quoted(app)}}}"'

    def _opening(self) -> Iterator[str]:
        yield "echo '{}' >\"$T/values\""
        yield 'put org "$ORG"; put app "$APP"'
        yield 'put mark "rs$(random 0-9a-f 10)"'
        yield 'put MARK "$(value mark | tr a-z A-Z)"'
        yield 'put digits "$(random 0-9 13)"'
        yield (
            'open_app token "/{{org}}/{{app}}" "${ROAMSPEC_APP_TOKEN:-}" "${ROAMSPEC_CLIENT_ID:-}" '
            '"${ROAMSPEC_CLIENT_SECRET:-}"'
        )
        yield 'put cut-token "$(value token | sed \'s/.....$//\')"; put longer-token "$(value token)x"'
        for role in ("neighbour", "closed"):
            path = self._path_of(role)
            if path:
                name = role.upper()
                yield (
                    f'open_app {role}-token {shell_word(path)} "${{ROAMSPEC_{name}_APP_TOKEN:-}}" '
                    f'"${{ROAMSPEC_{name}_CLIENT_ID:-${{ROAMSPEC_CLIENT_ID:-}}}}" '
                    f'"${{ROAMSPEC_{name}_CLIENT_SECRET:-${{ROAMSPEC_CLIENT_SECRET:-}}}}"'
                )

    def _path_of(self, role: str) -> str:
        """The path of a further app, by a call that was made with its token."""
        for step, _, _ in self._steps:
            if f"<redacted:{role}-token>" in json.dumps(step["request_headers"]):
                return self._app_of(step)
        return ""

    def _app_of(self, step: Mapping[str, Any]) -> str:
        path = urlsplit(step["url"].removeprefix(self._base_url)).path
        found = "/".join(path.split("/")[:3])
        return "/{{org}}/{{app}}" if found == f"/{self._app_path}" else found

    def _users(self) -> Iterator[str]:
        """Users that a step speaks of, registered where they were."""
        wanted = {user for _, one, _ in self._steps if one.what != "users" for user in one.users}
        wanted |= {name for _, one, _ in self._steps for thread in one.threads for name in thread}
        for step, one, _ in self._steps:
            if one.what == "users":
                for name in (each for each in _in_order(step) if each in wanted):
                    words = [_token_of(step), self._app_of(step), self._symbols.text(name)]
                    yield shell_words(["register", *words])

    def _actions(self) -> Iterator[str]:
        for step, one, judged in self._steps:
            if one.what in ("users", "look", "list"):
                continue
            words = self._call(step)
            yield from self._values(step, one, words)
            yield shell_words([_verb(one, judged=judged), *words])
            if judged and one.what != "deletion":
                continue
            for identifier, place in one.gives.items():
                where = self._symbols.text(json.dumps(place))
                yield shell_words(["learn", self._symbols.ids[identifier], where])
                if one.what == "group" and not judged:
                    room = "chatrooms" if "/chatrooms" in step["url"] else "chatgroups"
                    room_address = f"{self._app_of(step)}/{room}/{{{{{self._symbols.ids[identifier]}}}}}"
                    yield shell_words(["made", _token_of(step), room_address])

    def _looks(self) -> Iterator[str]:
        for step, one, judged in self._steps:
            if not judged or one.what not in ("look", "list"):
                continue
            method, path, body, *headers = self._call(step)
            if one.what == "list":
                path = re.sub(r"(cursor=)[^&]*", r"\1", re.sub(r"(pageNum=)\d+", r"\g<1>1", path))
                yield from self._own_token(step, one)
                yield shell_words(["list", path, *headers])
            else:
                del method
                yield from self._own_token(step, one)
                yield shell_words(["pull", path, self._from_the_first(body), *headers])

    @staticmethod
    def _from_the_first(body: str) -> str:
        """The first page: an exchange shows the last one."""
        return re.sub(r'("start":\s*)("[^"]*"|-?\d+|null|\{\{\w+\}\}|"\{\{\w+\}\}")', r"\g<1>-1", body)

    def _call(self, step: Mapping[str, Any]) -> list[str]:
        symbols = self._symbols
        headers = [
            symbols.text(f"{name}: {value}")
            for name, value in step["request_headers"]
            if name.lower() not in _IMPLIED
        ]
        path = symbols.path(step["url"], self._base_url)
        return [step["method"], path, symbols.text(step["request_body"]), *headers]

    def _values(self, step: Mapping[str, Any], one: Meaning, words: list[str]) -> Iterator[str]:
        """The values that a call needs and that no response gives: times, and users' tokens."""
        symbols: Symbols = self._symbols
        needed = set(_NAME.findall(" ".join(words)))
        for time_ms, name in symbols.times.items():
            if name in needed and time_ms not in self._known:
                self._known.add(time_ms)
                message, delta = symbols.anchor(time_ms)
                if message and one.what == "deletion":
                    yield f'put {name} "$(($(value at-{message}) + {delta}))"'
                else:
                    yield f'put {name} "$((NOW + {time_ms - symbols.reference_ms}))"'
        yield from self._own_token(step, one)

    def _own_token(self, step: Mapping[str, Any], one: Meaning) -> Iterator[str]:
        if "<redacted:user-token>" in json.dumps(step["request_headers"]) and one.owner:
            yield shell_words(["user_token", self._app_of(step), self._symbols.text(one.owner)])


def _verb(one: Meaning, *, judged: bool) -> str:
    """The function of the prelude that sends a step. A service with further faults may have answered an
    earlier deletion otherwise than another does, so its status decides nothing."""
    if judged:
        return "judge"
    return "call" if one.what == "deletion" else "arrange"


def _in_order(step: Mapping[str, Any]) -> Iterator[str]:
    """The names that a registration has, in its order, without the passwords beside them."""
    body = json.loads(step["request_body"])
    for item in body if isinstance(body, list) else [body]:
        yield from strings(item.get("username", ""))


def _token_of(step: Mapping[str, Any]) -> str:
    """The name of the token that a call was made with."""
    found = re.search(r"<redacted:([a-z-]+)>", json.dumps(step["request_headers"]))
    return found[1] if found and found[1] in _TOKENS else "token"


def _comment(text: str) -> Iterator[str]:
    """A comment that ends with its line, whatever the text holds."""
    yield f"# {_one_line(text)}"


def _one_line(text: str) -> str:
    """A text for people: no line of it is a command for the runner that prints it."""
    return without_workflow_commands(visible(" ".join(text.split())))


def _quoted(text: str) -> str:
    """A text inside double quotes."""
    return re.sub(r'([\\"$`}])', r"\\\1", _one_line(text))
