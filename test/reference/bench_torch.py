"""Times one CellPredX training step, and the attribution of one cell, in PyTorch on the CPU: what `npm run bench` compares with.

    python3 bench_torch.py                                                a large study at two densities, and a small one
    python3 bench_torch.py --genes 17441 --density 0.09 --batch 512 --repeats 10 --threads 2
    python3 bench_torch.py --interpreter --genes 1677 13177               only the attribution loop
    python3 bench_torch.py --json                                         numbers for a program to read

Needs the packages torch, numpy and scipy; says so where they are absent. The ways of the step, on seeded synthetic cells:

    dense     as fast as dense PyTorch gets here: rows unpacked into one buffer that is kept, one product for all three batches,
              similarity by one matrix product, the contrastive term computed once and doubled
    plain     new dense arrays for each batch, three encodings, similarity by matrix product
    released  as the authors' code computes it: double-precision rows made dense and converted, cosine of all pairs by broadcasting,
              the contrastive term twice

Every way runs in a process of its own, so that its peak memory is its own. A machine that does other work besides
slows some repeats: the minimum is the figure to compare, the median stands beside it.
"""

import argparse
import json
import subprocess
import sys
import time
from importlib.util import find_spec

WAYS = ("dense", "plain", "released")
CELLS, LABELS, WIDTH, HIDDEN, SEED, WARM_UP = 2048, 15, 64, 64, 1234, 2
# the recommended preset for rna-atac-matched, where every term is on
PROJECTION, CONTRASTIVE, ALIGNMENT, SPARSE_CENTRE, L1 = 0.1, 0.06, 0.05, 0.01, 0.1
TEMPERATURE, SHARE, MARGIN, QUANTILE = 0.4, 0.8, 0.5, 0.75
OPTIMISER = {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.05}


def random_rows(rng, cells, genes, density, dtype):
    """Seeded cells × genes with the same number of values in every row, as scipy CSR."""
    import numpy as np
    import scipy.sparse as sp

    stored = round(genes * density)
    indices = np.empty((cells, stored), np.int32)
    for row in indices:
        row[:] = rng.choice(genes, stored, replace=False)
        row.sort()
    values = rng.random(cells * stored, np.float32).astype(dtype, copy=False)
    return sp.csr_matrix((values, indices.ravel(), np.arange(cells + 1, dtype=np.int32) * stored), (cells, genes))


class Step:
    """One training run, a step at a time; `spent` holds the seconds of the last step, in total and for unpacking."""

    def __init__(self, way, genes, density, batch):
        import numpy as np
        import torch

        self.way, self.n, self.rng = way, batch, np.random.default_rng(SEED)
        torch.manual_seed(SEED)
        dtype = np.float64 if way == "released" else np.float32
        self.reference = random_rows(self.rng, CELLS, genes, density, dtype)
        self.query = random_rows(self.rng, CELLS, genes, density, dtype)
        self.labels = torch.from_numpy(self.rng.integers(0, LABELS, CELLS))
        self.encoder, self.classifier = torch.nn.Linear(genes, WIDTH), torch.nn.Linear(WIDTH, LABELS)
        self.unit = torch.nn.Sequential(torch.nn.Linear(WIDTH, HIDDEN), torch.nn.BatchNorm1d(HIDDEN), torch.nn.Tanh())
        self.heads = torch.nn.Linear(HIDDEN, 2 * WIDTH)
        self.parameters = [p for m in (self.encoder, self.unit, self.heads, self.classifier) for p in m.parameters()]
        self.optimiser = torch.optim.SGD(self.parameters, **OPTIMISER)
        self.centres = torch.randn(LABELS, WIDTH) * (2 / LABELS) ** 0.5
        self.buffer = torch.zeros(3 * batch, genes) if way == "dense" else None

    def unpacked(self, draws):
        """The drawn rows as dense tensors."""
        import torch

        if self.way == "dense":
            for i, (matrix, rows) in enumerate(draws):
                matrix[rows].toarray(out=self.buffer[i * self.n : (i + 1) * self.n].numpy())
            return [self.buffer]
        return [torch.from_numpy(matrix[rows].toarray()).float() for matrix, rows in draws]

    def attention(self, z):
        return self.heads(self.unit(z)).reshape(-1, WIDTH, 2).softmax(-1)[:, :, 1]

    def run(self):
        import torch
        import torch.nn.functional as F

        began = time.perf_counter()
        a, b = self.rng.choice(CELLS, self.n, replace=False), self.rng.choice(CELLS, self.n, replace=False)
        partners = self.rng.integers(0, CELLS, self.n)
        dense = self.unpacked([(self.reference, a), (self.query, b), (self.query, partners)])
        unpacking = time.perf_counter() - began

        za, zb, zp = torch.cat([self.encoder(x) for x in dense]).split(self.n)
        logits_a, logits_b, known = self.classifier(za), self.classifier(zb), self.labels[torch.from_numpy(a)]
        loss = F.cross_entropy(logits_a, known) + PROJECTION * projection(za, zb)
        term = by_broadcasting if self.way == "released" else by_product
        twice = term(zb, zp) + term(zp, zb) if self.way == "released" else 2 * term(zb, zp)
        loss = loss + CONTRASTIVE * twice + ALIGNMENT * alignment(za, zb)
        with torch.no_grad():
            confidence, predicted = logits_b.softmax(1).max(1)
            kept = confidence >= confidence.kthvalue(int(self.n * QUANTILE)).values
        weights = torch.cat([self.attention(za), self.attention(zb)[kept]])
        labels, z = torch.cat([known, predicted[kept]]), torch.cat([za, zb[kept]])
        loss = loss + SPARSE_CENTRE * (weights * (z - self.centres[labels]).square()).sum() / (2 * len(z))
        loss = loss + L1 * sum(p.abs().mean() for p in self.parameters)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        if self.way != "released":  # there they stay where they were drawn
            with torch.no_grad():
                one_hot = F.one_hot(labels, LABELS).float()
                toward = one_hot.T @ (weights * (z - self.centres[labels]))
                self.centres += 0.5 * toward / (1 + one_hot.sum(0))[:, None]
        return loss.item(), time.perf_counter() - began, unpacking


def projection(za, zb):
    size = za.abs().mean() + zb.abs().mean()
    correlation = za.T.cov().triu(1).abs().mean() + zb.T.cov().triu(1).abs().mean()
    return size + correlation + 1 / (zb - zb.mean(0)).abs().mean()


def by_product(cells, partners):
    import torch
    import torch.nn.functional as F

    u = F.normalize(torch.cat([cells, partners]))
    similarity = (u @ u.T / TEMPERATURE).fill_diagonal_(-1e9)
    return F.cross_entropy(similarity, torch.arange(len(u)).roll(len(cells)))


def by_broadcasting(cells, partners):
    import torch
    import torch.nn.functional as F

    n, u = len(cells), F.normalize(torch.cat([cells, partners]))
    similarity = F.cosine_similarity(u.unsqueeze(1), u.unsqueeze(0), dim=2)
    own = torch.cat([similarity.diag(n), similarity.diag(-n)])
    others = ((1 - torch.eye(2 * n)) * torch.exp(similarity / TEMPERATURE)).sum(1)
    return -torch.log(torch.exp(own / TEMPERATURE) / others).mean()


def alignment(za, zb):
    import torch
    import torch.nn.functional as F

    a, b, taken = F.normalize(za), F.normalize(zb), int(len(zb) * SHARE)
    best, nearest = (b.detach() @ a.detach().T).max(1)
    kept = best.topk(taken).indices
    matched = a[nearest[kept]]
    push = (matched * b[torch.randint(0, len(zb), (taken,))]).sum(1) + MARGIN
    return push.relu().mean() - (matched * b[kept]).sum(1).mean()


def peak_bytes():
    """The most memory this process has held (VmHWM), which `resource` would mix with that of its parent."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def time_step(options):
    import torch

    torch.set_num_threads(options.threads)
    genes, density = options.genes[0], options.density[0]
    at_start, step = peak_bytes(), Step(options.child, genes, density, options.batch)
    with open("/proc/self/clear_refs", "w") as peak:  # from here on: the peak of the training, cells included
        peak.write("5")
    runs = [step.run() for _ in range(WARM_UP + options.repeats)][WARM_UP:]
    total, unpacking = sorted(run[1] for run in runs), sorted(run[2] for run in runs)
    middle = len(runs) // 2
    return {
        "way": options.child, "genes": genes, "density": density, "batch": options.batch, "threads": options.threads,
        "ms": 1000 * total[0], "median_ms": 1000 * total[middle], "unpacking_ms": 1000 * unpacking[0],
        "rest_ms": 1000 * min(run[1] - run[2] for run in runs), "peak_bytes": peak_bytes(), "start_bytes": at_start,
        "loss": runs[-1][0],
    }  # fmt: skip


def time_interpreter(options):
    """The generic loop: per cell 50 dense inputs on the path from zero, the gradient of each, their weighted sum, its 100 largest."""
    import numpy as np
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    genes, rng = options.genes[0], np.random.default_rng(SEED)
    model = torch.nn.Sequential(torch.nn.Linear(genes, WIDTH), torch.nn.Linear(WIDTH, LABELS), torch.nn.Softmax(1))
    nodes, weights = (torch.from_numpy(x).float() for x in np.polynomial.legendre.leggauss(50))
    alphas, weights = (nodes[:, None] + 1) / 2, weights[:, None] / 2
    rows = random_rows(rng, 32, genes, options.density[0], np.float32)
    times = []
    for turn in range(options.repeats + WARM_UP):
        began = time.perf_counter()
        for i in range(rows.shape[0]):
            cell = torch.from_numpy(rows[i].toarray())
            path = (alphas * cell).requires_grad_()
            target = int(model(cell).argmax())
            (gradient,) = torch.autograd.grad(model(path)[:, target].sum(), path)
            (cell * (weights * gradient).sum(0)).abs().flatten().topk(100)
        times.append((time.perf_counter() - began) / rows.shape[0])
    times = sorted(times[WARM_UP:])
    return {
        "genes": genes, "density": options.density[0], "threads": options.threads,
        "ms_per_cell": 1000 * times[0], "median_ms_per_cell": 1000 * times[len(times) // 2],
    }  # fmt: skip


def in_own_process(options, child, genes, density):
    plain = {"batch": options.batch, "repeats": options.repeats, "threads": options.threads, "genes": genes}
    arguments = [text for name, value in {**plain, "density": density, "child": child}.items() for text in (f"--{name}", str(value))]
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{child}, {genes} genes, density {density}: {done.stderr}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--genes", type=int, nargs="+", default=[17441, 17441, 1677], help="one or more sizes")
    parser.add_argument("--density", type=float, nargs="+", default=[0.09, 0.2, 0.0626], help="one, or one per size")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--interpreter", action="store_true", help="time the attribution loop and not the step")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=(*WAYS, "interpreter"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    absent = [name for name in ("torch", "numpy", "scipy") if find_spec(name) is None]
    if absent:
        message = f"{sys.executable} has no {', '.join(absent)}; nothing was measured. Remedy: pip install torch numpy scipy"
        return print(json.dumps({"absent": absent, "message": message}) if options.json else message)
    if options.child:
        return print(json.dumps(time_interpreter(options) if options.child == "interpreter" else time_step(options)))
    densities = options.density * len(options.genes) if len(options.density) == 1 else options.density
    if len(densities) < len(options.genes):
        parser.error(f"{len(options.genes)} sizes and {len(densities)} densities: give one density, or one per size")
    ways = ["interpreter"] if options.interpreter else options.ways
    rows = [in_own_process(options, way, g, d) for g, d in zip(options.genes, densities) for way in ways]
    if options.json:
        import torch

        return print(json.dumps({"torch": torch.__version__, "threads": options.threads, "rows": rows}))
    if options.interpreter:
        print("   genes  density   ms per cell   median")
        for r in rows:
            print(f"{r['genes']:8d}{r['density']:9.3f}{r['ms_per_cell']:14.3f}{r['median_ms_per_cell']:9.3f}")
        return None
    print("   genes  density  way        step ms   median   unpacking    rest   peak MB   at start")
    for r in rows:
        times = f"{r['ms']:10.1f}{r['median_ms']:9.1f}{r['unpacking_ms']:12.1f}{r['rest_ms']:8.1f}"
        print(f"{r['genes']:8d}{r['density']:9.3f}  {r['way']:9s}{times}{r['peak_bytes'] / 1e6:10.0f}{r['start_bytes'] / 1e6:11.0f}")
    return None


if __name__ == "__main__":
    main()
