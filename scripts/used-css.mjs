// Leaves of Tabler's style sheet what our pages can use: 640 kB become 120, which every first page had to fetch and parse.
// A rule stays when each class in it is a word of our sources, so nothing has to be listed but names that are put together at run time.
// Usage: node scripts/used-css.mjs FROM TO
import { readFileSync, writeFileSync } from 'node:fs';
import { PurgeCSS } from 'purgecss';

const [from, to] = process.argv.slice(2);
const [{ css: used }] = await new PurgeCSS().purge({
  css: [from],
  content: ['src/**/*.razor', 'src/**/*.cs', 'src/**/*.js'],
  skippedContentGlobs: ['**/wwwroot/lib/**', '**/obj/**', '**/bin/**', '**/*.Tests.cs'],
  defaultExtractor: text => text.match(/[A-Za-z0-9_-]+/g) ?? [],
  safelist: { standard: [/^bg-[a-z]+$/] },   // the colours that providers and visit types have
});
const css = used.replace(/\/\*# sourceMappingURL=[^*]*\*\//, '');   // source maps are not served; a link to one would be a failed request in every console
let before = '';
try { before = readFileSync(to, 'utf8'); } catch { /* the first time */ }
if (css !== before) writeFileSync(to, css);   // an unchanged file does not have to be embedded anew
