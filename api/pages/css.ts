/** The style of every server-rendered page: calm, one accent, light and dark by the reader's own setting, down to 320 px. */
export const css = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f4; --card: #ffffff; --ink: #1c2420; --soft: #59655e; --line: #e1e5df; --wash: #eef2ec;
  --accent: #1f7a4a; --accent-wash: #e3f1e8; --warn: #8a5a00; --warn-wash: #fdf1d7; --bad: #a62b1f; --bad-wash: #fbe6e3; --blue: #2b5d9b; --blue-wash: #e6eef8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121614; --card: #1a201d; --ink: #e6ebe7; --soft: #9fada4; --line: #2b332e; --wash: #212824;
    --accent: #6cc795; --accent-wash: #1c3527; --warn: #e8b65a; --warn-wash: #3a2d12; --bad: #f0938a; --bad-wash: #40201d; --blue: #8fb8ea; --blue-wash: #1d2d41;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; -webkit-text-size-adjust: 100%; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0; letter-spacing: -.015em; font-weight: 650; }
h2 { font-size: 1.02rem; margin: 0; font-weight: 650; }
h3 { font-size: .95rem; margin: 0; font-weight: 600; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: .9em ui-monospace, 'SF Mono', Menlo, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); } .small { font-size: .86rem; } .num { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; } .nowrap { white-space: nowrap; }
.hidden-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; align-items: center; padding: .7rem clamp(1rem, 4vw, 2.2rem); background: var(--card); border-bottom: 1px solid var(--line); }
.brand { display: inline-flex; gap: .5rem; align-items: center; font-weight: 700; color: var(--ink); text-decoration: none; letter-spacing: -.01em; }
.top nav { display: flex; flex-wrap: wrap; gap: .15rem .3rem; }
.top nav a { padding: .25rem .6rem; border-radius: 6px; color: var(--soft); text-decoration: none; font-size: .92rem; }
.top nav a:hover { background: var(--wash); color: var(--ink); }
.top nav a[aria-current] { background: var(--accent-wash); color: var(--accent); font-weight: 600; }
.console main { max-width: 1280px; margin: 0 auto; padding: 1.6rem clamp(1rem, 4vw, 2.2rem) 4rem; display: grid; gap: 1.4rem; }
.console main > * { min-width: 0; }

.letter main { max-width: 34rem; margin: clamp(1rem, 8vh, 5rem) auto; padding: 0 1rem 3rem; display: grid; gap: 1rem; }
.letter main > * { min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.pad { padding: 1.1rem 1.2rem; } .stack { display: grid; gap: .8rem; } .stack > * { min-width: 0; }
.card > header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; justify-content: space-between; padding: .85rem 1.2rem; border-bottom: 1px solid var(--line); }
.card > header p { color: var(--soft); font-size: .86rem; }
.empty { padding: 1.3rem 1.2rem; color: var(--soft); }

.tag { display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .8rem; font-weight: 550; background: var(--wash); color: var(--soft); white-space: nowrap; }
.tag.good { background: var(--accent-wash); color: var(--accent); } .tag.warn { background: var(--warn-wash); color: var(--warn); }
.tag.bad { background: var(--bad-wash); color: var(--bad); } .tag.blue { background: var(--blue-wash); color: var(--blue); }
.notice { padding: .7rem 1rem; border-radius: 10px; background: var(--wash); border: 1px solid var(--line); }
.notice.warn { background: var(--warn-wash); color: var(--warn); border-color: transparent; } .notice.bad { background: var(--bad-wash); color: var(--bad); border-color: transparent; }
.notice.good { background: var(--accent-wash); color: var(--accent); border-color: transparent; }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 550; font-size: .8rem; color: var(--soft); padding: .55rem .7rem; white-space: nowrap; }
th.num { text-align: right; }
td { padding: .55rem .7rem; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: 1.2rem; } th:last-child, td:last-child { padding-right: 1.2rem; }
td strong { font-weight: 600; }
.sub { display: block; color: var(--soft); font-size: .84rem; }
@media (max-width: 620px) {
  table.fold thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.fold tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .15rem .8rem; padding: .75rem 1.1rem; border-top: 1px solid var(--line); }
  table.fold tbody tr:first-child { border-top: 0; }
  table.fold td, table.fold td:first-child, table.fold td:last-child { display: block; padding: 0; border: 0; }
  table.fold td.lead { order: -2; } table.fold td.side { justify-self: end; } table.fold td.corner { order: -1; } table.fold td.wide { grid-column: 1 / -1; } table.fold td.num { text-align: right; }
}

form { display: grid; gap: .9rem; margin: 0; }
label { display: grid; gap: .25rem; font-weight: 550; }
label.choice { display: flex; flex-wrap: nowrap; gap: .6rem; align-items: baseline; font-weight: 400; font-size: inherit; } label.choice > span { min-width: 0; }
fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: .45rem; } legend { font-weight: 550; padding: 0; margin-bottom: .35rem; }
input:not([type=radio], [type=checkbox]), select, textarea { font: inherit; font-weight: 400; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .7rem; width: 100%; }
button, .button { font: inherit; font-weight: 600; border: 0; border-radius: 8px; padding: .6rem 1.1rem; background: var(--accent); color: var(--card); cursor: pointer; text-decoration: none; display: inline-block; text-align: center; }
label.when { display: none; } form:has([data-date]:checked) label.when, label.when:has([aria-invalid]) { display: grid; }
@supports not selector(:has(*)) { label.when { display: grid; } }
summary { cursor: pointer; font-weight: 550; color: var(--accent); padding: .3rem 0; } details[open] > summary { margin-bottom: .4rem; }
button.quiet { background: var(--wash); color: var(--ink); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0; } dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
iframe { border: 0; width: 100%; min-height: 60vh; background: #fff; border-radius: 8px; display: block; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .86rem/1.5 ui-monospace, 'SF Mono', Menlo, monospace; }
.headline { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; align-items: baseline; justify-content: space-between; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: .8rem; margin: 0; }
.figure { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .8rem 1.1rem; }
.figure dd { margin: 0; font-size: 1.55rem; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; line-height: 1.3; }
.figure dt { color: var(--soft); font-size: .86rem; }
.pair { display: grid; gap: 1.4rem; align-items: start; } .pair > * { min-width: 0; } .pair .stack { gap: 1.4rem; }
@media (min-width: 1080px) { .pair { grid-template-columns: 1.15fr 1fr; } }
.campaigns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); gap: 1rem; align-items: start; }
.steps { list-style: none; margin: 0; padding: .5rem 0 .7rem; font-size: .92rem; }
.steps li { display: grid; grid-template-columns: 1fr 4rem 5.4rem 7rem; gap: .6rem; align-items: center; padding: .28rem 1.2rem; }
.steps .what { min-width: 0; overflow-wrap: anywhere; }
.steps .depth-1 .what { padding-left: 1.1rem; } .steps .depth-2 .what { padding-left: 2.2rem; } .steps .depth-3 .what { padding-left: 3.3rem; } .steps .depth-4 .what { padding-left: 4.4rem; }
meter { width: 100%; height: 6px; border: 0; background: var(--wash); border-radius: 99px; appearance: none; }
meter::-webkit-meter-bar { background: var(--wash); border: 0; border-radius: 99px; height: 6px; }
meter::-webkit-meter-optimum-value { background: var(--accent); border-radius: 99px; }
meter::-moz-meter-bar { background: var(--accent); border-radius: 99px; }
.grid { display: grid; gap: 1.4rem; } .grid > * { min-width: 0; } .big { font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.choices { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; } .choice { display: flex; flex-wrap: wrap; gap: .15rem; font-size: .9rem; }
.choice a { padding: .2rem .6rem; border-radius: 6px; color: var(--soft); text-decoration: none; } .choice a:hover { background: var(--wash); color: var(--ink); }
.choice a[aria-current] { background: var(--accent-wash); color: var(--accent); font-weight: 600; }
.part { padding-top: .8rem; } .part + .part { border-top: 1px solid var(--line); } .part > p { padding: 0 1.2rem; } .part > p:last-child { padding-bottom: .8rem; }
.bars { list-style: none; margin: 0; padding: .4rem 0 .7rem; font-size: .92rem; display: grid; grid-template-columns: minmax(8rem, auto) minmax(4rem, 1fr) auto; }
.bars li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; column-gap: .9rem; align-items: center; padding: .28rem 1.2rem; }
.bars .what { min-width: 0; overflow-wrap: anywhere; } .bars .num { white-space: normal; } .note { padding: .2rem 1.2rem .9rem; color: var(--soft); font-size: .86rem; }
@media (max-width: 620px) {
  .bars { grid-template-columns: 1fr auto; } .bars li { row-gap: .25rem; } .bars meter { grid-column: 1 / -1; grid-row: 2; } .bars .num { max-width: 62vw; }
  .figures { grid-template-columns: 1fr 1fr; }
  .steps li { grid-template-columns: 1fr auto auto; gap: .15rem .8rem; } .steps meter { display: none; }
}
`;
