"""The window `/_emulator/ui`: what the emulator holds and is asked, for people, live, in one page.

`endpoint` serves the page, `state` what it shows, `stream` tells it when to look again; `assets` is the page.
It is loaded when somebody opens it.
"""
