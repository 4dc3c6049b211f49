"""What each layer of checks detects alone."""

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, LEFT, TOLD

from roamspec.selftest.layers import LAYERS, LayerResults, layer_of
from roamspec.selftest.layers_text import layers_text
from roamspec.suite.checks import checks, checks_of
from roamspec.suite.marks import MARKERS

RESULTS = LayerResults(
    (GONE, TOLD, LEFT, CLEARED),
    {
        "examples": frozenset({GONE.name, LEFT.name}),
        "sequences": frozenset({GONE.name, CLEARED.name}),
    },
    {"examples": 1200, "sequences": 340},
    ("sequences, two: the run ended early",),
)
TEXT = """\
family           faults  examples  sequences
effect                2         1          2
notify                1         0          0
list                  1         1          0
all                   4         2          2
share                      50.0 %     50.0 %
only this layer                 1          1
requests                    1,200        340

Only examples detect:
  one.list.stays

Only sequences detect:
  two.effect.nothing-cleared

No layer detects alone:
  one.notify.nobody

Runs without a verdict:
  sequences, two: the run ended early
"""


@pytest.fixture(autouse=True, scope="module")
def known_marks(pytestconfig: pytest.Config) -> None:
    """This session of pytest is not one of checks, and rejects marks that it does not know."""
    for mark in MARKERS:
        pytestconfig.addinivalue_line("markers", mark)


def test_faults_that_one_layer_alone_detects() -> None:
    assert RESULTS.only("examples") == [LEFT.name]
    assert RESULTS.only("sequences") == [CLEARED.name]
    assert RESULTS.undetected == [TOLD.name]


def test_the_table() -> None:
    assert layers_text(RESULTS) == TEXT


def test_every_check_belongs_to_a_layer() -> None:
    assert {layer_of(name) for name in checks()} == set(LAYERS)


def test_smaller_profiles_have_fewer_layers() -> None:
    quick, deep = checks_of("quick"), checks_of("deep")

    assert set(quick) < set(deep)
    assert dict(deep) == dict(checks())
    assert "concurrency" not in {layer_of(name) for name in quick}
