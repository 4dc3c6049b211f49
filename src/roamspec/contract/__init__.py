"""`contracts/` as frozen records: the five operations, the requirements, the errata. Knows no network."""
