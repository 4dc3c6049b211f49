"""A whole service: apps, their users, places, views and online devices, and its clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from roamspec.generative.model.conversations import ModelConversation, ModelMessage, ModelView

NOTHING = ModelView()


@dataclass(frozen=True, slots=True)
class AppState:
    """One tenant: nothing that happens in another app changes it."""

    users: frozenset[str] = frozenset()
    places: frozenset[ModelConversation] = frozenset()
    views: Mapping[tuple[str, ModelConversation], ModelView] = field(default_factory=dict)
    devices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def view(self, user: str, place: ModelConversation) -> ModelView:
        """A user's view of a place, empty when there is none."""
        return self.views.get((user, place), NOTHING)

    def views_of(self, user: str) -> dict[ModelConversation, ModelView]:
        """All views of a user, by place."""
        return {place: view for (name, place), view in self.views.items() if name == user}


@dataclass(frozen=True, slots=True)
class ModelService:
    """`now_ms` is the latest moment known of the service's clock."""

    apps: Mapping[str, AppState]
    now_ms: int = 0

    def app(self, name: str) -> AppState:
        """The state of an app, a new one when nothing was said of it."""
        return self.apps.get(name, AppState())

    def with_app(self, name: str, app: AppState) -> "ModelService":
        """The service with this state of one app."""
        return replace(self, apps={**self.apps, name: app})


def register(service: ModelService, app: str, users: Iterable[str]) -> ModelService:
    """The service with these users in an app."""
    before = service.app(app)
    return service.with_app(app, replace(before, users=before.users | frozenset(users)))


def open_conversation(service: ModelService, app: str, place: ModelConversation) -> ModelService:
    """Let a conversation exist; ValueError when one of its members does not."""
    before = service.app(app)
    strangers = [member for member in place.members if member not in before.users]
    if strangers:
        raise ValueError(f"no user of {app}: {', '.join(strangers)}")
    return service.with_app(app, replace(before, places=before.places | {place}))


def come_online(service: ModelService, app: str, user: str, device: str) -> ModelService:
    """The service with one more online device of a user."""
    before = service.app(app)
    online = before.devices.get(user, frozenset()) | {device}
    return service.with_app(app, replace(before, devices={**before.devices, user: online}))


def add_message(
    service: ModelService,
    app: str,
    place: ModelConversation,
    message: ModelMessage,
    *,
    seen_by: Iterable[str],
    listed_for: Iterable[str] = (),
) -> ModelService:
    """A message reaches a place: `seen_by` are the members who can pull it, `listed_for` those whose
    conversation list it enters. Which members that are is a choice of the service's."""
    before = service.app(app)
    listed = frozenset(listed_for)
    views = dict(before.views)
    for user in seen_by:
        view = views.get((user, place), NOTHING)
        views[user, place] = view.with_message(message, enters_list=user in listed)
    after = service.with_app(app, replace(before, views=views))
    return replace(after, now_ms=max(after.now_ms, message.time_ms))
