"""The table of what was measured, with the ratio ours / llama.cpp and the least (or most) that is wanted of it."""

import json
import os
import statistics
import sys

FORMS = ["q4_1", "q8_0", "bf16"]
DECODE_BAR = {"q4_1": 0.9, "q8_0": 0.8, "bf16": 0.75}
missed = []


def load(form):
    with open(f"{os.environ['RESULTS']}/{form}.json") as file:
        return json.load(file)


def middle(runs, key):
    return statistics.median(run[key] for run in runs)


def row(name, ours, theirs, ratio, bar, enough):
    shown = [f"{number:.2f}" if number < 10 else f"{number:.0f}" for number in (ours, theirs)]
    print(f"| {name} | {shown[0]} | {shown[1]} | {ratio:.2f} | {bar} |")
    if not enough:
        missed.append(name)


def at_least(name, ours, theirs, bar):
    row(name, ours, theirs, ours / theirs, f"≥ {bar}", ours / theirs >= bar)


def at_most(name, ours, theirs, bar):
    row(name, ours, theirs, ours / theirs, f"≤ {bar}", ours / theirs <= bar)


def main():
    results = {form: load(form) for form in FORMS if os.path.exists(f"{os.environ['RESULTS']}/{form}.json")}
    best = max(
        max(middle(result["theirs"], "prefill"), middle(result["bench"], "prefill")) for result in results.values()
    )
    print("| | ours | llama.cpp | ratio | must |\n|---|---|---|---|---|")
    for form, result in results.items():
        ours, theirs, bench = result["ours"], result["theirs"], result["bench"]
        at_least(f"prefill 512, {form}, tok/s (beside its best form)", middle(ours, "prefill"), best, 1.4)
        decode = max(middle(theirs, "decode"), middle(bench, "decode"))
        at_least(f"decode alone, {form}, tok/s", middle(ours, "decode"), decode, DECODE_BAR[form])
        bar = 1.25 if form == "q4_1" else 1.0
        at_least(f"8 users, {form}, tok/s", middle(ours, "users"), middle(theirs, "users"), bar)
        drawn = [middle(side, "drawn") for side in (ours, theirs)]
        row(f"8 users, tokens drawn, {form}, tok/s", *drawn, drawn[0] / drawn[1], "", True)
        at_most(f"first token at p95 under 8 users, {form}, s", middle(ours, "first"), middle(theirs, "first"), 0.8)
        share = [middle(ours, "busy") / middle(ours, "decode"), middle(theirs, "busy") / decode]
        row(f"share of decode kept beside busy loops, {form}", *share, share[0] / share[1], "≥ 1, ≥ 0.35 ours",
            share[0] >= max(share[1], 0.35))
        most = middle(theirs, "resident") * 1.5 + 150
        row(f"resident, {form}, MiB", middle(ours, "resident"), middle(theirs, "resident"),
            middle(ours, "resident") / middle(theirs, "resident"), f"≤ {most:.0f} MiB", middle(ours, "resident") <= most)
        row(f"ready after, {form}, s", middle(ours, "ready"), middle(theirs, "ready"),
            middle(ours, "ready") / middle(theirs, "ready"), "≤ 4 s", middle(ours, "ready") <= 4)
        differ = [sum(run["differing"] for run in side) for side in (ours, theirs)]
        print(f"| greedy replies unlike their solo runs, {form}, of {8 * len(ours)} | {differ[0]} | {differ[1]} | | 0 ours |")
        if differ[0]:
            missed.append(f"replies, {form}")
    if missed:
        sys.exit("missed: " + ", ".join(missed))


main()
