"""Loads modules from changed syntax trees instead of from their files."""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, ModuleType
from typing import Final

PROBE: Final = "_roamspec_reached"
"""The name that instrumented code calls."""

Trees = Mapping[str, Callable[[], ast.Module]]


class TreeFinder(importlib.abc.MetaPathFinder):
    """Finds the modules that have a tree; `reached`, if given, is what their probes call."""

    def __init__(self, trees: Trees, reached: Callable[[str, int], None] | None = None) -> None:
        self._trees = trees
        self._reached = reached

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - the form of the interface
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module whose tree was changed; None for every other one."""
        if fullname not in self._trees:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is None or spec.origin is None:
            return None
        loader = _TreeLoader(fullname, spec.origin, self._trees[fullname], self._reached)
        return importlib.util.spec_from_file_location(fullname, spec.origin, loader=loader)

    def install(self) -> None:
        """Before everything else that finds modules; a module that is loaded already stays as it is."""
        loaded = sorted(self._trees.keys() & sys.modules.keys())
        if loaded:
            raise ImportError(f"{loaded[0]} is loaded already, and cannot be changed any more.")
        sys.meta_path.insert(0, self)


class _TreeLoader(importlib.machinery.SourceFileLoader):
    def __init__(
        self,
        fullname: str,
        path: str,
        tree: Callable[[], ast.Module],
        reached: Callable[[str, int], None] | None,
    ) -> None:
        super().__init__(fullname, path)
        self._tree = tree
        self._reached = reached

    def get_code(self, fullname: str) -> CodeType:
        code = compile(self._tree(), self.get_filename(fullname), "exec")
        assert isinstance(code, CodeType)
        return code

    def exec_module(self, module: ModuleType) -> None:
        reached, name = self._reached, module.__name__
        if reached is not None:
            module.__dict__[PROBE] = lambda number: reached(name, number)
        super().exec_module(module)
