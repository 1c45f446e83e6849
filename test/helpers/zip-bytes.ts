import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be put into a zip archive, and what the archive's directory is to say of it if not the truth. */
export interface ZipInput {
  name: string;
  data: Uint8Array | string;
  claimedSize?: number;
  claimedCrc?: number;
  encrypted?: boolean;
  stored?: boolean;
}

/** The bytes of a zip archive (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
export function zipBytes(inputs: readonly ZipInput[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimedSize, claimedCrc, encrypted = false, stored = false } of inputs) {
    const content = Buffer.from(data);
    const packed = stored ? content : deflateRawSync(content);
    // Version, flags, method, time, date, CRC-32, packed size, size, name length, extra length: in both
    // headers.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(encrypted ? 1 : 0, 2);
    shared.writeUInt16LE(stored ? 0 : 8, 4);
    shared.writeUInt32LE(claimedCrc ?? crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(claimedSize ?? content.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14); // comment length, disk, attributes, offset of the local header
    rest.writeUInt32LE(offset, 10);
    const versionMadeBy = Buffer.from([20, 0]);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), versionMadeBy, shared, rest, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(inputs.length, 8);
  end.writeUInt16LE(inputs.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
