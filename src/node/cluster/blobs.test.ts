import { describe, expect, it } from 'vitest';
import { type Blobs, nameOf, RecentBlobs } from './blobs.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

/** What lies elsewhere, and how often it was asked. */
function elsewhere() {
  const kept = new RecentBlobs();
  const asked: string[] = [];
  const blobs: Blobs = {
    async put(file) {
      asked.push('put');
      return kept.put(file);
    },
    async get(name) {
      asked.push('get');
      return kept.get(name);
    },
    async drop(names) {
      asked.push(`drop ${names.length}`);
      return kept.drop(names);
    },
  };
  return { blobs, asked };
}

describe('recent files', () => {
  it('go by the hash of their content', async () => {
    const blobs = new RecentBlobs();
    const name = await blobs.put(bytes(1, 2, 3));
    expect(name).toBe('039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81');
    expect(await blobs.get(name)).toEqual(bytes(1, 2, 3));
    await blobs.drop([name]);
    await expect(blobs.get(name)).rejects.toThrow('is not in the cluster any more');
  });

  it('travel once, as long as they are among the last in use', async () => {
    const { blobs, asked } = elsewhere();
    const recent = new RecentBlobs(blobs, 5);
    const first = await recent.put(bytes(1, 2, 3));
    await recent.get(first);
    await recent.get(first);
    expect(asked).toEqual(['put']);
    const second = await recent.put(bytes(4, 5, 6)); // no room for both
    await recent.get(second);
    expect(asked).toEqual(['put', 'put']);
    expect(await recent.get(first)).toEqual(bytes(1, 2, 3));
    expect(asked).toEqual(['put', 'put', 'get']);
  });

  it('stay until everybody who had them has dropped them', async () => {
    const { blobs, asked } = elsewhere();
    const recent = new RecentBlobs(blobs);
    const name = await recent.put(bytes(7));
    expect(await recent.put(bytes(7))).toBe(name);
    await recent.drop([name]);
    expect(await recent.get(name)).toEqual(bytes(7));
    await recent.drop([name]);
    expect(asked).toEqual(['put', 'put', 'drop 0', 'drop 1']);
  });

  it('are put anew where they were lost', async () => {
    const kept = new RecentBlobs();
    const recent = new RecentBlobs(kept);
    const name = await recent.put(bytes(8));
    await kept.drop([name]);
    await recent.restore();
    expect(await kept.get(name)).toEqual(bytes(8));
    expect(name).toBe(nameOf(bytes(8)));
  });
});
