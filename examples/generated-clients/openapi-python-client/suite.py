"""The five operations by the client that openapi-python-client makes, which stands in `client/`."""

import json
import os
import time
from pathlib import Path

from one_way_deletion_of_roaming_messages_client import AuthenticatedClient
from one_way_deletion_of_roaming_messages_client.api.all_ import clear_user
from one_way_deletion_of_roaming_messages_client.api.by_id import delete_chat_messages, delete_group_messages
from one_way_deletion_of_roaming_messages_client.api.by_time import clear_chat_before, clear_group_before

scenario = json.loads(Path(os.environ["ROAMSPEC_SCENARIO"]).read_text(encoding="utf-8"))
org, app = os.environ["ROAMSPEC_ORG"], os.environ["ROAMSPEC_APP"]
ids, meant = scenario["messages"], scenario["meant"]
group, now = scenario["groups"][0], time.time_ns() // 1_000_000

with AuthenticatedClient(
    base_url=os.environ["ROAMSPEC_BASE_URL"], token=os.environ["ROAMSPEC_APP_TOKEN"]
) as client:
    for owner in meant["users"][:1] + meant["users"][8:]:
        delete_chat_messages.sync(
            org,
            app,
            owner,
            client=client,
            user_id_query="roamspec-peer",
            msg_id_list=ids[:1],
            is_notify=False,
        )
        delete_group_messages.sync(org, app, owner, client=client, group_id=group, msg_id_list=ids[60:62])
    for peer in meant["users"][1:]:
        clear_chat_before.sync(org, app, "roamspec-owner", client=client, user_id_query=peer, del_time=now)
    for each in meant["groups"]:
        clear_group_before.sync(org, app, "roamspec-owner", client=client, group_id=each, del_time=now)
    clear_user.sync(org, app, "roamspec-owner", client=client)
