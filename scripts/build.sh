# Builds the program when its sources have changed since the last time. Sourced after lib.sh and install.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root comes from lib.sh

app="$root/artifacts/publish/Chartroom/release/Chartroom.dll"

# One line for the state of everything that the build reads: names, sizes and times, so that a deleted file shows too.
source_state() {
    (
        cd "$root" || exit
        find src scripts/assets.sh package.json package-lock.json global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt \
            .editorconfig -name '*.Tests.cs' -prune -o -type f -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort
    ) | sha256sum
}

build_is_fresh() { [[ -f "$app" && "$(cat "$root/artifacts/built" 2>/dev/null)" == "$(source_state)" ]]; }

build_app() {
    if build_is_fresh; then return 0; fi
    mkdir -p "$root/artifacts"
    exec 6>"$root/artifacts/build.lock"
    flock 6
    if ! build_is_fresh; then
        build_assets
        say "Building Chartroom (a minute the first time)"
        local state
        state="$(source_state)"
        run_dotnet publish src/Chartroom/Chartroom.csproj -c Release || fail "the build failed; its errors are above."
        echo "$state" >"$root/artifacts/built"
    fi
    exec 6>&-
}

# The pages' styles and scripts come from npm into src/Chartroom/wwwroot/lib.
build_assets() {
    [[ -x "$root/scripts/assets.sh" ]] || return 0
    ensure_node
    say "Fetching the page assets"
    "$root/scripts/assets.sh" >&2 </dev/null 6>&- || fail "the page assets could not be fetched; the reason is above."
}

# Quiet when it goes well; errors when it does not. No build server stays behind.
run_dotnet() {
    local log="$root/artifacts/build.log"
    (cd "$root" && exec dotnet "$@" --disable-build-servers -v quiet -tl:off -clp:NoSummary </dev/null >"$log" 2>&1 6>&- 7>&- 8>&- 9>&-) && return 0
    grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
    return 1
}

# What the program is told by its environment, under ./run and ./chartroom alike. What the caller has set stands.
name_environment() {
    export Chartroom__DataDirectory="${Chartroom__DataDirectory:-$data}"
}
