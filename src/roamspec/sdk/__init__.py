"""Judges the calls that an SDK made: its own tests run against an emulator, whose journal is then read."""
