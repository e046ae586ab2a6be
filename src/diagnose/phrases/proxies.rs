//! Words of proxies, load balancers, firewalls and clients.

use super::entry::phrases;

phrases! {
    "default backend - 404" "Kubernetes ingress" "The ingress has no route for that host or path." "Add a route for the host and for the context path.";
    "no healthy upstream" "Envoy" "The load balancer has no working server behind it." "Check that the application runs.";
    "upstream connect error" "Envoy" "The proxy does not reach the application." "Check that the application runs and its port.";
    "upstream prematurely closed connection" "nginx" "The application closed the connection before it answered." "Read the application's log at that time.";
    "upstream timed out" "nginx" "The application did not answer the proxy in time." "Raise proxy_read_timeout, and look at the application's load.";
    "no live upstreams" "nginx" "The proxy takes all servers behind it for dead." "Check that the application runs.";
    "client intended to send too large body" "nginx" "The request is larger than the proxy allows." "Raise client_max_body_size.";
    "The plain HTTP request was sent to HTTPS port" "nginx" "The port speaks https, and the address says http." "Write https:// in the application URL.";
    "requires TLS" "Tomcat" "The port speaks https, and the address says http." "Write https:// in the application URL.";
    "No required SSL certificate was sent" "nginx" "The proxy wants a client certificate." "Give one with --client-cert and --client-key.";
    "The SSL certificate error" "nginx" "The proxy refuses the client certificate." "Check its issuer and dates.";
    "Bad Gateway" "proxies" "The proxy got no valid answer from the application." "Check that the application runs and its port.";
    "Service Unavailable" "proxies and products" "The application is down, starting, overloaded or in maintenance." "Wait, then look at the application.";
    "Gateway Timeout" "proxies" "The application did not answer the proxy in time." "Look at the application's load and log.";
    "Gateway Time-out" "nginx and haproxy" "The application did not answer the proxy in time." "Look at the application's load and log.";
    "Request Entity Too Large" "proxies" "The request is larger than the proxy allows." "Raise the limit on the proxy.";
    "Payload Too Large" "proxies" "The request is larger than the proxy allows." "Raise the limit on the proxy.";
    "Method Not Allowed" "proxies and products" "The proxy or application does not allow this method." "Allow PUT, POST and DELETE below /rest/applinks and /rest/applinks-oauth.";
    "Not Allowed" "nginx" "The proxy does not allow this method." "Allow PUT, POST and DELETE below /rest/applinks and /rest/applinks-oauth.";
    "Too Many Requests" "proxies and products" "Too many calls in a short time." "Wait, or call less often with --per-host 1.";
    "Proxy Authentication Required" "company proxies" "The outgoing proxy wants a login." "Give it in HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, or go around it with NO_PROXY.";
    "Proxy-Authenticate: NTLM" "company proxies" "The outgoing proxy takes a Windows login only." "Use a local helper such as cntlm or px, or NO_PROXY.";
    "The requested URL was rejected" "F5 firewall" "A firewall blocked the request." "Give its support id to the administrators of the firewall.";
    "Your support ID is" "F5 firewall" "A firewall blocked the request." "Give this number to the administrators of the firewall.";
    "Attention Required! | Cloudflare" "Cloudflare" "Cloudflare blocked the request." "Allow the address and the paths in Cloudflare; the Ray ID helps to find the block.";
    "Request unsuccessful. Incapsula incident ID" "Imperva" "A firewall blocked the request." "Give the incident ID to the administrators of the firewall.";
    "HTTP/1.1 401" "HTTP" "The request needs a login, or its login was refused." "Check the credentials, and whether a proxy drops the Authorization header.";
    "HTTP/1.1 403" "HTTP" "The request is understood and refused." "Check the rights of the account, and firewalls in front.";
    "HTTP/1.1 404" "HTTP" "Nothing is at that address." "Check the address and its context path.";
    "HTTP/1.1 407" "HTTP" "The outgoing proxy wants a login." "Give it in HTTPS_PROXY, or go around the proxy with NO_PROXY.";
    "HTTP/1.1 413" "HTTP" "The request is larger than the proxy allows." "Raise the limit on the proxy.";
    "HTTP/1.1 429" "HTTP" "Too many calls in a short time." "Wait, or call less often with --per-host 1.";
    "HTTP/1.1 502" "HTTP" "The proxy got no valid answer from the application." "Check that the application runs and its port.";
    "HTTP/1.1 503" "HTTP" "The application is down, starting or overloaded." "Wait, then look at the application.";
    "HTTP/1.1 504" "HTTP" "The application did not answer the proxy in time." "Look at the application's load and log.";
    "self-signed certificate" "OpenSSL" "The certificate is issued by itself." "Name it, or its authority, with --cacert FILE.";
    "self signed certificate" "OpenSSL" "The certificate is issued by itself." "Name it, or its authority, with --cacert FILE.";
    "unable to get local issuer certificate" "OpenSSL" "The issuing authority is not known, or an intermediate certificate is missing." "Name the authority with --cacert FILE, or let the server send its whole chain.";
    "certificate has expired" "OpenSSL" "The certificate has expired." "Renew it on the server that presents it.";
    "certificate verify failed" "OpenSSL" "The certificate of the server is not trusted." "Name the authority with --cacert FILE.";
    "tlsv1 alert" "OpenSSL" "The other side refused the TLS connection." "Read which alert it is; a client certificate or another protocol version may be wanted.";
    "sslv3 alert handshake failure" "OpenSSL" "No common cipher or protocol, or a client certificate is wanted." "Compare the TLS settings of both sides.";
    "wrong version number" "OpenSSL" "The server speaks http on that port, or a proxy answers." "Use http:// or the https port.";
    "Could not resolve host" "curl" "The host name does not resolve." "Check the DNS of this machine.";
    "Empty reply from server" "curl" "The server closed the connection without an answer." "Look at the log of the server and of the proxy in front of it.";
    "Keystore was tampered with, or password was incorrect" "keytool" "The password of the key store is wrong." "Use the right password; that of a Java truststore is often changeit.";
    "Invalid keystore format" "keytool" "The file is no key store of the expected kind." "Convert it with `keytool -importkeystore`.";
}
