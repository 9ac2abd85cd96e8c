"""What the official OpenAI Python client does against a running server: python openai_client.py http://127.0.0.1:5000/v1 [MODEL]

Ends with status 0 when every named check passed. Needs: pip install openai
"""

import sys
import time

from openai import APITimeoutError, BadRequestError, NotFoundError, OpenAI

base_url = sys.argv[1]
client = OpenAI(base_url=base_url, api_key=sys.argv[3] if len(sys.argv) > 3 else "none", max_retries=0)
model = sys.argv[2] if len(sys.argv) > 2 else client.models.list().data[0].id
question = [{"role": "user", "content": "Count from one to ten in words."}]


def whole(**more):
    return client.chat.completions.create(model=model, messages=question, temperature=0, max_tokens=24, **more)


def models():
    assert model in [known.id for known in client.models.list().data]


def chat():
    reply = whole()
    assert reply.choices[0].message.content and reply.choices[0].finish_reason in ("stop", "length")
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def stream():
    with client.chat.completions.create(
        model=model, messages=question, temperature=0, max_tokens=24, stream=True, stream_options={"include_usage": True}
    ) as chunks:
        pieces = list(chunks)
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole().choices[0].message.content
    assert pieces[-1].usage.completion_tokens <= 24


def stop():
    text = whole().choices[0].message.content
    mark = text[8:12]
    assert whole(stop=[mark]).choices[0].message.content == text[: text.index(mark)]


def logprobs():
    reply = whole(logprobs=True, top_logprobs=3)
    tokens = reply.choices[0].logprobs.content
    assert "".join(token.token for token in tokens).startswith(reply.choices[0].message.content[:20])
    for token in tokens:
        assert token.logprob <= 0 and len(token.top_logprobs) == 3
        # Greedy: the chosen token is the likeliest.
        assert abs(token.logprob - token.top_logprobs[0].logprob) < 1e-9


def seed():
    def sampled(number):
        return client.chat.completions.create(
            model=model, messages=question, temperature=1.2, seed=number, max_tokens=24
        ).choices[0].message.content

    assert sampled(1) == sampled(1)
    assert len({sampled(number) for number in range(5)}) > 1


def text():
    reply = client.completions.create(model=model, prompt="Once upon a time", max_tokens=8, temperature=0, logprobs=2)
    odds = reply.choices[0].logprobs
    assert len(odds.tokens) == len(odds.token_logprobs) == reply.usage.completion_tokens


def errors():
    for wrong, named in [
        ({"n": 2}, "n"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
    ]:
        try:
            whole(**wrong)
        except BadRequestError as refused:
            assert refused.param == named, (refused.param, named)
        else:
            raise AssertionError(f"{named} was not refused")
    try:
        client.chat.completions.create(model="no-such-model", messages=question)
    except NotFoundError as refused:
        assert refused.code == "model_not_found"
    else:
        raise AssertionError("an unknown model was not refused")


def cancel():
    chunks = client.chat.completions.create(
        model=model, messages=question, temperature=1.5, max_tokens=2000, stream=True
    )
    next(iter(chunks))
    chunks.close()
    try:
        client.with_options(timeout=0.3).chat.completions.create(
            model=model, messages=question, temperature=1.5, max_tokens=2000
        )
    except APITimeoutError:
        pass
    begun = time.time()
    assert whole().choices[0].message.content
    assert time.time() - begun < 30, "the slots of callers that went away were not freed"


failed = 0
for check in (models, chat, stream, stop, logprobs, seed, text, errors, cancel):
    try:
        check()
        print(f"ok      {check.__name__}")
    except Exception as problem:  # each check is reported, whatever went wrong in it
        failed += 1
        print(f"FAILED  {check.__name__}: {problem!r}")
sys.exit(failed > 0)
