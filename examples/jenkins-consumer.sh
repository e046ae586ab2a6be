#!/bin/sh
# Registers a Jenkins at Jira: a consumer with a key pair of its own, ending in a signed request that
# proves it. The private key stays in a file of mode 0600; give it to Jenkins as a secret file.
#
# jenkins-consumer.sh jira https://ci.example.com
set -eu
if [ "$#" -ne 2 ]; then
  echo "usage: $0 APP JENKINS_URL" >&2
  exit 2
fi
applink create "$1" --consumer jenkins --url "$2" --two-legged --yes
applink authorize "$1" --consumer jenkins --two-legged
