"""The faults and disturbances of this package as an extension of an emulator, loaded when they are used."""

from collections.abc import Mapping, Sequence
from typing import Any

from roamspec.emulator.apps import App
from roamspec.emulator.extension import Schedule


class FaultExtension:
    """What every emulator of roamspec is started with."""

    def fault_list(self) -> Sequence[Mapping[str, Any]]:
        from roamspec.emulator.faults.registry import known

        return [
            {"name": f.name, "operations": f.operations, "refutes": f.refutes, "sentence": f.sentence}
            for f in known().values()
        ]

    def switch_on(self, app: App, names: Sequence[str]) -> None:
        from roamspec.emulator.faults.registry import switch_on

        switch_on(app, names)

    def disturbance_kinds(self) -> Mapping[str, str]:
        from roamspec.emulator.nuisances import KINDS

        return KINDS

    def schedule(self, rules: Sequence[Any], *, where: str) -> Schedule | None:
        if not rules:
            return None
        from roamspec.emulator.nuisances import Schedule, parse_rule, read_rule

        return Schedule(
            [
                parse_rule(rule, where=where) if isinstance(rule, str) else read_rule(rule, where=where)
                for rule in rules
            ]
        )
