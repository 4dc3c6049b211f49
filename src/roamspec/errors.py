"""Every error that roamspec raises on purpose, and whose fault each one is.

    RoamspecError
    ├── UsageError          the person's: an option, a file, a folder; nothing was sent   (status 2)
    │   ├── ConfigurationError   a target option, variable or key that cannot be used
    │   └── ContractError        a file of contracts/ that is wrong
    ├── TargetError         the target's or the network's: it could not be tested         (status 3)
    │   ├── Unreachable          nobody answers, or not within the deadline
    │   ├── CredentialsRefused   the token request or the token was rejected
    │   ├── SetupFailed          a world could not be arranged
    │   └── BudgetSpent       the run may not send any more requests
    └── SuiteError          ours: the suite itself failed, or was cut short               (status 4)
        └── GuardError           a request that must never leave was blocked

Each message is one sentence that says what is wrong, where, and what to do.
"""

from typing import ClassVar


class RoamspecError(Exception):
    """Base of all; `exit_status` is what the command ends with."""

    exit_status: ClassVar[int] = 4


class UsageError(RoamspecError):
    """The command was called in a way that it does not understand; nothing was sent."""

    exit_status = 2


class ConfigurationError(UsageError):
    """An option, variable or key of the target configuration cannot be used."""


class ContractError(UsageError):
    """A file of `contracts/` is damaged; the message names file, entry and reason."""


class TargetError(RoamspecError):
    """The target cannot be tested, or not to the end."""

    exit_status = 3


class Unreachable(TargetError):  # noqa: N818 - a state of the target, named as people say it
    """The target does not answer, or not within the deadline."""


class CredentialsRefused(TargetError):  # noqa: N818
    """The target rejected the client ID and secret, or the token."""


class SetupFailed(TargetError):  # noqa: N818
    """The target answered, but users, groups or messages could not be arranged."""


class BudgetSpent(TargetError):  # noqa: N818
    """The run has sent as many requests as it may."""


class SuiteError(RoamspecError):
    """The suite itself failed: no verdict."""

    exit_status = 4


class GuardError(SuiteError):
    """A request was stopped before it was sent, because it names what this run did not make."""
