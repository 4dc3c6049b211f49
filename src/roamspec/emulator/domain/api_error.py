"""Why an operation is rejected, named; what is answered for each reason is decided at the edge."""


class ApiError(Exception):
    """`reason` is a row of the error table; `details` fill the gaps of its text."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
