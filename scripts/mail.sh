# MailDev, the mailbox of a development machine: takes every message, delivers none. Sourced after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root, data and child come from lib.sh

mail_pid=""

start_mail() {
    if [[ -n "${Smtp__Host:-}" ]]; then return 0; fi
    local maildev="$root/node_modules/.bin/maildev"
    if [[ ! -x "$maildev" ]]; then
        say "MailDev is not installed: e-mail waits in the outbox (set Smtp__Host to send it)"
        return 0
    fi
    mkdir -p "$data/mail"
    chmod 700 "$data/mail"
    local smtp_port web_port
    smtp_port="$(free_port "${CHARTROOM_SMTP_PORT:-1025}")"
    web_port="$(free_port "${CHARTROOM_MAIL_PORT:-1080}")"
    start_child "$maildev" --ip 127.0.0.1 --smtp "$smtp_port" --web-ip 127.0.0.1 --web "$web_port" \
        --mail-directory "$data/mail" >>"$data/log/maildev.log" 2>&1
    mail_pid="$child"
    export Smtp__Host=127.0.0.1 Smtp__Port="$smtp_port" Smtp__MailboxUrl="http://localhost:$web_port"
}

stop_mail() {
    if [[ -n "$mail_pid" ]]; then end_process "$mail_pid" 5; fi
}

# The first port from $1 on that nobody listens on: two checkouts may run side by side.
free_port() {
    local port="$1"
    while port_is_taken "$port"; do port=$((port + 1)); done
    echo "$port"
}
