"""The emulator's state on disk: everything that was answered is there again after a restart.

The domain is the same, and so is the store in memory. `recording_store`, `recording_view` and
`recorded_parts` also note what changes in it, as the rows of `contents`. `keeper` writes them before a
response leaves (`write_first`), `restoring` builds the apps from them at the next start, and `database` is
SQLite.
"""
