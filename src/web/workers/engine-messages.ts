/** What page and engine worker say to each other, before what engines say. */
import type { EngineRequest } from '../../engine/remote.js';
import type { RuntimeUrls } from '../assets.js';

/** The first message says where the runtime lies. */
export type ToEngine = { readonly runtime: RuntimeUrls } | EngineRequest;
