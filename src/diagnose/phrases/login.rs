//! Words about logging in: headers, messages and pages.

use super::entry::phrases;

phrases! {
    "AUTHENTICATED_FAILED" "Jira and Confluence, X-Seraph-LoginReason" "The user name or the password is wrong." "Correct the password; after some failures the account asks for a CAPTCHA.";
    "AUTHENTICATION_DENIED" "Jira and Confluence, X-Seraph-LoginReason" "The login was refused without looking at the password, mostly because a CAPTCHA is due." "Log in once in a browser and solve the CAPTCHA, then try again.";
    "AUTHORISATION_FAILED" "Jira and Confluence, X-Seraph-LoginReason" "The password is right, and the user may not use the application." "Give the user access to the application in its user management.";
    "CAPTCHA_CHALLENGE" "Jira and Confluence, X-Authentication-Denied-Reason" "The account has too many failed logins and must solve a CAPTCHA." "Log in once in a browser and solve the CAPTCHA, or reset the counter of failed logins.";
    "Basic Authentication has been disabled on this instance" "Jira, Confluence and Bitbucket" "The application refuses user and password for its REST API." "Use a personal access token, or add the REST paths to the exceptions of Basic authentication.";
    "Basic Authentication Failure" "Jira" "A user name and password were refused." "Correct the password; the reason stands in the same line.";
    "This resource requires WebSudo" "Jira and Confluence" "The call needs a secure administrator session." "Use a user name and password, which open one, or disable secure administrator sessions for the time of the change.";
    "WebSudo" "Jira and Confluence" "Secure administrator sessions are enabled, and the call has none." "Use a user name and password, which open one.";
    "XSRF check failed" "the REST plugin of the products" "The application takes the call for a forged one: a proxy may have changed its headers." "Let the proxy pass X-Atlassian-Token and User-Agent unchanged.";
    "Client must be authenticated to access this resource" "the REST plugin of the products" "The call came without a login, or the login was dropped on the way." "Check the credentials, and whether a proxy drops the Authorization header.";
    "You do not have permission" "the products" "The account may not do this." "Use an account that administers the application.";
    "You are not authorized" "the products" "The account may not do this; OAuth 2.0 clients need a system administrator." "Use a system administrator's account.";
    "Login required" "the products" "The call came without a login." "Check the credentials, and whether a proxy drops the Authorization header.";
    "Remember me cookie" "Jira and Confluence" "A browser's cookie is no longer valid." "Log in again in the browser.";
    "SAMLRequest" "SAML single sign-on" "An identity provider's login page stands in front of the address." "Exempt /rest and /plugins/servlet from single sign-on.";
    "SAMLResponse" "SAML single sign-on" "An answer of an identity provider was processed." "If API calls are redirected, exempt /rest and /plugins/servlet from single sign-on.";
    "single sign-on" "identity providers" "A login page stands in front of the address." "Exempt /rest and /plugins/servlet from single sign-on.";
    "Login Page" "proxies and identity providers" "A login page came instead of an API response." "Exempt /rest and /plugins/servlet from the login page.";
    "WWW-Authenticate: Negotiate" "Kerberos proxies" "A proxy in front wants a Kerberos login, which applink and the applications do not have." "Exempt /rest and /plugins/servlet from Kerberos on that proxy.";
    "WWW-Authenticate: NTLM" "Windows proxies" "A proxy in front wants a Windows login, which applink and the applications do not have." "Exempt /rest and /plugins/servlet from it on that proxy.";
    "X-AUSERNAME: anonymous" "Jira, Confluence and Bitbucket" "The application sees no login; without a reason beside it the credentials did not arrive." "Check whether a proxy drops the Authorization header.";
    "Crowd is unreachable" "Jira and Confluence" "The user directory does not answer, so nobody can log in." "Check that Crowd runs and that this server reaches it.";
    "InvalidAuthenticationException" "Crowd" "User or password was refused by the user directory." "Correct the password.";
    "InactiveAccountException" "Crowd" "The account is disabled." "Enable the account in the user directory, or use another one.";
    "ExpiredCredentialException" "Crowd" "The password has expired." "Set a new password.";
    "ApplicationAccessDeniedException" "Crowd" "The application may not log in to Crowd from this address or with this password." "Correct the application's password and remote addresses in Crowd.";
    "invalid_client" "OAuth 2.0" "The client id or the client secret is wrong." "Give the program the present secret; `applink edit APP --oauth2-client NAME --reset-secret` makes a new one.";
    "invalid_grant" "OAuth 2.0" "The code or refresh token is used, expired, or of another client." "Let the user consent again.";
    "invalid_redirect_uri" "OAuth 2.0" "The redirect URI is none of those that are registered; they are compared letter by letter." "Register exactly the URI that the program sends.";
    "redirect_uri_mismatch" "OAuth 2.0" "The redirect URI is none of those that are registered; they are compared letter by letter." "Register exactly the URI that the program sends.";
    "invalid_scope" "OAuth 2.0" "The client may not have the scope that it asks for." "Ask for a scope that was registered, or register a wider one.";
    "unauthorized_client" "OAuth 2.0" "The client may not use this way of getting a token." "Check the registration of the client.";
    "unsupported_grant_type" "OAuth 2.0" "The application does not offer this way of getting a token." "Use the authorization code with PKCE.";
    "access_denied" "OAuth 2.0" "The user did not consent." "Start again and choose Allow.";
    "OAuth 2.0 needs a secure base URL" "the OAuth 2.0 provider of the products" "The application's base URL is http, and OAuth 2.0 needs https." "Serve the application with https and set its base URL.";
    "Invalid consumer key" "the OAuth plugin of the products" "The called application has no consumer with this key; keys are compared letter by letter." "Compare the key with `applink list -o json`.";
    "Consumer key unknown" "the OAuth plugin of the products" "The called application has no consumer with this key." "Look at both ends with `applink verify`.";
    "Could not retrieve consumer information" "the applinks plugin" "This application could not read the public key of the other one." "Check that this server reaches /plugins/servlet/oauth/consumer-info of the other one without a login page.";
}
