"""shares.py SAMPLES: of what `perf script -F ip,sym,dso` prints, the share of each kind of work, as a table."""

import collections
import re
import sys

# The first that fits counts. oneDNN's products are machine code without a name, as nothing else here is.
KINDS = [
    ("waiting for the other thread", r"libgomp|libpthread|futex"),
    ("weights written out of NF4", r"nf4\."),
    ("AdamW and the gradients' norm", r"tuning\.optimiser"),
    ("Java besides", r"\(/tmp/perf-\d+\.map\)$"),
    ("products of matrices", r"dnnl|gemm|mkl_blas|cpublas"),
    ("softmax, exponentials, activations", r"softmax|Sleef|mkl_vml|silu"),
    ("memory: pages and allocation", r"_page|mm_fault|unmap|memcg|charge|malloc|free|unlink_chunk|madvise|zap"),
    ("copies, casts, joining", r"copy|memmove|memset|cat_serial|fill_kernel"),
    ("element by element", r"(mul|add|sub|div|neg|rsqrt|pow|where|binary)\w*_kernel|vectorized_loop|VectorizedLoop2d"),
    ("sums", r"sum|reduce|mean"),
    ("the system besides", r"\[kernel"),
]


def kind(line):
    name = line.split(maxsplit=1)[1]
    if name.startswith("[unknown]") and re.search(r"perf-\d+\.map|\[anon|//anon|\[JIT\]", name):
        return "products of matrices"
    return next((kind for kind, pattern in KINDS if re.search(pattern, name)), "PyTorch besides")


counts = collections.Counter(kind(line) for line in open(sys.argv[1]) if line.strip())
total = sum(counts.values())
print(f"| of {total} samples of both threads | share |\n|---|---|")
for name, count in counts.most_common():
    print(f"| {name} | {100 * count / total:.1f} % |")
