#!/bin/sh
# gatepost-collect.sh: collects the Postfix configuration of this host into one .tar.gz to upload to Gatepost.
#
#   sh gatepost-collect.sh --list          show what would be taken; writes nothing
#   sh gatepost-collect.sh                 show it, ask, then collect
#   sh gatepost-collect.sh --yes           collect without asking
#
#   --output DIR   where the archive goes (this folder). Nothing is written anywhere else.
#   --root DIR     read a copied tree or a chroot instead of this host
#   --logs N       also the last N lines of the mail log; the local parts of addresses become hashes. Their key
#                  stays in DIR/gatepost-collect.key and is never put into the archive.
#
# Passwords, keys and tokens are masked here, before anything is packed; private keys and binary files are left out.
# It sends nothing, changes nothing, and needs no root: what it cannot read it names.
# Ends with 0: done, 1: wrong option, 2: no configuration found, 3: not confirmed, 4: cannot write, 5: too large.

VERSION=1 FILE_LIMIT=10485760 ARCHIVE_LIMIT=20971520 LOG_LIMIT=50000 # bytes of one file, bytes that the portal takes, lines
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
LC_ALL=C; export LC_ALL; umask 077; set -u; unset CDPATH

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
stop() { code=$1; shift; warn "$*"; exit "$code"; }
have() { command -v "$1" >/dev/null 2>&1; }

OUTPUT=. ROOT='' LOGS=0 LIST=no YES=no
while [ $# -gt 0 ]; do
    case $1 in
        --list) LIST=yes ;;
        --yes) YES=yes ;;
        --output | --root | --logs)
            [ $# -gt 1 ] || stop 1 "$1 needs a value."
            case $1 in --output) OUTPUT=$2 ;; --root) ROOT=${2%/} ;; --logs) LOGS=$2 ;; esac
            shift ;;
        --help | -h) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) stop 1 "There is no option $1. --help names them." ;;
    esac; shift
done
case $LOGS in '' | *[!0-9]*) stop 1 "--logs takes a number of lines." ;; esac
if [ "${#LOGS}" -gt 6 ] || [ "$LOGS" -gt "$LOG_LIMIT" ]; then stop 1 "--logs takes up to $LOG_LIMIT lines."; fi
[ -z "$ROOT" ] || [ -d "$ROOT" ] || stop 1 "$ROOT is not a folder."

# --- What to take. Paths are those of the host; a file is read below $ROOT. ---

# Absolute paths that a configuration on stdin names; $1 is its folder. Comments do not count. Lines are chosen with awk:
# grep keeps back what follows a file that is no text.
paths_in() {
    tr -d '\000' | awk -v dir="$1" '
        !/^[ \t]*#/ {
            gsub(/\$[{(]?config_directory[})]?/, dir)
            count = split($0, words, /[][ \t\r,{}()"\047=|;<>`]+/)
            for (i = 1; i <= count; i++) {
                word = words[i]
                while (match(word, /^[!a-z]+:/)) word = substr(word, RLENGTH + 1)
                if (word ~ /^\/./) print word
            }
        }'
}
setting() { # the value of a name in a main.cf on stdin, its lines joined
    awk -v name="$1" '/^[ \t]*#/ || /^[ \t]*$/ { next }
        /^[^ \t]/ { mine = ($0 ~ "^" name "[ \t]*=") ; if (mine) sub(/^[^=]*=/, "") }
        mine { print }'
}
config_dirs() {
    {
        for dir in "$ROOT"/etc/postfix "$ROOT"/etc/postfix-* "$ROOT"/usr/local/etc/postfix; do say "${dir#"$ROOT"}"; done
        [ -n "$ROOT" ] || ! have postconf || postconf -h config_directory 2>/dev/null
        [ -n "$ROOT" ] || ! have postmulti || postmulti -l 2>/dev/null | awk '{ print $NF }'
        for main in "$ROOT"/etc/postfix/main.cf "$ROOT"/usr/local/etc/postfix/main.cf; do
            [ -r "$main" ] || continue
            { setting multi_instance_directories <"$main"; setting alternate_config_directories <"$main"; } |
                tr -s ' \t,' '[\n*]'
        done
    } | awk '/^\// && !seen[$0]++' | while IFS= read -r dir; do [ ! -d "$ROOT$dir" ] || say "$dir"; done
}
files_below() { # plain files of the host, hidden ones and those of version control left aside
    for folder; do find "$ROOT$folder" -follow -type f ! -path "$ROOT$folder*/.*" 2>/dev/null; done | while IFS= read -r file; do say "${file#"$ROOT"}"; done
}

MAIL_WORDS='postfix|sendmail|post(super|queue|cat|map|conf)|mailq|maillog|mail\.log|mailx|imap|bounce|feedback|milter|smtp'

schedules() { # cron entries, systemd units (a timer with its service) and local programs that speak of mail
    files_below /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly \
        /var/spool/cron /etc/systemd/system /usr/local/bin /usr/local/sbin /usr/local/lib/postfix \
        /usr/local/libexec /usr/local/lib/systemd/system |
        while IFS= read -r file; do
            cat "$ROOT$file" "$ROOT${file%.timer}.service" 2>/dev/null | grep -Eiq "$MAIL_WORDS" && say "$file"
            [ -r "$ROOT$file" ] || say "$file"
        done
}
named_by() { # files that the listed files on stdin name
    while IFS= read -r file; do [ -z "$file" ] || [ ! -r "$ROOT$file" ] || paths_in "${file%/*}" <"$ROOT$file"; done |
        awk '!/^\/(dev|proc|sys|etc\/(passwd|shadow|gshadow|group))(\/|$)/ && !seen[$0]++' |
        while IFS= read -r path; do [ -f "$ROOT$path" ] && say "$path"; done
}
wanted() {
    own=$(for dir in $DIRS; do files_below "$dir"; done)
    around=$(files_below /etc/aliases /etc/mail/aliases /etc/opendkim.conf /etc/opendkim /etc/opendmarc.conf \
        /etc/opendmarc /etc/rspamd/local.d /etc/rspamd/override.d /etc/amavis /etc/amavisd /etc/amavisd.conf \
        /etc/dovecot/dovecot.conf /etc/dovecot/conf.d /etc/postsrsd.conf /etc/default/postsrsd /etc/default/opendkim \
        /etc/postfix-policyd-spf-python /etc/postfwd)
    planned=$(schedules)
    first=$(printf '%s\n' "$own" "$planned" | named_by)
    second=$(say "$first" | named_by)
    printf '%s\n' "$own" "$around" "$planned" "$first" "$second" | awk '/^\// && !seen[$0]++' | sort
}

# Why a file is left out; nothing when it is taken.
refusal() {
    file=$ROOT$1
    case $1 in *.db | *.lmdb | *.cdb | *.dir | *.pag) say 'compiled table'; return ;; esac
    case $1 in *.key | *.p12 | *.pfx | *.jks | *.keytab) say 'a key'; return ;; esac
    [ -r "$file" ] || { say 'cannot be read by this user'; return; }
    size=$(wc -c <"$file"); [ "$size" -le "$FILE_LIMIT" ] || { say "larger than $FILE_LIMIT bytes"; return; }
    if grep -q -e '-----BEGIN.*PRIVATE KEY' "$file"; then say 'holds a private key'; return; fi
    [ "$(tr -d '\000' <"$file" | wc -c)" -eq "$size" ] || say 'not text'
}

# --- Masking, with awk alone. $1 is "table" for a file of passwords, "text" for anything else. ---

mask() {
    awk -v kind="$1" '
        function harmless(value) {
            return value ~ /^([$\/<%={]|\[hidden)/ || value ~ TABLE ||
                tolower(value) ~ /^(yes|no|none|null|true|false|required|optional|plain|login|[0-9][0-9]?[0-9]?)[ \t\r]*$/
        }
        # Whatever matches `find` loses what follows its beginning `keep`.
        function swap(line, find, keep, name,    out, at, size, hit, kept, tail) {
            out = ""
            while (match(tolower(line), find)) {
                at = RSTART; size = RLENGTH; hit = substr(line, at, size); tail = (name == "url-password") ? "@" : ""
                kept = match(tolower(hit), keep) ? RLENGTH : 0
                    if (name == "password" && harmless(substr(hit, kept + 1))) out = out substr(line, 1, at + size - 1)
                else out = out substr(line, 1, at - 1) substr(hit, 1, kept) "[hidden/" name "/000000000000]" tail
                line = substr(line, at + size)
            }
            return out line
        }
        BEGIN {
            q = "[\"\047]"; word = "(pass(word|wd|phrase)?|pwd|bind_?pw|secret|api[_-]?key|access[_-]?key|token|private_?key)"
            word = word "(_?(value|string|[0-9]+))?" q "?[ \t]*(=>|:=|[:=])[ \t]*"
            TABLE = "^(hash|btree|lmdb|cdb|s?dbm|texthash|proxy|mysql|pgsql|ldap|sqlite|mongodb|regexp|pcre|cidr|static" \
                "|inline|file|unix|inet|memcache|socketmap|tcp|pipemap|unionmap|randmap|environ|fail|nis):"
        }
        /-----BEGIN.*PRIVATE KEY/ { inside = 1; print; next }
        inside { if (/-----END/) { inside = 0; print } else print "[hidden/private-key/000000000000]"; next }
        kind == "table" {
            if ($0 ~ /^[ \t\r]*(#[^:]*)?$/) print
            else if ($0 ~ /^#/) print "# [hidden/password/000000000000]"
            else if ($0 ~ /^[ \t]/ || NF < 2) print ($0 ~ /^[ \t]/ ? " " : "") "[hidden/password/000000000000]"
            else print $1 " [hidden/password/000000000000]"
            next
        }
        /^[^ \t#]/ { sasl = ($0 ~ /sasl_password_maps/) }
        {
            line = $0
            if (sasl || line ~ /sasl_password_maps/) {
                line = swap(line, "=[ \t]*[^] \t:,={}/]+:[^/{,} \t][^,} \t]*", "^=[ \t]*[^] \t:,={}/]+:", "password")
                line = swap(line, "static:[^ ,}\t/]+", "^static:", "password")
            }
            line = swap(line, "[a-z][a-z0-9+.-]*://[^ \t/:@\"\047]*:[^ \t\"\047>]*@", "^[a-z0-9+.-]*://[^:]*:", "url-password")
            line = swap(line, word "\"[^\"]+", "^" word "\"", "password")
            line = swap(line, word "\047[^\047]+", "^" word "\047", "password")
            line = swap(line, "^[ \t]*[a-z0-9_.-]*" word "[^ \t\"\047(].*$", "^[ \t]*[a-z0-9_.-]*" word, "password")
            line = swap(line, word "[^] \t\"\047,;(){}[]+", "^" word, "password")
            line = swap(line, "(^[ \t]*|[ \t]-+(auth-)?|login[ \t]+[^ \t]+[ \t]+)(password|passwd|bindpw)[ \t]+" q "?[^ \t=:\"\047]+",
                "^.*(password|passwd|bindpw)[ \t]+" q "?", "password")
            line = swap(line, "(^|[ \t])(-u|--user)[ =]?" q "?[^ \t:\"\047=]+:[^ \t\"\047]+", "^[^:]+:", "password")
            if (line ~ /mysql/) line = swap(line, "[ \t]-p[^ \t\"\047-][^ \t\"\047]*", "^[ \t]-p", "password")
            line = swap(line, "\\.login\\([^,]+,[ \t]*" q "[^\"\047]+", "^[^,]+,[ \t]*" q, "password")
            line = swap(line, "(bearer|basic)[ \t]+[a-z0-9._~+/=-]*[0-9][a-z0-9._~+/=-]+", "^[a-z]+[ \t]+", "token")
            line = swap(line, "(akia[0-9a-z]+|sk_(live|test)_[a-z0-9_]+|gh[pousr]_[a-z0-9_]+|glpat-[a-z0-9_-]+)", "^$", "token")
            line = swap(line, "(xox[abprs]-[a-z0-9-]+|eyj[a-z0-9_-]+\\.[a-z0-9_-]+\\.[a-z0-9_-]*)", "^$", "token")
            line = swap(line, "\\$(1|2[abxy]?|5|6|7|y|gy|apr1)\\$[^ \t:\"\047]+", "^$", "password-hash")
            line = swap(line, "[{](ssha|sha|smd5|md5|cram-md5|blf-crypt|plain|clear)[a-z0-9.-]*[}][^ \t:]+", "^[{][^}]*[}]", "password")
            print line
        }'
}
is_password_table() {
    case ${1##*/} in sasl_passwd* | sasl_password* | saslpasswd* | smtp_auth_passwd*) return 0 ;; esac
    say "$PASSWORD_TABLES" | grep -Fqx -e "$1"
}
password_tables() { # the sources that *sasl_password_maps name
    for dir in $DIRS; do
        for file in "$ROOT$dir"/main.cf "$ROOT$dir"/master.cf; do
            [ -r "$file" ] || continue
            awk '/^[ \t]*#/ { next } /^[^ \t]/ { mine = 0 } /sasl_password_maps/ { mine = 1 } mine' "$file" | paths_in "$dir"
        done
    done
}

# --- Sums and hashes ---

SUM=none
for tool in openssl sha256sum; do ! have "$tool" || SUM=$tool; done
sum() { # of stdin
    case $SUM in
        sha256sum) sha256sum | cut -d' ' -f1 ;;
        openssl) openssl dgst -sha256 | sed 's/.*= *//' ;;
        *) cat >/dev/null; say - ;;
    esac
}
take_log() { # the end of the mail log; the same address is the same hash, domains and everything else stay
    log=''; for file in /var/log/mail.log /var/log/maillog /var/log/mail; do
        [ -f "$ROOT$file" ] && [ -r "$ROOT$file" ] && { log=$file; break; }
    done
    [ -n "$log" ] || { warn 'No mail log can be read: no sample of it is taken.'; return; }
    [ "$SUM" != none ] || { warn 'There is neither sha256sum nor openssl here: no sample of the log is taken.'; return; }
    key=$OUTPUT/gatepost-collect.key
    [ -s "$key" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$key" || stop 4 "Cannot write $key."
    secret=$(cat "$key"); mkdir -p "$STAGE${log%/*}"
    found='[^] \t<>=,;:"()[@]+@[A-Za-z0-9.-]+'
    tail -n "$LOGS" "$ROOT$log" | mask text |
        sed -e 's/\(sasl_username=\)\([^ ,@]*\)\([, ]\|$\)/\1\2@local.invalid\3/' \
            -e 's/\(: [a-z-]*: header [A-Za-z-]*:\).* from /\1 [hidden] from /' >"$STAGE/log"
    awk -v found="$found" '{ while (match($0, found)) { print substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH) } }' \
        "$STAGE/log" | sort -u | while IFS= read -r address; do
        printf '%s %s\n' "$address" "$(printf '%s:%s' "$secret" "$address" | sum | cut -c1-16)"
    done >"$STAGE/hashes"
    awk -v found="$found" 'FILENAME ~ /hashes$/ { hash[$1] = $2; next }
        {
            line = $0; out = ""
            while (match(line, found)) {
                address = substr(line, RSTART, RLENGTH)
                out = out substr(line, 1, RSTART - 1) hash[address] substr(address, index(address, "@"))
                line = substr(line, RSTART + RLENGTH)
            }
            print out line
        }' "$STAGE/hashes" "$STAGE/log" >"$STAGE$log"
    rm -f "$STAGE/hashes" "$STAGE/log"
}
take_prints() { # what Postfix itself and the system say, as text beside the files
    prints=$STAGE/gatepost-collect; mkdir -p "$prints"
    if have postconf; then
        postconf -d mail_version >"$prints/version.txt" 2>/dev/null
        for dir in $DIRS; do
            name=$(say "${dir#/}" | tr '/' '_')
            for option in n M P; do
                postconf -c "$ROOT$dir" -$option 2>/dev/null | mask text >"$prints/$name.-$option.txt"
                [ -s "$prints/$name.-$option.txt" ] || rm -f "$prints/$name.-$option.txt"
            done
        done
    fi
    [ -z "$ROOT" ] || return 0
    { ss -lnt || netstat -lnt; } >"$prints/listening.txt" 2>/dev/null
    { ip addr || ifconfig -a; } >"$prints/interfaces.txt" 2>/dev/null
    ! have postqueue || postqueue -p 2>/dev/null | tail -n 1 >"$prints/queue.txt"
}

# --- Show, ask, collect ---

DIRS=$(config_dirs)
FILES=$(wanted)
PASSWORD_TABLES=$(password_tables)
say "$FILES" | grep -q '/main\.cf$' || stop 2 "No Postfix configuration (main.cf) was found${ROOT:+ below $ROOT}."

TAKEN='' COUNT=0
while IFS= read -r file; do
    reason=$(refusal "$file")
    if [ -n "$reason" ]; then say "left out   $file ($reason)"; continue; fi
    if is_password_table "$file"; then say "masked     $file (passwords)"; else say "take       $file"; fi
    COUNT=$((COUNT + 1)) TAKEN="$TAKEN$file
"
done <<LIST
$FILES
LIST
say "$COUNT files, secrets masked before they are packed; $LOGS lines of the mail log, with hashed addresses."
[ "$LIST" = no ] || exit 0
if [ "$YES" = no ]; then
    printf 'Collect these? [y/N] '; read -r answer || answer=n
    case $answer in [yY] | [yY][eE][sS]) ;; *) stop 3 'Nothing was collected.' ;; esac
fi

if [ ! -d "$OUTPUT" ] || [ ! -w "$OUTPUT" ]; then stop 4 "$OUTPUT is not a folder that can be written to."; fi
STAGE=$(mktemp -d "$OUTPUT/gatepost-collect.XXXXXX") || stop 4 "Cannot write to $OUTPUT."
trap 'rm -rf "$STAGE" "$STAGE.sums" "$STAGE.tar.gz"' EXIT
trap 'exit 4' HUP INT TERM
HOST=$(uname -n | tr -cd 'A-Za-z0-9.-')
ARCHIVE=$OUTPUT/gatepost-${HOST:-host}-$(date -u +%Y%m%dT%H%M%SZ).tar.gz

while IFS= read -r file; do
    [ -n "$file" ] || continue
    mkdir -p "$STAGE${file%/*}" || stop 4 "Cannot write to $OUTPUT."
    if is_password_table "$file"; then shape=table; else shape=text; fi
    mask $shape <"$ROOT$file" >"$STAGE$file" || stop 4 "$file could not be masked: nothing was packed."
done <<LIST
$TAKEN
LIST
take_prints
[ "$LOGS" -eq 0 ] || take_log

(cd "$STAGE" && find . -type f | sort) | while IFS= read -r file; do
    printf '%s %s %s\n' "$(sum <"$STAGE/$file")" "$(wc -c <"$STAGE/$file" | tr -d ' ')" "${file#./}"
done >"$STAGE.sums" || stop 4 "Cannot write to $OUTPUT."
{ say "gatepost-collect $VERSION"; say "host $HOST"; say "time $(date -u +%Y-%m-%dT%H:%M:%SZ)"; cat "$STAGE.sums"; } >"$STAGE/gatepost-collect/manifest.txt"
(cd "$STAGE" && tar -cf - ./*) | gzip -9 >"$STAGE.tar.gz" || stop 4 'The archive could not be written.'
SIZE=$(wc -c <"$STAGE.tar.gz")
[ "$SIZE" -le "$ARCHIVE_LIMIT" ] || stop 5 "The archive has $SIZE bytes, the portal takes $ARCHIVE_LIMIT. Use fewer --logs."
mv "$STAGE.tar.gz" "$ARCHIVE" || stop 4 "Cannot write $ARCHIVE."
say "Ready: $ARCHIVE, SHA-256 $(sum <"$ARCHIVE")"
