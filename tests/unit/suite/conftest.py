"""Cases that judge without a run: a session whose target nobody answers for, unless a test does."""

from collections.abc import Iterator

import pytest

from roamspec.appkey import AppKey
from roamspec.client.ledger import Entry, Kind
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract, Operation
from roamspec.suite import Case, Judge
from roamspec.target.config import AppConfig, TargetConfig
from roamspec.target.credentials import Credentials
from roamspec.target.session import Session, open_session

KEY = AppKey("acme", "parlor")


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def session(contract: Contract) -> Iterator[Session]:
    """A session of the app acme#parlor, in which `owner`, `peer` and the group 77 are ours."""
    config = TargetConfig(
        base_url="http://service.test",
        main=AppConfig(KEY, Credentials("the-client-id", "the-secret", "YWMtApp")),
    )
    opened = open_session(config, contract, rate=0)
    ours: list[tuple[Kind, str]] = [("user", "owner"), ("user", "peer"), ("group", "77")]
    for kind, name in ours:
        opened.ledger.made(Entry(KEY, kind, name))
    yield opened
    opened.close()


def judging(session: Session, operation: Operation, *names: str) -> Case:
    """A case of `operation` whose judge can judge these names."""
    return Case(session, operation, Judge(operation.slug, dict.fromkeys(names, ""), names))


def verdicts(case: Case) -> dict[str, str]:
    """What has been judged so far: names without the operation."""
    slug = f"{case.operation.slug}."
    return {j.requirement.removeprefix(slug): j.verdict for j in case.judge.judgements()}
