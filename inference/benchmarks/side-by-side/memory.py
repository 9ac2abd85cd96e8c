"""memory.py LINES: measured peaks of anonymous memory beside the estimates; fails where an estimate is too far off."""

import json
import sys

UNDER, OVER = 0.95, 1.15

lines = [json.loads(line) for line in open(sys.argv[1])]
far = []
print("| rows × tokens, type, method, rank | measured, MiB | estimated, MiB | ratio |\n|---|---|---|---|")
for kind, run in zip(lines[::2], lines[1::2]):
    batch, width, *rest = kind["kind"].split()
    ratio = run["estimate_mib"] / run["peak_anonymous_mib"]
    print(
        f"| {batch} × {width}, {', '.join(rest)} | {run['peak_anonymous_mib']} | {run['estimate_mib']} | {ratio:.2f} |"
    )
    if not UNDER <= ratio <= OVER:
        far.append(kind["kind"])
if far:
    sys.exit("too far off: " + "; ".join(far))
