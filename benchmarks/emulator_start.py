"""Time from process start to the first answer, and resident memory when idle.

python benchmarks/emulator_start.py [--rounds 10]
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import urllib.request


def start() -> tuple[float, float, float]:
    """Milliseconds to the ready line and to the first answer; MiB resident half a second later."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "roamspec.faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        announced = (time.perf_counter() - began) * 1000
        with urllib.request.urlopen(f"{ready['base_url']}/_emulator", timeout=5) as answer:  # noqa: S310
            answer.read()
        answered = (time.perf_counter() - began) * 1000
        time.sleep(0.5)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:  # noqa: PTH123 - of the kernel
            resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
        process.terminate()
    return announced, answered, resident


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = [start() for _ in range(parser.parse_args().rounds)]
    announced, answered, resident = (sorted(part) for part in zip(*rounds, strict=True))
    sys.stdout.write(
        f"ready after {announced[0]:.0f} ms (median {statistics.median(announced):.0f}), "
        f"first answer after {answered[0]:.0f} ms (median {statistics.median(answered):.0f}), "
        f"{resident[-1]:.0f} MiB resident when idle\n"
    )


if __name__ == "__main__":
    main()
