"""The reference model: who can see which message, and what a deletion changes. Values in, values out.

It is written from the document alone and knows no network, no suite and no emulator: a mistake that the
emulator makes must not hide behind the same mistake here.
"""

from roamspec.model.calls import Call, Effect, Reply, delete, expected_reply
from roamspec.model.places import Message, Place, PlaceKind, View
from roamspec.model.service import App, Service, come_online, open_place, register, say

__all__ = [
    "App",
    "Call",
    "Effect",
    "Message",
    "Place",
    "PlaceKind",
    "Reply",
    "Service",
    "View",
    "come_online",
    "delete",
    "expected_reply",
    "open_place",
    "register",
    "say",
]
