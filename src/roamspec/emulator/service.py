"""All apps of one emulator, and what they share: the numbers of IDs, and the journal."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Unpack
from uuid import uuid4

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App, AppIdentity
from roamspec.emulator.changes import Changes
from roamspec.emulator.domain.ids import IdSource, Numbers
from roamspec.emulator.extension import Extension, JudgeCalls, NoExtension
from roamspec.emulator.hosts import OwnHosts
from roamspec.emulator.journal import Journal
from roamspec.emulator.settings import AppSettings

if TYPE_CHECKING:
    from roamspec.emulator.http.operations.deletions import DeletionSteps
    from roamspec.emulator.shared.protocol import Sharing

APP_ID: Final = "app-id"
"""The first segment of a path whose second is an App ID, as the sister brand's pages write it."""


class Service:
    """Apps by App Key.

    `base_url` and `own_hosts` are where it listens, and the names to which its control API answers; None for
    one that does not listen at all. `judge_calls` says what is wrong with calls; None where nobody can.
    `window_everywhere` shows the window on other machines too. `shared` is where the state is that several
    workers have in common; None where this is the only one.
    """

    __slots__ = (
        "_apps",
        "_by_id",
        "_numbers",
        "_steps",
        "base_url",
        "changes",
        "extension",
        "journal",
        "judge_calls",
        "own_hosts",
        "shared",
        "stopping",
        "window_everywhere",
    )

    def __init__(
        self,
        steps: "Mapping[str, DeletionSteps]",
        extension: Extension | None = None,
        numbers: Numbers | None = None,
    ) -> None:
        """`extension` can break and disturb the apps; None for an emulator that can only conform. `numbers`
        are those that IDs go on from; None to begin."""
        self.extension = extension or NoExtension()
        self._apps: dict[tuple[str, str], App] = {}
        self._by_id: dict[str, App] = {}
        self._steps = steps
        self._numbers = numbers or Numbers()
        self.changes = Changes()
        self.journal = Journal(changes=self.changes)
        self.judge_calls: JudgeCalls | None = None
        self.window_everywhere = False
        self.stopping = False
        self.base_url: str | None = None
        self.own_hosts: OwnHosts | None = None
        self.shared: Sharing | None = None

    def find(self, org: str, app: str) -> App | None:
        """The app of these two first segments of a path: an App Key, or `app-id` and an App ID."""
        found = self._apps.get((org, app))
        return self._by_id.get(app) if found is None and org == APP_ID else found

    def apps(self) -> Iterable[App]:
        """All apps, in the order in which they were made."""
        return self._apps.values()

    def create(
        self,
        key: AppKey | None,
        settings: AppSettings,
        **identity: Unpack[AppIdentity],
    ) -> App:
        """A new app; without a key, one with a fresh name. An app of that key must not exist."""
        if key is None:
            mark = uuid4().hex[:12]
            key = AppKey(f"org-{mark}", f"app-{mark}")
        ids = IdSource(self._numbers)
        app = App(key, settings, ids, self._steps, **identity)
        app.devices.changes = self.changes
        self._apps[(key.org, key.app)] = app
        self._by_id[app.app_id] = app
        return app

    def remove(self, app: App) -> None:
        """Remove an app: its devices are disconnected, and the journal forgets its calls."""
        app.devices.close(reason="stopping")
        self._apps.pop((app.key.org, app.key.app), None)
        self._by_id.pop(app.app_id, None)
        self.journal.clear((app.key.org, app.key.app))

    def close(self) -> None:
        """End the connections of all devices; nobody can come online any more."""
        self.stopping = True
        self.changes.note()
        for app in self._apps.values():
            app.devices.close(reason="stopping")
