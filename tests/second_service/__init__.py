"""A second service, written from the documentation alone, in many conforming variants and many broken ones.

It judges the conformance suite: a conforming variant must end with status 0 and no failing requirement; a
broken one must be attributed, on the operation it breaks and on no other. It shares nothing with the
emulator but the wire format of a pulled message.

`python -m tests.second_service.batch_runner` tries many at little cost,
`python -m tests.second_service.cli_runner` one after the other through the command line, as a person would,
and `python -m tests.second_service.serve` starts one to look at.
"""
