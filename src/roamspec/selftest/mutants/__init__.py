"""Mutants: the emulator's deletion code with one small change each, which nobody chose, against the suite."""
