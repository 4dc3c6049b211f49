"""The emulator's own API below `/_emulator/`: for its users and tests, never for a check."""
