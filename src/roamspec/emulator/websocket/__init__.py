"""The WebSocket side of the service: real client SDKs log in here, send, and are notified of deletions.

`endpoint` connects a socket, `session` understands what a device says, `login` decides who it is, `frames`
builds what is written to it, `notices` the JSON of deletions, `queues` holds what waits until it fetches,
`sending` delivers what it sends, `direct` writes to idle devices in one pass, `watch` ends connections
without a login and expired logins, `record` writes the journal, `protocol` is uvicorn's part.
"""
