import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { holdsMtx } from '../mtx/find-parts.ts';
import { byteBlocks, fileHead } from '../text/byte-blocks.ts';
import { firstLines } from '../text/read-lines.ts';
import { checkRegular, isFolder, namesIn, shortList } from './folder.ts';
import { textKind } from './text-kind.ts';

/** What can be read, told by the content. */
export type FileKind = 'hdf5' | 'matrix-market' | 'table' | 'fragments';

const headBytes = 4096;
/** How far a header of comments is read, to see what comes behind it. */
const [headerLines, headerBytes] = [20_000, 1 << 20];

/**
 * Tells by its first bytes what a file is, whatever its name, and by its files what a folder is.
 * Everything that is no study is refused with what it is: R files, zarr stores, indexes, intervals,
 * annotations, reads, images, archives, spreadsheets, pipes, devices, empty files and what nobody knows.
 */
export async function fileKind(path: string): Promise<FileKind> {
  if (await isFolder(path)) return folderKind(path);
  await checkRegular(path);
  const file = basename(path);
  if ((await stat(path)).size === 0) throw new AppError('reading.empty-file', { file });
  const head = await fileHead(path, headBytes);
  if (isHdf5(head)) return 'hdf5';
  if (head[0] === 0x50 && head[1] === 0x4b) throw await zipRefusal(path, file);
  const packed = otherCompression(head);
  if (packed !== null) {
    if (/\.(rda|rds|rdata)$/i.test(file)) throw new AppError('reading.r-file', { file, found: rKind(file) });
    throw new AppError('reading.compressed-otherwise', { file, found: packed });
  }
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const inner = gzip ? await unpackedHead(path) : head;
  if (gzip && inner.length === 0) throw new AppError('reading.empty-file', { file });
  if (gzip && isHdf5(inner)) throw new AppError('reading.compressed-otherwise', { file, found: 'gzip around HDF5' });
  refuseBinary(inner, file);
  return textKind(await behindHeader(inner, path), file);
}

/** Whether the file is a list of genome intervals (BED). Throws what `fileKind` throws for what is no study otherwise. */
export async function holdsIntervals(path: string): Promise<boolean> {
  try {
    await fileKind(path);
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'reading.bed') return true;
    throw error;
  }
}

async function folderKind(folder: string): Promise<FileKind> {
  const name = basename(folder);
  const all = await readdir(folder);
  const sign = ['zarr.json', '.zgroup', '.zmetadata', '.zattrs', '.zarray'].find((file) => all.includes(file));
  if (sign !== undefined) throw new AppError('reading.zarr', { file: name, found: `a folder with ${sign}` });
  if (await holdsMtx(folder)) return 'matrix-market';
  throw new AppError('reading.folder-without-matrix', { folder: name, found: shortList(await namesIn(folder)) });
}

/** The HDF5 signature lies at 0 or, behind a user block, at 512, 1024, 2048, … */
function isHdf5(head: Buffer): boolean {
  return [0, 512, 1024, 2048].some((at) => head.toString('latin1', at, at + 8) === '\x89HDF\r\n\x1a\n');
}

async function unpackedHead(path: string): Promise<Buffer> {
  for await (const block of byteBlocks(path)) return block.subarray(0, headBytes);
  return Buffer.alloc(0);
}

/** The beginning, or much more of it where that holds nothing but comments: some headers list every contig of a genome. */
async function behindHeader(head: Buffer, path: string): Promise<Buffer> {
  const lines = head.toString('latin1').split('\n');
  if (head.length < headBytes || !lines.every((line) => line.startsWith('#') || line.trim() === '')) return head;
  return Buffer.from(`${(await firstLines(path, headerLines, headerBytes)).join('\n')}\n`);
}

/** Refuses what its first bytes, unpacked from gzip, tell to be something else than text. */
function refuseBinary(head: Buffer, file: string): void {
  const start = (text: string): boolean => head.toString('latin1', 0, text.length) === text;
  if (start('RDX') || start('RDA') || start('X\n\0\0\0') || start('A\n2\n') || start('A\n3\n')) {
    throw new AppError('reading.r-file', { file, found: rKind(file) });
  }
  if (start('TBI\x01') || start('CSI\x01')) throw new AppError('reading.tabix-index', { file });
  if (start('BAM\x01')) throw new AppError('reading.alignments', { file, found: 'BAM' });
  if (start('CRAM')) throw new AppError('reading.alignments', { file, found: 'CRAM' });
  const image = imageKind(head, start);
  if (image !== null) throw new AppError('reading.image', { file, found: image });
  if (start('\xd0\xcf\x11\xe0')) throw new AppError('reading.spreadsheet', { file });
  if (start('7z\xbc\xaf')) throw new AppError('reading.archive', { file, found: '7-Zip' });
  if (start('Rar!')) throw new AppError('reading.archive', { file, found: 'RAR' });
  if (head.toString('latin1', 257, 262) === 'ustar') throw new AppError('reading.archive', { file, found: 'tar' });
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new AppError('reading.text-encoding', { file, found: 'UTF-16' });
  }
  if (head.includes(0)) {
    const bytes = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new AppError('reading.unknown-format', { file, start: `the bytes ${bytes}` });
  }
}

function imageKind(head: Buffer, start: (text: string) => boolean): string | null {
  if (start('\x89PNG')) return 'PNG';
  if (start('\xff\xd8\xff')) return 'JPEG';
  if (start('GIF8')) return 'GIF';
  if (start('II*\0') || start('MM\0*')) return 'TIFF';
  if (start('%PDF')) return 'PDF';
  return head.toString('latin1', 0, 400).includes('<svg') ? 'SVG' : null;
}

function otherCompression(head: Buffer): string | null {
  const text = head.toString('latin1', 0, 6);
  if (text.startsWith('BZh')) return 'bzip2';
  if (text.startsWith('\xfd7zXZ')) return 'xz';
  return text.startsWith('\x28\xb5\x2f\xfd') ? 'zstd' : null;
}

function rKind(file: string): string {
  return /\.(rda|rdata)$/i.test(file) ? 'a saved workspace' : 'a saved object';
}

/** Told by the names of the first entries, which stand in the head of a zip file, and of the last, in its directory. */
async function zipRefusal(path: string, file: string): Promise<AppError> {
  const names = (await fileHead(path, 1 << 16)).toString('latin1');
  if (/\.zgroup|\.zarray|\.zattrs|zarr\.json/.test(names) || /\.zarr(\.zip)?$/i.test(file)) {
    return new AppError('reading.zarr', { file, found: 'a zip file' });
  }
  if (/xl\/|opendocument\.spreadsheet|\[Content_Types\]\.xml/.test(names))
    return new AppError('reading.spreadsheet', { file });
  return new AppError('reading.archive', { file, found: 'zip' });
}
