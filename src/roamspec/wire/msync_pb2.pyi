from roamspec.wire import message_body_pb2 as _message_body_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MSync(_message.Message):
    __slots__ = ("version", "guid", "auth", "compressAlgorimth", "crypto", "userAgent", "pov", "command", "payload", "deviceId", "encryptType", "encryptKey", "traceId")
    class Version(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MSYNC_V1: _ClassVar[MSync.Version]
        MSYNC_V2: _ClassVar[MSync.Version]
    MSYNC_V1: MSync.Version
    MSYNC_V2: MSync.Version
    class Command(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SYNC: _ClassVar[MSync.Command]
        UNREAD: _ClassVar[MSync.Command]
        NOTICE: _ClassVar[MSync.Command]
        PROVISION: _ClassVar[MSync.Command]
        LOGOUT: _ClassVar[MSync.Command]
    SYNC: MSync.Command
    UNREAD: MSync.Command
    NOTICE: MSync.Command
    PROVISION: MSync.Command
    LOGOUT: MSync.Command
    class EncryptType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ENCRYPT_NONE: _ClassVar[MSync.EncryptType]
        ENCRYPT_AES_128_CBC: _ClassVar[MSync.EncryptType]
        ENCRYPT_AES_256_CBC: _ClassVar[MSync.EncryptType]
    ENCRYPT_NONE: MSync.EncryptType
    ENCRYPT_AES_128_CBC: MSync.EncryptType
    ENCRYPT_AES_256_CBC: MSync.EncryptType
    VERSION_FIELD_NUMBER: _ClassVar[int]
    GUID_FIELD_NUMBER: _ClassVar[int]
    AUTH_FIELD_NUMBER: _ClassVar[int]
    COMPRESSALGORIMTH_FIELD_NUMBER: _ClassVar[int]
    CRYPTO_FIELD_NUMBER: _ClassVar[int]
    USERAGENT_FIELD_NUMBER: _ClassVar[int]
    POV_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    DEVICEID_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTTYPE_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTKEY_FIELD_NUMBER: _ClassVar[int]
    TRACEID_FIELD_NUMBER: _ClassVar[int]
    version: MSync.Version
    guid: _message_body_pb2.JID
    auth: str
    compressAlgorimth: int
    crypto: int
    userAgent: str
    pov: int
    command: MSync.Command
    payload: bytes
    deviceId: int
    encryptType: _containers.RepeatedScalarFieldContainer[MSync.EncryptType]
    encryptKey: str
    traceId: int
    def __init__(self, version: _Optional[_Union[MSync.Version, str]] = ..., guid: _Optional[_Union[_message_body_pb2.JID, _Mapping]] = ..., auth: _Optional[str] = ..., compressAlgorimth: _Optional[int] = ..., crypto: _Optional[int] = ..., userAgent: _Optional[str] = ..., pov: _Optional[int] = ..., command: _Optional[_Union[MSync.Command, str]] = ..., payload: _Optional[bytes] = ..., deviceId: _Optional[int] = ..., encryptType: _Optional[_Iterable[_Union[MSync.EncryptType, str]]] = ..., encryptKey: _Optional[str] = ..., traceId: _Optional[int] = ...) -> None: ...

class Status(_message.Message):
    __slots__ = ("errorCode", "reason", "redirectInfo")
    class ErrorCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OK: _ClassVar[Status.ErrorCode]
        FAIL: _ClassVar[Status.ErrorCode]
        UNAUTHORIZED: _ClassVar[Status.ErrorCode]
        MISSING_PARAMETER: _ClassVar[Status.ErrorCode]
        WRONG_PARAMETER: _ClassVar[Status.ErrorCode]
        REDIRECT: _ClassVar[Status.ErrorCode]
        TOKEN_EXPIRED: _ClassVar[Status.ErrorCode]
        PERMISSION_DENIED: _ClassVar[Status.ErrorCode]
        NO_ROUTE: _ClassVar[Status.ErrorCode]
        UNKNOWN_COMMAND: _ClassVar[Status.ErrorCode]
        PB_PARSER_ERROR: _ClassVar[Status.ErrorCode]
        BIND_ANOTHER_DEVICE: _ClassVar[Status.ErrorCode]
        IM_FORBIDDEN: _ClassVar[Status.ErrorCode]
        TOO_MANY_DEVICES: _ClassVar[Status.ErrorCode]
        PLATFORM_LIMIT: _ClassVar[Status.ErrorCode]
        USER_MUTED: _ClassVar[Status.ErrorCode]
        ENCRYPT_DISABLE: _ClassVar[Status.ErrorCode]
        ENCRYPT_ENABLE: _ClassVar[Status.ErrorCode]
        DECRYPT_FAILURE: _ClassVar[Status.ErrorCode]
        PERMISSION_DENIED_EXTERNAL: _ClassVar[Status.ErrorCode]
    OK: Status.ErrorCode
    FAIL: Status.ErrorCode
    UNAUTHORIZED: Status.ErrorCode
    MISSING_PARAMETER: Status.ErrorCode
    WRONG_PARAMETER: Status.ErrorCode
    REDIRECT: Status.ErrorCode
    TOKEN_EXPIRED: Status.ErrorCode
    PERMISSION_DENIED: Status.ErrorCode
    NO_ROUTE: Status.ErrorCode
    UNKNOWN_COMMAND: Status.ErrorCode
    PB_PARSER_ERROR: Status.ErrorCode
    BIND_ANOTHER_DEVICE: Status.ErrorCode
    IM_FORBIDDEN: Status.ErrorCode
    TOO_MANY_DEVICES: Status.ErrorCode
    PLATFORM_LIMIT: Status.ErrorCode
    USER_MUTED: Status.ErrorCode
    ENCRYPT_DISABLE: Status.ErrorCode
    ENCRYPT_ENABLE: Status.ErrorCode
    DECRYPT_FAILURE: Status.ErrorCode
    PERMISSION_DENIED_EXTERNAL: Status.ErrorCode
    class RedirectInfo(_message.Message):
        __slots__ = ("host", "port")
        HOST_FIELD_NUMBER: _ClassVar[int]
        PORT_FIELD_NUMBER: _ClassVar[int]
        host: str
        port: int
        def __init__(self, host: _Optional[str] = ..., port: _Optional[int] = ...) -> None: ...
    ERRORCODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REDIRECTINFO_FIELD_NUMBER: _ClassVar[int]
    errorCode: Status.ErrorCode
    reason: str
    redirectInfo: _containers.RepeatedCompositeFieldContainer[Status.RedirectInfo]
    def __init__(self, errorCode: _Optional[_Union[Status.ErrorCode, str]] = ..., reason: _Optional[str] = ..., redirectInfo: _Optional[_Iterable[_Union[Status.RedirectInfo, _Mapping]]] = ...) -> None: ...

class Provision(_message.Message):
    __slots__ = ("osType", "version", "networkType", "appSign", "compressType", "encryptType", "encryptKey", "status", "deviceUuid", "isManualLogin", "password", "deviceName", "resource", "auth", "serviceId", "actionVersion", "authToken", "osCustomValue", "sessionId", "reason", "protocolCompressType", "protocolCompressDirection")
    class OsType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        IOS: _ClassVar[Provision.OsType]
        ANDROID: _ClassVar[Provision.OsType]
        LINUX: _ClassVar[Provision.OsType]
        OSX: _ClassVar[Provision.OsType]
        WIN: _ClassVar[Provision.OsType]
        CUSTOM: _ClassVar[Provision.OsType]
        OTHER: _ClassVar[Provision.OsType]
    IOS: Provision.OsType
    ANDROID: Provision.OsType
    LINUX: Provision.OsType
    OSX: Provision.OsType
    WIN: Provision.OsType
    CUSTOM: Provision.OsType
    OTHER: Provision.OsType
    class CompressType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        COMPRESS_NONE: _ClassVar[Provision.CompressType]
        COMPRESS_ZLIB: _ClassVar[Provision.CompressType]
        COMPRESS_LZ4: _ClassVar[Provision.CompressType]
    COMPRESS_NONE: Provision.CompressType
    COMPRESS_ZLIB: Provision.CompressType
    COMPRESS_LZ4: Provision.CompressType
    class CompressDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ONLY_UP: _ClassVar[Provision.CompressDirection]
        ONLY_DOWN: _ClassVar[Provision.CompressDirection]
        BI: _ClassVar[Provision.CompressDirection]
    ONLY_UP: Provision.CompressDirection
    ONLY_DOWN: Provision.CompressDirection
    BI: Provision.CompressDirection
    OSTYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NETWORKTYPE_FIELD_NUMBER: _ClassVar[int]
    APPSIGN_FIELD_NUMBER: _ClassVar[int]
    COMPRESSTYPE_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTTYPE_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTKEY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DEVICEUUID_FIELD_NUMBER: _ClassVar[int]
    ISMANUALLOGIN_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    DEVICENAME_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    AUTH_FIELD_NUMBER: _ClassVar[int]
    SERVICEID_FIELD_NUMBER: _ClassVar[int]
    ACTIONVERSION_FIELD_NUMBER: _ClassVar[int]
    AUTHTOKEN_FIELD_NUMBER: _ClassVar[int]
    OSCUSTOMVALUE_FIELD_NUMBER: _ClassVar[int]
    SESSIONID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PROTOCOLCOMPRESSTYPE_FIELD_NUMBER: _ClassVar[int]
    PROTOCOLCOMPRESSDIRECTION_FIELD_NUMBER: _ClassVar[int]
    osType: Provision.OsType
    version: str
    networkType: int
    appSign: str
    compressType: _containers.RepeatedScalarFieldContainer[Provision.CompressType]
    encryptType: _containers.RepeatedScalarFieldContainer[MSync.EncryptType]
    encryptKey: str
    status: Status
    deviceUuid: str
    isManualLogin: bool
    password: str
    deviceName: str
    resource: str
    auth: str
    serviceId: str
    actionVersion: str
    authToken: str
    osCustomValue: int
    sessionId: str
    reason: str
    protocolCompressType: _containers.RepeatedScalarFieldContainer[Provision.CompressType]
    protocolCompressDirection: Provision.CompressDirection
    def __init__(self, osType: _Optional[_Union[Provision.OsType, str]] = ..., version: _Optional[str] = ..., networkType: _Optional[int] = ..., appSign: _Optional[str] = ..., compressType: _Optional[_Iterable[_Union[Provision.CompressType, str]]] = ..., encryptType: _Optional[_Iterable[_Union[MSync.EncryptType, str]]] = ..., encryptKey: _Optional[str] = ..., status: _Optional[_Union[Status, _Mapping]] = ..., deviceUuid: _Optional[str] = ..., isManualLogin: bool = ..., password: _Optional[str] = ..., deviceName: _Optional[str] = ..., resource: _Optional[str] = ..., auth: _Optional[str] = ..., serviceId: _Optional[str] = ..., actionVersion: _Optional[str] = ..., authToken: _Optional[str] = ..., osCustomValue: _Optional[int] = ..., sessionId: _Optional[str] = ..., reason: _Optional[str] = ..., protocolCompressType: _Optional[_Iterable[_Union[Provision.CompressType, str]]] = ..., protocolCompressDirection: _Optional[_Union[Provision.CompressDirection, str]] = ...) -> None: ...

class Logout(_message.Message):
    __slots__ = ("sessionId", "reason", "status")
    SESSIONID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    sessionId: str
    reason: str
    status: Status
    def __init__(self, sessionId: _Optional[str] = ..., reason: _Optional[str] = ..., status: _Optional[_Union[Status, _Mapping]] = ...) -> None: ...

class CommSyncUL(_message.Message):
    __slots__ = ("meta", "key", "queue", "isRoam", "lastFullRoamKey")
    META_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    ISROAM_FIELD_NUMBER: _ClassVar[int]
    LASTFULLROAMKEY_FIELD_NUMBER: _ClassVar[int]
    meta: _message_body_pb2.Meta
    key: int
    queue: _message_body_pb2.JID
    isRoam: bool
    lastFullRoamKey: int
    def __init__(self, meta: _Optional[_Union[_message_body_pb2.Meta, _Mapping]] = ..., key: _Optional[int] = ..., queue: _Optional[_Union[_message_body_pb2.JID, _Mapping]] = ..., isRoam: bool = ..., lastFullRoamKey: _Optional[int] = ...) -> None: ...

class CommSyncDL(_message.Message):
    __slots__ = ("status", "metaId", "serverId", "metas", "nextKey", "queue", "isLast", "timestamp", "isRoam")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    METAID_FIELD_NUMBER: _ClassVar[int]
    SERVERID_FIELD_NUMBER: _ClassVar[int]
    METAS_FIELD_NUMBER: _ClassVar[int]
    NEXTKEY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    ISLAST_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    ISROAM_FIELD_NUMBER: _ClassVar[int]
    status: Status
    metaId: int
    serverId: int
    metas: _containers.RepeatedCompositeFieldContainer[_message_body_pb2.Meta]
    nextKey: int
    queue: _message_body_pb2.JID
    isLast: bool
    timestamp: int
    isRoam: bool
    def __init__(self, status: _Optional[_Union[Status, _Mapping]] = ..., metaId: _Optional[int] = ..., serverId: _Optional[int] = ..., metas: _Optional[_Iterable[_Union[_message_body_pb2.Meta, _Mapping]]] = ..., nextKey: _Optional[int] = ..., queue: _Optional[_Union[_message_body_pb2.JID, _Mapping]] = ..., isLast: bool = ..., timestamp: _Optional[int] = ..., isRoam: bool = ...) -> None: ...

class CommNotice(_message.Message):
    __slots__ = ("queue",)
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    queue: _message_body_pb2.JID
    def __init__(self, queue: _Optional[_Union[_message_body_pb2.JID, _Mapping]] = ...) -> None: ...

class CommUnreadUL(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MetaQueue(_message.Message):
    __slots__ = ("queue", "n")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    queue: _message_body_pb2.JID
    n: int
    def __init__(self, queue: _Optional[_Union[_message_body_pb2.JID, _Mapping]] = ..., n: _Optional[int] = ...) -> None: ...

class CommUnreadDL(_message.Message):
    __slots__ = ("status", "unread", "timestamp")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    UNREAD_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    status: Status
    unread: _containers.RepeatedCompositeFieldContainer[MetaQueue]
    timestamp: int
    def __init__(self, status: _Optional[_Union[Status, _Mapping]] = ..., unread: _Optional[_Iterable[_Union[MetaQueue, _Mapping]]] = ..., timestamp: _Optional[int] = ...) -> None: ...

class StatisticsBody(_message.Message):
    __slots__ = ("operation", "os", "version", "network", "imTime", "chatTime", "location", "reason")
    class Operation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        INFORMATION: _ClassVar[StatisticsBody.Operation]
        USER_REMOVED: _ClassVar[StatisticsBody.Operation]
        USER_LOGIN_ANOTHER_DEVICE: _ClassVar[StatisticsBody.Operation]
        USER_KICKED_BY_CHANGE_PASSWORD: _ClassVar[StatisticsBody.Operation]
        USER_KICKED_BY_OTHER_DEVICE: _ClassVar[StatisticsBody.Operation]
    INFORMATION: StatisticsBody.Operation
    USER_REMOVED: StatisticsBody.Operation
    USER_LOGIN_ANOTHER_DEVICE: StatisticsBody.Operation
    USER_KICKED_BY_CHANGE_PASSWORD: StatisticsBody.Operation
    USER_KICKED_BY_OTHER_DEVICE: StatisticsBody.Operation
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    OS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    IMTIME_FIELD_NUMBER: _ClassVar[int]
    CHATTIME_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    operation: StatisticsBody.Operation
    os: int
    version: str
    network: int
    imTime: int
    chatTime: int
    location: str
    reason: str
    def __init__(self, operation: _Optional[_Union[StatisticsBody.Operation, str]] = ..., os: _Optional[int] = ..., version: _Optional[str] = ..., network: _Optional[int] = ..., imTime: _Optional[int] = ..., chatTime: _Optional[int] = ..., location: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
