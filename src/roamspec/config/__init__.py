"""Which target and how: command line, environment, `roamspec.toml`, ready file, credentials."""
