#!/bin/sh
# Content filter for newsletters: footer in, mail back through sendmail.
sed -e '/^$/q' > /var/spool/filter/in.$$
cat /etc/newsletter/footer.txt >> /var/spool/filter/in.$$
/usr/sbin/sendmail -G -i "$@" < /var/spool/filter/in.$$
status=$?
rm -f /var/spool/filter/in.$$
exit $status
