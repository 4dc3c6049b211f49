"""What other files' tests rely on after those of this folder: the browser is closed, and with it its loop."""

import asyncio


def test_no_event_loop_is_left_running() -> None:
    async def answer() -> int:
        return 42

    coroutine = answer()
    try:
        assert asyncio.run(coroutine) == 42
    finally:
        coroutine.close()
