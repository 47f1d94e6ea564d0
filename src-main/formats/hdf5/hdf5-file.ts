import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Entity } from 'h5wasm/node';
import { elementTypeOf } from './element-type.ts';
import { Hdf5Dataset } from './hdf5-dataset.ts';
import { openingError, readingError } from './library-errors.ts';
import { loadHdf5, retireHdf5 } from './library.ts';
import type { Hdf5, Hdf5Api, Hdf5Library } from './library.ts';

export type PlaceKind = 'group' | 'dataset' | 'link' | 'missing';

/** The value of an attribute. A reference gives the place it points to; null is an empty attribute. */
export type AttributeValue =
  string | number | readonly string[] | readonly number[] | { readonly place: string } | null;

/**
 * An HDF5 file open for reading. Nothing but its directory is read until a dataset is asked for.
 * Places are paths without a leading slash: `obs/cell_type`; the file's root is the empty place.
 */
export class Hdf5File {
  readonly path: string;
  /** The file's name without its folder, for messages. */
  readonly name: string;
  readonly library: Hdf5Library;
  readonly checked: Hdf5['checked'];
  readonly #root: InstanceType<Hdf5Api['File']>;
  #open = true;

  private constructor(path: string, hdf5: Hdf5, root: InstanceType<Hdf5Api['File']>) {
    this.path = path;
    this.name = basename(path);
    this.library = hdf5.library;
    this.checked = hdf5.checked;
    this.#root = root;
  }

  /** Opens a file of any size. A file that is missing, cut off, damaged or no HDF5 at all is refused. */
  static async open(path: string): Promise<Hdf5File> {
    const found = await stat(path).catch(() => null);
    if (found === null) throw new AppError('reading.no-such-file', { path });
    if (!(await looksLikeHdf5(path))) {
      if (found.isFile() && found.size < 8) {
        throw new AppError('reading.hdf5-truncated', { file: basename(path), bytes: found.size, expectedBytes: null });
      }
      throw new AppError('reading.hdf5-not-hdf5', { file: basename(path) });
    }
    const hdf5 = await loadHdf5();
    try {
      return new Hdf5File(path, hdf5, new hdf5.api.File(path, 'r'));
    } catch (error) {
      throw openingError(error, basename(path), found.size);
    }
  }

  /** The library's number of this file. */
  get id(): bigint {
    if (!this.#open) throw new Error(`${this.path} is closed`);
    return this.#root.file_id;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#root.close();
  }

  kindOf(place: string): PlaceKind {
    const type = this.#guard(place, () => this.library.get_type(this.id, slashed(place)));
    const { H5G_GROUP, H5G_DATASET, H5G_LINK, H5G_UDLINK } = this.library;
    if (type === H5G_GROUP) return 'group';
    if (type === H5G_DATASET) return 'dataset';
    return type === H5G_LINK || type === H5G_UDLINK ? 'link' : 'missing';
  }

  has(place: string): boolean {
    const kind = this.kindOf(place);
    return kind === 'group' || kind === 'dataset';
  }

  /** Names of what lies directly in a group, in the library's order; none if there is no such group. */
  names(place: string): string[] {
    if (this.kindOf(place) !== 'group') return [];
    return this.#guard(place, () => this.library.get_names(this.id, slashed(place), false));
  }

  /** The dataset at a place; refused where there is none. @param needed what it holds, for the message */
  dataset(place: string, needed: string): Hdf5Dataset {
    const kind = this.kindOf(place);
    if (kind === 'missing') throw new AppError('reading.part-missing', { file: this.name, place, needed });
    if (kind !== 'dataset') {
      const found = kind === 'group' ? 'a group of other parts' : 'a link that leads nowhere';
      throw new AppError('reading.wrong-type', { file: this.name, place, expected: needed, found });
    }
    return new Hdf5Dataset(
      this,
      place,
      this.#guard(place, () => this.library.get_dataset_metadata(this.id, slashed(place))),
    );
  }

  /** An attribute of a group or dataset; undefined where it has none of that name. */
  attribute(place: string, name: string): AttributeValue | undefined {
    if (!this.has(place)) return undefined;
    return this.#guard(`${place}@${name}`, () => {
      if (!this.library.get_attribute_names(this.id, slashed(place)).includes(name)) return undefined;
      return this.#attributeValue(place, name);
    });
  }

  /** An attribute that is text; null where there is none or it is something else. */
  textAttribute(place: string, name: string): string | null {
    const value = this.attribute(place, name);
    if (typeof value === 'string') return value;
    return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : null;
  }

  /** An attribute that is a list of texts; null where there is none. An empty list of any type counts as texts. */
  textsAttribute(place: string, name: string): readonly string[] | null {
    const value = this.attribute(place, name);
    if (value === undefined) return null;
    if (value === null) return [];
    if (typeof value === 'string') return [value];
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
  }

  /** An attribute that is one or more numbers; null where there is none. */
  numbersAttribute(place: string, name: string): readonly number[] | null {
    const value = this.attribute(place, name);
    if (typeof value === 'number') return [value];
    return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number') ? value : null;
  }

  #attributeValue(place: string, name: string): AttributeValue | undefined {
    const metadata = this.library.get_attribute_metadata(this.id, slashed(place), name);
    if (metadata.shape === null) return null;
    const entity = this.#root.get(slashed(place)) as Exclude<Entity, { readonly ref_data: Uint8Array }> | null;
    if (entity === null || !('get_attribute' in entity)) return undefined;
    const value = entity.get_attribute(name, false);
    const type = elementTypeOf(metadata);
    if (type.kind === 'reference') {
      const reference = Array.isArray(value) ? value[0] : value;
      if (reference === null || typeof reference !== 'object' || !('ref_data' in reference)) return undefined;
      const target = this.library.get_referenced_name(this.id, reference.ref_data, true);
      return { place: target.replace(/^\/+/, '') };
    }
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    return undefined;
  }

  #guard<T>(place: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      retireHdf5();
      throw readingError(error, this.name, place === '' ? 'the root' : place, []);
    }
  }
}

/** The place as the library wants it. */
export function slashed(place: string): string {
  return `/${place}`;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the HDF5 signature stands at byte 0, 512, 1024, 2048, … where the format allows it (before it lies a user block). */
export async function looksLikeHdf5(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) return false;
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(signature.length);
    for (let at = 0; at + bytes.length <= found.size; at = at === 0 ? 512 : at * 2) {
      await file.read(bytes, 0, bytes.length, at);
      if (signature.every((byte, i) => bytes[i] === byte)) return true;
    }
    return false;
  } finally {
    await file.close();
  }
}
