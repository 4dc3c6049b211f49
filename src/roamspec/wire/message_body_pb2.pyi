from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JID(_message.Message):
    __slots__ = ("appKey", "name", "domain", "clientResource")
    APPKEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    CLIENTRESOURCE_FIELD_NUMBER: _ClassVar[int]
    appKey: str
    name: str
    domain: str
    clientResource: str
    def __init__(self, appKey: _Optional[str] = ..., name: _Optional[str] = ..., domain: _Optional[str] = ..., clientResource: _Optional[str] = ...) -> None: ...

class KeyValue(_message.Message):
    __slots__ = ("key", "type", "varintValue", "floatValue", "doubleValue", "stringValue")
    class ValueType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NONE: _ClassVar[KeyValue.ValueType]
        BOOL: _ClassVar[KeyValue.ValueType]
        INT: _ClassVar[KeyValue.ValueType]
        UINT: _ClassVar[KeyValue.ValueType]
        LLINT: _ClassVar[KeyValue.ValueType]
        FLOAT: _ClassVar[KeyValue.ValueType]
        DOUBLE: _ClassVar[KeyValue.ValueType]
        STRING: _ClassVar[KeyValue.ValueType]
        JSON_STRING: _ClassVar[KeyValue.ValueType]
    NONE: KeyValue.ValueType
    BOOL: KeyValue.ValueType
    INT: KeyValue.ValueType
    UINT: KeyValue.ValueType
    LLINT: KeyValue.ValueType
    FLOAT: KeyValue.ValueType
    DOUBLE: KeyValue.ValueType
    STRING: KeyValue.ValueType
    JSON_STRING: KeyValue.ValueType
    KEY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VARINTVALUE_FIELD_NUMBER: _ClassVar[int]
    FLOATVALUE_FIELD_NUMBER: _ClassVar[int]
    DOUBLEVALUE_FIELD_NUMBER: _ClassVar[int]
    STRINGVALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    type: KeyValue.ValueType
    varintValue: int
    floatValue: float
    doubleValue: float
    stringValue: str
    def __init__(self, key: _Optional[str] = ..., type: _Optional[_Union[KeyValue.ValueType, str]] = ..., varintValue: _Optional[int] = ..., floatValue: _Optional[float] = ..., doubleValue: _Optional[float] = ..., stringValue: _Optional[str] = ...) -> None: ...

class MessageBody(_message.Message):
    __slots__ = ("type", "to", "contents", "ext", "ackMessageId", "msgConfig", "ackContent", "meta", "editMessageId", "editScope")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NORMAL: _ClassVar[MessageBody.Type]
        CHAT: _ClassVar[MessageBody.Type]
        GROUPCHAT: _ClassVar[MessageBody.Type]
        CHATROOM: _ClassVar[MessageBody.Type]
        READ_ACK: _ClassVar[MessageBody.Type]
        DELIVER_ACK: _ClassVar[MessageBody.Type]
        RECALL: _ClassVar[MessageBody.Type]
        CHANNEL_ACK: _ClassVar[MessageBody.Type]
        EDIT: _ClassVar[MessageBody.Type]
    NORMAL: MessageBody.Type
    CHAT: MessageBody.Type
    GROUPCHAT: MessageBody.Type
    CHATROOM: MessageBody.Type
    READ_ACK: MessageBody.Type
    DELIVER_ACK: MessageBody.Type
    RECALL: MessageBody.Type
    CHANNEL_ACK: MessageBody.Type
    EDIT: MessageBody.Type
    class EditScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        EDIT_NONE: _ClassVar[MessageBody.EditScope]
        EDIT_BODY: _ClassVar[MessageBody.EditScope]
        EDIT_BODY_AND_EXT: _ClassVar[MessageBody.EditScope]
    EDIT_NONE: MessageBody.EditScope
    EDIT_BODY: MessageBody.EditScope
    EDIT_BODY_AND_EXT: MessageBody.EditScope
    class Content(_message.Message):
        __slots__ = ("type", "text", "latitude", "longitude", "address", "displayName", "remotePath", "secretKey", "fileLength", "action", "params", "duration", "size", "thumbnailRemotePath", "thumbnailSecretKey", "thumbnailDisplayName", "thumbnailFileLength", "thumbnailSize", "customEvent", "customExts", "buildingName", "subType", "title", "summary", "combineLevel")
        class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            TEXT: _ClassVar[MessageBody.Content.Type]
            IMAGE: _ClassVar[MessageBody.Content.Type]
            VIDEO: _ClassVar[MessageBody.Content.Type]
            LOCATION: _ClassVar[MessageBody.Content.Type]
            VOICE: _ClassVar[MessageBody.Content.Type]
            FILE: _ClassVar[MessageBody.Content.Type]
            COMMAND: _ClassVar[MessageBody.Content.Type]
            CUSTOM: _ClassVar[MessageBody.Content.Type]
            COMBINE: _ClassVar[MessageBody.Content.Type]
        TEXT: MessageBody.Content.Type
        IMAGE: MessageBody.Content.Type
        VIDEO: MessageBody.Content.Type
        LOCATION: MessageBody.Content.Type
        VOICE: MessageBody.Content.Type
        FILE: MessageBody.Content.Type
        COMMAND: MessageBody.Content.Type
        CUSTOM: MessageBody.Content.Type
        COMBINE: MessageBody.Content.Type
        class SubType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            SUB_COMBINE: _ClassVar[MessageBody.Content.SubType]
            SUB_GIF: _ClassVar[MessageBody.Content.SubType]
            SUB_STREAM: _ClassVar[MessageBody.Content.SubType]
        SUB_COMBINE: MessageBody.Content.SubType
        SUB_GIF: MessageBody.Content.SubType
        SUB_STREAM: MessageBody.Content.SubType
        class Size(_message.Message):
            __slots__ = ("width", "height")
            WIDTH_FIELD_NUMBER: _ClassVar[int]
            HEIGHT_FIELD_NUMBER: _ClassVar[int]
            width: float
            height: float
            def __init__(self, width: _Optional[float] = ..., height: _Optional[float] = ...) -> None: ...
        TYPE_FIELD_NUMBER: _ClassVar[int]
        TEXT_FIELD_NUMBER: _ClassVar[int]
        LATITUDE_FIELD_NUMBER: _ClassVar[int]
        LONGITUDE_FIELD_NUMBER: _ClassVar[int]
        ADDRESS_FIELD_NUMBER: _ClassVar[int]
        DISPLAYNAME_FIELD_NUMBER: _ClassVar[int]
        REMOTEPATH_FIELD_NUMBER: _ClassVar[int]
        SECRETKEY_FIELD_NUMBER: _ClassVar[int]
        FILELENGTH_FIELD_NUMBER: _ClassVar[int]
        ACTION_FIELD_NUMBER: _ClassVar[int]
        PARAMS_FIELD_NUMBER: _ClassVar[int]
        DURATION_FIELD_NUMBER: _ClassVar[int]
        SIZE_FIELD_NUMBER: _ClassVar[int]
        THUMBNAILREMOTEPATH_FIELD_NUMBER: _ClassVar[int]
        THUMBNAILSECRETKEY_FIELD_NUMBER: _ClassVar[int]
        THUMBNAILDISPLAYNAME_FIELD_NUMBER: _ClassVar[int]
        THUMBNAILFILELENGTH_FIELD_NUMBER: _ClassVar[int]
        THUMBNAILSIZE_FIELD_NUMBER: _ClassVar[int]
        CUSTOMEVENT_FIELD_NUMBER: _ClassVar[int]
        CUSTOMEXTS_FIELD_NUMBER: _ClassVar[int]
        BUILDINGNAME_FIELD_NUMBER: _ClassVar[int]
        SUBTYPE_FIELD_NUMBER: _ClassVar[int]
        TITLE_FIELD_NUMBER: _ClassVar[int]
        SUMMARY_FIELD_NUMBER: _ClassVar[int]
        COMBINELEVEL_FIELD_NUMBER: _ClassVar[int]
        type: MessageBody.Content.Type
        text: str
        latitude: float
        longitude: float
        address: str
        displayName: str
        remotePath: str
        secretKey: str
        fileLength: int
        action: str
        params: _containers.RepeatedCompositeFieldContainer[KeyValue]
        duration: int
        size: MessageBody.Content.Size
        thumbnailRemotePath: str
        thumbnailSecretKey: str
        thumbnailDisplayName: str
        thumbnailFileLength: int
        thumbnailSize: MessageBody.Content.Size
        customEvent: str
        customExts: _containers.RepeatedCompositeFieldContainer[KeyValue]
        buildingName: str
        subType: MessageBody.Content.SubType
        title: str
        summary: str
        combineLevel: int
        def __init__(self, type: _Optional[_Union[MessageBody.Content.Type, str]] = ..., text: _Optional[str] = ..., latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., address: _Optional[str] = ..., displayName: _Optional[str] = ..., remotePath: _Optional[str] = ..., secretKey: _Optional[str] = ..., fileLength: _Optional[int] = ..., action: _Optional[str] = ..., params: _Optional[_Iterable[_Union[KeyValue, _Mapping]]] = ..., duration: _Optional[int] = ..., size: _Optional[_Union[MessageBody.Content.Size, _Mapping]] = ..., thumbnailRemotePath: _Optional[str] = ..., thumbnailSecretKey: _Optional[str] = ..., thumbnailDisplayName: _Optional[str] = ..., thumbnailFileLength: _Optional[int] = ..., thumbnailSize: _Optional[_Union[MessageBody.Content.Size, _Mapping]] = ..., customEvent: _Optional[str] = ..., customExts: _Optional[_Iterable[_Union[KeyValue, _Mapping]]] = ..., buildingName: _Optional[str] = ..., subType: _Optional[_Union[MessageBody.Content.SubType, str]] = ..., title: _Optional[str] = ..., summary: _Optional[str] = ..., combineLevel: _Optional[int] = ...) -> None: ...
    class MessageConfig(_message.Message):
        __slots__ = ("allowGroupAck",)
        ALLOWGROUPACK_FIELD_NUMBER: _ClassVar[int]
        allowGroupAck: bool
        def __init__(self, allowGroupAck: bool = ...) -> None: ...
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    EXT_FIELD_NUMBER: _ClassVar[int]
    ACKMESSAGEID_FIELD_NUMBER: _ClassVar[int]
    MSGCONFIG_FIELD_NUMBER: _ClassVar[int]
    ACKCONTENT_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    EDITMESSAGEID_FIELD_NUMBER: _ClassVar[int]
    EDITSCOPE_FIELD_NUMBER: _ClassVar[int]
    type: MessageBody.Type
    to: JID
    contents: _containers.RepeatedCompositeFieldContainer[MessageBody.Content]
    ext: _containers.RepeatedCompositeFieldContainer[KeyValue]
    ackMessageId: int
    msgConfig: MessageBody.MessageConfig
    ackContent: str
    meta: str
    editMessageId: int
    editScope: MessageBody.EditScope
    def __init__(self, type: _Optional[_Union[MessageBody.Type, str]] = ..., to: _Optional[_Union[JID, _Mapping]] = ..., contents: _Optional[_Iterable[_Union[MessageBody.Content, _Mapping]]] = ..., ext: _Optional[_Iterable[_Union[KeyValue, _Mapping]]] = ..., ackMessageId: _Optional[int] = ..., msgConfig: _Optional[_Union[MessageBody.MessageConfig, _Mapping]] = ..., ackContent: _Optional[str] = ..., meta: _Optional[str] = ..., editMessageId: _Optional[int] = ..., editScope: _Optional[_Union[MessageBody.EditScope, str]] = ..., **kwargs) -> None: ...

class Meta(_message.Message):
    __slots__ = ("id", "to", "timestamp", "ns", "payload", "routetype", "ext", "meta", "directedUsers")
    class NameSpace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATISTIC: _ClassVar[Meta.NameSpace]
        CHAT: _ClassVar[Meta.NameSpace]
        MUC: _ClassVar[Meta.NameSpace]
        ROSTER: _ClassVar[Meta.NameSpace]
        CONFERENCE: _ClassVar[Meta.NameSpace]
        NOTIFY: _ClassVar[Meta.NameSpace]
        QUERY: _ClassVar[Meta.NameSpace]
    STATISTIC: Meta.NameSpace
    CHAT: Meta.NameSpace
    MUC: Meta.NameSpace
    ROSTER: Meta.NameSpace
    CONFERENCE: Meta.NameSpace
    NOTIFY: Meta.NameSpace
    QUERY: Meta.NameSpace
    class RouteType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ROUTE_ALL: _ClassVar[Meta.RouteType]
        ROUTE_ONLINE: _ClassVar[Meta.RouteType]
        ROUTE_DIRECT: _ClassVar[Meta.RouteType]
    ROUTE_ALL: Meta.RouteType
    ROUTE_ONLINE: Meta.RouteType
    ROUTE_DIRECT: Meta.RouteType
    ID_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    NS_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    ROUTETYPE_FIELD_NUMBER: _ClassVar[int]
    EXT_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    DIRECTEDUSERS_FIELD_NUMBER: _ClassVar[int]
    id: int
    to: JID
    timestamp: int
    ns: Meta.NameSpace
    payload: bytes
    routetype: Meta.RouteType
    ext: _containers.RepeatedCompositeFieldContainer[KeyValue]
    meta: bytes
    directedUsers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[int] = ..., to: _Optional[_Union[JID, _Mapping]] = ..., timestamp: _Optional[int] = ..., ns: _Optional[_Union[Meta.NameSpace, str]] = ..., payload: _Optional[bytes] = ..., routetype: _Optional[_Union[Meta.RouteType, str]] = ..., ext: _Optional[_Iterable[_Union[KeyValue, _Mapping]]] = ..., meta: _Optional[bytes] = ..., directedUsers: _Optional[_Iterable[str]] = ..., **kwargs) -> None: ...
