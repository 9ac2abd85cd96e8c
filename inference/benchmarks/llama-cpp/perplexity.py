"""perplexity.py COMMAND TEXT FOLDER: perplexity of one text with each form of the model; fails where rounding costs more than it may."""

import subprocess
import sys

command, text, folder = sys.argv[1:]


def measured(form, numbers):
    line = [*command.split(" "), f"{folder}/{form}.gguf", text, numbers]
    return float(subprocess.run(line, capture_output=True, text=True, check=True).stdout)


# What is rounded, and beside what: the forms hold the same weights, which are those of q4_1 written out.
rows = [
    ("Q8_0, its weights exactly", ("q8_0", "exact"), ("bf16", "exact"), 0.2),
    ("Q8_0, inputs rounded as served", ("q8_0", "rounded"), ("bf16", "exact"), 1.0),
    ("bfloat16, inputs rounded as served", ("bf16", "rounded"), ("bf16", "exact"), 1.0),
    ("Q4_1, inputs rounded as served", ("q4_1", "rounded"), ("q4_1", "exact"), 1.5),
]
values = {run: measured(*run) for run in sorted({run for row in rows for run in row[1:3]})}
print("| | perplexity | beside | difference | may be |\n|---|---|---|---|---|")
missed = False
for name, run, beside, bar in rows:
    difference = 100 * (values[run] / values[beside] - 1)
    missed |= difference > bar
    print(f"| {name} | {values[run]:.4f} | {beside[0]} {values[beside]:.4f} | {difference:+.3f} % | {bar} % |")
sys.exit(1 if missed else 0)
