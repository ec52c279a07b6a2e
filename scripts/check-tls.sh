#!/usr/bin/env bash
# Asks a running host what TLS it speaks, with testssl.sh (Debian: apt-get install testssl.sh), and fails when anything of medium gravity or worse is found.
#   scripts/check-tls.sh localhost:8443
# That a certificate is self-signed, has no revocation or no CAA record is a matter of the place, not of the program: these findings are left out.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 HOST:PORT" >&2; exit 2; }
testssl=$(command -v testssl || command -v testssl.sh) || { echo "testssl.sh is missing: apt-get install testssl.sh" >&2; exit 2; }
report=$(mktemp -d)
trap 'rm -rf "$report"' EXIT
"$testssl" --quiet --color 0 --ip one --sneaky --jsonfile "$report/findings.json" "$1" > "$report/text" || true
[ -s "$report/findings.json" ] || { cat "$report/text" >&2; exit 2; }
grep -E '^ (SSLv2|SSLv3|TLS 1)' "$report/text" || true
# shellcheck disable=SC2016  # the dollar signs are the script's own
node -e '
  const findings = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  const ofThePlace = /^(cert_(chain_of_trust|trust|revocation|caIssuers|notAfter|expirationStatus|validityPeriod|extlifeSpan)|DNS_CAArecord|OCSP_stapling|overall_grade|grade_cap_reason|certificate_transparency)/;
  const bad = findings.filter(it => ["MEDIUM", "HIGH", "CRITICAL", "FATAL"].includes(it.severity) && !ofThePlace.test(it.id));
  for (const it of bad) console.log(`${it.severity} ${it.id}: ${it.finding}`);
  console.log(`${findings.length} findings, ${bad.length} of medium gravity or worse`);
  process.exit(bad.length ? 1 : 0);
' "$report/findings.json"
