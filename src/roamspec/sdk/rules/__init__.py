"""The judgements, one module per family: pure functions over calls."""

from typing import Final

from roamspec.sdk.finding import JudgeCall
from roamspec.sdk.rules import escaping, headers, request, unknown, values

OF_EACH_CALL: Final[tuple[JudgeCall, ...]] = (
    request.required_parameters,
    request.each_parameter_once,
    request.ids_separated_by_commas,
    request.owner_is_not_the_peer,
    escaping.owner_arrives_as_meant,
    escaping.conversation_arrives_as_meant,
    escaping.message_ids_arrive_as_meant,
    values.at_most_fifty_ids,
    values.whole_number,
    values.milliseconds,
    values.spelled_as_documented,
    headers.bearer_token,
    headers.token_accepted,
    headers.content_type,
    headers.accept,
    unknown.no_unknown_parameters,
    unknown.no_body,
)
