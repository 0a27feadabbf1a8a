/** The look of a report: the window's colours, dark and light as the reader's system is; on paper light, and with every column. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--panel:#f6f8f9;--line:#d6dbdf;--text:#1a1f24;--muted:#55606a;--good:#15693a;--bad:#ae2119;--notice:#7d5200;--s0:#0b5cb0;--s1:#7d5200;--s2:#6039b8;--s3:#15693a}
@media screen and (prefers-color-scheme:dark){:root{--page:#14181c;--panel:#1b2025;--line:#2f373e;--text:#e3e7ea;--muted:#9da8b2;--good:#62cb8d;--bad:#ff8f86;--notice:#e7b75a;--s0:#6fb3ff;--s1:#e7b75a;--s2:#bca3ff;--s3:#62cb8d}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 20px 48px;max-width:1120px;background:var(--page);color:var(--text);font:14px/1.5 system-ui,-apple-system,'Segoe UI','Cantarell','Noto Sans',sans-serif}
h1{font-size:22px;line-height:1.25;margin:0}h2{font-size:17px;margin:32px 0 8px}h3{font-size:14px;margin:0}
p{margin:4px 0}
.about{color:var(--muted);max-width:75ch}
.outcome{display:inline-block;padding:1px 10px;border:1px solid currentcolor;border-radius:4px;font-weight:600;margin-left:10px;font-size:14px;vertical-align:3px}
.good{color:var(--good)}.bad{color:var(--bad)}.notice{color:var(--notice)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(245px,1fr));gap:8px;margin:16px 0;padding:0;list-style:none}
.tiles li{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:8px 12px}
.tiles b{display:block;font-size:18px;font-variant-numeric:tabular-nums}
.tiles span{color:var(--muted);font-size:12px;display:block}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:16px}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:12px;min-width:0}
figcaption p{color:var(--muted);font-size:12px;margin:0 0 6px}
svg{display:block;width:100%;height:auto}
.legend svg{display:inline-block;width:auto;vertical-align:middle}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;margin:6px 0 0;padding:0;font-size:12px;color:var(--muted)}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--muted);stroke-width:1}
.mark{stroke:var(--bad);stroke-width:1;stroke-dasharray:3 3;opacity:.75}
.limit{stroke:var(--notice);stroke-width:1.5}
.tick,.label{fill:var(--muted);font-size:12px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;margin:4px 0 0;width:100%}
caption{text-align:left;color:var(--muted);font-size:12px;padding-bottom:4px}
th,td{text-align:left;padding:3px 16px 3px 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
thead th{color:var(--muted);font-size:12px;white-space:nowrap}
.number{text-align:right}
tbody .number{white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:13px;margin:0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:600px){table:has(th:nth-child(5)){min-width:560px}}
@media print{:root{color-scheme:light}body{max-width:none}figure,.tiles li,tr{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}table{font-size:10px}th,td{padding-right:6px}}
`;
