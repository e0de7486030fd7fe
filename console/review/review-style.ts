/** One sheet for screen and paper, light and dark; the colours are those of the page. */
export const reviewStyle = `
:root { color-scheme: light dark; --paper: #f6f7f9; --card: #fff; --ink: #16202b; --soft: #5a6876; --line: #e1e6eb;
  --accent: #1c5d99; --tint: #eaf2f9; --ok: #1d7a4c; --warn: #9a5b00; --bad: #b3261e; --idle: #c3ccd4; }
@media (prefers-color-scheme: dark) { :root { --paper: #10161c; --card: #182028; --ink: #e6ebf0; --soft: #9aa8b5;
  --line: #2a343e; --accent: #7db7ea; --tint: #1b2c3b; --ok: #62c893; --warn: #f0b656; --bad: #f28b82; --idle: #47535f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, 'Segoe UI',
  Roboto, 'Helvetica Neue', sans-serif; font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 28px 64px; }
h1 { font-size: 26px; font-weight: 650; letter-spacing: -0.015em; margin: 0; }
h2 { font-size: 17px; font-weight: 650; margin: 0 0 2px; }
p { margin: 0; }
.soft { color: var(--soft); }
.small { font-size: 13px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px 16px;
  margin-top: 16px; overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; background: var(--line); padding: 0;
  overflow: hidden; margin-top: 20px; }
.tile { background: var(--card); margin: 0; padding: 14px 18px 12px; }
.tile dt { color: var(--soft); font-size: 13px; }
.tile dd { margin: 2px 0 0; font-size: 24px; font-weight: 600; letter-spacing: -0.02em; }
.tile .was { color: var(--soft); font-size: 13px; }
.better { color: var(--ok); } .worse { color: var(--bad); }
table { border-collapse: collapse; width: 100%; margin-top: 12px; font-size: 14px; }
th { color: var(--soft); font-weight: 500; font-size: 13px; text-align: left; vertical-align: bottom; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.name { white-space: nowrap; }
td.words { color: var(--soft); font-size: 13px; min-width: 190px; }
td code { overflow-wrap: anywhere; }
td .bar { margin-left: 8px; vertical-align: 0; }
.pale { color: var(--soft); }
svg { display: inline-block; }
.bar .track { fill: var(--line); } .bar.accent .fill { fill: var(--accent); } .bar.ok .fill { fill: var(--ok); }
.bar.bad .fill { fill: var(--bad); } .bar.unsure .fill { opacity: 0.4; }
.stack { max-width: 100%; border-radius: 3px; vertical-align: middle; }
.stack .done, .key.done { fill: var(--ok); background: var(--ok); }
.stack .open, .key.open { fill: var(--accent); background: var(--accent); }
.stack .lost, .key.lost { fill: var(--bad); background: var(--bad); }
.stack .none, .key.none { fill: var(--idle); background: var(--idle); }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 6px 0 14px; }
.key:first-child { margin-left: 0; }
.interval { width: 120px; }
.interval .zero { stroke: var(--line); stroke-width: 2; }
.interval .range { stroke-width: 3; stroke-linecap: round; stroke: var(--soft); } .interval circle { fill: var(--soft); }
.interval.ok .range { stroke: var(--ok); } .interval.ok circle { fill: var(--ok); }
.interval.bad .range { stroke: var(--bad); } .interval.bad circle { fill: var(--bad); }
code { font: 13px ui-monospace, SFMono-Regular, Menlo, monospace; background: var(--tint); border-radius: 4px;
  padding: 1px 5px; }
.none-yet { color: var(--soft); margin-top: 10px; }
details { margin-top: 12px; } summary { cursor: pointer; }
footer { margin-top: 20px; color: var(--soft); font-size: 13px; }
@media (max-width: 720px) { .tiles { grid-template-columns: repeat(2, 1fr); } main { padding: 20px 14px 40px; } }
@media print { body { background: #fff; } section { break-inside: avoid; } }
`;
