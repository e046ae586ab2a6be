#!/bin/sh
# Verifies every link of every known application, and tells somebody when one is broken, or when
# nothing was verified: a state that is gone is no good night.
#
# APPLINK_STATE   the state, where it is not that of the user who runs this
# ALERT   a program that reads the message from its standard input, for example
#         'mail -s "application links" admins@example.com'; without it the message is printed
# In a crontab: 30 2 * * *  ALERT='mail -s links admins@example.com' /usr/local/bin/nightly-verify.sh
set -u
report="${REPORT:-application-links.html}"
tell() { if [ -n "${ALERT:-}" ]; then sh -c "$ALERT"; else cat; fi; }

rm -f "$report"
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
status=0
links=$(applink verify --no-input --report "$report" 2>"$errors") || status=$?
said=$(printf '%s\n' "$links" && cat "$errors")
# A verification of nothing is no success.
if [ "$status" = 2 ] || [ "$status" = 7 ]; then
  said="no application is known here, or none has a link: is APPLINK_STATE the right one?
$said"
fi
case "$status" in
0) exit 0 ;;
6) subject="an application link is broken" ;;
4) subject="application links: a log-in was refused" ;;
5) subject="application links: an application does not answer" ;;
2 | 7) subject="application links: nothing was verified" ;;
*) subject="application links: verify ended with $status" ;;
esac
printf '%s\n\n%s\n\nfull report: %s\nlook at it with: applink verify\n' \
  "$subject" "$said" "$report" | tell
exit "$status"
