"""A server that is started, asked and stopped; the same for both sides, since both speak OpenAI's completions.

server.py COMMAND: does so once.
"""

import json
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

WORDS = (
    "The observatory on the hill was built in eighteen ninety two by a small group of people who wanted to see the"
    " stars and write down what they saw every clear night of the year"
).split()


def words(seed, count):
    """A prompt that no other has a beginning in common with."""
    choice = random.Random(seed)
    return " ".join(choice.choice(WORDS) for _ in range(count))


class Reply:
    """A streamed reply: its text, when its pieces came, and what the server counted."""

    def __init__(self):
        self.started = time.monotonic()
        self.times = []
        self.text = ""
        self.prompt_tokens = 0
        self.tokens = 0

    def read(self, response):
        for line in response:
            if line.startswith(b"data: ") and b"[DONE]" not in line:
                self.take(json.loads(line[6:]))
        return self

    def take(self, event):
        if event.get("usage"):
            self.tokens = event["usage"]["completion_tokens"]
            self.prompt_tokens = event["usage"]["prompt_tokens"]
        for choice in event.get("choices", []):
            if choice["finish_reason"] is None:
                self.times.append(time.monotonic())
            self.text += choice.get("text", "")

    @property
    def first(self):
        return self.times[0] - self.started

    @property
    def pace(self):
        """Tokens a second after the first."""
        return (self.tokens - 1) / (self.times[-1] - self.times[0])


class Server:
    def __init__(self, command, log):
        self.command = command.split(" ")
        self.port = self.command[self.command.index("--port") + 1]
        self.log = open(log, "w")
        self.ready = 0.0

    def __enter__(self):
        began = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)
        while not self.is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended: see {self.log.name}")
            time.sleep(0.01)
        self.ready = time.monotonic() - began
        return self

    def is_ready(self):
        try:
            return urllib.request.urlopen(self.url("/health"), timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def post(self, body, timeout=120):
        request = urllib.request.Request(
            self.url("/v1/completions"), json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        return urllib.request.urlopen(request, timeout=timeout)

    def ask(self, prompt, tokens, temperature=0):
        reply = Reply()
        body = {"prompt": prompt, "max_tokens": tokens, "temperature": temperature, "stream": True}
        with self.post(dict(body, stream_options={"include_usage": True})) as response:
            return reply.read(response)

    def prefill(self, seed, count):
        """Prompt tokens a second until the first token of the reply to so many words, one caller, median of five."""
        replies = [self.ask(words(seed + i, count), 2) for i in range(5)]
        return statistics.median(reply.prompt_tokens / reply.first for reply in replies)

    def ask_together(self, prompts, tokens, temperature=0):
        """All at once; the replies in the prompts' order, and the seconds that all took."""
        replies = [None] * len(prompts)

        def ask(i):
            replies[i] = self.ask(prompts[i], tokens, temperature)

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(prompts))]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return replies, time.monotonic() - began

    def resident(self):
        """MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    with Server(sys.argv[1], "/dev/null") as server:
        server.ask(words(1, 60), 16)
