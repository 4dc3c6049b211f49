"""What each check has cost, what it said that it may cost, and what is left."""

from roamspec.report.costs import Costs
from roamspec.results.events import CheckFinished, RunFinished


def run() -> Costs:
    costs = Costs()
    costs(CheckFinished("limit.a[clearUser]", "pass", 0.5, requests=12, may_cost=20))
    costs(CheckFinished("effect.b[clearUser]", "pass", 1.5, requests=30, may_cost=25))
    costs(CheckFinished("effect.c[clearUser]", "pass", 0.0, requests=2))
    costs(RunFinished(3.0, 100, "complete"))
    return costs


def test_the_dearest_comes_first_and_what_is_beyond_is_reported() -> None:
    head, *rows = run().lines(2000)

    assert head.split() == ["check", "requests", "may", "cost", "seconds"]
    assert rows[0].split() == ["effect.b[clearUser]", "30", "25", "1.5", "more", "than", "declared"]
    assert rows[1].split() == ["limit.a[clearUser]", "12", "20", "0.5"]
    assert rows[2].split() == ["effect.c[clearUser]", "2", "?", "0.0"]
    assert [cost.check for cost in run().beyond] == ["effect.b[clearUser]"]


def test_what_no_check_sent_and_what_is_left() -> None:
    *_, shared, left = run().lines(2000)

    assert shared.split()[-1] == "56"
    assert left == "100 requests of 2,000; 1,900 left."
    assert run().lines(0)[-1] == "100 requests, no bound."


def test_a_run_without_checks() -> None:
    assert Costs().lines(2000) == ("No check has run.",)
