"""Online devices: `hub` knows who is online and what to tell them, `offline` what waits for those who are
not, `stream` connects observers over HTTP."""
