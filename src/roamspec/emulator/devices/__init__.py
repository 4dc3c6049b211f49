"""Online devices: `hub` knows who is online and what to tell them, `stream` connects them over HTTP."""
