"""What a cassette holds: interactions, the notifications of devices beside them, and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from roamspec.recording.interactions import Interaction, Received, Sent

FORMAT: Final = 1
_ROLES: Final = ("given_tokens", "token_only", "own_credentials")
Kind = Literal["emulator", "service", "documented"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a recording comes from, and what it takes to replay it.

    `recorded_on` is a date (UTC), `contract` the SHA-256 of the contract of that day. `apps` maps `main`,
    `neighbour` and `closed` to `ORG/APP`. `observed` says whether devices could be watched, `alone`
    whether nobody else called the apps. `given_tokens` are the apps whose token was given and not requested,
    `token_only` those of them that have no other credentials, `own_credentials` those whose credentials
    are not the main app's.
    """

    check: str
    kind: Kind
    recorded_on: str
    version: str
    contract: str
    requirements: tuple[str, ...]
    base_url: str
    apps: Mapping[str, str]
    observed: bool = False
    alone: bool = False
    given_tokens: tuple[str, ...] = ()
    token_only: tuple[str, ...] = ()
    own_credentials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedNotification:
    """The data of one event, which the check first saw when `after` interactions were over."""

    after: int
    data: str


@dataclass(frozen=True, slots=True)
class DeviceLog:
    """One online device of a user of `app` (`ORG/APP`): how many interactions were over when it came and
    when it went, and what it was notified.

    `refused` says why it did not come online, if it did not.
    """

    user: str
    name: str
    opened: int
    closed: int | None = None
    refused: str = ""
    app: str = ""
    notices: tuple[RecordedNotification, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which document shows an exchange, what it shows, and which errata speak of it."""

    source: str
    operation: str
    shows: str
    errata: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cassette:
    """One recording: where it comes from, its exchanges in their order, and what devices were notified of."""

    provenance: Provenance
    interactions: tuple[Interaction, ...]
    devices: tuple[DeviceLog, ...] = ()
    documented: tuple[Evidence, ...] = field(default=())
    """For exchanges that a document shows: one for each interaction."""

    def to_document(self) -> dict[str, Any]:
        """The form that stands in the file; `roamspec` is the key that vcrpy passes over."""
        origin = self.provenance
        ours: dict[str, Any] = {
            "format": FORMAT,
            "check": origin.check,
            "kind": origin.kind,
            "recorded_on": origin.recorded_on,
            "version": origin.version,
            "contract": origin.contract,
            "requirements": list(origin.requirements),
            "base_url": origin.base_url,
            "apps": dict(origin.apps),
        }
        ours |= {n: True for n in ("observed", "alone") if getattr(origin, n)}
        ours |= {n: list(v) for n in _ROLES if (v := getattr(origin, n))}
        together = _runs([interaction.together for interaction in self.interactions])
        if together:
            ours["together"] = together
        pauses = [(i, each.after_s) for i, each in enumerate(self.interactions) if each.after_s]
        if pauses:
            ours["pauses"] = [{"before": i, "seconds": seconds} for i, seconds in pauses]
        if self.devices:
            ours["devices"] = [_device_document(device) for device in self.devices]
        if self.documented:
            ours["documented"] = [_evidence_document(evidence) for evidence in self.documented]
        return {
            "version": 1,
            "roamspec": ours,
            "interactions": [_interaction_document(each) for each in self.interactions],
        }

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Read a document that its schema has accepted."""
        ours = document["roamspec"]
        together = {i for begin, end in ours.get("together", ()) for i in range(begin, min(end, 100_000) + 1)}
        pauses = {each["before"]: float(each["seconds"]) for each in ours.get("pauses", ())}
        return cls(
            Provenance(
                check=ours["check"],
                kind=ours["kind"],
                recorded_on=ours["recorded_on"],
                version=ours["version"],
                contract=ours["contract"],
                requirements=tuple(ours["requirements"]),
                base_url=ours["base_url"],
                apps=ours["apps"],
                observed=ours.get("observed", False),
                alone=ours.get("alone", False),
                **{name: tuple(ours.get(name, ())) for name in _ROLES},
            ),
            tuple(
                _interaction(each, together=i in together, after_s=pauses.get(i, 0.0))
                for i, each in enumerate(document["interactions"])
            ),
            tuple(_device(each) for each in ours.get("devices", ())),
            tuple(
                Evidence(
                    each["source"],
                    each["operation"],
                    each["shows"],
                    tuple(each.get("errata", ())),
                    each.get("note", ""),
                )
                for each in ours.get("documented", ())
            ),
        )


def _runs(flags: list[bool]) -> list[list[int]]:
    """First and last place of each run of set flags."""
    runs: list[list[int]] = []
    for index, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        elif flag:
            runs.append([index, index])
    return runs


def _interaction_document(each: Interaction) -> dict[str, Any]:
    return {
        "request": {
            "method": each.sent.method,
            "uri": each.sent.url,
            "body": each.sent.body or None,
            "headers": _headers_document(each.sent.headers),
        },
        "response": {
            "status": {"code": each.received.status, "message": each.received.reason},
            "headers": _headers_document(each.received.headers),
            "body": {"string": each.received.body},
        },
    }


def _headers_document(headers: Mapping[str, str]) -> dict[str, list[str]]:
    return {name.title(): [value] for name, value in headers.items()}


def _interaction(item: Mapping[str, Any], *, together: bool, after_s: float) -> Interaction:
    request, response = item["request"], item["response"]
    return Interaction(
        Sent(request["method"], request["uri"], _headers(request["headers"]), request["body"] or ""),
        Received(
            response["status"]["code"],
            response["status"]["message"],
            _headers(response["headers"]),
            response["body"]["string"],
        ),
        together,
        after_s,
    )


def _headers(document: Mapping[str, list[str]]) -> dict[str, str]:
    return {name.lower(): values[0] for name, values in document.items()}


def _device_document(device: DeviceLog) -> dict[str, Any]:
    document: dict[str, Any] = {"user": device.user, "name": device.name, "app": device.app}
    document["opened"] = device.opened
    if device.closed is not None:
        document["closed"] = device.closed
    if device.refused:
        document["refused"] = device.refused
    if device.notices:
        document["events"] = [{"after": notice.after, "data": notice.data} for notice in device.notices]
    return document


def _device(item: Mapping[str, Any]) -> DeviceLog:
    notices = tuple(RecordedNotification(each["after"], each["data"]) for each in item.get("events", ()))
    return DeviceLog(
        item["user"],
        item["name"],
        item["opened"],
        item.get("closed"),
        item.get("refused", ""),
        item["app"],
        notices,
    )


def _evidence_document(evidence: Evidence) -> dict[str, Any]:
    document: dict[str, Any] = {
        "operation": evidence.operation,
        "shows": evidence.shows,
        "source": evidence.source,
    }
    if evidence.errata:
        document["errata"] = list(evidence.errata)
    if evidence.note:
        document["note"] = evidence.note
    return document
