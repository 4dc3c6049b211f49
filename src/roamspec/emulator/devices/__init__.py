"""Online devices: `hub` knows who is online and notifies them, `offline` what waits for those who are
not, `stream` connects observers over HTTP."""
