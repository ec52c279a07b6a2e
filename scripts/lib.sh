# What ./run, ./test and ./chartroom share: words to the person, paths, the lock, and the end of things.
# Sourced, never run. Everything said goes to standard error, so that a verb's own output stays clean.
# shellcheck shell=bash
# shellcheck disable=SC2034  # what a function leaves in a variable is for the caller

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
data="$root/data"
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false

say() { printf '\033[2m·\033[0m %s\n' "$*" >&2; }
if [[ ! -t 2 || -n "${NO_COLOR:-}" ]]; then say() { printf '· %s\n' "$*" >&2; }; fi

# Says why it cannot go on and what would help, then ends the script.
fail() {
    printf 'Stopped: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '         %s\n' "$line" >&2; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [[ "$(id -u)" == 0 ]]; }

# Something short that is the same for this path every time, for names outside the checkout.
short_hash() { printf '%s' "$1" | sha256sum | cut -c1-10; }

# Can somebody open a connection there? An answer means that the port is taken.
port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The state folder: secrets are for the owner alone; a database run by its own system user must be able to pass through.
prepare_data() {
    if [[ -e "$data" && ! -O "$data" ]]; then
        fail "data/ belongs to $(stat -c %U "$data"), and you are $(id -un)." \
            "Go on as that user, or hand it over: sudo chown -R $(id -un) data"
    fi
    mkdir -p "$data/log" "$data/secrets"
    chmod 711 "$data"
    chmod 700 "$data/log" "$data/secrets"
}

# Runs "$@" in the background in a session of its own, so that Ctrl-C reaches this shell alone and the order of stopping is ours;
# told to end should this shell be killed. Leaves its process id in $child.
start_child() {
    setsid setpriv --pdeathsig TERM "$@" </dev/null 8>&- 9>&- &
    child=$!
}

# Asks a process to end, and makes it after the given number of seconds.
end_process() {
    local pid="$1" seconds="$2"
    kill -TERM "$pid" 2>/dev/null || return 0
    local tenths=$((seconds * 10))
    while kill -0 "$pid" 2>/dev/null && ((tenths-- > 0)); do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
}
