"""The other side: transformers (and PEFT, for an adapter) answering on the same GPU.

peer.py FOLDER ADAPTER PROMPT REPLY USERS...   one line of JSON for each number of users; ADAPTER is a folder or -
COMPILED=1                                     with a static cache and torch.compile, as its documentation advises for speed
DEVICE=cpu                                     to try this script without a GPU
"""

import json
import os
import sys
import time

import torch
from transformers import AutoModelForCausalLM

DEVICE = os.environ.get("DEVICE", "cuda")


def java_random(seed):
    """java.util.Random, so that both sides get the same prompts."""
    state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def bits(count):
        nonlocal state
        state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        value = state >> (48 - count)
        return value - (1 << count) if value >> (count - 1) else value

    return bits


def bounded(bits, low, high):
    """Its nextInt(low, high), for a range that fits an int."""
    value = bits(32)
    size = high - low
    if size & (size - 1) == 0:
        return (value & (size - 1)) + low
    unsigned = (value & 0xFFFFFFFF) >> 1
    while unsigned + size - 1 - unsigned % size >= 1 << 31:
        unsigned = (bits(32) & 0xFFFFFFFF) >> 1
    return unsigned % size + low


def prompts(seed, users, length, vocabulary):
    rows = []
    for user in range(users):
        bits = java_random(1000 * seed + user)
        rows.append([bounded(bits, 10, vocabulary) for _ in range(length)])
    return torch.tensor(rows, device=DEVICE)


def finish():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def answer(model, ids, reply):
    how = dict(do_sample=False, min_new_tokens=reply, max_new_tokens=reply, pad_token_id=0, attention_mask=torch.ones_like(ids))
    if os.environ.get("COMPILED"):
        how["cache_implementation"] = "static"
    finish()
    begun = time.time()
    out = model.generate(ids, **how)
    finish()
    return time.time() - begun, out[:, ids.shape[1] :]


def main():
    folder, adapter, length, reply = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    users = [int(n) for n in sys.argv[5:]]
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, device_map=DEVICE)
    if adapter != "-":
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, adapter)
    model.eval()
    model.generation_config.eos_token_id = None
    vocabulary = model.config.vocab_size
    with torch.inference_mode():
        answer(model, prompts(1, users[0], length, vocabulary), reply)
        for i, count in enumerate(users):
            ids = prompts(2 + i, count, length, vocabulary)
            if os.environ.get("COMPILED"):
                answer(model, ids, reply)
            first, _ = answer(model, ids, 1)
            took, tokens = answer(model, ids, reply)
            report = {
                "users": count,
                "first_token_s": round(first, 4),
                "prefill_tokens_per_second": round(count * length / first),
                "tokens_per_second": round(count * (reply - 1) / (took - first), 1),
                "tokens": tokens[0][:16].tolist(),
            }
            print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
