#!/bin/sh
# Every contract goes into the archive of the legal department before it leaves; without the archive it waits.
copy=/var/archive/contracts/$(date +%s).$$.eml
cat > "$copy" || exit 75
/usr/sbin/sendmail -G -i -f "$@" < "$copy"
