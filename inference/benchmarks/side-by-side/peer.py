"""The other side: PEFT + bitsandbytes on the same model, tokens and adapter start.

peer.py model GGUF FOLDER                  a hub folder in bfloat16 from the file
peer.py large FOLDER OTHER                 a random model of Llama's shape with 0.8 billion parameters and FOLDER's tokenizer
peer.py start FOLDER ADAPTER               an untrained adapter, as both sides start from
peer.py ids FOLDER OUT                     the text of the standard input as token ids
peer.py train FOLDER ADAPTER IDS B S STEPS one line of JSON for each step
peer.py prompts FOLDER OUT                 twenty chats as token ids
peer.py agree FOLDER ADAPTER PROMPTS OURS  compares greedy answers and first logits with ours
"""

import json
import os
import sys
import time

import psutil

started = psutil.Process().create_time()
DEVICE = os.environ.get("DEVICE", "cpu")


def peak_mib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def model(gguf, folder):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where, name = os.path.split(gguf)
    loaded = AutoModelForCausalLM.from_pretrained(where, gguf_file=name, dtype=torch.float32)
    loaded.hf_quantizer, loaded.is_quantized = None, False
    if hasattr(loaded.config, "quantization_config"):
        del loaded.config.quantization_config
    loaded.to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(where, gguf_file=name).save_pretrained(folder)


def large(folder, other):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig

    torch.manual_seed(42)
    shape = LlamaConfig(
        vocab_size=49152,
        hidden_size=1536,
        intermediate_size=4608,
        num_hidden_layers=26,
        num_attention_heads=24,
        num_key_value_heads=8,
        tie_word_embeddings=True,
    )
    AutoModelForCausalLM.from_config(shape, dtype=torch.bfloat16).save_pretrained(other)
    AutoTokenizer.from_pretrained(folder).save_pretrained(other)


def ids(folder, out):
    import numpy
    from transformers import AutoTokenizer

    read = AutoTokenizer.from_pretrained(folder)(sys.stdin.read(), add_special_tokens=False).input_ids
    numpy.array(read, dtype="<i4").tofile(out)


def compute_type():
    import torch

    return torch.float32 if os.environ.get("TYPE") == "fp32" else torch.bfloat16


def quantised(folder):
    import torch
    from peft import prepare_model_for_kbit_training
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    how = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute_type(),
    )
    base = AutoModelForCausalLM.from_pretrained(
        folder, dtype=compute_type(), quantization_config=how, device_map=DEVICE
    )
    return prepare_model_for_kbit_training(base, use_gradient_checkpointing=False)


def start(folder, adapter):
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(42)
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    config = LoraConfig(r=8, lora_alpha=8, lora_dropout=0.0, target_modules=targets, task_type="CAUSAL_LM")
    get_peft_model(base, config).save_pretrained(adapter)


def train(folder, adapter, ids_file, batch, width, steps):
    import numpy
    import torch
    from peft import PeftModel

    torch.set_num_threads(2)
    net = PeftModel.from_pretrained(quantised(folder), adapter, is_trainable=True)
    net.config.use_cache = False
    net.train()
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=2e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    tokens = torch.from_numpy(numpy.fromfile(ids_file, dtype="<i4").astype("int64")).to(DEVICE)
    batch, width, steps = int(batch), int(width), int(steps)
    for step in range(steps):
        begun, used = time.time(), time.process_time()
        rows = tokens[step * batch * width : (step + 1) * batch * width].view(batch, width)
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=compute_type() == torch.bfloat16):
            loss = net(input_ids=rows, labels=rows).loss
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        loss, norm = float(loss), float(norm)
        now = time.time()
        report = {
            "step": step + 1,
            "loss": loss,
            "grad_norm": norm,
            "tokens_per_second": batch * width / (now - begun),
            "tokens_per_cpu_second": batch * width / (time.process_time() - used),
            "since_start": now - started,
        }
        print(json.dumps(report), flush=True)
    print(json.dumps({"peak_mib": peak_mib()}))


WORDS = (
    "river harvest lantern courage bridge winter copper melody shadow garden "
    "thunder velvet compass orchard silence marble feather harbour candle journey"
).split()


def prompts(folder, out):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    chats = [[{"role": "user", "content": f"What does the word {word} mean?"}] for word in WORDS]
    texts = [tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False) for chat in chats]
    with open(out, "w") as file:
        json.dump([tokenizer(text, add_special_tokens=False).input_ids for text in texts], file)


def greedy(net, ids, length):
    import torch

    with torch.no_grad():
        first = net(input_ids=torch.tensor([ids])).logits[0, -1].tolist()
        text = torch.tensor([ids])
        answer = net.generate(
            input_ids=text,
            attention_mask=torch.ones_like(text),
            max_new_tokens=length,
            min_new_tokens=length,
            do_sample=False,
            eos_token_id=None,
            pad_token_id=0,
        )
    return first, answer[0, len(ids) :].tolist()


def agree(folder, adapter, prompts_file, ours_file):
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(2)
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    net = PeftModel.from_pretrained(base, adapter).eval()
    all_ids, ours = json.load(open(prompts_file)), json.load(open(ours_file))
    changed = same = 0
    furthest = {"base": 0.0, "tuned": 0.0}
    for ids, answer in zip(all_ids, ours):
        length = len(answer["tuned"]["tokens"])
        theirs = {"tuned": greedy(net, ids, length)}
        with net.disable_adapter():
            theirs["base"] = greedy(net, ids, length)
        changed += theirs["base"][1][:8] != theirs["tuned"][1][:8]
        same += all(theirs[kind][1] == answer[kind]["tokens"] for kind in theirs)
        for kind, (logits, _) in theirs.items():
            distance = max(abs(a - b) for a, b in zip(logits, answer[kind]["logits"]))
            furthest[kind] = max(furthest[kind], distance)
    report = {
        "prompts": len(ours),
        "changed_within_8_tokens": changed,
        "same_greedy_tokens": same,
        "largest_logit_distance_base": furthest["base"],
        "largest_logit_distance_tuned": furthest["tuned"],
    }
    print(json.dumps(report))
    if same < len(ours) or max(furthest.values()) > 3e-4:
        sys.exit("PEFT answers otherwise than this engine does")


if __name__ == "__main__":
    commands = [model, large, start, ids, train, prompts, agree]
    {command.__name__: command for command in commands}[sys.argv[1]](*sys.argv[2:])
