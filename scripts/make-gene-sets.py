"""Writes resources/gene-sets/reactome-{human,mouse}.gmt.gz from the Reactome collections of MSigDB (CC BY 4.0).

Run:  python3 scripts/make-gene-sets.py human_reactome_v2025.gmt mouse_reactome_v2025.gmt
The result is the same, byte for byte, for the same files.
"""

import gzip
import pathlib
import sys

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "gene-sets"


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for species, source in zip(("human", "mouse"), sys.argv[1:3], strict=True):
        text = pathlib.Path(source).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.strip()]
        path = TARGET / f"reactome-{species}.gmt.gz"
        path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), compresslevel=9, mtime=0))
        print(f"{path.name}: {len(lines)} sets, {path.stat().st_size} bytes")


main()
