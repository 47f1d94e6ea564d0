"""Writes resources/gene-models: the protein-coding genes of five genome builds and the contigs of six.

Genes come from the transcript tables inside the PyPI package SigProfilerMatrixGenerator (BSD-2-Clause), which were
exported from Ensembl; contig lengths and aliases from the sequence tables inside the PyPI package bioframe (MIT).

Run:  pip download --no-deps SigProfilerMatrixGenerator==1.4.0 bioframe==0.8.0
      python3 scripts/make-gene-models.py sigprofilermatrixgenerator-1.4.0-py3-none-any.whl bioframe-0.8.0-py3-none-any.whl
The result is the same, byte for byte, for the same packages.
"""

import csv
import gzip
import io
import pathlib
import re
import sys
import zipfile

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "gene-models"
TRANSCRIPTS = "SigProfilerMatrixGenerator/references/chromosomes/transcripts"
# our name of the build -> its name in the transcript tables
GENES = {"hg19": "GRCh37", "hg38": "GRCh38", "mm9": "mm9", "mm10": "mm10", "mm39": "mm39"}
CONTIGS = ["hg19", "hg38", "hs1", "mm9", "mm10", "mm39"]


def genes(wheel: zipfile.ZipFile, build: str) -> list[tuple[str, int, int, str, str, str]]:
    """(contig, start, end, symbol, strand, Ensembl id), 0-based half-open: from the first to the last base of any
    protein-coding transcript of the gene, in order of contig and start. Genes without a symbol are called by their id."""
    found: dict[str, tuple[str, int, int, str, str, str]] = {}
    for name in wheel.namelist():
        if not re.fullmatch(f"{TRANSCRIPTS}/{build}/[^/]+_transcripts.txt", name):
            continue
        for line in wheel.read(name).decode("utf-8").splitlines():
            gene, _, contig, strand, start, end, symbol, biotype = line.split("\t")
            if biotype != "protein_coding":
                continue
            contig = "chrM" if contig == "MT" else f"chr{contig}"
            gene = gene.split(".")[0]
            # The tables count from 1 and name the last base, as Ensembl does.
            row = (contig, int(start) - 1, int(end), symbol.strip() or gene, "+" if strand == "1" else "-", gene)
            held = found.get(gene, row)
            if held[0] != row[0] or held[4] != row[4]:
                raise SystemExit(f"{build}: {gene} lies on {held[0]}{held[4]} and on {row[0]}{row[4]}")
            found[gene] = (row[0], min(held[1], row[1]), max(held[2], row[2]), held[3], row[4], gene)
    return sorted(found.values(), key=lambda row: (order(row[0]), row[1], row[2], row[5]))


def order(contig: str) -> tuple[int, str]:
    plain = contig.removeprefix("chr")
    return (int(plain), "") if plain.isdigit() else (1000, plain)


def contigs(wheel: zipfile.ZipFile, build: str) -> list[tuple[str, str, int, str]]:
    """(build, UCSC name, length, other names separated by blanks), in the order of the source."""
    text = wheel.read(f"bioframe/io/data/{build}.seqinfo.tsv").decode("utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    return [(build, row["name"], int(row["length"]), (row["aliases"] or "").replace(",", " ").strip()) for row in rows]


def write(name: str, rows: list[str]) -> None:
    path = TARGET / name
    path.write_bytes(gzip.compress("".join(rows).encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{name}: {len(rows)} lines, {path.stat().st_size} bytes")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for build, source in GENES.items():
            rows = genes(wheel, source)
            write(f"{build}.bed.gz", [f"{c}\t{s}\t{e}\t{n}\t0\t{d}\t{g}\n" for c, s, e, n, d, g in rows])
        licence = next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
        (TARGET / "LICENSE-SigProfilerMatrixGenerator.txt").write_bytes(wheel.read(licence))
    with zipfile.ZipFile(sys.argv[2]) as wheel:
        rows = [row for build in CONTIGS for row in contigs(wheel, build)]
        write("contigs.tsv.gz", [f"{b}\t{n}\t{length}\t{a}\n" for b, n, length, a in rows])
        licence = next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
        (TARGET / "LICENSE-bioframe.txt").write_bytes(wheel.read(licence))


main()
