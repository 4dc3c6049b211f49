"""Events in, reports out: one module per format, and none of them changes a verdict."""
