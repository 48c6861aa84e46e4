#!/bin/sh
# Writes what `pmta show status` says for node_exporter's textfile collector: powermta-status.sh FILE.prom
# Each numeric line, as status.queue.smtp.rcp="17", becomes powermta_status_queue_smtp_rcp 17. Run it every minute.
set -eu
file=$1
new=$file.$$
trap 'rm -f "$new"' EXIT
said=$(pmta --dom show status)
printf '%s\n' "$said" | awk -v now="$(date +%s)" '
  match($0, /^status\.[A-Za-z0-9.]+=/) {
    name = substr($0, 1, RLENGTH - 1)
    value = substr($0, RLENGTH + 1)
    gsub(/["\r]/, "", value)
    gsub(/\./, "_", name)
    if (value ~ /^-?[0-9]+(\.[0-9]+)?$/) { print "powermta_" name, value; found = 1 }
  }
  END { if (!found) exit 1; print "powermta_status_written_seconds", now }
' >"$new"
chmod 644 "$new"
mv "$new" "$file"
