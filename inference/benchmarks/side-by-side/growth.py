"""growth.py LINES: whether resident memory grew in the last quarter of a run by more than a hundredth."""

import json
import sys

ALLOWED = 1e-2

resident = [line["resident_mib"] for line in map(json.loads, open(sys.argv[1])) if "resident_mib" in line]
quarter = len(resident) // 4
before, after = max(resident[2 * quarter : 3 * quarter]), max(resident[3 * quarter :])
print(f"{len(resident)} steps; resident at most {before} MiB in the third quarter, {after} MiB in the last")
if after > before * (1 + ALLOWED):
    sys.exit("resident memory grows")
