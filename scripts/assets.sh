#!/usr/bin/env bash
# Brings what the pages load from npm into src/Chartroom/wwwroot/lib, from where the build embeds it. Quick when nothing changed.
# Usage: scripts/assets.sh [--omit=dev]      --omit=dev leaves the development mailbox out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
lib=src/Chartroom/wwwroot/lib
icons=src/Chartroom/Shell/icons.txt

packages="$(sha256sum package-lock.json) $*"
if [ "$(cat node_modules/.chartroom 2>/dev/null || true)" != "$packages" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error "$@"
  printf '%s' "$packages" > node_modules/.chartroom
fi

wanted="$(cat package-lock.json "$icons" scripts/assets.sh | sha256sum)"
words="$wanted $(find src \( -name obj -o -name bin -o -name lib \) -prune -o \( -name '*.razor' -o -name '*.cs' -o -name '*.js' \) -print0 | sort -z | xargs -0 cat scripts/used-css.mjs | sha256sum)"
if [ "$(cat "$lib/.words" 2>/dev/null || true)" = "$words" ]; then exit 0; fi

use_css() {
  node scripts/used-css.mjs node_modules/@tabler/core/dist/css/tabler.min.css "$lib/tabler.min.css"
  printf '%s' "$words" > "$lib/.words"
}

if [ "$(cat "$lib/.made-from" 2>/dev/null || true)" = "$wanted" ]; then use_css; exit 0; fi

rm -rf "$lib"
mkdir -p "$lib/icons"
cp node_modules/htmx.org/dist/htmx.min.js "$lib/"
cp node_modules/@event-calendar/build/dist/event-calendar.min.{js,css} node_modules/chart.js/dist/chart.umd.min.js "$lib/"
# Source maps are not served; a link to one would be a failed request in every console.
sed -i -E 's@/[*/]# sourceMappingURL=[^ *]*( \*/)?@@' "$lib"/*.css "$lib"/*.js
while read -r icon; do cp "node_modules/@tabler/icons/icons/outline/$icon.svg" "$lib/icons/"; done < "$icons"
use_css
printf '%s' "$wanted" > "$lib/.made-from"
