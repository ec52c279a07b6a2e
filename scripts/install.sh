# What Chartroom needs from the machine: looked for first, installed from the system's own packages when missing.
# Sourced after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034  # what a function leaves in a variable is for the caller

apt_is_fresh=false

can_type=false
if [[ -t 0 ]]; then can_type=true; fi

as_root() {
    if is_root; then
        "$@"
    elif [[ "$can_type" == true ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    if is_root; then return 0; fi
    have sudo && { [[ "$can_type" == true ]] || sudo -n true 2>/dev/null; }
}

# install_packages WHAT PACKAGE...: says why it cannot where there is no apt or nobody may use it.
install_packages() {
    local what="$1"
    shift
    have apt-get || fail "$what is missing, and this system has no apt-get to install it with." \
        "Install it by hand (on Debian the packages are: $*), then try again."
    is_root || have sudo || fail "$what is missing; installing it takes root, and there is no sudo here." "As root: apt-get install $*"
    may_install || fail "$what is missing, and sudo asks for a password where nobody can type one." "As root: apt-get install $*"
    update_package_lists
    say "Installing $what ($*)"
    run_apt install -y --no-install-recommends "$@" || fail "apt-get could not install $what; its last words are above." \
        "By hand: apt-get install $*"
}

update_package_lists() {
    if [[ "$apt_is_fresh" == true ]] || ! may_install; then return 0; fi
    say "Refreshing the package lists"
    run_apt update || say "apt-get update had trouble; going on with the lists there are"
    apt_is_fresh=true
}

# Quiet when it goes well, the last lines of its log when it does not.
run_apt() {
    local log
    log="$(mktemp)"
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$log"
    else
        tail -n 15 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

ensure_dotnet() {
    local place
    for place in "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
        if ! have dotnet && [[ -x "$place/dotnet" ]]; then PATH="$place:$PATH"; fi
    done
    local wanted="Chartroom is built with the .NET 10 SDK: install it (package dotnet-sdk-10.0, or Microsoft's dotnet-install script)."
    have dotnet || fail "there is no dotnet here." "$wanted"
    local newest
    newest="$(cd / && dotnet --list-sdks | cut -d. -f1 | sort -n | tail -n 1)"
    ((${newest:-0} >= 10)) || fail "the .NET SDK here is too old (${newest:-none})." "$wanted"
    # The runtime loads these by name; a slim image may lack them.
    ldconfig_has libicuuc.so || install_icu
    [[ -e /usr/share/zoneinfo/America/New_York ]] || install_packages "time zones" tzdata
}

# Not by a pipe into grep -q: that may end ldconfig by a broken pipe, which counts as "missing" here.
ldconfig_has() { [[ "$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)" == *"$1"* ]]; }

# Its package carries the version in its name.
install_icu() {
    local package="libicu72"
    if have apt-cache; then
        update_package_lists
        package="$(apt-cache --names-only search '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)"
    fi
    install_packages "ICU (texts in every script)" "${package:-libicu72}"
}

ensure_argon2() {
    ldconfig_has libargon2.so.1 || install_packages "libargon2 (password hashing)" libargon2-1
}

# Server programs of PostgreSQL 15 or newer, with the contrib extensions. Leaves their folder in $pg_bin;
# $1, when given, is the major version that a cluster was made with.
ensure_postgres() {
    find_postgres "${1:-}" && return 0
    if [[ -n "${1:-}" ]]; then
        if have apt-cache && may_install && apt-cache show "postgresql-$1" >/dev/null 2>&1; then install_postgres "postgresql-$1"; fi
        find_postgres "$1" && return 0
        fail "the database in data/postgres was made by PostgreSQL $1, whose programs are not here any more." \
            "Install postgresql-$1, or move the data over (docs/operate.md, Upgrading, says how)."
    fi
    if have apt-get && may_install; then
        update_package_lists
        local offered
        offered="$(apt-cache policy postgresql | sed -n 's/^ *Candidate: \([0-9]*\).*/\1/p')"
        ((${offered:-0} >= 15)) || fail "Chartroom needs PostgreSQL 15 or newer; this system's packages have ${offered:-none}." \
            "Add the PostgreSQL project's own package source for your release, or use a server elsewhere:" \
            "ConnectionStrings__Postgres='Host=…;Username=…;Password=…;Database=chartroom' ./run"
    fi
    install_postgres postgresql
    find_postgres "" || fail "PostgreSQL was installed, but its server programs are nowhere to be found."
}

# The package would also start a server of its own on port 5432, which nobody asked for.
install_postgres() {
    local no_cluster=/etc/postgresql-common/createcluster.d/chartroom.conf
    local is_ours=false
    if have apt-get && may_install && [[ ! -e "$no_cluster" ]]; then
        as_root mkdir -p "$(dirname "$no_cluster")"
        echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null && is_ours=true
    fi
    install_packages PostgreSQL "$1"
    if [[ "$is_ours" == true ]]; then as_root rm -f "$no_cluster"; fi
}

# The newest that will do, or the one of version $1. Debian and Ubuntu have a folder for each major version, Red Hat's packages too.
find_postgres() {
    local wanted="$1" version place
    while read -r version place; do
        if [[ -n "$wanted" && "$version" != "$wanted" ]] || ((version < 15)); then continue; fi
        [[ -x "$place/initdb" && -x "$place/psql" ]] || continue
        [[ -e "$("$place/pg_config" --sharedir 2>/dev/null || echo "$system/usr/share/postgresql/$version")/extension/btree_gist.control" ]] || continue
        pg_bin="$place"
        return 0
    done < <(installed_postgres | sort -k1,1nr -s)
    return 1
}

system=""   # a test puts a made-up machine here

# Lines of "major version, folder of its programs". Asks each server itself: folders may be named anyhow.
installed_postgres() {
    local place version on_path=""
    if [[ -z "$system" ]]; then on_path="$(dirname "$(command -v initdb || echo /)")"; fi
    for place in "$system"/usr/lib/postgresql/*/bin "$system"/usr/pgsql-*/bin $on_path; do
        [[ -x "$place/postgres" ]] || continue
        version="$("$place/postgres" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1)" || continue
        printf '%s %s\n' "${version:-0}" "$place"
    done
}

# For the tests of pooling, which are skipped without it. Its package starts a service of its own, which nobody asked for.
ensure_pgbouncer() {
    if [[ -x /usr/sbin/pgbouncer ]] || ! have apt-get || ! may_install; then return 0; fi
    update_package_lists
    say "Installing PgBouncer (pgbouncer)"
    run_apt install -y --no-install-recommends pgbouncer || say "PgBouncer could not be installed; the tests through it are skipped"
    if have systemctl; then as_root systemctl disable --now pgbouncer >/dev/null 2>&1 || true; fi
}

# For the tests of recordings, which are skipped without them.
ensure_audio() {
    if [[ -x /usr/bin/ffmpeg && -x /usr/bin/pocketsphinx_continuous && -d /usr/share/pocketsphinx/model/en-us/en-us && -x /usr/bin/espeak-ng ]]; then return 0; fi
    if ! have apt-get || ! may_install; then return 0; fi
    update_package_lists
    say "Installing programs for audio (ffmpeg pocketsphinx pocketsphinx-en-us espeak-ng)"
    run_apt install -y --no-install-recommends ffmpeg pocketsphinx pocketsphinx-en-us espeak-ng || say "They could not be installed; the tests of recordings are skipped"
}

ensure_node() {
    node_is_new_enough && have npm && return 0
    install_packages "Node.js (page assets)" nodejs npm
    node_is_new_enough || fail "Chartroom's page assets need Node.js 18 or newer; this system's packages have $(node --version 2>/dev/null || echo none)."
}

node_is_new_enough() { have node && (($(node --version | grep -oE '[0-9]+' | head -n 1) >= 18)); }

# The browser of the journeys in the tests. Leaves its path in $chromium. Debian's headless shell is the same engine without the windows' own pages: half the work.
ensure_chromium() {
    if ! have chromium-headless-shell && have apt-cache && may_install; then
        update_package_lists
        if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
            say "Installing Chromium for the tests (chromium-headless-shell)"
            run_apt install -y --no-install-recommends chromium-headless-shell || say "It could not be installed; a whole Chromium does as well"
        fi
    fi
    find_chromium && return 0
    install_packages "Chromium (browser tests)" chromium
    find_chromium || fail "the package chromium brought no browser (on Ubuntu it is only a pointer to a snap)." \
        "Install Chromium or Google Chrome by hand, or name one: CHARTROOM_TEST_CHROMIUM=/path/to/chromium ./test"
}

find_chromium() {
    local name
    for name in "${CHARTROOM_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        if [[ -z "$name" ]] || ! have "$name"; then continue; fi
        chromium="$(command -v "$name")"
        "$chromium" --version >/dev/null 2>&1 && return 0
    done
    return 1
}
