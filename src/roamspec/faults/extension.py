"""The faults and disturbances of this package as an extension of an emulator, loaded when they are used."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from roamspec.emulator.apps import App
from roamspec.emulator.extension import Schedule


class FaultExtension:
    """What every emulator of roamspec is started with."""

    def __init__(self, fault_files: Sequence[Path] = ()) -> None:
        """`fault_files` are Python files that register faults of somebody's own."""
        self._fault_files = fault_files

    def fault_list(self) -> Sequence[Mapping[str, Any]]:
        """Every registered fault, those of the fault files among them."""
        from roamspec.faults.registry import known, load_faults

        load_faults(self._fault_files)
        return [
            {"name": f.name, "operations": f.operations, "refutes": f.refutes, "sentence": f.sentence}
            for f in known().values()
        ]

    def switch_on(self, app: App, names: Sequence[str]) -> None:
        """Give an app these faults and no others; ConfigurationError for an unknown one."""
        from roamspec.faults.registry import load_faults, switch_on

        load_faults(self._fault_files)
        switch_on(app, names)

    def disturbance_kinds(self) -> Mapping[str, str]:
        """Each kind of disturbance with a sentence on it."""
        from roamspec.faults.disturbances import KINDS

        return KINDS

    def schedule(self, rules: Sequence[Any], *, where: str) -> Schedule | None:
        """A fresh schedule of these rules, None for no rules; ConfigurationError for one that cannot be
        read."""
        if not rules:
            return None
        from roamspec.faults.disturbances import Schedule, parse_rule, read_rule

        return Schedule(
            [
                parse_rule(rule, where=where) if isinstance(rule, str) else read_rule(rule, where=where)
                for rule in rules
            ]
        )
