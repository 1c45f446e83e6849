/** Fields of what came over the network that only clusters have. */
import { type Fields, refuse } from '../../training/fields.js';
import { isName } from './blobs.js';

/** The name of a file of the cluster: its SHA-256. */
export function fileIn(fields: Fields, name: string): string {
  const value = fields[name];
  return isName(value) ? value : refuse(name, value, 'a SHA-256');
}
