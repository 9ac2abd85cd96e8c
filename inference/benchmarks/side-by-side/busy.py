"""busy.py FOLDER: what of its quiet speed each side keeps beside busy loops; fails where this product keeps less than it must."""

import sys

from table import read

MUST_KEEP = 0.3
SPEED = "tokens/s, median"

print(f"| {SPEED} | quiet | beside busy loops | kept |\n|---|---|---|---|")
for side, name in ("PEFT + bitsandbytes", "theirs"), ("KaitoFlow", "ours"):
    quiet, busy = (read(f"{sys.argv[1]}/{name}.{when}.json")[SPEED] for when in ("quiet", "busy"))
    print(f"| {side} | {quiet:.1f} | {busy:.1f} | {busy / quiet:.2f} |")
if busy / quiet < MUST_KEEP:
    sys.exit(f"kept less than {MUST_KEEP}")
