//! How the HTML looks, on a screen and on paper.

/// The style sheet: no font, picture or file from anywhere else.
pub(super) const SHEET: &str = "
:root { --ok: #1a7f37; --warning: #9a6700; --broken: #c01824; --unverifiable: #57606a;
  --line: #d0d7de; --soft: #f6f8fa; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  color: #1f2328; background: #fff; max-width: 70rem; margin: 0 auto; padding: 1.5rem;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .6rem; border-bottom: 2px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0; }
code { font: .88em/1.4 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace;
  background: var(--soft); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
a { color: inherit; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { border: 1px solid var(--line); padding: .28rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: var(--soft); font-weight: 600; overflow-wrap: normal; }
ul, ol { margin: .3rem 0; padding-left: 1.4rem; }
li { margin: .15rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.05rem; overflow-wrap: anywhere; }
.dim { color: #57606a; }
.nowrap { white-space: nowrap; }
.narrow { width: 1%; white-space: nowrap; }
table.ends { table-layout: fixed; }
table.ends th:first-child { width: 11.5rem; }
.app { min-width: 4rem; }
.title { min-width: 9rem; }
.box { border: 1px solid var(--line); border-left: 4px solid #57606a; background: var(--soft);
  padding: .5rem .9rem; margin: .8rem 0; }
.badge { display: inline-block; white-space: nowrap; font-weight: 600; }
.badge svg { width: 1.05em; height: 1.05em; vertical-align: -.15em; margin-right: .3em; }
.ok, .pass { color: var(--ok); }
.warning, .warn { color: var(--warning); }
.broken, .fail { color: var(--broken); }
.unverifiable, .skip, .note { color: var(--unverifiable); }
.pass, .warn, .fail, .skip, .note { font-weight: 600; white-space: nowrap; }
tr.differ td { background: #ffebe9; }
.code { border: 1px solid var(--line); border-radius: 4px; padding: .3rem .9rem .5rem; margin: .5rem 0; }
.code h4 { margin: .3rem 0; font-size: .95rem; }
.map { margin: .6rem 0; text-align: center; }
.map svg { max-width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; justify-content: center; margin: .3rem 0; }
.apps { display: grid; grid-template-columns: repeat(auto-fill, minmax(24rem, 1fr)); gap: .8rem; align-items: start; }
.apps table { margin: 0; font-size: .88rem; }
.apps th[scope=row] { width: 9.5rem; font-weight: 500; }
.log { font-size: .82rem; }
.log code { background: none; padding: 0; }
footer { margin-top: 2rem; border-top: 2px solid var(--line); padding-top: .5rem; }
@media print {
  @page { size: A4; margin: 14mm 12mm; }
  body { font-size: 9.5pt; max-width: none; padding: 0; }
  h1, h2, h3, h4 { break-after: avoid; }
  tr, .code, .box, .map, .keep, .apps table { break-inside: avoid; }
  thead { display: table-header-group; }
  .apps { grid-template-columns: 1fr 1fr; }
  .apps table { font-size: 8pt; }
  .apps th[scope=row] { width: 8em; }
  table.ends th:first-child { width: 13em; }
  .log { font-size: 7.5pt; }
  a { text-decoration: none; }
}
";
