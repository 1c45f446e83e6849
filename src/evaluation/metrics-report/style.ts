/** The look of a report's page, light or dark as the reader's system has it. */

// Vermilion, blue and green of Okabe and Ito's palette, which colour-blind readers tell apart; lighter ones
// on dark.
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2933; --faint: #5f6b7a; --grid: #e4e8ee;
  --generated: #d55e00; --reference: #0072b2; --between: #009e73;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e6eaef; --faint: #9aa5b1; --grid: #2b323b;
    --generated: #ff9147; --reference: #56b4e9; --between: #3fd0a4;
  }
}
body {
  max-width: 1120px; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
h1 { font-size: 1.6rem; margin-bottom: 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 0; }
p, figcaption, .remarks { color: var(--faint); margin: 0.3rem 0 0.8rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.9rem; border-bottom: 1px solid var(--grid); text-align: right; white-space: nowrap; }
th[scope=row] { text-align: left; font-weight: normal; padding-left: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 0.5rem; }
figure { margin: 0; }
.key { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin: 0 0.4em 0 0.8em; }
.key.generated { background: var(--generated); }
.key.reference { background: var(--reference); }
.key.between { background: var(--between); }
svg { display: block; width: 100%; height: auto; font-size: 12px; fill: var(--ink); }
svg .title { font-weight: 600; font-size: 13px; }
svg .faint { fill: var(--faint); }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg path { fill: none; }
svg .axis { stroke: var(--faint); }
svg .grid { stroke: var(--grid); }
svg .line { stroke-width: 1.5; }
svg .generated { --role: var(--generated); }
svg .reference { --role: var(--reference); }
svg .between { --role: var(--between); }
svg .line, svg .note { stroke: var(--role); }
svg .area { fill: var(--role); fill-opacity: 0.12; }
`;
