"""Writes the small HDF5 files in test/fixtures/formats that hold what h5wasm itself cannot write.

    python3 make_hdf5_fixtures.py FOLDER

Needs h5py, hdf5plugin and numpy. The numbers are made up here; nothing comes from a study.
"""

import sys
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

CELLS, FEATURES = 4, 3
DENSE = np.array([[0, 2, 0], [1, 0, 3], [0, 0, 0], [4, 0, 5]], dtype=np.float32)
TEXT = h5py.string_dtype("utf-8")


def tag(element, kind, version):
    element.attrs["encoding-type"] = kind
    element.attrs["encoding-version"] = version


def texts(group, name, values, **how):
    group.create_dataset(name, data=np.array(values, dtype=object), dtype=TEXT, **how)
    tag(group[name], "string-array", "0.2.0")


def array(group, name, values, **how):
    group.create_dataset(name, data=values, **how)
    tag(group[name], "array", "0.2.0")


def frame(parent, name, index, order):
    group = parent.create_group(name)
    tag(group, "dataframe", "0.2.0")
    group.attrs["_index"] = "_index"
    group.attrs.create("column-order", np.array(order, dtype=object), dtype=TEXT)
    texts(group, "_index", index)
    return group


def nullable(parent, name, kind, values, mask):
    group = parent.create_group(name)
    tag(group, kind, "0.1.0")
    if kind == "nullable-string-array":
        texts(group, "values", values)
    else:
        array(group, "values", values)
    array(group, "mask", mask)


def encodings(path):
    """Every column form of AnnData 0.8 and later, some that are nobody's, and one of each compression."""
    with h5py.File(path, "w", libver="v110") as file:
        tag(file, "anndata", "0.1.0")
        matrix = file.create_group("X")
        tag(matrix, "csr_matrix", "0.1.0")
        matrix.attrs["shape"] = np.array(DENSE.shape)
        rows, columns = np.nonzero(DENSE)
        matrix.create_dataset("data", data=DENSE[rows, columns], chunks=(5,), compression="lzf")
        matrix.create_dataset("indices", data=columns.astype(np.int64), chunks=(5,), **hdf5plugin.Zstd())
        indptr = np.concatenate([[0], np.cumsum((DENSE != 0).sum(axis=1))]).astype(np.int64)
        matrix.create_dataset("indptr", data=indptr, chunks=(5,), **hdf5plugin.Blosc())
        order = ["flag", "flag_na", "count_na", "name_na", "half", "wide", "level", "huge", "when", "gone"]
        obs = frame(file, "obs", ["c0", "c1", "c2", "c3"], order)
        array(obs, "flag", np.array([True, False, True, False]))
        nullable(obs, "flag_na", "nullable-boolean", np.array([True, False, True, False]), np.array([False, False, True, False]))
        nullable(obs, "count_na", "nullable-integer", np.array([7, 8, 9, 10]), np.array([False, True, False, False]))
        nullable(obs, "name_na", "nullable-string-array", ["α", "", "β", "γ"], np.array([False, False, False, True]))
        array(obs, "half", np.array([0.5, -2, 65504, np.nan], dtype=np.float16))
        array(obs, "wide", np.array([1, 2, 3, 2**53], dtype=np.int64) - 1)
        level = h5py.enum_dtype({"low": 0, "high": 5}, basetype="i1")
        obs.create_dataset("level", data=np.array([0, 5, 0, 5], dtype=np.int8), dtype=level)
        array(obs, "huge", np.array([0, 1, 2, 2**60], dtype=np.int64))
        obs.create_dataset("when", data=np.zeros(CELLS, dtype="V8"))
        frame(file, "var", ["g0", "g1", "g2"], [])
        big = file.create_group("layers")
        tag(big, "dict", "0.1.0")
        array(big, "big_endian", DENSE.astype(">f8"))
        null = big.create_dataset("nothing", data=h5py.Empty("f"))
        tag(null, "null", "0.1.0")


def records(path):
    """The layout before AnnData 0.7: tables of records, categories in uns, raw.X beside X; after a user block."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file.create_dataset("X", data=DENSE - 1)
        sparse = file.create_group("raw.X")
        sparse.attrs["h5sparse_format"] = "csr"
        sparse.attrs["h5sparse_shape"] = np.array(DENSE.shape)
        rows, columns = np.nonzero(DENSE)
        sparse["data"] = DENSE[rows, columns]
        sparse["indices"] = columns.astype(np.int32)
        sparse["indptr"] = np.concatenate([[0], np.cumsum((DENSE != 0).sum(axis=1))]).astype(np.int32)
        kind = [("index", "S4"), ("label", "i1"), ("only", "i1"), ("score", "<f4"), ("note", TEXT), ("ok", "?"), ("back", ">f8")]
        cells = np.zeros(CELLS, dtype=kind)
        cells["index"] = [b"c0", b"c1", b"c2", b"c3"]
        cells["label"] = [1, 0, -1, 1]
        cells["score"] = [0.5, 1.5, 2.5, 3.5]
        cells["note"] = ["a", "", "é", "d"]
        cells["ok"] = [True, False, True, True]
        file.create_dataset("obs", data=cells)
        for name in ["var", "raw.var"]:
            file.create_dataset(name, data=np.array([(b"g0",), (b"g1",), (b"g2",)], dtype=[("index", "S2")]))
        file.create_dataset("obsm", data=np.array([([i, -i],) for i in range(CELLS)], dtype=[("X_pca", "<f8", (2,))]))
        file["uns/label_categories"] = np.array([b"B cell", b"T cell"])
        file["uns/only_categories"] = "all"


def compressed(path):
    """A matrix in a compression (sz3) that this library does not have; the chunk is made up."""
    with h5py.File(path, "w", libver="v110") as file:
        tag(file, "anndata", "0.1.0")
        frame(file, "obs", ["c0", "c1", "c2", "c3"], [])
        frame(file, "var", ["g0", "g1", "g2"], [])
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk(DENSE.shape)
        settings.set_filter(32024, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple(DENSE.shape)
        matrix = h5py.h5d.create(file.id, b"X", h5py.h5t.IEEE_F32LE, space, settings)
        matrix.write_direct_chunk((0, 0), DENSE.tobytes(), filter_mask=0)
        tag(file["X"], "array", "0.2.0")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    encodings(folder / "encodings.h5ad")
    records(folder / "records.h5ad")
    compressed(folder / "compressed.h5ad")
