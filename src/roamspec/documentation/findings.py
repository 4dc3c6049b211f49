"""What a comparison of a page with the contract yields."""

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["agrees", "changed", "added", "removed"]
"""`added` is on the page and not in the contract, `removed` the other way round."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact, as the contract and the page have it.

    `operation` is a name of the contract, or the page's method and path where the contract has none. `fact`
    is the place of the fact, as `contracts/citations.yaml` names it: `query/msgIdList`. `aspect` is what of
    it was compared. `contract` and `page` are what each says. `line` is that of the page, None where it has
    none.
    """

    operation: str
    fact: str
    aspect: str
    outcome: Outcome
    contract: str = ""
    page: str = ""
    line: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether page and contract say the same."""
        return self.outcome == "agrees"

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON; `line` is that of the page."""
        return {
            "operation": self.operation,
            "fact": self.fact,
            "aspect": self.aspect,
            "outcome": self.outcome,
            "contract": self.contract,
            "page": self.page,
            "line": self.line,
        }


def compared(
    operation: str, fact: str, aspect: str, *, contract: object, page: object, line: int | None = None
) -> Finding:
    """A finding on two values: None is what one of them does not say."""
    outcome: Outcome = "changed"
    if contract == page:
        outcome = "agrees"
    elif contract is None or page is None:
        outcome = "added" if contract is None else "removed"
    return Finding(operation, fact, aspect, outcome, _shown(contract), _shown(page), line)


def _shown(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
