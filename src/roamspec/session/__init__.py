"""One connection to one target: capabilities, names, waiting."""
