"""table.py THEIRS OURS: the lines of JSON of one or more rounds on both sides as a table of ratios; fails where the losses do not agree.

The peer rounds what an adapter adds once more than this product does, so that its losses in bfloat16 lie up to 1.2 % above
those of float32 on the same tokens; the tolerance leaves room for that.
"""

import json
import statistics
import sys

WARM_UP = 2
LOSS_TOLERANCE = 2e-2


def read(name):
    lines = [json.loads(line) for line in open(name) if line.startswith("{")]
    steps = [line for line in lines if "step" in line]
    warm = [step for step in steps if step["step"] > WARM_UP]
    speeds = [step["tokens_per_second"] for step in warm]
    return {
        "losses": [step["loss"] for step in steps],
        "tokens/s, median": statistics.median(speeds),
        "tokens/s, best": max(speeds),
        "tokens per second of a core, median": statistics.median(step["tokens_per_cpu_second"] for step in warm),
        "peak resident, MiB": max(line["peak_mib"] for line in lines if "peak_mib" in line),
        "start to the end of step 1, s": statistics.median(step["since_start"] for step in steps if step["step"] == 1),
    }


def main():
    theirs, ours = read(sys.argv[1]), read(sys.argv[2])
    apart = max(abs(a - b) / a for a, b in zip(theirs["losses"], ours["losses"]))
    print("| | PEFT + bitsandbytes | KaitoFlow | ratio |\n|---|---|---|---|")
    for name in list(theirs)[1:]:
        print(f"| {name} | {theirs[name]:.1f} | {ours[name]:.1f} | {ours[name] / theirs[name]:.2f} |")
    print(f"| largest distance of losses | | {apart:.1e} relative | |")
    if apart > LOSS_TOLERANCE:
        sys.exit("the losses do not agree")


if __name__ == "__main__":
    main()
