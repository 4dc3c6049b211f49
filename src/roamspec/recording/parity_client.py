"""Sends the requests of one recording to an emulator, in order, and compares what it answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import httpx

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, TargetConfig
from roamspec.errors import SetupFailed, Unreachable
from roamspec.recording.cassette import Cassette, DeviceLog, RecordedNotification
from roamspec.recording.devices import CapturedDevice, CapturedDevices
from roamspec.recording.interactions import (
    DEFAULT_HEADERS,
    KEPT_ANSWER_HEADERS,
    Interaction,
    Received,
    Sent,
)
from roamspec.recording.normaliser import VALUE, is_time
from roamspec.recording.replay_session import PASSWORD
from roamspec.recording.response_diff import ResponseDifference, compare
from roamspec.recording.sanitiser import MARK
from roamspec.recording.value_mapping import ValueMapping
from roamspec.recording.virtual_clock import RECORDED_AT_S, VirtualClock
from roamspec.session.names import NameSource
from roamspec.transport.client_settings import DEADLINE_S
from roamspec.transport.deadline import Deadline, DeadlineTransport

_NOTICE_S = 1.0
"""How long a notification that was recorded is waited for."""
_LATE_EVENT_S = 0.05


@dataclass(frozen=True, slots=True)
class ParityExchange:
    """A recording, what was answered now in its terms, and what differs, by the place of the request.

    Places behind the last request are those of the devices, in order.
    """

    cassette: Cassette
    answered: Cassette
    differences: dict[int, list[ResponseDifference]]

    def line(self, place: int) -> str:
        """What was asked there."""
        interactions = self.cassette.interactions
        if place < len(interactions):
            return interactions[place].sent.line
        device = self.cassette.devices[place - len(interactions)]
        return f"the device {device.name} of {device.user}"


class ParityClient:
    """Delivers one recording; raises Unreachable when nobody accepts a connection."""

    def __init__(self, config: TargetConfig, cassette: Cassette) -> None:
        assert config.base_url
        self._config = config
        self._cassette = cassette
        self._base_url = config.base_url.rstrip("/")
        self._deadline = Deadline()
        self._client = httpx.Client(
            transport=DeadlineTransport(self._deadline, self._base_url, config.network),
            timeout=DEADLINE_S,
            trust_env=False,
        )
        self._done = 0
        self._devices = CapturedDevices(lambda: self._done, VirtualClock(), config.network)
        self._online: dict[int, CapturedDevice] = {}
        self._terms = self._known_terms()

    def _known_terms(self) -> ValueMapping:
        origin = self._cassette.provenance
        texts = {
            MARK: NameSource().run_prefix,
            origin.base_url: self._base_url,
            PASSWORD: f"p{uuid4().hex[:16]}",
        }
        for role, app in self._apps():
            recorded = AppKey.parse(origin.apps[role], where="the recording")
            if recorded != app.key:
                texts |= {f"/{recorded.path}/": f"/{app.key.path}/", f"{recorded}_": f"{app.key}_"}
        terms = ValueMapping(texts, shift_ms=round((time.time() - RECORDED_AT_S) * 1000))
        for role, app in self._apps():
            own = origin.own_credentials
            number = f"-{own.index(role) + 2}" if role in own else ""
            if app.credentials.client_id and app.credentials.client_secret:
                terms.secrets[f"<redacted:client-id{number}>"] = app.credentials.client_id
                terms.secrets[f"<redacted:client-secret{number}>"] = app.credentials.client_secret
        return terms

    def _apps(self) -> list[tuple[str, AppConfig]]:
        roles = {
            "main": self._config.main,
            "neighbour": self._config.neighbour,
            "closed": self._config.closed,
        }
        return [(role, app) for role, app in roles.items() if app and role in self._cassette.provenance.apps]

    def deliver(self) -> ParityExchange:
        """Send every request of the recording, with the same devices online, and compare the answers."""
        differences: dict[int, list[ResponseDifference]] = {}
        answered: list[Interaction] = []
        try:
            for place, each in enumerate(self._cassette.interactions):
                self._turn_devices(place)
                if each.after_s:
                    time.sleep(each.after_s)
                received = self._send(each.sent)
                self._done += 1
                found = compare(each.received, received, self._terms)
                if found:
                    differences[place] = found
                body = each.received.body if not found else self._terms.inward(received.body)
                answered.append(replace(each, received=replace(received, body=body)))
            self._turn_devices(len(answered))
        finally:
            self._client.close()
            for device in self._online.values():
                device.close()
        devices = self._compare_devices(differences)
        return ParityExchange(
            self._cassette,
            replace(self._cassette, interactions=tuple(answered), devices=tuple(devices)),
            differences,
        )

    # --- requests

    def _send(self, sent: Sent) -> Received:
        url, body = self._terms.outward(sent.url), self._terms.outward(sent.body)
        self._remember_chosen(sent)
        headers = {n: sent.headers.get(n, usual) for n, usual in DEFAULT_HEADERS.items()}
        headers = {name: value for name, value in headers.items() if value}
        if "authorization" in sent.headers:
            headers["authorization"] = self._terms.authorization(sent.headers["authorization"])
        request = self._client.build_request(
            sent.method, url, headers=headers, content=body.encode() if body else None
        )
        if "accept" not in headers:
            del request.headers["accept"]
        try:
            with self._deadline.within(DEADLINE_S):
                response = self._client.send(request)
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{self._base_url} sends no complete response ({type(error).__name__})."
            ) from None
        kept = {n: response.headers[n] for n in KEPT_ANSWER_HEADERS if n in response.headers}
        return Received(response.status_code, response.reason_phrase, kept, response.text)

    def _remember_chosen(self, sent: Sent) -> None:
        for match in VALUE.finditer(sent.url + " " + sent.body):
            if is_time(match[0]):
                self._terms.chose(match[0], self._terms.present(match[0]))

    # --- devices

    def _turn_devices(self, place: int) -> None:
        """Bring online and take off line what was so before this request."""
        for index, log in enumerate(self._cassette.devices):
            if log.closed is not None and log.closed <= place and index in self._online:
                self._await_notices(self._online.pop(index), log)
            if log.opened == place and index not in self._online and not log.refused:
                self._connect(index, log)

    def _connect(self, index: int, log: DeviceLog) -> None:
        app = self._present_app(log)
        if self._config.observer_url is None or app is None:
            return
        user = self._terms.outward(log.user)
        try:
            self._online[index] = self._devices.connect(self._config.observer_url, app, user, log.name)
        except SetupFailed:
            return
        if log.closed is not None and log.closed == log.opened:
            self._await_notices(self._online.pop(index), log)

    def _present_app(self, log: DeviceLog) -> AppKey | None:
        """The app of the target that stands for the device's."""
        recorded = self._cassette.provenance.apps
        return next((app.key for role, app in self._apps() if recorded[role] == log.app), None)

    @staticmethod
    def _await_notices(device: CapturedDevice, log: DeviceLog) -> None:
        """Close a device once it has been notified as much as was recorded, and let a late event arrive."""
        _until(lambda: device.notified >= len(log.notices), _NOTICE_S)
        _until(lambda: device.notified > len(log.notices), _LATE_EVENT_S)
        device.close()

    def _compare_devices(self, differences: dict[int, list[ResponseDifference]]) -> list[DeviceLog]:
        now = list(self._devices.logs)
        logs: list[DeviceLog] = []
        for index, log in enumerate(self._cassette.devices):
            user = self._terms.outward(log.user)
            here = next((each for each in now if (each.user, each.name) == (user, log.name)), None)
            if here is None:
                logs.append(log)
                continue
            now.remove(here)
            found = self._notices_differ(log, here)
            if found:
                differences[len(self._cassette.interactions) + index] = found
            logs.append(self._as_recorded(log, here))
        return logs

    def _notices_differ(self, log: DeviceLog, here: DeviceLog) -> list[ResponseDifference]:
        if log.refused or here.refused:
            same = bool(log.refused) == bool(here.refused)
            return (
                []
                if same
                else [ResponseDifference("device", log.refused or "online", here.refused or "online")]
            )
        found: list[ResponseDifference] = []
        if len(log.notices) != len(here.notices):
            found.append(ResponseDifference("notices", str(len(log.notices)), str(len(here.notices))))
        for number, (one, other) in enumerate(zip(log.notices, here.notices, strict=False), 1):
            recorded, present = Received(200, "", {}, one.data), Received(200, "", {}, other.data)
            found += [
                replace(each, where=f"notice {number} {each.where}")
                for each in compare(recorded, present, self._terms)
            ]
        return found

    def _as_recorded(self, log: DeviceLog, here: DeviceLog) -> DeviceLog:
        """What was heard now, in the recording's terms, at the moments of the recording."""
        moments = [notice.after for notice in log.notices]
        return replace(
            log,
            refused=here.refused,
            notices=tuple(
                RecordedNotification(
                    moments[i] if i < len(moments) else notice.after, self._terms.inward(notice.data)
                )
                for i, notice in enumerate(here.notices)
            ),
        )


def _until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
