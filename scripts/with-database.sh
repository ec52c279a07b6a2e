#!/usr/bin/env bash
# Runs a PostgreSQL program against the private database as its administrator: scripts/with-database.sh pg_dump chartroom
# Without a command: psql. Starts the server when it is not up, and stops it again when nobody else uses it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
# shellcheck source=scripts/lib.sh
source "$here/scripts/lib.sh"
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
# shellcheck source=scripts/postgres.sh
source "$here/scripts/postgres.sh"

prepare_data
trap leave_postgres EXIT
join_postgres
export PATH="$pg_bin:$PATH" PGHOST="$pg_socket" PGPORT="$pg_port" PGUSER=postgres PGDATABASE=chartroom PGPASSWORD="$pg_word"
if (($# == 0)); then set -- psql; fi
"$@" 8>&-
