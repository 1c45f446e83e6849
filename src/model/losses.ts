/** Mean losses by name; `loss` is the total, of the tutorial model a weighted one. */
export type Losses = Record<string, number>;
