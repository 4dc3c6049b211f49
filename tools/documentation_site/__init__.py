"""Makes the pages of the documentation site that nobody writes, and prepares the others for MkDocs."""
