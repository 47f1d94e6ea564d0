import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/base/app-error';
import type { NamedArrays } from '#core/train/method';
import { ModelCard } from '#core/train/model-card';
import { decodeHeader, encodeArray, hashOfHeader, headerBytes } from './array-file.ts';
import { valuesOf } from './stored-array.ts';

/*
 * A model file, little-endian throughout:
 *   0    8 bytes   "CPXMODEL"
 *   8    uint32    version of this layout, 1
 *   12   uint32    zero
 *   16   uint64    bytes of the text
 *   24   32 bytes  SHA-256 of the text
 *   56   the text: JSON in UTF-8 with the card, kind and description of the model and, by rising names, its arrays with the
 *        hash of each one's header
 * and, for each of them, an array file (see array-file.ts), whose header holds the checksum of its values.
 */

/** The name under which a run leaves its model. */
export const modelFileName = 'model.cpxmodel';
const magic = 'CPXMODEL';
const layoutVersion = 1;
const frontBytes = 56;
/** A longer text is not one of ours: of a million features it has some tens of megabytes. */
const longestText = 2 ** 29;

const ModelText = z.strictObject({
  card: ModelCard,
  kind: z.string(),
  description: z.unknown(),
  arrays: z.array(z.strictObject({ name: z.string(), hash: z.string() })),
});

/** A trained model as a file holds it. */
export interface ModelFile {
  readonly card: ModelCard;
  readonly model: NamedArrays;
}

/** The bytes of a model's file, piece by piece; equal models give equal bytes. */
export function* encodeModel({ card, model }: ModelFile): Generator<Uint8Array> {
  const names = Object.keys(model.arrays).sort();
  const encoded = names.map((name) => ({ name, ...encodeArray(model.arrays[name]!) }));
  const { kind, description } = model;
  const arrays = encoded.map(({ name, hash }) => ({ name, hash }));
  const text = Buffer.from(JSON.stringify({ card, kind, description, arrays }), 'utf8');
  const front = Buffer.alloc(frontBytes);
  front.write(magic, 'latin1');
  front.writeUInt32LE(layoutVersion, 8);
  front.writeBigUInt64LE(BigInt(text.byteLength), 16);
  createHash('sha256').update(text).digest().copy(front, 24);
  yield front;
  yield text;
  for (const { header, payload } of encoded) {
    yield header;
    yield payload;
  }
}

/**
 * The model of a file, whole and unchanged.
 * @throws AppError `reading.no-such-file`, `reading.no-permission`, `reading.not-a-model`, `reading.model-newer`, `reading.model-damaged`
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const file = basename(path);
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new AppError('reading.no-such-file', { path });
    if (error.code === 'EACCES' || error.code === 'EPERM') throw new AppError('reading.no-permission', { path });
    throw error;
  });
  try {
    const text = await textOf(handle, file);
    let at = frontBytes + text.bytes;
    const arrays: Record<string, NamedArrays['arrays'][string]> = {};
    for (const part of text.arrays) {
      const found = await arrayAt(handle, at, file, part);
      arrays[part.name] = found.array;
      at += found.bytes;
    }
    if ((await handle.stat()).size !== at) throw damaged(file, 'something follows its end');
    return { card: text.card, model: { kind: text.kind, description: text.description, arrays } };
  } finally {
    await handle.close();
  }
}

async function textOf(handle: FileHandle, file: string): Promise<z.output<typeof ModelText> & { bytes: number }> {
  const facts = await handle.stat();
  if (!facts.isFile()) throw new AppError('reading.not-a-model', { file });
  const front = await bytesAt(handle, 0, Math.min(frontBytes, facts.size));
  if (front === null || front.toString('latin1', 0, magic.length) !== magic) {
    throw new AppError('reading.not-a-model', { file });
  }
  if (front.byteLength < frontBytes) throw damaged(file, 'it ends too soon');
  const layout = front.readUInt32LE(8);
  if (layout > layoutVersion) throw new AppError('reading.model-newer', { file, layout, known: layoutVersion });
  if (layout < 1 || front.readUInt32LE(12) !== 0) throw damaged(file, 'its first bytes make no sense');
  const bytes = Number(front.readBigUInt64LE(16));
  const text = bytes <= Math.min(longestText, facts.size) ? await bytesAt(handle, frontBytes, bytes) : null;
  if (text === null) throw damaged(file, 'it ends too soon');
  if (!createHash('sha256').update(text).digest().equals(front.subarray(24, frontBytes))) {
    throw damaged(file, 'the checksum of its description does not fit');
  }
  const read = ModelText.safeParse(JSON.parse(text.toString('utf8'))); // the checksum fits: it is what was written
  if (!read.success) throw damaged(file, 'its description does not say what a model needs');
  return { ...read.data, bytes };
}

/** An array of the file, and how many bytes of the file it takes. */
async function arrayAt(
  handle: FileHandle,
  at: number,
  file: string,
  { name, hash }: { readonly name: string; readonly hash: string },
): Promise<{ array: NamedArrays['arrays'][string]; bytes: number }> {
  const front = await bytesAt(handle, at, headerBytes);
  if (front === null) throw damaged(file, 'it ends too soon');
  if (hashOfHeader(front) !== hash) throw damaged(file, `the checksum of its part "${name}" does not fit`);
  const header = decodeHeader(front);
  if (typeof header === 'string') throw damaged(file, `its part "${name}" ${header}`);
  const { size } = await handle.stat();
  const payload = header.sizeBytes <= size ? await bytesAt(handle, at + headerBytes, header.sizeBytes) : null;
  if (payload === null) throw damaged(file, 'it ends too soon');
  if (createHash('sha256').update(payload).digest('hex') !== header.checksum) {
    throw damaged(file, `the checksum of its part "${name}" does not fit`);
  }
  const values = valuesOf(header.dtype, payload) as NamedArrays['arrays'][string]['values'];
  return { array: { shape: header.shape, values }, bytes: headerBytes + header.sizeBytes };
}

/** So many bytes, in memory of their own; null where the file ends before. */
async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer<ArrayBuffer> | null> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return bytes;
}

function damaged(file: string, reason: string): AppError {
  return new AppError('reading.model-damaged', { file, reason });
}
