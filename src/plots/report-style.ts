/** Style of the report: A4 print, 360 to 1600 px, dark surroundings; figures stay on white paper. */
export const REPORT_STYLE = `
:root { --text: #1f2933; --muted: #52606d; --line: #d3dae1; --paper: #ffffff; --soft: #f4f6f8; --accent: #0b4f86; --mark: #a84a00; --good: #00664a; --note: #fff6e5; --note-line: #e0a100; }
@media (prefers-color-scheme: dark) { @media screen { :root { --text: #e6eaee; --muted: #a9b4bf; --line: #3b4754; --paper: #161b21; --soft: #1f262e; --accent: #8cc4f2; --mark: #ffb07a; --good: #6fd8b4; --note: #33290f; --note-line: #b98900; } } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 24px 20px 48px; max-width: 1480px; background: var(--paper); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
.question { font-size: clamp(1.45rem, 1.1rem + 1.4vw, 2.1rem); line-height: 1.22; margin: 0 0 .4em; max-width: 34em; text-wrap: balance; }
.sub { font-size: 1.05rem; margin: 1.6em 0 .4em; }
.section { font-size: 1.3rem; line-height: 1.3; margin: 2.4em 0 .5em; padding-top: .7em; border-top: 2px solid var(--line); }
header + section .section { margin-top: 1em; }
body > header { margin-bottom: 2.5em; }
article + article { margin-top: 5em; border-top: 6px solid var(--line); padding-top: 2em; }
a { color: var(--accent); }
p, ul, ol, dl { margin: .6em 0; max-width: 62em; }
ul, ol { padding-left: 1.3em; } li { margin: .35em 0; }
.eyebrow, .aside, footer, caption, .range, .unit, figure p { color: var(--muted); }
.fine { font-size: .9rem; color: var(--muted); columns: 2 30em; column-gap: 3em; max-width: none; }
.eyebrow { font-size: .95rem; margin: 0 0 .5em; }
.lead { font-size: 1.12rem; }
.banner, .note { border-left: 4px solid var(--note-line); background: var(--note); padding: .6em 1em; margin: 1em 0; max-width: 62em; }
.note ul { margin: 0; }
.table { margin: 1.1em 0; overflow-x: auto; }
.fine li { break-inside: avoid; }
table { border-collapse: collapse; width: auto; min-width: min(100%, 46em); font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: .92rem; padding-bottom: .5em; max-width: 62em; }
th, td { padding: .5em .75em; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; font-size: .88rem; line-height: 1.3; border-bottom: 2px solid var(--muted); }
tbody th { font-weight: 600; }
.number { text-align: right; }
.unit, .range { display: block; font-weight: 400; font-size: .86rem; white-space: nowrap; }
.suggestions .mean, .suggestions .setting { white-space: nowrap; }
@media (max-width: 1200px) { .suggestions { font-size: .94rem; } .suggestions th, .suggestions td { padding-left: .35em; padding-right: .35em; } }
thead .skill { display: block; }
.unit.wraps { white-space: normal; }
.chance { display: block; font-size: .82rem; color: var(--muted); }
.suggestions { width: 100%; }
.suggestions > tbody { border-bottom: 1px solid var(--line); }
.suggestions > tbody > tr > th, .suggestions > tbody > tr:first-child > td { border-bottom: 0; padding-bottom: .2em; }
.suggestions .setting { font-weight: 700; font-size: 1.15rem; color: var(--mark); }
.suggestions .mean { font-weight: 600; }
.suggestions .why > td { text-align: left; padding-top: 0; border-bottom: 0; font-size: .95rem; }
.why ul { margin: .2em 0 .4em; } .why li { margin: .1em 0; color: var(--muted); }
details { margin: .35em 0; } summary { cursor: pointer; }
.steps { font-size: .92rem; min-width: 0; } .steps th, .steps td { padding: .25em .7em; } .steps tbody { border-bottom: 0; }
.skill { font-weight: 600; white-space: nowrap; } .skill::before { content: "●"; margin-right: .35em; }
.skill.good { color: var(--good); } .skill.rough { color: var(--accent); } .skill.weak, .skill.none, .skill.unknown { color: var(--mark); }
.skill.rough::before { content: "◐"; } .skill.weak::before { content: "◔"; } .skill.none::before, .skill.unknown::before { content: "○"; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 22px; margin: 1.4em 0; }
.figures:has(> figure:only-child) { grid-template-columns: minmax(0, 560px); }
figure { margin: 0; padding: 14px 14px 8px; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; color: #1f2933; break-inside: avoid; }
figcaption { font-weight: 600; margin-bottom: 6px; }
figure p { font-size: .88rem; line-height: 1.4; color: #52606d; margin: 4px 0; }
figure svg { display: block; width: 100%; max-width: 560px; height: auto; margin: 0 auto; }
code, pre, dd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
code { overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .7em .9em; margin: .3em 0 1em; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25em 1.2em; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3em; border-top: 1px solid var(--line); font-size: .9rem; }
@media screen and (max-width: 960px) {
  .table { overflow-x: visible; }
  table, tbody, tr, caption { display: block; min-width: 0; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tbody th, td { display: block; border: 0; padding: .22em 0; }
  tbody tr:not(.why) { border-top: 1px solid var(--line); padding-top: .5em; margin-top: .5em; }
  tbody th { font-size: 1.05rem; }
  td, .number { text-align: left; }
  .skill { white-space: normal; }
  td[data-label] { display: grid; grid-template-columns: minmax(0, 10.5em) minmax(0, 1fr); column-gap: .8em; }
  td[data-label]::before { content: attr(data-label); color: var(--muted); font-size: .9rem; grid-row: 1 / span 9; }
  td[data-label] > * { grid-column: 2; }
  .suggestions > tbody > tr > th::before { content: "Run "; }
  .suggestions > tbody > tr > th .range { display: inline; margin-left: .6em; }
  .suggestions { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); column-gap: 2em; }
  .suggestions caption, .suggestions thead { grid-column: 1 / -1; }
}
@media screen and (max-width: 560px) {
  body { padding: 16px 14px 36px; }
  figure { padding: 10px 6px 6px; } figcaption, figure p { padding: 0 6px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5em; }
}
@page { size: A4; margin: 13mm 12mm; }
@media print {
  html { font-size: 9.5pt; }
  body { padding: 0; max-width: none; font-size: 1rem; }
  .question { font-size: 17pt; } .section { font-size: 12.5pt; margin-top: 1.4em; } .section, .sub { break-after: avoid; }
  body > header { margin-bottom: 1em; }
  article + article { break-before: page; margin-top: 0; border-top: 0; padding-top: 0; }
  .table { overflow: visible; } th, td { padding: .3em .45em; } tbody, tr { break-inside: avoid; }
  .suggestions { font-size: 8.5pt; } .suggestions .why > td { font-size: 1em; }
  table, dl, pre { break-inside: avoid; } .suggestions { break-inside: auto; }
  .figures { display: block; font-size: 0; margin: .6em 0; orphans: 1; widows: 1; }
  figure { display: inline-block; width: 48.6%; margin: 0 2% 4mm 0; padding: 1.5mm 2mm; font-size: 8.5pt; vertical-align: top; border-radius: 0; }
  figure p { font-size: 7.5pt; line-height: 1.3; margin: 1mm 0; } figcaption { margin-bottom: 1mm; }
  figure svg { max-width: 82mm; }
  figure:nth-child(even) { margin-right: 0; }
  a { color: inherit; text-decoration: none; }
}
`;
