//! Exceptions of the Java virtual machine, in the logs of the products.

use super::entry::phrases;

phrases! {
    "PKIX path building failed" "Java" "The Java of this server does not trust the certificate of the other server." "Import the issuing authority into the truststore of that Java and restart the product.";
    "unable to find valid certification path to requested target" "Java" "The Java of this server does not know the authority that issued the certificate, or an intermediate certificate is missing." "Import the authority into the truststore of that Java, or let the other server send its whole chain.";
    "PKIX path validation failed" "Java" "The certificate chain of the other server is known and not valid, often because it has expired." "Renew the certificate, then look at its dates with `applink verify`.";
    "CertificateExpiredException" "Java" "A certificate has expired." "Renew the certificate on the server that presents it.";
    "CertificateNotYetValidException" "Java" "A certificate is not valid yet, or the clock of this server is wrong." "Compare the clock with the first day of the certificate.";
    "No subject alternative names present" "Java" "The certificate of the other server names no host in its subjectAltName." "Issue the certificate again with the host name as subjectAltName.";
    "No subject alternative DNS name matching" "Java" "The certificate of the other server is for another host name." "Use a host name of the certificate as the application URL, or issue the certificate for this name.";
    "No name matching" "Java" "The certificate of the other server is for another host name." "Use a host name of the certificate as the application URL, or issue the certificate for this name.";
    "SSLPeerUnverifiedException" "Java" "The host name does not fit the certificate of the other server." "Use a host name of the certificate as the application URL.";
    "SSLHandshakeException" "Java" "The two servers could not agree on a TLS connection; the rest of the line says why." "Read the cause in the same line; `applink verify` shows the certificate that the server presents.";
    "Received fatal alert: handshake_failure" "Java" "The two servers share no TLS protocol version or cipher, or the other one wants a client certificate." "Compare the TLS settings of both servers and of the proxies between them.";
    "Received fatal alert: protocol_version" "Java" "The other server refuses the TLS version of this Java." "Allow TLS 1.2 on both sides, or update the older Java.";
    "Received fatal alert: certificate_unknown" "Java" "The other side does not trust the certificate of this server." "Import the issuing authority into the truststore of the other side.";
    "Received fatal alert: bad_certificate" "Java" "The other side refuses the certificate that it was shown." "Check which client certificate is sent, and its dates.";
    "unrecognized_name" "Java" "The host name is none that the other server expects (SNI)." "Add the name to the server or to the proxy in front of it.";
    "Unsupported or unrecognized SSL message" "Java" "The server speaks http on a port where https was expected." "Use http:// in the application URL, or the https port.";
    "Algorithm constraints check failed" "Java" "Java refuses the certificate since its key or its signature is too weak." "Issue a certificate with SHA-256 and at least 2048 bits.";
    "Remote host terminated the handshake" "Java" "The other server or a proxy closed the connection while TLS was set up." "Look for a firewall or a proxy between the servers, and at its TLS settings.";
    "UnknownHostException" "Java" "This server cannot resolve the host name of the other one." "Check the name on that server with `getent hosts NAME`; its DNS or /etc/hosts has to know it.";
    "Name or service not known" "Linux" "The host name does not resolve." "Check the DNS of the machine that logs this.";
    "Temporary failure in name resolution" "Linux" "The DNS server does not answer." "Check /etc/resolv.conf on the machine that logs this.";
    "Connection refused" "operating system" "The host answers, and no program listens on that port." "Check that the application runs and that the port of the application URL is right.";
    "NoRouteToHostException" "Java" "The network has no route to the other server, or a firewall rejects the connection." "Open the connection between the two servers in the firewall.";
    "No route to host" "operating system" "The network has no route to the other server, or a firewall rejects the connection." "Open the connection between the two servers in the firewall.";
    "Network is unreachable" "operating system" "This server has no network for that address, often IPv6 without a route." "Check the routes, and whether the name has an IPv6 address that does not work.";
    "ConnectTimeoutException" "Java" "The other server did not accept the connection in time, often because a firewall drops it." "Open the connection between the two servers in the firewall.";
    "connect timed out" "Java" "The other server did not accept the connection in time, often because a firewall drops it." "Open the connection between the two servers in the firewall.";
    "Connection timed out" "operating system" "The other server did not accept the connection in time, often because a firewall drops it." "Open the connection between the two servers in the firewall.";
    "Read timed out" "Java" "The other server accepted the connection and did not answer in time." "Look at the load and the log of the other server; a request from it back to this one may hang.";
    "SocketTimeoutException" "Java" "The other server did not answer in time." "Look at the load and the log of the other server.";
    "Connection reset" "operating system" "The connection was cut by the other server, or by a proxy or firewall between them." "Look for a proxy that closes idle connections, and at the log of the other server.";
    "Broken pipe" "operating system" "The other side closed the connection before the answer was written." "Look for a timeout of a proxy that is shorter than the request takes.";
    "NoHttpResponseException" "Java" "The other server closed the connection without an answer." "Look for a proxy that closes idle connections, and at the log of the other server.";
    "Unexpected end of file from server" "Java" "The answer broke off." "Look at the log of the other server and of the proxy in front of it.";
    "failed to respond" "Java" "The other server closed the connection without an answer." "Look for a proxy that closes idle connections.";
    "Connection pool shut down" "Java" "The HTTP client of the product was stopped, usually while the product shuts down." "Try again after the product has started.";
    "Timeout waiting for connection from pool" "Java" "All HTTP connections of the product are in use, often because the other server is slow." "Look at the load of the other server.";
    "OutOfMemoryError" "Java" "The product has run out of memory." "Raise the heap of that product and restart it.";
    "BadPaddingException" "Java" "A key does not fit the data that it decrypts or verifies." "Compare the keys of both ends with `applink verify`.";
    "InvalidKeyException" "Java" "A key is not usable, for example damaged, of another kind, or too long for the policy of that Java." "Look at the key with `applink key show FILE`.";
    "InvalidKeySpecException" "Java" "A stored key cannot be read." "Register the key again in a form that the product reads: X.509 SubjectPublicKeyInfo in base64.";
    "Invalid RSA private key" "Java and OpenSSL" "The private key is in a form that the program does not read." "Convert it with `applink key convert FILE --to pkcs8`.";
    "DerInputStream.getLength" "Java" "A key or certificate is damaged or in another form than expected." "Look at the file with `applink key show FILE`.";
    "Proxy tunneling failed" "Java" "The outgoing proxy of this server does not connect to the other one." "Add the other server to http.nonProxyHosts of that Java, or allow it on the proxy.";
    "Unable to tunnel through proxy" "Java" "The outgoing proxy of this server does not connect to the other one." "Add the other server to http.nonProxyHosts of that Java, or allow it on the proxy.";
}
