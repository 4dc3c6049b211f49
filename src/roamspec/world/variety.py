"""What differs between the worlds of checks by chance: ages, types and senders of messages, who made a group.

No check relies on it. What a target was not seen to allow is left as it is.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from roamspec.api.message_bodies import TEXT
from roamspec.session.capabilities import Capabilities
from roamspec.world.conversations import MessageDraft

_DAY_MS: Final = 86_400_000
AGES_MS: Final = (8 * _DAY_MS, 95 * _DAY_MS)
_RECENT: Final = 0.3
"""The share of conversations whose messages are all recent."""
OLDEST_MS: Final = 200 * _DAY_MS
"""Age of what lies before everything else."""


@dataclass
class Variety:
    """Draws from the seed of the run; each draw is another one."""

    seed: int
    _count: Iterator[int] = field(default_factory=itertools.count)

    def dice(self) -> Random:
        """A source of random numbers of its own for each draw."""
        return Random(f"{self.seed} world {next(self._count)}")  # noqa: S311 - no secret

    def one_in(self, number: int) -> bool:
        """True for one draw in `number`."""
        return self.dice().randrange(number) == 0

    def varied(
        self, drafts: Sequence[MessageDraft], capabilities: Capabilities, *, dated: bool, apart: bool
    ) -> list[MessageDraft]:
        """The drafts with other ages, types and senders, in the same order of times.

        `dated` says whether their dates may be ours, `apart` whether no two may have the same time.
        """
        dice, changed = self.dice(), list(drafts)
        senders = list(dict.fromkeys(draft.sender for draft in drafts))
        if len(senders) > 1 and dice.random() < 0.5:
            following = dict(zip(senders, [*senders[1:], senders[0]], strict=True))
            changed = [replace(draft, sender=following[draft.sender]) for draft in changed]
        types = sorted(capabilities.message_types)
        if types and dice.random() < 0.5:
            for place in dice.sample(range(len(changed)), min(2, len(changed))):
                if changed[place].type == TEXT:
                    changed[place] = replace(changed[place], type=dice.choice(types))
        if dated:
            changed = _older(dice, changed, capabilities)
            if not apart and capabilities.import_ties and len(changed) > 2 and dice.random() < 0.5:
                changed[1] = replace(changed[1], before_now_ms=changed[0].before_now_ms)
        return changed


def _older(dice: Random, drafts: Sequence[MessageDraft], capabilities: Capabilities) -> list[MessageDraft]:
    """The first of them older; the last one stays, so that what comes next is not far off."""
    if not capabilities.keeps_old_messages or len(drafts) < 2 or dice.random() < _RECENT:
        return list(drafts)
    count = dice.randrange(1, len(drafts))
    # Some are months old, and some of the rest are days old: what goes by age may take either.
    oldest = dice.randrange(count + 1)
    return [
        replace(draft, before_now_ms=draft.before_now_ms + AGES_MS[place < oldest])
        if place < count and draft.before_now_ms is not None
        else draft
        for place, draft in enumerate(drafts)
    ]
