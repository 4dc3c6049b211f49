"""The wire format of a pulled message, shared by the emulator and the suite: bytes, no behaviour."""

from roamspec.wire.message import ChatType, Kind, PulledMessage, decode_message, encode_message

__all__ = ["ChatType", "Kind", "PulledMessage", "decode_message", "encode_message"]
