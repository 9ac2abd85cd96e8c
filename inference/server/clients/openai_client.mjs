// What the official OpenAI Node client does against a running server: node openai_client.mjs http://127.0.0.1:5000/v1 [MODEL]
// Ends with status 0 when every named check passed. Needs: npm install openai
import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, wanted, apiKey = "none"] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = wanted ?? (await client.models.list()).data[0].id;
const messages = [{ role: "user", content: "Count from one to ten in words." }];
const whole = more => client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 24, ...more });

const checks = {
  async models() {
    assert((await client.models.list()).data.some(known => known.id === model));
  },
  async chat() {
    const reply = await whole();
    assert(reply.choices[0].message.content);
    assert.equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens);
  },
  async stream() {
    let text = "", usage;
    for await (const chunk of await whole({ stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, (await whole()).choices[0].message.content);
    assert(usage.completion_tokens <= 24);
  },
  async stop() {
    const text = (await whole()).choices[0].message.content;
    const mark = text.slice(8, 12);
    assert.equal((await whole({ stop: [mark] })).choices[0].message.content, text.slice(0, text.indexOf(mark)));
  },
  async logprobs() {
    const odds = (await whole({ logprobs: true, top_logprobs: 2 })).choices[0].logprobs.content;
    assert(odds.every(token => token.logprob <= 0 && token.top_logprobs.length === 2));
  },
  async errors() {
    await assert.rejects(whole({ n: 2 }), { status: 400, param: "n" });
    await assert.rejects(whole({ tools: [{ type: "function", function: { name: "f" } }] }), { status: 400, param: "tools" });
    await assert.rejects(whole({ model: "no-such-model" }), { status: 404, code: "model_not_found" });
  },
  async cancel() {
    const stream = await whole({ stream: true, max_tokens: 2000, temperature: 1.5 });
    for await (const _ of stream) break;
    const begun = Date.now();
    assert((await whole()).choices[0].message.content);
    assert(Date.now() - begun < 30_000);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (problem) {
    failed++;
    console.log(`FAILED  ${name}: ${problem}`);
  }
}
process.exit(failed > 0 ? 1 : 0);
