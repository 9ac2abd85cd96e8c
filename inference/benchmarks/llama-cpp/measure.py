"""measure.py FORM ROUNDS OURS THEIRS BENCH: both servers in turn, and llama.cpp's own benchmark; writes RESULTS/FORM.json."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time

from server import Server, words

USERS = 8
REPLY = 64
RESULTS = os.environ["RESULTS"]


@contextlib.contextmanager
def busy_neighbours():
    """One busy loop for each processor."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())]
    time.sleep(0.3)
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def median_pace(server, seed, times):
    return statistics.median(server.ask(words(seed + i, 20), 128).pace for i in range(times))


def users(server, seed):
    """Eight users at once, three times, with prompts whose replies were first asked for alone."""
    speeds, firsts, differing = [], [], 0
    for turn in range(3):
        prompts = [words(seed + 10 * turn + i, 80) for i in range(USERS)]
        alone = [server.ask(prompt, REPLY).text for prompt in prompts] if turn == 0 else None
        if alone:
            # What was asked alone is cached now: other beginnings, so that the measured prompts are not.
            replies, _ = server.ask_together(prompts, REPLY)
            differing = sum(reply.text != text for reply, text in zip(replies, alone))
            continue
        replies, seconds = server.ask_together(prompts, REPLY)
        speeds.append(sum(reply.tokens for reply in replies) / seconds)
        firsts += [reply.first for reply in replies]
    return statistics.median(speeds), sorted(firsts)[int(0.95 * len(firsts))], differing


def drawn(server, seed):
    """Tokens a second of eight users whose tokens are drawn at temperature 1, as OpenAI's clients ask by default."""
    speeds = []
    for turn in range(2):
        replies, seconds = server.ask_together([words(seed + 10 * turn + i, 80) for i in range(USERS)], REPLY, temperature=1)
        speeds.append(sum(reply.tokens for reply in replies) / seconds)
    return statistics.median(speeds)


def measured(command, log, seed):
    with Server(command, log) as server:
        for i in range(8):
            server.ask(words(seed + 5000 + i, 60), REPLY)
        server.ask(words(seed + 5100, 430), 2)
        result = {"ready": server.ready, "decode": median_pace(server, seed, 5), "prefill": server.prefill(seed + 100, 430)}
        result["users"], result["first"], result["differing"] = users(server, seed + 200)
        result["drawn"] = drawn(server, seed + 400)
        with busy_neighbours():
            result["busy"] = median_pace(server, seed + 300, 3)
        result["resident"] = server.resident()
        return result


def bench(command):
    answer = subprocess.run(command.split(" "), capture_output=True, text=True, check=True).stdout
    return {("prefill" if run["n_prompt"] else "decode"): run["avg_ts"] for run in json.loads(answer)}


def main():
    form, rounds, ours, theirs, own = sys.argv[1:]
    result = {"ours": [], "theirs": [], "bench": []}
    for turn in range(int(rounds)):
        seed = 10_000 * (turn + 1)
        result["ours"].append(measured(ours, f"{RESULTS}/ours.log", seed))
        result["theirs"].append(measured(theirs, f"{RESULTS}/theirs.log", seed))
        result["bench"].append(bench(own))
    with open(f"{RESULTS}/{form}.json", "w") as file:
        json.dump(result, file, indent=1)
    print(form, json.dumps(result))


main()
