"""The five operations by the client that OpenAPI Generator makes, which stands in `client/`, unchanged."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from openapi_client import AllApi, ApiClient, ByIdApi, ByTimeApi, Configuration
from openapi_client.exceptions import NotFoundException

scenario = json.loads(Path(os.environ["ROAMSPEC_SCENARIO"]).read_text(encoding="utf-8"))
org, app = os.environ["ROAMSPEC_ORG"], os.environ["ROAMSPEC_APP"]
ids, meant = scenario["messages"], scenario["meant"]
group, now = scenario["groups"][0], time.time_ns() // 1_000_000
configuration = Configuration(
    host=os.environ["ROAMSPEC_BASE_URL"], access_token=os.environ["ROAMSPEC_APP_TOKEN"]
)

with ApiClient(configuration) as client:
    by_id, by_time = ByIdApi(client), ByTimeApi(client)
    by_id.delete_chat_messages("roamspec-owner", "roamspec-peer", ids[:2], org, app, is_notify=False)
    by_id.delete_group_messages("roamspec-owner", group, ids[60:62], org, app, is_notify=True)
    # Their IDs need escaping, and nobody has them.
    for owner in meant["users"][8:]:
        with suppress(NotFoundException):
            by_id.delete_chat_messages(owner, "roamspec-peer", ids[:2], org, app)
    for peer in meant["users"][1:]:
        by_time.clear_chat_before("roamspec-owner", peer, now, org, app, is_notify=True)
    for each in meant["groups"]:
        by_time.clear_group_before("roamspec-owner", each, now, org, app)
    AllApi(client).clear_user("roamspec-owner", org, app)
