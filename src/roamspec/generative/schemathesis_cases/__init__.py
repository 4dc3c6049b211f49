"""Schema cases: calls that Schemathesis derives from the contract alone, sent through our HTTP client.

A schema cannot say what a deletion means; what it can say, is found here before anything else.
"""
