# The private PostgreSQL: a cluster of our own that listens on a Unix socket only.
# Sourced after lib.sh and install.sh. A cluster has a home, a folder that belongs to its user alone:
#   $pg_home/cluster   what initdb made          $pg_home/socket   the socket, unless the path is too long for one
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # pg_connection is for the caller; root and data come from lib.sh, pg_bin from install.sh

pg_port=5432   # names the socket file; no network port is opened

# PostgreSQL refuses to run as root, so there it gets a system user of its own. Leaves the words that become it in $pg_become.
choose_pg_user() {
    pg_user="$(id -un)"
    pg_become=(env LC_ALL=C.UTF-8)
    is_root || return 0
    pg_user=postgres
    if ! getent passwd postgres >/dev/null; then
        pg_user=chartroom-db
        getent passwd "$pg_user" >/dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$pg_user"
    fi
    pg_become=(setpriv --reuid "$pg_user" --regid "$(id -g "$pg_user")" --init-groups env HOME=/ LC_ALL=C.UTF-8)
}

# Runs a command as the database's user, with none of our locks in its hands.
as_pg() { (cd / && exec "${pg_become[@]}" "$@") 7>&- 8>&- 9>&-; }

# The home of the durable cluster: data/postgres, unless its user cannot get there (a checkout under /root); then outside,
# with data/postgres pointing to it.
place_cluster() {
    choose_pg_user
    if [[ ! -e "$data/postgres" && ! -L "$data/postgres" ]] && ! as_pg test -x "$data"; then
        local outside
        outside="/var/lib/chartroom/$(short_hash "$root")"
        say "The database's user $pg_user cannot enter $root: the cluster goes to $outside"
        [[ ! -e "$outside/cluster" ]] || fail "$outside already holds the database of an earlier checkout at this path." \
            "To go on with it, bring back that checkout's data/secrets, then: ln -s $outside data/postgres" \
            "To give it up: rm -r $outside"
        mkdir -p "$(dirname "$outside")"
        own_folder "$outside"
        ln -s "$outside" "$data/postgres"
    fi
    if [[ -L "$data/postgres" ]]; then pg_home="$(readlink "$data/postgres")"; else pg_home="$data/postgres"; fi
    settle_home
}

# A Unix socket's path has room for 107 bytes, so a deep home has its socket under /tmp.
settle_home() {
    own_folder "$pg_home"
    pg_socket="$pg_home/socket"
    ((${#pg_socket} <= 90)) || pg_socket="/tmp/chartroom-$(short_hash "$pg_home")"
    own_folder "$pg_socket"
}

# own_folder PATH: exists, belongs to the database's user, is closed to others.
own_folder() {
    [[ ! -L "$1" ]] || fail "$1 is a symbolic link where a folder has to be."
    mkdir -p "$1"
    if is_root; then chown "$pg_user:" "$1"; fi
    [[ "$(stat -c %U "$1")" == "$pg_user" ]] || fail "$1 belongs to $(stat -c %U "$1"), not to $pg_user." "Remove it, then try again."
    chmod 700 "$1"
}

random_word() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }

# make_cluster WORD: initdb beside the final place, then one rename, so that a kill leaves nothing half-made.
make_cluster() {
    local fresh="$pg_home/cluster.new" log="$pg_home/initdb.log"
    as_pg rm -rf "$fresh"
    # shellcheck disable=SC2016  # expanded by the inner shell
    as_pg sh -c 'umask 077; cat > "$1"' _ "$pg_home/word" <<<"$1"
    # shellcheck disable=SC2016
    as_pg sh -c 'log="$1"; shift; exec "$@" >"$log" 2>&1' _ "$log" "$pg_bin/initdb" -D "$fresh" -U postgres --pwfile="$pg_home/word" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-sync ||
        fail "initdb failed:" "$(tail -n 3 "$log")"
    as_pg rm -f "$pg_home/word"
    echo "include = 'chartroom.conf'" | as_pg tee -a "$fresh/postgresql.conf" >/dev/null
    sync -f "$pg_home"
    as_pg mv "$fresh" "$pg_home/cluster"
}

# The settings are written anew at each start. No statement and no parameter of one reaches the log: they hold patients' data.
write_settings() {
    as_pg tee "$pg_home/cluster/chartroom.conf" >/dev/null <<SETTINGS
# Written by the scripts at every start; put settings of your own into postgresql.auto.conf (alter system).
listen_addresses = ''
port = $pg_port
unix_socket_directories = '$pg_socket'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 1GB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
max_locks_per_transaction = 256
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_line_prefix = '%m [%p] %u '
log_statement = 'none'
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
$1
SETTINGS
}

# Clears away what a crash left: a process id that is another program's by now would keep PostgreSQL from starting.
clear_stale_pid() {
    local file="$pg_home/cluster/postmaster.pid" pid
    pid="$(as_pg head -n 1 "$file" 2>/dev/null)" || return 0
    if kill -0 "$pid" 2>/dev/null && [[ "$(readlink "/proc/$pid/cwd")" == "$(readlink -f "$pg_home/cluster")" ]]; then return 0; fi
    say "Clearing what a crashed PostgreSQL left behind"
    as_pg rm -f "$file" "$pg_socket/.s.PGSQL.$pg_port" "$pg_socket/.s.PGSQL.$pg_port.lock"
}

postgres_is_up() { "$pg_bin/pg_isready" -q -h "$pg_socket" -p "$pg_port"; }

# Starts the durable cluster. For a moment after a crash its orphans still hold the shared memory: try again then.
start_postgres() {
    clear_stale_pid
    write_settings ""
    local left=10
    until as_pg "$pg_bin/pg_ctl" start -D "$pg_home/cluster" -l "$pg_home/start.log" -w -t 300 -s </dev/null >/dev/null 2>&1; do
        if ((left-- == 0)) || ! as_pg grep -qs 'shared memory block' "$pg_home/start.log"; then
            fail "PostgreSQL did not start:" "$(tail -n 5 "$pg_home/start.log")" "More in $pg_home/cluster/log."
        fi
        as_pg rm -f "$pg_home/start.log"
        sleep 1
    done
    as_pg rm -f "$pg_home/start.log"
}

revive_postgres() {
    kill -0 "$(as_pg head -n 1 "$pg_home/cluster/postmaster.pid" 2>/dev/null || echo none)" 2>/dev/null && return 0
    say "PostgreSQL is gone; starting it again"
    start_postgres
}

# Several commands may use the cluster at once. Each holds lock 8 shared; who can get it alone is the last and stops the server.
# Lock 7 makes starting a matter of one at a time.
join_postgres() {
    place_cluster
    local version=""
    if [[ -e "$pg_home/cluster" ]]; then version="$(as_pg cat "$pg_home/cluster/PG_VERSION")"; fi
    ensure_postgres "$version"
    exec 8>"$data/postgres.users" 7>"$data/postgres.start"
    flock -s 8
    flock 7
    if [[ ! -e "$pg_home/cluster" ]]; then
        say "Making the database cluster in ${pg_home#"$root/"}"
        # Secrets that were brought back from a backup stay as they are.
        [[ -s "$data/secrets/postgres" ]] || (umask 077 && random_word >"$data/secrets/postgres")
        make_cluster "$(cat "$data/secrets/postgres")"
    fi
    [[ -r "$data/secrets/postgres" ]] || fail "data/secrets/postgres, the database's password, is gone." "Bring it back from your backup of the secrets."
    if ! postgres_is_up; then
        say "Starting PostgreSQL"
        start_postgres
    fi
    exec 7>&-
    name_connection "$(cat "$data/secrets/postgres")" chartroom
    make_database chartroom
}

leave_postgres() {
    flock -u 8
    if flock -n -x 8; then
        say "Stopping PostgreSQL"
        as_pg "$pg_bin/pg_ctl" stop -D "$pg_home/cluster" -m fast -w -t 60 -s >/dev/null 2>&1 ||
            as_pg "$pg_bin/pg_ctl" stop -D "$pg_home/cluster" -m immediate -w -t 30 -s >/dev/null 2>&1 ||
            say "PostgreSQL did not stop in 90 seconds"
    fi
    exec 8>&-
}

# The administrator's connection string, in Npgsql's words; the program makes its own lesser roles from there.
name_connection() {
    pg_word="$1"
    pg_connection="Host=$pg_socket;Port=$pg_port;Username=postgres;Password=$pg_word;Database=$2"
}

admin_sql() { PGPASSWORD="$pg_word" "$pg_bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$pg_socket" -p "$pg_port" -U postgres -d postgres -c "$1"; }

make_database() {
    [[ "$(admin_sql "select 1 from pg_database where datname = '$1'")" == 1 ]] || admin_sql "create database $1"
}

# A cluster for one test run: no care for its files, gone with this shell however that ends. Leaves its process id in $pg_pid.
start_throwaway_postgres() {
    choose_pg_user
    ensure_postgres
    pg_home="$1"
    settle_home
    local word left=600
    word="$(random_word)"
    make_cluster "$word"
    write_settings "fsync = off
synchronous_commit = off
full_page_writes = off
logging_collector = off
max_connections = 300
autovacuum_naptime = 5min"
    (cd / && exec "${pg_become[@]}" setpriv --pdeathsig QUIT "$pg_bin/postgres" -D "$pg_home/cluster") \
        >"$pg_home/server.log" 2>&1 </dev/null &
    pg_pid=$!
    until postgres_is_up; do
        if ! kill -0 "$pg_pid" 2>/dev/null || ((left-- == 0)); then
            fail "the tests' PostgreSQL did not start:" "$(tail -n 5 "$pg_home/server.log")"
        fi
        sleep 0.1
    done
    name_connection "$word" postgres
}

stop_throwaway_postgres() {
    kill -QUIT "$pg_pid" 2>/dev/null
    wait "$pg_pid" 2>/dev/null
    pg_pid=""
    rm -rf "$pg_home" "$pg_socket"
}

# A folder in memory, where there is room for a test run's cluster: making its hundred thousand small files costs a sixth less there.
roomy_memory() {
    local free available
    free="$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" || return 1
    available="$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)"
    ((${free:-0} > 8000000 && ${available:-0} > 12000000)) && [[ -w /dev/shm ]] && echo /dev/shm
}

# Folders of test runs that were killed: their server is gone with them.
remove_leftovers() {
    local folder
    for folder in /tmp/chartroom-test.* /dev/shm/chartroom-test.*; do
        [[ -d "$folder" && ! -L "$folder" ]] || continue
        if [[ -n "$(find "$folder" -maxdepth 0 -mmin -2)" ]]; then continue; fi
        if ! kill -0 "$(head -n 1 "$folder/cluster/postmaster.pid" 2>/dev/null || echo none)" 2>/dev/null; then
            rm -rf "$folder" 2>/dev/null || true
        fi
    done
}
