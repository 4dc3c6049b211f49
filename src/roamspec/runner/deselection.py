"""`--deselect` with requirements, beside the node IDs that pytest itself leaves out."""

import posixpath
from collections.abc import Mapping, Sequence
from types import ModuleType

import pytest

from roamspec.contract.requirements import Catalogue
from roamspec.errors import UsageError
from roamspec.spelling import nearest


def deselected_requirements(config: pytest.Config, catalogue: Catalogue) -> frozenset[str]:
    """The IDs that `--deselect` leaves out by an ID, an operation, a family or a pattern of them;
    pytest.UsageError for one that fits nothing."""
    patterns = [value for value in _given(config) if not _is_node(config, value)]
    try:
        return frozenset(r.id for r in catalogue.select(patterns)) if patterns else frozenset()
    except UsageError as error:
        raise pytest.UsageError(f"--deselect: {error}") from None


def unknown_node(config: pytest.Config, checks: Sequence[pytest.Function]) -> str:
    """A sentence on a node ID of `--deselect` in a file of `checks` that none of them has, empty if there is
    none: pytest says nothing of it. What it says of tests that are no checks is left to pytest."""
    modules = {check.nodeid.partition("::")[0]: check.module for check in checks}
    nodeids = [check.nodeid for check in checks]
    for node in (value for value in _given(config) if _is_node(config, value)):
        fits = any(nodeid.startswith(node) for nodeid in nodeids)
        if not fits and _should_be_there(config, node, modules, nodeids):
            near = nearest(node, [*nodeids, *modules])
            advice = f"did you mean {near}?" if near else "`--collect-only -q` lists them."
            return f"--deselect: no check fits {node}; {advice}"
    return ""


def _should_be_there(
    config: pytest.Config, node: str, modules: Mapping[str, ModuleType], nodeids: Sequence[str]
) -> bool:
    """Whether a node that fits nothing collected would have to; what was not asked for is not collected."""
    file, _, test = node.partition("::")
    if file not in modules:
        folders = {posixpath.dirname(each) for each in modules}
        return posixpath.dirname(file) in folders and not (config.rootpath / file).exists()
    function = test.partition("[")[0]
    if not hasattr(modules[file], function):
        return True
    return any(nodeid.startswith(f"{file}::{function}[") for nodeid in nodeids)


def _given(config: pytest.Config) -> Sequence[str]:
    return config.getoption("deselect", None) or ()


def _is_node(config: pytest.Config, value: str) -> bool:
    """Whether a value is a node ID or a path, and not a requirement."""
    if "::" in value or "/" in value or value.endswith(".py"):
        return True
    return any((folder / value).exists() for folder in (config.rootpath, config.invocation_params.dir))
