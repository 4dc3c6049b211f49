"""Tests the suite itself: against a conforming emulator, conforming ones, and each way of being broken."""
