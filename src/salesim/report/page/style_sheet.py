"""The page's style sheet. System fonts only: nothing is fetched."""

STYLE = """
:root { --ink: #23262b; --faint: #6b7078; --line: #e3e5e8; --good: #0b4f7d; --bad: #b34a00; }
* { box-sizing: border-box; }
body { margin: 0; background: #f6f7f8; color: var(--ink); line-height: 1.5; font-size: 16px;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 40px 24px 64px; }
header { margin-bottom: 28px; }
h1 { font-size: 34px; line-height: 1.15; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 21px; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 15px; font-weight: 600; margin: 20px 0 4px; color: var(--faint); }
.kind { margin: 0 0 4px; color: var(--faint); font-size: 14px; }
.question { font-size: 18px; max-width: 48em; margin: 10px 0 0; }
section { background: white; border: 1px solid var(--line); border-radius: 6px; padding: 24px 28px; margin: 0 0 20px; }
.verdict { border-left: 4px solid var(--good); }
.verdict ul { margin: 0; padding-left: 20px; }
.verdict h3 { margin: 14px 0 2px; }
.verdict li { margin: 4px 0; max-width: 60em; }
.verdict .sure { color: var(--faint); font-size: 14.5px; }
.verdict p { margin: 12px 0 0; max-width: 60em; }
.reading { margin: 0 0 14px; padding: 0; max-width: 62em; list-style: none; }
.reading li { margin: 2px 0; }
.reading b { font-weight: 600; }
.answers { margin: 0 0 14px; padding-left: 20px; max-width: 60em; }
.answers ul { padding-left: 20px; }
.answers li { margin: 2px 0; }
tr.part th { padding-left: 24px; color: var(--faint); font-weight: 400; }
tr.part th, tr.part td { padding-top: 3px; padding-bottom: 3px; border-bottom: 0; font-size: 13.5px; }
.note, .missing { color: var(--faint); font-size: 13.5px; margin: 8px 0 0; max-width: 62em; }
.missing { font-size: 16px; }
.origin { margin: 0 0 10px; color: var(--faint); }
.remark { margin: 0 0 14px; padding: 8px 14px; border-left: 4px solid #e69f00; background: #fdf6e7; max-width: 62em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14.5px; }
table.many { font-size: 12px; }
table.fine { font-size: 12.5px; }
table.fine td:last-child { white-space: normal; min-width: 110px; }
th, td { text-align: right; padding: 7px 10px; border-bottom: 1px solid var(--line); vertical-align: top;
  white-space: nowrap; }
table.many th, table.many td { padding: 6px 4px; }
table.many thead th { vertical-align: bottom; max-width: 110px; }
table.many th:first-child { min-width: 130px; position: sticky; left: 0; background: white; }
th:first-child { text-align: left; white-space: normal; font-weight: 500; min-width: 150px; }
thead th { min-width: 84px; border-bottom: 1.5px solid var(--ink); font-weight: 600; white-space: normal;
  vertical-align: bottom; }
table.words th, table.words td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.better-way { font-weight: 400; font-size: 13.5px; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
.unit { display: block; color: var(--faint); font-weight: 400; font-size: 12.5px; }
.difference { display: block; font-size: 12.5px; color: var(--faint); }
table.many .interval { display: block; font-weight: 400; }
table.many .difference { font-size: 11px; }
.better { color: var(--good); font-weight: 600; }
.worse { color: var(--bad); font-weight: 600; }
.figure > div { min-width: 720px; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--faint); }
pre { background: #f6f7f8; border: 1px solid var(--line); border-radius: 4px; padding: 10px 14px; overflow-x: auto;
  font-size: 14px; margin: 8px 0 14px; }
dl { display: grid; grid-template-columns: 170px 1fr; gap: 6px 16px; margin: 0; font-size: 15px; }
dt { font-weight: 600; }
dd { margin: 0; max-width: 52em; }
@media (max-width: 640px) { dl { grid-template-columns: 1fr; } section { padding: 18px 16px; } }
@media print {
  @page { margin: 12mm; }
  body { background: white; font-size: 14px; }
  main { max-width: none; padding: 0; }
  section { break-inside: avoid; border: 0; padding: 12px 0; }
  .verdict { padding-left: 16px; }
  h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { list-style: none; }
}
"""
