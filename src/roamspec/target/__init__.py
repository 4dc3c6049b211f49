"""Where to send: the configuration of a target, and what is needed to reach it."""
