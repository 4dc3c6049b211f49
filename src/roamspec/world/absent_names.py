"""Users and groups that do not exist: each is looked up once for all checks of a session."""

from dataclasses import dataclass, field

from roamspec.world.world import World


@dataclass
class AbsentNames:
    """The names that were looked up so far."""

    users: dict[str, str] = field(default_factory=dict)
    """By how the name ends."""
    groups: list[str] = field(default_factory=list)

    def user(self, world: World, suffix: str = "") -> str:
        """The ID of a user who does not exist, ending with `suffix`."""
        if suffix not in self.users:
            self.users[suffix] = world.absent_user(suffix)
        return self.users[suffix]

    def group(self, world: World) -> str:
        """The ID of a group that does not exist."""
        if not self.groups:
            self.groups.append(world.no_group())
        return self.groups[0]
