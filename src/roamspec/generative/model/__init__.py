"""The reference model: who can see which message, and what a deletion changes. Values in, values out.

It is written from the documentation alone and knows no network, no suite and no emulator: a mistake that the
emulator makes must not hide behind the same mistake here.
"""

from roamspec.generative.model.conversations import ModelConversation, ModelMessage, ModelView, PlaceKind
from roamspec.generative.model.deletions import DeletionCall, Effect, Reply, delete, expected_reply
from roamspec.generative.model.service import (
    AppState,
    ModelService,
    add_message,
    come_online,
    open_conversation,
    register,
)

__all__ = [
    "AppState",
    "DeletionCall",
    "Effect",
    "ModelConversation",
    "ModelMessage",
    "ModelService",
    "ModelView",
    "PlaceKind",
    "Reply",
    "add_message",
    "come_online",
    "delete",
    "expected_reply",
    "open_conversation",
    "register",
]
