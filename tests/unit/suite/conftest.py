"""Cases that judge without a run: a session whose target nobody answers for, unless a test does."""

from collections.abc import Iterator

import pytest

from roamspec.appkey import AppKey
from roamspec.config.credentials import Credentials
from roamspec.config.target_config import AppConfig, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract, Operation
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.suite import CheckContext, VerdictRecorder
from roamspec.transport.ledger import Kind, LedgerEntry

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
    opened = open_session(config, contract, limits=RequestLimits.at_rate(0))
    ours: list[tuple[Kind, str]] = [("user", "owner"), ("user", "peer"), ("group", "77")]
    for kind, name in ours:
        opened.ledger.made(LedgerEntry(KEY, kind, name))
    yield opened
    opened.close()


def judging(session: Session, operation: Operation, *names: str) -> CheckContext:
    """A case of `operation` whose judge can judge these names."""
    return CheckContext(session, operation, VerdictRecorder(operation.slug, dict.fromkeys(names, ""), names))


def verdicts(case: CheckContext) -> dict[str, str]:
    """What has been judged so far: names without the operation."""
    slug = f"{case.operation.slug}."
    return {j.requirement.removeprefix(slug): j.verdict for j in case.verdicts.judgements()}
