"""Events of a run, what they add up to, and the verdict."""
