"""State in Redis or Valkey, for many workers that are one service.

Each worker holds a replica of every app that it serves, and calls are computed on it by the same code as
without a store. What a call changes is recorded, and one atomic script writes it, unless another worker has
written since: then the replica takes that over, and the call is computed again. Nothing is answered before.

`keys` and `scripts` are what stands in the store, `connection` talks to it; `replica` is one app, `turns`
the calls of one app one after the other, `state` all apps of one worker, `following` what other workers tell.
"""
