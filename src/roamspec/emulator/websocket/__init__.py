"""The WebSocket side of the service: real client SDKs log in here, send, and are notified of deletions.

`endpoint` connects a socket, `session` understands what a device says, `login` decides who it is, `frames`
builds what it is notified, `notices` the JSON of deletions, `queues` holds what it has to fetch, `sending`
hands on what it sends, `direct` writes to idle devices in one pass, `watch` ends what has run out, `record`
writes the journal, `protocol` is uvicorn's part.
"""
