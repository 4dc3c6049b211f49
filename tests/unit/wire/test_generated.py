"""The committed modules are those of the `.proto` files; `make protobuf` generates them again."""

from pathlib import Path

import pytest
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]

from roamspec.wire import message_body_pb2, msync_pb2

SOURCES = Path(message_body_pb2.__file__).parents[2]
MODULES = pytest.mark.parametrize(
    "descriptor", [message_body_pb2.DESCRIPTOR, msync_pb2.DESCRIPTOR], ids=["message_body", "msync"]
)


def compiled(name: str, folder: Path) -> FileDescriptorProto:
    target = folder / "set"
    arguments = ["protoc", f"-I{SOURCES}", f"--descriptor_set_out={target}", name]
    assert protoc.main(arguments) == 0
    (file,) = FileDescriptorSet.FromString(target.read_bytes()).file
    for message in file.message_type:
        forget_json_names(message)
    return file


def forget_json_names(message: object) -> None:
    """Only descriptor sets have them."""
    for field in message.field:  # type: ignore[attr-defined]
        field.ClearField("json_name")
    for nested in message.nested_type:  # type: ignore[attr-defined]
        forget_json_names(nested)


@MODULES
def test_modules_match_their_sources(descriptor: FileDescriptor, tmp_path: Path) -> None:
    found = FileDescriptorProto.FromString(descriptor.serialized_pb)
    assert found == compiled(descriptor.name, tmp_path)


@MODULES
def test_every_source_has_its_module(descriptor: FileDescriptor) -> None:
    assert (SOURCES / descriptor.name).is_file()
    assert len(list((SOURCES / "roamspec" / "wire").glob("*.proto"))) == 2
