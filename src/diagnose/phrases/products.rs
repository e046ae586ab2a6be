//! Words of the products themselves, of their application links plugin first.

use super::entry::phrases;

phrases! {
    "TypeNotInstalledException" "the applinks plugin" "This application does not know the type of the other one." "Install the plugin for that type, or make a generic link.";
    "NotAdministratorException" "the applinks plugin" "The account administers this application and not the other one." "Use an account that administers both, or make both ends with applink.";
    "ReciprocalActionException" "the applinks plugin" "The other application's end could not be made or deleted from here." "Make or delete both ends with applink, which uses each application's own account.";
    "AuthenticationConfigurationException" "the applinks plugin" "Authentication could not be set up at one end." "Look at both ends with `applink verify`.";
    "ManifestNotFoundException" "the applinks plugin" "No manifest could be read at the address of the other application." "Check the application URL with its context path.";
    "Null manifest retrieved" "the applinks plugin" "What answers at the address is no application, or it could not be read." "Check the application URL with its context path, and the proxy in front of it.";
    "Unable to retrieve manifest" "the applinks plugin" "The manifest of the other application could not be read." "Check that this server reaches the application URL.";
    "Couldn't retrieve manifest" "the applinks plugin" "The manifest of the other application could not be read." "Check that this server reaches the application URL.";
    "Manifest not found" "the applinks plugin" "No manifest could be read at the address of the other application." "Check the application URL with its context path.";
    "Mismatched URL Scheme" "the applinks wizard" "The base URL of the other application begins with http, and the address with https, or the reverse." "Set the base URL of that application to the address that users type.";
    "The URL you entered doesn't look like" "the applinks wizard" "The base URL of the other application differs from the address that was typed." "Set the base URL of that application to the address that users type.";
    "No response was received from the URL" "the applinks wizard" "This server does not reach the address." "Check name, port and firewall from this server.";
    "An application link with this name already exists" "the applinks plugin" "Another link has that name." "Choose another one with --name.";
    "No application with id" "the applinks plugin" "There is no link with that id." "See the links with `applink list`.";
    "No such application link" "the applinks plugin" "There is no link with that id." "See the links with `applink list`.";
    "is not an Atlassian application" "the applinks plugin" "The other side is a program of another maker." "Register it with `applink create LOCAL --consumer NAME`.";
    "network error" "the applinks pages" "This application could not reach the other one." "See the cause with `applink verify`.";
    "config error" "the applinks pages" "The two ends do not fit each other." "See the difference with `applink verify`.";
    "Access denied" "the applinks pages" "The other application refused the status request." "See the cause with `applink verify`.";
    "OAuth mismatch" "the applinks pages" "Outgoing at one end does not match incoming at the other." "See the levels with `applink verify` and set both with `applink edit`.";
    "CredentialsRequiredException" "the applinks plugin" "The user has not approved the access yet." "Let the user approve it in the browser.";
    "Encountered error while calling" "the applinks plugin" "A call over the link failed; the rest of the line says why." "Read the cause in the same line.";
    "ResponseStatusException" "the applinks plugin" "The other application answered a call with an error status." "Read the status in the same line.";
    "ResponseProtocolException" "the applinks plugin" "The answer of the other application was not what the protocol demands." "Look for a proxy that answers in its place.";
    "ResponseTimeoutException" "the applinks plugin" "The other application did not answer in time." "Look at its load and its log.";
    "ApplinkStatusException" "the applinks plugin" "The status of a link could not be found out." "See the cause with `applink verify`.";
    "RemoteVersionIncompatible" "the applinks plugin" "The other application's plugin is too old for the status check." "Update the older application.";
    "Could not get oauth consumer" "the OAuth plugin" "The consumer of the other application cannot be read." "Fetch it again with `applink repair`.";
    "Failed to verify signature" "the OAuth plugin" "The signature of a call does not fit the stored key or the URL." "Compare keys and addresses with `applink verify`.";
    "Trusted Applications" "older products" "The link uses legacy authentication." "Move it to OAuth with `applink migrate`.";
    "APP_UNKNOWN" "Trusted Applications" "The called application does not know this one." "Move the link to OAuth with `applink migrate`.";
    "BAD_CERTIFICATE" "Trusted Applications" "The certificate of the call has expired or the clocks differ." "Compare the clocks with `applink verify`; move the link to OAuth.";
    "System Startup" "Jira" "The application is starting." "Wait until it has started.";
    "Johnson" "Jira, Confluence and Bitbucket" "The application shows its start-up or error page." "Open it in a browser: the page says what is wrong.";
    "is currently unavailable" "the products" "The application is starting or in maintenance." "Wait, then try again.";
    "Jira is starting up" "Jira" "The application is starting." "Wait until it has started.";
    "bootstrap/selectsetupstep.action" "Confluence" "The application is not set up yet." "Open it in a browser and finish its set-up.";
    "SetupMode!default.jspa" "Jira" "The application is not set up yet." "Open it in a browser and finish its set-up.";
    "license has expired" "the products" "The license of the application has expired." "Renew the license.";
    "read-only mode" "Confluence and Bitbucket" "The application refuses changes for now." "Wait until read-only mode ends.";
    "maintenance mode" "the products" "The application refuses changes for now." "Wait until maintenance ends.";
    "base URL is not configured correctly" "the products" "The base URL differs from the address in the browser." "Set the base URL of the application, and scheme and proxyName of its connector.";
    "Your URL scheme is set to be" "Jira" "Tomcat does not know that https ends at the proxy." "Set scheme, proxyName, proxyPort and secure of the connector in server.xml.";
    "HTTP Status 404" "Tomcat" "Nothing answers under that path: the context path may be wrong." "Check the application URL with its context path.";
    "HTTP Status 500" "Tomcat" "The application failed." "Read its log at that time.";
    "Request header is too large" "Tomcat" "The headers of a request exceed the limit." "Raise maxHttpHeaderSize, or look for a proxy that adds headers.";
    "Invalid character found in the request target" "Tomcat" "A URL holds a character that must be percent-encoded." "Percent-encode the URL, or look for a proxy that decodes it.";
    "Rate limit exceeded" "Jira, Confluence and Bitbucket" "The account makes too many calls." "Wait, call less often with --per-host 1, or exempt the account from rate limiting.";
}
