"""soak.py MINUTES OURS: twice as many users as the server takes, for so long; every greedy reply must equal its solo run."""

import os
import random
import statistics
import sys
import threading
import time
import urllib.error

from server import Server, words

USERS = 32
PROMPTS = 24
DEADLINE = 300


class Counts:
    def __init__(self):
        self.lock = threading.Lock()
        self.seconds = []
        self.differing = self.full = self.failed = 0

    def add(self, name):
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)


def user(server, alone, counts, end, seed):
    choice = random.Random(seed)
    while time.monotonic() < end:
        prompt, tokens = choice.choice(sorted(alone))
        began = time.monotonic()
        try:
            reply = server.ask(prompt, tokens)
            with counts.lock:
                counts.seconds.append(time.monotonic() - began)
            if reply.text != alone[prompt, tokens]:
                counts.add("differing")
        except urllib.error.HTTPError as refusal:
            agreed = refusal.code == 503 and refusal.headers["Retry-After"]
            counts.add("full" if agreed else "failed")
            time.sleep(choice.random())


def main():
    minutes, command = float(sys.argv[1]), sys.argv[2]
    with Server(command, f"{os.environ['RESULTS']}/soak.log") as server:
        asked = [(words(7000 + i, 10 + 17 * (i % 12)), 16 + 8 * (i % 8)) for i in range(PROMPTS)]
        alone = {(prompt, tokens): server.ask(prompt, tokens).text for prompt, tokens in asked}
        counts = Counts()
        end = time.monotonic() + 60 * minutes
        threads = [threading.Thread(target=user, args=(server, alone, counts, end, i)) for i in range(USERS)]
        for thread in threads:
            thread.start()
        resident = []
        while time.monotonic() < end:
            time.sleep(5)
            resident.append(server.resident())
        for thread in threads:
            thread.join()
    ordered = sorted(counts.seconds)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    third = max(1, len(resident) // 3)
    growth = statistics.mean(resident[-third:]) - statistics.mean(resident[third : 2 * third] or resident)
    print(f"{USERS} users for {minutes:g} minutes: {len(ordered)} replies, {counts.full} refused with 503 and Retry-After,"
          f" {counts.failed} failed, {counts.differing} unlike their solo runs; p99 {p99:.1f} s;"
          f" resident {min(resident)} to {max(resident)} MiB, last third {growth:+.0f} MiB on the one before")
    if counts.failed or counts.differing or p99 > DEADLINE or growth > 32:
        sys.exit("missed")


main()
