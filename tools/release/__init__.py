"""What a release needs: known vulnerabilities of what is locked, and a bill of materials."""
