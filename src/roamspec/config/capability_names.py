"""What a target may lack: without it the requirements that need it are inconclusive."""

from typing import Final

CAPABILITIES: Final = (
    "pull",
    "import",
    "import-free-time",
    "lists",
    "devices",
    "chatroom",
    "neighbour-app",
    "closed-app",
    "user-tokens",
    "short-lived-tokens",
)
