"""Requirements of somebody's own: a `conftest.py` returns them from `pytest_roamspec_requirements`."""

from roamspec.contract.citations import Page, Source
from roamspec.contract.operations import slug_of
from roamspec.contract.requirements import Level, Requirement


def requirement(
    name: str,
    operation: str,
    *,
    title: str,
    page: str,
    url: str = "",
    level: Level = "must",
    capabilities: tuple[str, ...] = (),
) -> Requirement:
    """A requirement of one operation, such as `house.ten-ids-accepted` of `deleteChatMessages`.

    `title` says it in one sentence, `page` (at `url`) is where it is agreed; a failure of a `must` blocks.
    `capabilities` are what a target must let a check arrange or observe.
    """
    return Requirement(
        id=f"{slug_of(operation)}.{name}",
        operation=operation,
        title=title,
        level=level,
        evidence="documented",
        sources=(Source(Page(page, url), section="", says=title),),
        capabilities=capabilities,
        family=name.partition(".")[0],
        unchecked="",
        since=0,
    )
