"""Counts gene activity independently, for test/unit/core/chromatin/reference-count.test.ts.

    python3 gene_activity.py body|weighted FRAGMENTS.tsv[.gz] GENES.bed[.gz] > counts.json

Needs numpy only. Written from the definitions in the methods, not from the TypeScript:

genes      of each name the longest entry (the first of equals); of these, bodies of at most 500 kb
insertions start and end - 1 of every fragment (0-based, end exclusive)
body       insertions inside body + 2 kb upstream (upstream of a reverse gene lies behind its end)
weighted   insertions in tiles of 500 bases; gene g gets
           f_g * sum over tiles of count * (exp(-d / 5000) + exp(-1)),
           d = bases between the tile and the body extended 5 kb upstream, 0 where they touch or overlap;
           a tile counts if it shares a base with the reach of g: 100 kb on either side of the body, but not within 500
           bases of the body of the gene before or behind (in the order of starts, then names), and in any case 1 kb;
           f_g = 1 + 4 (m_g - min m) / (max m - min m), m = 1 / width of the body extended 5 kb upstream;
           then every cell is scaled to a sum of 10 000
"""

import gzip
import json
import sys

import numpy as np

TILE, REACH, LEAST, NEAR, DECAY, WIDEST = 500, 100_000, 1000, 5000, 5000.0, 500_000


def lines(path):
    opened = gzip.open(path, "rt") if path.endswith("gz") else open(path)
    with opened as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\r\n").split("\t")


def read_genes(path):
    longest = {}
    for contig, start, end, name, strand in (fields[:5] for fields in lines(path)):
        start, end = int(start), int(end)
        if name not in longest or end - start > longest[name][2] - longest[name][1]:
            longest[name] = (contig, start, end, strand)
    return {name: gene for name, gene in longest.items() if gene[2] - gene[1] <= WIDEST}


def read_insertions(path):
    """Barcodes in order of appearance, and per contig the positions of all insertions with the numbers of their cells."""
    cells, found = {}, {}
    for contig, start, end, barcode in (fields[:4] for fields in lines(path)):
        cell = cells.setdefault(barcode, len(cells))
        found.setdefault(contig, []).extend([(int(start), cell), (int(end) - 1, cell)])
    return list(cells), {contig: np.array(pairs, dtype=np.int64) for contig, pairs in found.items()}


def upstream(gene, bases):
    contig, start, end, strand = gene
    return (max(0, start - bases), end) if strand == "+" else (start, end + bases)


def body(genes, names, cells, insertions):
    out = np.zeros((len(cells), len(names)))
    for j, name in enumerate(names):
        low, high = upstream(genes[name], 2000)
        positions, of = insertions[genes[name][0]].T
        np.add.at(out[:, j], of[(positions >= low) & (positions < high)], 1)
    return out


def weighted(genes, names, cells, insertions):
    out = np.zeros((len(cells), len(names)))
    bodies = {name: upstream(genes[name], NEAR) for name in names}
    inverse = np.array([1.0 / (bodies[name][1] - bodies[name][0]) for name in names])
    spread = inverse.max() - inverse.min()
    factors = 1 + 4 * (inverse - inverse.min()) / spread if spread > 0 else np.ones(len(names))
    factor = dict(zip(names, factors))
    column = {name: j for j, name in enumerate(names)}
    for contig in {gene[0] for gene in genes.values()}:
        if contig not in insertions:
            continue
        tiles = {}
        for position, cell in insertions[contig]:
            tiles.setdefault(int(position) // TILE, []).append(int(cell))
        tiles = [(tile, np.bincount(of, minlength=len(cells)).astype(float)) for tile, of in tiles.items()]
        here = sorted((name for name in names if genes[name][0] == contig), key=lambda name: (genes[name][1], name))
        for i, name in enumerate(here):
            start, end = genes[name][1:3]
            low, high = start - REACH, end + REACH
            if i > 0:
                low = max(low, genes[here[i - 1]][2] + TILE)
            if i + 1 < len(here):
                high = min(high, genes[here[i + 1]][1] - TILE)
            low, high = max(0, min(low, start - LEAST)), max(high, end + LEAST)
            near = bodies[name]
            for tile, counts in tiles:
                first, behind = tile * TILE, (tile + 1) * TILE
                if behind <= low or first >= high:
                    continue
                distance = max(0, near[0] - behind, first - near[1])
                out[:, column[name]] += factor[name] * counts * (np.exp(-distance / DECAY) + np.exp(-1.0))
    sums = out.sum(axis=1, keepdims=True)
    return np.divide(out * 10_000, sums, out=np.zeros_like(out), where=sums > 0)


model, fragments, annotation = sys.argv[1:4]
genes = read_genes(annotation)
cells, insertions = read_insertions(fragments)
if model == "weighted":
    names = sorted(genes)
else:  # a gene on a contig without fragments has only zeros
    names = sorted(name for name, gene in genes.items() if gene[0] in insertions)
counts = (weighted if model == "weighted" else body)(genes, names, cells, insertions)
rows, columns = np.nonzero(counts)
json.dump(
    {
        "cells": cells,
        "genes": names,
        "rows": rows.tolist(),
        "columns": columns.tolist(),
        "values": counts[rows, columns].tolist(),
    },
    sys.stdout,
)
