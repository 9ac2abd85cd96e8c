"""A server on a GPU, asked over HTTP: serve.py COMMAND PROMPT REPLY USERS..., a row for each number of users at once.

PROMPT is in words, of which each is about a token. Greedy, and drawn at temperature 1 from all tokens, as OpenAI's clients ask by default.
"""

import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "llama-cpp"))
from server import Server, words


def together(server, seed, users, prompt, reply, temperature):
    """Tokens a second of all, from the first request to the last token, and the 95th percentile of the seconds to a first token."""
    prompts = [words(seed + i, prompt) for i in range(users)]
    replies, seconds = server.ask_together(prompts, reply, temperature)
    firsts = sorted(reply.first for reply in replies)
    return sum(reply.tokens for reply in replies) / seconds, firsts[int(0.95 * (users - 1))]


def main():
    command, prompt, reply, *users = sys.argv[1], *map(int, sys.argv[2:])
    with Server(command, os.path.join(os.environ["WORK"], "server.log")) as server:
        for i in range(3):
            server.ask(words(i, prompt), reply)
        print(f"ready {server.ready:.1f} s, prompts {server.prefill(100, prompt):.0f} tokens/s, {server.resident()} MiB resident")
        print("| users | tokens/s | 95 % begin within | tokens/s at temperature 1 |")
        print("|---|---|---|---|")
        for count in users:
            for temperature in (0, 1):
                together(server, 1000 * count + 500 * temperature, count, prompt, reply, temperature)
            greedy, first = together(server, 2000 * count, count, prompt, reply, 0)
            drawn, _ = together(server, 3000 * count, count, prompt, reply, 1)
            print(f"| {count} | {greedy:.0f} | {1000 * first:.0f} ms | {drawn:.0f} |", flush=True)


main()
