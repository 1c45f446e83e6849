/**
 * The first key that an object in `json` has twice, at any depth; `undefined` when all are unique.
 *
 * `JSON.parse` keeps the last of them without a word, which would let a file show one thing to us and another
 * to the next reader.
 *
 * @param json text that `JSON.parse` accepts
 */
export function duplicateKeyOf(json: string): string | undefined {
  const objects: (Set<string> | undefined)[] = []; // keys of the open objects; an array's place is undefined
  let expectsKey = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const begin = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === '\\') i++;
      if (expectsKey) {
        const keys = objects.at(-1)!;
        const key = JSON.parse(json.slice(begin, i + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
        expectsKey = false;
      }
    } else if (character === '{' || character === '[') {
      objects.push(character === '{' ? new Set() : undefined);
      expectsKey = character === '{';
    } else if (character === '}' || character === ']') {
      objects.pop();
      expectsKey = false;
    } else if (character === ',') {
      expectsKey = objects.at(-1) !== undefined;
    }
  }
  return undefined;
}
