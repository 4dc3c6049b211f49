"""What can be wrong with the store."""

from roamspec.errors import TargetError


class StoreError(TargetError):
    """The store cannot be used: said once, at the start."""


class StoreGone(Exception):  # noqa: N818 - a state of the store
    """The store does not answer now. Whoever asked is told to come again."""


class AppGone(Exception):  # noqa: N818
    """The app was removed, by another worker or in the store."""


class AppExistsError(Exception):
    """Another worker has made an app of this key meanwhile."""
