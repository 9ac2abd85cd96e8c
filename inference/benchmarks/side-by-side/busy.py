"""busy.py FOLDER: what of its quiet speed each side keeps beside busy loops; fails where this product keeps less than it must."""

import json
import statistics
import sys

WARM_UP = 2
MUST_KEEP = 0.3


def speed(name):
    steps = [line for line in map(json.loads, open(name)) if "step" in line]
    return statistics.median(step["tokens_per_second"] for step in steps if step["step"] > WARM_UP)


print("| tokens/s, median | quiet | beside busy loops | kept |\n|---|---|---|---|")
for side, name in ("PEFT + bitsandbytes", "theirs"), ("KaitoFlow", "ours"):
    quiet, busy = (speed(f"{sys.argv[1]}/{name}.{when}.json") for when in ("quiet", "busy"))
    print(f"| {side} | {quiet:.1f} | {busy:.1f} | {busy / quiet:.2f} |")
if busy / quiet < MUST_KEEP:
    sys.exit(f"kept less than {MUST_KEEP}")
