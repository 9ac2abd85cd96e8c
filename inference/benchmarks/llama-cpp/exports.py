"""exports.py FOLDER LLAMA_SERVER: whether llama.cpp answers with exported files as this engine does with base and adapter."""

import json
import math
import sys
import urllib.request

from server import Server

folder, program = sys.argv[1:]
prompts = json.load(open(f"{folder}/prompts.json"))
ours = json.load(open(f"{folder}/ours.json"))
COMMON = "-t 2 -tb 2 -c 512 -np 1 --cache-ram 0 -ctk f32 -ctv f32 -fa off --host 127.0.0.1 --port 5793"
TOP = 10


def logarithms(logits):
    highest = max(logits)
    total = math.log(sum(math.exp(logit - highest) for logit in logits)) + highest
    return [logit - total for logit in logits]


def ask(server, prompt, length):
    body = {
        "prompt": prompt,
        "n_predict": length,
        "temperature": 0,
        "n_probs": TOP,
        "cache_prompt": False,
        "return_tokens": True,
        "ignore_eos": True,
    }
    request = urllib.request.Request(
        server.url("/completion"), json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    return json.load(urllib.request.urlopen(request, timeout=120))


failed = False
print("| file | first log-probabilities, largest distance of the ten likeliest | greedy tokens equal |\n|---|---|---|")
for name, arguments, expected in [
    ("base, float32", f"-m {folder}/f32.gguf", "base"),
    ("merged, float32", f"-m {folder}/merged.gguf", "tuned"),
    ("merged, bfloat16", f"-m {folder}/merged-bf16.gguf", "tuned"),
    ("base and adapter alone", f"-m {folder}/f32.gguf --lora {folder}/adapter.gguf", "tuned"),
]:
    distance, equal, tokens = 0.0, 0, 0
    with Server(f"{program} {arguments} {COMMON}", f"{folder}/server.log") as server:
        for prompt, answers in zip(prompts, ours):
            reply = ask(server, prompt, len(answers[expected]["tokens"]))
            mine = logarithms(answers[expected]["logits"])
            for likely in reply["completion_probabilities"][0]["top_logprobs"]:
                distance = max(distance, abs(likely["logprob"] - mine[likely["id"]]))
            pairs = list(zip(reply["tokens"], answers[expected]["tokens"]))
            tokens += len(pairs)
            equal += sum(a == b for a, b in pairs)
    print(f"| {name} | {distance:.1e} | {equal} of {tokens} |")
    failed |= "float32" in name and (distance > 2e-2 or equal < tokens)
moved = max(
    abs(a - b)
    for answers in ours
    for a, b in zip(logarithms(answers["base"]["logits"]), logarithms(answers["tuned"]["logits"]))
)
print(f"the adapter moves a log-probability by up to {moved:.2f}")
if failed:
    sys.exit("llama.cpp answers otherwise")
