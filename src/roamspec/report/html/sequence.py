"""The exchanges of a failure as a sequence diagram: who asked what, what came back, what it showed.

The lanes are the owner whose roaming messages a request deletes, the peer, other users, the caller of
requests that name no user, the service, and the devices that were watched. Positions are in units of the
drawing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from roamspec.report.html.exchange_reading import Reading, read_exchange, shortened_ids
from roamspec.report.translation import Translation
from roamspec.shortening import shortened

LANE_WIDTH: Final = 330
HEAD: Final = 46
STEP: Final = 44
_MOST_STEPS: Final = 24
_MOST_NOTIFICATIONS: Final = 12
_MOST_OF_A_LABEL: Final = 52

Kind = Literal["request", "success", "error", "notification", "silence"]


@dataclass(frozen=True, slots=True)
class Lane:
    """One party of the exchanges; `x` in pixels."""

    role: str
    name: str
    x: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """From `x1` to `x2` at height `y`; `detail` stands below the line, `label` above it."""

    kind: Kind
    x1: int
    x2: int
    y: int
    label: str
    detail: str

    @property
    def middle(self) -> int:
        """Where its text stands, in pixels."""
        return (self.x1 + self.x2) // 2

    @property
    def tip(self) -> int:
        """Where the arrow's head begins."""
        return self.x2 - 7 if self.x2 > self.x1 else self.x2 + 7


@dataclass(frozen=True, slots=True)
class Diagram:
    """The whole drawing; `width` and `height` in pixels."""

    lanes: Sequence[Lane]
    arrows: Sequence[Arrow]
    width: int
    height: int
    left_out: int
    """Exchanges that have no room."""


def diagram_of(
    exchanges: Sequence[dict[str, Any]], devices: Sequence[dict[str, Any]], texts: Translation
) -> Diagram:
    """`devices` as `report.json` has them: what they were notified of comes last."""
    shown = exchanges[:_MOST_STEPS]
    readings = _readings(shown)
    lanes = _lanes(readings, texts)
    at, service = {lane.name: lane.x for lane in lanes[:-1]}, lanes[-1].x
    steps: list[tuple[Kind, int, int, str, str]] = []
    for reading in readings:
        x = at[reading.user]
        kind: Kind = "success" if reading.succeeded else "error"
        steps.append(("request", x, service, reading.request, reading.arguments))
        steps.append((kind, service, x, reading.response, _seen(reading, texts)))
    if devices:
        place = service + LANE_WIDTH
        lanes.append(Lane(texts.gettext("Devices"), "", place))
        steps += [
            (kind, service, place, label, detail)
            for kind, label, detail in _notifications(devices, _roles(readings, texts), texts)
        ]
    top = HEAD + 34
    arrows = [
        Arrow(kind, x1, x2, top + STEP * number, _short(label), _short(detail))
        for number, (kind, x1, x2, label, detail) in enumerate(steps)
    ]
    height = top + STEP * len(arrows)
    return Diagram(lanes, arrows, LANE_WIDTH * len(lanes), height, len(exchanges) - len(shown))


def _notifications(
    devices: Sequence[dict[str, Any]], roles: Mapping[str, str], texts: Translation
) -> Iterator[tuple[Kind, str, str]]:
    """A label and a detail for each notification, and one for each device that got none."""
    lines: list[tuple[Kind, str, str]] = []
    for device in devices:
        user = roles.get(device["user"], device["user"])
        name = texts.gettext("{user}, device {device}").format(user=user, device=device["device"])
        for each in device["notifications"]:
            content = shortened_ids(",".join(each.get("message_ids", []))) or str(each.get("del_time", ""))
            lines.append(("notification", name, f"{each['operation']} {each['conversation']} {content}"))
        if not device["notifications"]:
            lines.append(("silence", name, texts.gettext("no notification")))
    yield from lines[:_MOST_NOTIFICATIONS]


def _roles(readings: Sequence[Reading], texts: Translation) -> dict[str, str]:
    """What each user is to the deletions; a request that names no user is the caller's."""
    owner = next((each.user for each in readings if each.deletes), "")
    peers = {each.peer: texts.gettext("Peer") for each in readings if each.peer}
    return {**peers, owner: texts.gettext("Owner"), "": texts.gettext("Caller")}


def _readings(exchanges: Sequence[dict[str, Any]]) -> list[Reading]:
    """Each exchange, and of a history query which of the messages it shows that a deletion named."""
    named: frozenset[str] = frozenset()
    readings: list[Reading] = []
    for exchange in exchanges:
        reading = read_exchange(exchange, named)
        named |= reading.named
        readings.append(reading)
    return readings


def _lanes(readings: Sequence[Reading], texts: Translation) -> list[Lane]:
    roles = _roles(readings, texts)
    order = list(roles)[-2::-1]
    users = sorted(
        dict.fromkeys(each.user for each in readings),
        key=lambda user: order.index(user) if user in order else len(order),
    )
    lanes = [
        Lane(roles.get(user, texts.gettext("Other user")), user, LANE_WIDTH // 2 + LANE_WIDTH * number)
        for number, user in enumerate(users)
    ]
    return [*lanes, Lane(texts.gettext("Service"), "", LANE_WIDTH // 2 + LANE_WIDTH * len(lanes))]


def _seen(reading: Reading, texts: Translation) -> str:
    """What the response shows: the messages of a history query, or the beginning of the body."""
    if reading.messages is None:
        return reading.body
    text = texts.ngettext("{number} message", "{number} messages", len(reading.messages))
    text = text.format(number=f"{len(reading.messages)}{'+' if reading.cut else ''}")
    if reading.named_before:
        still = len(reading.named_before & set(reading.messages))
        more = texts.gettext("{still} of the {named} specified for deletion")
        # What is not in the part of a response that the report keeps may be in the rest of it.
        if still or not reading.cut:
            text += ", " + more.format(
                still=f"{still}{'+' if reading.cut else ''}", named=len(reading.named_before)
            )
    return text


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), _MOST_OF_A_LABEL)
