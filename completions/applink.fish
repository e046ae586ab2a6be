# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_applink_global_optspecs
    string join \n state= o/output= no-input y/yes dry-run timeout= connect-timeout= lock-timeout= jobs= per-host= cacert= client-cert= client-key= insecure proxy= resolve= color= q/quiet v/verbose log-file= h/help V/version
end

function __fish_applink_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_applink_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_applink_using_subcommand
    set -l cmd (__fish_applink_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c applink -n "__fish_applink_needs_command" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_needs_command" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_needs_command" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_needs_command" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_needs_command" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_needs_command" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_needs_command" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_needs_command" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_needs_command" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_needs_command" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_needs_command" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_needs_command" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_needs_command" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_needs_command" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_needs_command" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_needs_command" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_needs_command" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_needs_command" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_needs_command" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_needs_command" -s V -l version -d 'Print version'
complete -c applink -n "__fish_applink_needs_command" -f -a "create" -d 'Make a link between two applications, on both of them'
complete -c applink -n "__fish_applink_needs_command" -f -a "relocate" -d 'Follow an application to its new address'
complete -c applink -n "__fish_applink_needs_command" -f -a "delete" -d 'Remove a link, on both applications'
complete -c applink -n "__fish_applink_needs_command" -f -a "verify" -d 'Check links from both ends'
complete -c applink -n "__fish_applink_needs_command" -f -a "list" -d 'Show the links of applications, asked live'
complete -c applink -n "__fish_applink_needs_command" -f -a "edit" -d 'Change a link that exists, or an OAuth 2.0 client'
complete -c applink -n "__fish_applink_needs_command" -f -a "repair" -d 'Mend what `verify` finds'
complete -c applink -n "__fish_applink_needs_command" -f -a "plan" -d 'Show what would change so that the links in a file exist'
complete -c applink -n "__fish_applink_needs_command" -f -a "apply" -d 'Make the links what a file says, or carry out a kept plan'
complete -c applink -n "__fish_applink_needs_command" -f -a "export" -d 'Write a file of links from what exists'
complete -c applink -n "__fish_applink_needs_command" -f -a "migrate" -d 'Move links from Trusted Applications and Basic to OAuth'
complete -c applink -n "__fish_applink_needs_command" -f -a "scan" -d 'Find what on a copy still points at production, and mend it'
complete -c applink -n "__fish_applink_needs_command" -f -a "resume" -d 'Continue what an interrupted run left'
complete -c applink -n "__fish_applink_needs_command" -f -a "app" -d 'The applications that applink knows'
complete -c applink -n "__fish_applink_needs_command" -f -a "key" -d 'Key pairs for programs that sign their requests with OAuth 1.0a'
complete -c applink -n "__fish_applink_needs_command" -f -a "authorize" -d 'Let a third-party program act for you, and see who it is'
complete -c applink -n "__fish_applink_needs_command" -f -a "explain" -d 'Say what a code means, why it happens and how it is cured'
complete -c applink -n "__fish_applink_needs_command" -f -a "completions" -d 'Write the completions of a shell to standard output'
complete -c applink -n "__fish_applink_needs_command" -f -a "man" -d 'Write a manual page to standard output'
complete -c applink -n "__fish_applink_needs_command" -f -a "sandbox" -d 'Serve simulated applications on loopback ports, to try applink on'
complete -c applink -n "__fish_applink_using_subcommand create" -l auth -d 'What the two may do on each other [default: oauth]' -r -f -a "oauth\t'Users\' consent, and calls as the application (3LO + 2LO)'
impersonation\t'Also as any user: both must share one user base (3LO + 2LO + impersonation)'
none\t'No calls'"
complete -c applink -n "__fish_applink_using_subcommand create" -l name -d 'The name of REMOTE on LOCAL [default: its own title]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l remote-name -d 'The name of LOCAL on REMOTE [default: its own title]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l application-url -d 'The address at which LOCAL calls REMOTE [default: REMOTE\'s URL]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l local-application-url -d 'The address at which REMOTE calls LOCAL [default: LOCAL\'s URL]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l display-url -d 'The address of REMOTE that LOCAL\'s users get [default: REMOTE\'s base URL]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l local-display-url -d 'The address of LOCAL that REMOTE\'s users get [default: LOCAL\'s base URL]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l consumer -d 'Register a third-party program that calls LOCAL with OAuth 1.0a, under this name' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l url -d 'The address of the program [default: a placeholder, which is enough for a client]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l consumer-key -d 'Its consumer key [default: made from the name]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l public-key -d 'Its public key, when it has a key pair of its own: PEM, one line of base64, a certificate' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l bits -d 'The length of the key pair that is made' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l key-file -d 'Where the private key is or will be [default: applink.keys beside the state]' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l callback -d 'Where browsers are sent after a user\'s consent' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l preset -d 'What this program needs is set, and what is to be done on its side is said' -r -f -a "hookshot\t'matrix-hookshot, a bridge to Matrix (with --url: the public address of its webhooks)'
jenkins\t'Jenkins with the plugin "JIRA Steps"'
jirashell\t'The shell of the Python library "jira"'
mattermost\t'The Jira plugin of Mattermost (with what /jira instance install server shows)'
sentry\t'Sentry\'s integration "Jira Server"'"
complete -c applink -n "__fish_applink_using_subcommand create" -l oauth2-client -d 'Register a program that calls LOCAL with OAuth 2.0, under this name' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l redirect-uri -d 'Where browsers may be sent after a user\'s consent, letter by letter; repeatable' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l scope -d 'The most that it may ask users for: READ, WRITE, ADMIN and so on, by product' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l secret-file -d 'Where the client secret will be, a new file [default: in applink.keys beside the state]' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand create" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand create" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand create" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand create" -l one-way -d 'Only the record on LOCAL, without authentication; `create` again completes it'
complete -c applink -n "__fish_applink_using_subcommand create" -l primary -d 'Make it the first choice among LOCAL\'s links to that type of application'
complete -c applink -n "__fish_applink_using_subcommand create" -l two-legged -d 'It may also call as itself, which the application sees as an anonymous user (2LO)'
complete -c applink -n "__fish_applink_using_subcommand create" -l impersonation -d 'It may also call as any user (2LO with impersonation); needs a system administrator'
complete -c applink -n "__fish_applink_using_subcommand create" -l allow-http-redirect -d 'Let the application judge redirect URIs with http: its own properties may allow them'
complete -c applink -n "__fish_applink_using_subcommand create" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand create" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand create" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand create" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand create" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand create" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand relocate" -l from -d 'Everything under this address moved' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l to -d 'To this one' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l on -d 'Only the record on this application (repeatable)' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l display-url -d 'The address that users get [default: the base URL that APP names]' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand relocate" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand relocate" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand relocate" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand relocate" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand relocate" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand relocate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand relocate" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand relocate" -l force -d 'Also when nobody answers there now, or from https to http'
complete -c applink -n "__fish_applink_using_subcommand relocate" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand relocate" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand relocate" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand relocate" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand relocate" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand relocate" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand relocate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand delete" -l consumer -d 'Remove the third-party program of this name' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l oauth2-client -d 'Remove the program that comes in with OAuth 2.0 under this name, and the file of its secret' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand delete" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand delete" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand delete" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand delete" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand delete" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand delete" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand delete" -l one-side -d 'Only the record on LOCAL'
complete -c applink -n "__fish_applink_using_subcommand delete" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand delete" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand delete" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand delete" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand delete" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand delete" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand verify" -l watch -d 'Verify again every so many seconds, and print changes only, until it is interrupted' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l fail-on -d 'From which status on the exit code is 6' -r -f -a "warning\t'A link that a person should look at, and worse'
broken\t'A link that does not work'"
complete -c applink -n "__fish_applink_using_subcommand verify" -l report -d 'Also write what the vendor\'s support asks for to a file: .md, .html or .json' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand verify" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand verify" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand verify" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand verify" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand verify" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand verify" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand verify" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand verify" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand list" -l type -d 'Only links to this type of application: jira, confluence, bitbucket and so on' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l auth -d 'Only links with this level in either direction' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l url -d 'Only links whose application or display URL contains this text' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l graph -d 'Draw the links instead, in the language of Graphviz or Mermaid, or as a picture' -r -f -a "dot\t'Graphviz'
mermaid\t'Mermaid, as in Markdown pages'
svg\t'A picture'"
complete -c applink -n "__fish_applink_using_subcommand list" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand list" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand list" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand list" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand list" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand list" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand list" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand list" -l one-way -d 'Only links without a record on the other side'
complete -c applink -n "__fish_applink_using_subcommand list" -l cached -d 'What was seen last, without asking anybody'
complete -c applink -n "__fish_applink_using_subcommand list" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand list" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand list" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand list" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand list" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand list" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand edit" -l auth -d 'What the two may do on each other' -r -f -a "oauth\t'Users\' consent, and calls as the application (3LO + 2LO)'
impersonation\t'Also as any user: both must share one user base (3LO + 2LO + impersonation)'
none\t'No calls'"
complete -c applink -n "__fish_applink_using_subcommand edit" -l name -d 'The name of REMOTE on LOCAL' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l remote-name -d 'The name of LOCAL on REMOTE' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l display-url -d 'The address of REMOTE that LOCAL\'s users get' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l local-display-url -d 'The address of LOCAL that REMOTE\'s users get' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l oauth2-client -d 'Change the program that calls LOCAL with OAuth 2.0 under this name' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l redirect-uri -d 'All its redirect URIs, in place of those that it has; repeatable' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l scope -d 'The most that it may ask users for' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l secret-file -d 'Where the new client secret will be [default: where the old one is]' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand edit" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand edit" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand edit" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand edit" -l primary -d 'Make it the first choice among LOCAL\'s links to that type of application'
complete -c applink -n "__fish_applink_using_subcommand edit" -l reset-secret -d 'Make a new client secret; the old one ends at once'
complete -c applink -n "__fish_applink_using_subcommand edit" -l allow-http-redirect -d 'Let the application judge redirect URIs with http: its own properties may allow them'
complete -c applink -n "__fish_applink_using_subcommand edit" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand edit" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand edit" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand edit" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand edit" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand edit" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand repair" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand repair" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand repair" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand repair" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand repair" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand repair" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand repair" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand repair" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand repair" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand repair" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand repair" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand repair" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand repair" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand repair" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand repair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand plan" -l out -d 'Keep the plan in a file, for `applink apply PLAN`' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand plan" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand plan" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand plan" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand plan" -l prune -d 'Also delete links between the file\'s applications that are not in it'
complete -c applink -n "__fish_applink_using_subcommand plan" -l check -d 'Exit code 8 when there are changes'
complete -c applink -n "__fish_applink_using_subcommand plan" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand plan" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand plan" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand plan" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand plan" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand plan" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand apply" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand apply" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand apply" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand apply" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand apply" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand apply" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand apply" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand apply" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand apply" -l prune -d 'Also delete links between the file\'s applications that are not in it'
complete -c applink -n "__fish_applink_using_subcommand apply" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand apply" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand apply" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand apply" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand apply" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand apply" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand export" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand export" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand export" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand export" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand export" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand export" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand export" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand export" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand export" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand export" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand export" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand export" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand export" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand migrate" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand migrate" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand migrate" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand migrate" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand migrate" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand migrate" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand migrate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand migrate" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand migrate" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand migrate" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand migrate" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand migrate" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand migrate" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand migrate" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand scan" -l from -d 'Where production is' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l to -d 'Where production\'s copies are: links lead there, at the same path; a star in the host stands for what the star of PATTERN stood for' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand scan" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand scan" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand scan" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand scan" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand scan" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand scan" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand scan" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand scan" -l apply -d 'Carry out the plan'
complete -c applink -n "__fish_applink_using_subcommand scan" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand scan" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand scan" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand scan" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand scan" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand scan" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand resume" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand resume" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand resume" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand resume" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand resume" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand resume" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand resume" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand resume" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand resume" -l undo -d 'Take it back instead'
complete -c applink -n "__fish_applink_using_subcommand resume" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand resume" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand resume" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand resume" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand resume" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand resume" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "add" -d 'Add an application, or change what is known of it'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "list" -d 'List the applications'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "show" -d 'Show one application, and whether the log-in works'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "remove" -d 'Forget an application; nothing is changed on it'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "login" -d 'Ask for a log-in, try it, and keep it in the operating system\'s keyring'
complete -c applink -n "__fish_applink_using_subcommand app; and not __fish_seen_subcommand_from add list show remove login logout" -f -a "logout" -d 'Take a log-in out of the operating system\'s keyring'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l user -d 'The account; without one the secret is a personal access token' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l credential -d 'Where the secret is' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l user -d 'The account [default: the one that is recorded, else it is asked for]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l token -d 'A personal access token, in place of an account and its password'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand app; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -f -a "generate" -d 'Make an RSA key pair'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -f -a "show" -d 'Show the public half of a key file, and its fingerprint'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -f -a "convert" -d 'Write a key in another form'
complete -c applink -n "__fish_applink_using_subcommand key; and not __fish_seen_subcommand_from generate show convert rotate" -f -a "rotate" -d 'Give a third-party program another key pair'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l key-file -d 'The file of the private key; it must not exist' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l bits -d 'Its length: 2048, 3072 or 4096' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l allow-weak -d 'Allow --bits 1024, for tests and old programs'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l passphrase -d 'Where the passphrase of an encrypted key is: env:VAR, file:PATH, command:PROGRAM ARGS or prompt' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l passphrase -d 'Where the passphrase of an encrypted key is: env:VAR, file:PATH, command:PROGRAM ARGS or prompt' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l to -d 'The form' -r -f -a "pkcs1\t''
pkcs8\t''
spki\t''
jwk\t''"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l out -d 'The new file, which must not exist; `-` for standard output' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l consumer -d 'The name of the program' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l new-consumer-key -d 'Give the new pair a consumer key of its own, and leave the old one accepted' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l bits -d 'The length of the new key pair' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l key-file -d 'Where the new private key is or will be [default: applink.keys beside the state]' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l retire -d 'Take away the consumers that --new-consumer-key left accepted'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l consumer -d 'The name of the consumer' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l consumer-key -d 'Its consumer key [default: as registered with applink, else its name]' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l key-file -d 'Its private key [default: as registered with applink, else NAME.pem among applink\'s keys]' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -l passphrase -d 'Where the passphrase of an encrypted key is: env:VAR, file:PATH, command:PROGRAM ARGS or prompt' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l as -d 'Send it in the name of this user (impersonation)' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l callback -d 'How the code comes back: brought by the browser, or typed' -r -f -a "auto\t'Brought by the browser on a terminal, else a line on standard input'
loopback\t'Brought by a browser on this machine'
oob\t'Shown on a page, and typed or written to standard input'"
complete -c applink -n "__fish_applink_using_subcommand authorize" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand authorize" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand authorize" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand authorize" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand authorize" -l two-legged -d 'Send a two-legged request: no user, no dance, no token'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l test -d 'Only send the signed request, with the token that is kept'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l forget -d 'Forget the token that is kept'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l open -d 'Open the address in a browser'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand authorize" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand authorize" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand authorize" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand authorize" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand authorize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand explain" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand explain" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand explain" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand explain" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand explain" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand explain" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand explain" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand explain" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand explain" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand explain" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand explain" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand explain" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand explain" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand explain" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand completions" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand completions" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand completions" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand completions" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand completions" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand completions" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand completions" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand completions" -l static -d 'Commands and options alone'
complete -c applink -n "__fish_applink_using_subcommand completions" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand completions" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand completions" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand completions" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand completions" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand completions" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand man" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand man" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand man" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand man" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand man" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand man" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand man" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand man" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand man" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand man" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand man" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand man" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand man" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l app -d 'An application to serve (repeatable): a type, and how it is set up' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l seed -d 'Makes passwords and tokens the same again' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l state -d 'The state file' -r -F
complete -c applink -n "__fish_applink_using_subcommand sandbox" -s o -l output -d 'The form of the result: table, json, and csv for `list`' -r -f -a "table\t'For people; tab-separated in a pipe'
json\t'One JSON document'
csv\t'Comma-separated values'"
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l timeout -d 'Bound on one call, repetitions and waits included [default: 30, and 60 where the server asks its peer]' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l connect-timeout -d 'Bound on making a connection' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l lock-timeout -d 'How long to wait for another run that holds the state; 0 does not wait' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l jobs -d 'Requests in flight over all applications' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l per-host -d 'Requests in flight to one application' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l cacert -d 'Trust the certificate authorities in this PEM file too (repeatable)' -r -F
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l client-cert -d 'Present this client certificate (PEM), with the chain behind it' -r -F
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l client-key -d 'The key of the client certificate (PEM); the passphrase of an encrypted one is taken from APPLINK_CLIENT_KEY_PASSPHRASE, or asked for' -r -F
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l proxy -d 'Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l resolve -d 'Use this address for a host and port (repeatable; all that are given for one are tried)' -r
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal that can, unless `NO_COLOR` is set'
always\t'Also in a pipe'
never\t'Not at all'"
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l log-file -d 'Write the same, at the highest detail, to a file' -r -F
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l no-input -d 'Never ask; name the option that would have answered'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -s y -l yes -d 'Answer every confirmation with yes'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l dry-run -d 'Show what would be done, and change nothing'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -l insecure -d 'Take any certificate, in this run only'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -s q -l quiet -d 'Say only results, warnings and errors'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -s v -l verbose -d 'Say each request; -vv also what was sent and answered'
complete -c applink -n "__fish_applink_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
