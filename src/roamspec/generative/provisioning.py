"""The people and groups of a sequence, as its setting wants them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast, get_args

from roamspec.errors import SetupFailed
from roamspec.generative.call_sequence import PLACES, USERS, Setting
from roamspec.session.names import Form, NameSource, Relation
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import Conversation
from roamspec.world.world import World

_SHORT: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
SHORT: Final = "short"
"""A form of an ID that cannot carry the run's mark: one character. Only on a target on this machine."""


@dataclass
class _ShortNames:
    tried: set[str] = field(default_factory=set)


def people_of(world: World, setting: Setting) -> dict[str, str]:
    """Register the users of a sequence; their names by symbol."""
    names = world.session.names
    if not (setting.relation or setting.form or setting.base):
        return dict(zip(USERS, world.users(len(USERS)), strict=True))
    wanted = _names(names, setting)
    if setting.form == SHORT:
        wanted["c"] = _free_character(world)
    world.users(0, names=list(wanted.values()))
    return wanted


def _names(names: NameSource, setting: Setting) -> dict[str, str]:
    b = _of_form(names, setting.base)
    a = names.related(b, cast("Relation", setting.relation)) if setting.relation else names.fresh()
    return {"a": a, "b": b, "c": _of_form(names, setting.form)}


def _of_form(names: NameSource, form: str) -> str:
    return names.formed(cast("Form", form)) if form in get_args(Form) else names.fresh()


def _free_character(world: World) -> str:
    from roamspec.api.provisioning import is_known

    tried = world.session.shared.get(_ShortNames).tried
    for name in _SHORT:
        if name not in tried:
            tried.add(name)
            if not is_known(world.app, name):
                return name
    return world.session.names.fresh()


def conversation_of(world: World, place: str, names: Mapping[str, str], setting: Setting) -> Conversation:
    """Make the conversation behind a place: with its creator, and with whom joins it late."""
    members = list(PLACES[place].members)
    kind = PLACES[place].kind
    if kind == "chat":
        return world.conversation(kind, *(names[member] for member in members))
    creator = setting.creator if setting.creator in members else members[0]
    late = setting.late if kind == "group" and setting.late != creator else ""
    order = [creator, *(member for member in members if member != creator)]
    made = world.conversation(kind, *(names[member] for member in order), late=names.get(late, ""))
    if setting.namesake and kind == "group" and made.group_id.isdigit():
        _register_namesake(world, made.group_id)
    return Conversation(kind, tuple(names[member] for member in members), made.group_id)


def _register_namesake(world: World, group_id: str) -> None:
    """A user with the ID of a group of ours; where that name is taken, nothing is done."""
    entry = LedgerEntry(world.app.key, "user", group_id)
    if not world.session.ledger.may_be_named(entry):
        try:
            world.users(0, names=[group_id])
        except SetupFailed:
            return
