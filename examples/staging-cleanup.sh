#!/bin/sh
# After production was copied to staging: shows what the copies would call in production, and
# disarms it on the copies alone. Production is never written to.
#
# staging-cleanup.sh 'prod.example.com' jira-staging wiki-staging
# Shown only, with nothing changed, unless APPLY=yes.
set -eu
if [ "$#" -lt 2 ]; then
  echo "usage: $0 PRODUCTION_HOST APP..." >&2
  exit 2
fi
production=$1
shift
applink scan "$@" --from "$production"
if [ "${APPLY:-}" = yes ]; then
  applink scan "$@" --from "$production" --apply --yes
fi
