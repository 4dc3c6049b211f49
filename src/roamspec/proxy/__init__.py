"""Stands between an SDK and a real service: passes everything on unchanged, and judges both sides.

`upstream` opens connections to the service, `relay` passes the bytes of one connection on, `framing` reads
them beside it, `server` listens, `observed` makes calls of what passed, `judgement` the report, `recording`
cassettes. Nothing is sent that the client did not send.
"""
