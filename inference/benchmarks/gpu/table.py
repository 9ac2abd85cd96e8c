"""Figures of both sides and their ratios; says how many of the first tokens are the same."""

import json
import sys


def read(path):
    with open(path) as lines:
        return {report["users"]: report for report in map(json.loads, filter(lambda line: line.startswith("{"), lines))}


theirs, ours = read(sys.argv[1]), read(sys.argv[2])
print("| users | | theirs | ours | ratio |")
print("|---|---|---|---|---|")
for users, there in theirs.items():
    here = ours[users]
    for name, what in (("prefill_tokens_per_second", "prompt, tokens/s"), ("tokens_per_second", "replies, tokens/s")):
        print(f"| {users} | {what} | {there[name]:.0f} | {here[name]:.0f} | {here[name] / there[name]:.2f} |")
    same = next((i for i, (a, b) in enumerate(zip(there["tokens"], here["tokens"])) if a != b), len(there["tokens"]))
    print(f"| {users} | first tokens of the first reply that are the same | | {same} of {len(there['tokens'])} | |")
