#!/bin/sh
# Links as code, in a pipeline: `links.sh plan` on a merge request, `links.sh apply` on main.
#
# APPLINK_JIRA_URL, APPLINK_WIKI_URL   where the applications are
# APPLINK_JIRA_TOKEN, APPLINK_WIKI_TOKEN (or _USER and _PASSWORD)   masked variables of the pipeline
# LINKS   the file, links.toml beside this script when it is not set
set -eu
export CI="${CI:-true}"
links="${LINKS:-$(dirname "$0")/links.toml}"

case "${1:-}" in
plan)
  # What a reviewer reads; and 8, "changes are pending", is no failure of the pipeline.
  status=0
  applink plan "$links" --check || status=$?
  case "$status" in
  0) echo "nothing would change" ;;
  8) echo "the changes above are made when this is merged" ;;
  *) exit "$status" ;;
  esac
  ;;
apply)
  # The same command every time: where nothing differs, nothing is sent.
  applink apply "$links" --yes
  ;;
*)
  echo "usage: $0 plan|apply" >&2
  exit 2
  ;;
esac
