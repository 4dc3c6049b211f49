"""Where the whole repository's tests begin; each folder below tests/ has its own fixtures."""
