"""Protobuf descriptors of package `easemob.pb`, built at run time from one table.

The table holds what a pulled message needs; a field's entry is (number, name, type[, repeated]).
Types are protobuf scalars, or the name of another message of the table. Enums stand as int32,
which is the same on the wire and keeps values that a newer service may add.
"""

from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

PACKAGE: Final = "easemob.pb"

_Field = tuple[int, str, str] | tuple[int, str, str, bool]

TABLE: Final[dict[str, tuple[_Field, ...]]] = {
    "JID": (
        (1, "appKey", "string"),
        (2, "name", "string"),
        (3, "domain", "string"),
        (4, "clientResource", "string"),
    ),
    "KeyValue": (
        (1, "key", "string"),
        (2, "type", "int32"),
        (3, "varintValue", "int64"),
        (4, "floatValue", "float"),
        (5, "doubleValue", "double"),
        (6, "stringValue", "string"),
    ),
    "Content": (
        (1, "type", "int32"),
        (2, "text", "string"),
        (3, "latitude", "double"),
        (4, "longitude", "double"),
        (5, "address", "string"),
        (6, "displayName", "string"),
        (7, "remotePath", "string"),
        (8, "secretKey", "string"),
        (9, "fileLength", "int32"),
        (10, "action", "string"),
        (12, "duration", "int32"),
        (19, "customEvent", "string"),
        (20, "customExts", "KeyValue", True),
    ),
    "MessageBody": (
        (1, "type", "int32"),
        (2, "from", "JID"),
        (3, "to", "JID"),
        (4, "contents", "Content", True),
        (5, "ext", "KeyValue", True),
    ),
    "Meta": (
        (1, "id", "uint64"),
        (2, "from", "JID"),
        (3, "to", "JID"),
        (4, "timestamp", "uint64"),
        (5, "ns", "int32"),
        (6, "payload", "bytes"),
        (7, "routetype", "int32"),
        (8, "ext", "KeyValue", True),
        (9, "meta", "bytes"),
    ),
}


def _field(entry: _Field) -> FieldDescriptorProto:
    number, name, kind = entry[:3]
    field = FieldDescriptorProto(
        name=name,
        number=number,
        label=FieldDescriptorProto.LABEL_REPEATED if len(entry) == 4 else FieldDescriptorProto.LABEL_OPTIONAL,
    )
    if kind in TABLE:
        field.type = FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".{PACKAGE}.{kind}"
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    return field


def _classes() -> dict[str, type[Message]]:
    messages = [
        DescriptorProto(name=name, field=[_field(e) for e in entries]) for name, entries in TABLE.items()
    ]
    pool = DescriptorPool()
    pool.Add(
        FileDescriptorProto(name="easemob.proto", package=PACKAGE, syntax="proto2", message_type=messages)
    )
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in TABLE}


CLASSES: Final = _classes()
"""Message class by name of the table."""
