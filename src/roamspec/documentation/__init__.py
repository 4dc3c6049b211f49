"""Pages of the vendor's documentation: what one says, and where it differs from the contract."""
