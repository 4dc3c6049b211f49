"""What the page shows, as JSON: the apps, one app with its people and views, and the calls that came."""

from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.control.data import views_json
from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, answered
from roamspec.emulator.service import Service

VIEWS_MAX: Final = 4
_MESSAGES: Final = 200
_PEOPLE: Final = 500
_CALLS: Final = 500


def show_state(call: ControlCall) -> ControlAnswer:
    """`app` as ORG/APP, the first one where it is absent or gone; `users` whose views are shown."""
    service = call.service
    app = _app(call)
    users = [name for name in call.query.get("users", "").lower().split(",") if name][:VIEWS_MAX]
    return answered(
        {
            "apps": [each.key.path for each in service.apps()],
            "app": None if app is None else _app_json(app),
            "views": {
                name: views_json(app, name, _MESSAGES)
                for name in users
                if app is not None and app.store.user(name) is not None
            },
            "journal": service.journal.latest,
        }
    )


def show_journal(call: ControlCall) -> ControlAnswer:
    """The newest calls behind `after`, oldest first: those of the app, and those of no app at all."""
    service, app = call.service, _app(call)
    after = max(call.number("after", 0), service.journal.latest - _CALLS)
    entries = [
        entry.as_dict()
        for entry in service.journal.entries(after=after)
        if _belongs(service, app, entry.org, entry.app)
    ]
    judge = service.judge_calls
    verdicts = judge(entries) if judge is not None else [{"verdict": "none", "findings": []}] * len(entries)
    rows = [entry | {"judgement": verdict} for entry, verdict in zip(entries, verdicts, strict=True)]
    return answered({"entries": rows, "latest": service.journal.latest, "dropped": service.journal.dropped})


def show_choices(call: ControlCall) -> ControlAnswer:
    """What does not change while the emulator runs: the faults and disturbances to choose from."""
    extension = call.service.extension
    return answered(
        {
            "faults": [
                {"name": each["name"], "sentence": each["sentence"]} for each in extension.fault_list()
            ],
            "disturbances": dict(extension.disturbance_kinds()),
        }
    )


def _app(call: ControlCall) -> App | None:
    org, _, name = call.query.get("app", "").partition("/")
    return call.service.find(org, name) or next(iter(call.service.apps()), None)


def _belongs(service: Service, app: App | None, org: str, name: str) -> bool:
    found = service.find(org, name)
    return found is None or found is app


def _app_json(app: App) -> dict[str, Any]:
    schedule = app.nuisances
    accounts = sorted(app.store.users(), key=lambda account: account.name)[:_PEOPLE]
    return {
        "key": app.key.path,
        "now": app.clock.now(),
        "frozen": app.clock.frozen,
        "message_roaming": app.settings.message_roaming,
        "faults": list(app.faults),
        "disturbances": {"nuisances": [], "played": []} if schedule is None else schedule.as_dict(),
        "user_count": app.store.count_users(),
        "users": [
            {
                "name": account.name,
                "devices": [
                    {
                        "name": each.device,
                        "title": each.device_name,
                        "kind": "WebSocket" if each.takes_messages else "observer",
                    }
                    for each in app.devices.of(account.name)
                ],
            }
            for account in accounts
        ],
        "pairs": _pairs(app),
        "groups": [
            {
                "id": group.id,
                "kind": group.kind,
                "name": str(group.attributes.get("groupname") or group.attributes.get("name") or ""),
                "members": list(group.members)[:_PEOPLE],
            }
            for group in app.store.groups()
        ],
    }


def _pairs(app: App) -> list[list[str]]:
    """Every two people who have a conversation, as long as one of them still has it."""
    found = {
        tuple(sorted((account.name, view.conversation.id))): None
        for account in app.store.users()
        for view in app.store.views(account.name)
        if view.conversation.type == "chat"
    }
    return [list(pair) for pair in sorted(found)[:_PEOPLE]]
