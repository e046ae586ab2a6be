//! Decides what kind of answer an application gave.
//!
//! Applications, proxies and login pages answer in many shapes, and a status alone says little. The
//! order of the checks matters: HTML is never parsed as data, and a refusal is only called "not an
//! administrator" when nothing more precise fits.

use std::borrow::Cow;

use serde_json::Value;

use super::call::Response;
use super::failure::{Failure, NotReady, is_down};
use super::{bounded_json, redact, wire};
use crate::domain::Code;

/// No page, no form and no XML of an application is longer, as far as it is of any use.
const LONGEST_TEXT: usize = 512 * 1024;

/// Turns an answer into JSON, or says what it was instead. An empty body is `null`.
pub(crate) fn read(answer: &Response) -> Result<Value, Failure> {
    sound(answer)?;
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    parse(&answer.body).map_err(|detail| Failure::Unreadable {
        status: answer.status,
        detail,
    })
}

/// Turns an answer into text that is no page for people, or says what it was instead.
pub(crate) fn text(answer: &Response) -> Result<String, Failure> {
    sound(answer)?;
    let unreadable = |detail: &str| Failure::Unreadable {
        status: answer.status,
        detail: detail.to_owned(),
    };
    if answer.body.len() > LONGEST_TEXT {
        return Err(unreadable("longer than any real answer of its kind"));
    }
    String::from_utf8(answer.body.clone()).map_err(|_| unreadable("not UTF-8"))
}

/// Whether an answer is one of the application, and a good one.
fn sound(answer: &Response) -> Result<(), Failure> {
    if (300..400).contains(&answer.status) && answer.status != 304 {
        let location = answer.header("location").unwrap_or_default().to_owned();
        if let Some(state) = own_page(&location) {
            return Err(Failure::NotReady(state));
        }
        if is_login_address(&location) {
            let address = location.split(['?', '#']).next().unwrap_or_default();
            return Err(Failure::LoginRedirect(redact::without_user(address)));
        }
        return Err(Failure::Redirected {
            status: answer.status,
            location: redact::without_user(&location),
        });
    }
    // What the account may not do is said in headers and texts before any status counts.
    if let Some(denied) = denied(answer) {
        return Err(denied);
    }
    if answer.status == 429 {
        return Err(Failure::Busy {
            after: answer.retry_after(),
        });
    }
    // A container says 401 with a page of its own; a log-in page is another thing.
    let refusal = answer.status == 401 && !looks_like_login(&beginning(answer));
    if is_html(answer) && !refusal {
        let page = beginning(answer);
        return Err(Failure::Page {
            status: answer.status,
            title: title(&page),
            // An application that is down asks for no login, whatever its page contains.
            login: !is_down(answer.status) && looks_like_login(&page),
            support_id: support_id(&page).map(String::into_boxed_str),
        });
    }
    let messages = || wire::messages(&answer.body);
    match answer.status {
        200..=299 => Ok(()),
        401 | 403 => Err(Failure::Denied {
            code: Code::NotAdmin,
            detail: messages().into_iter().next(),
        }),
        404 if is_own_error(answer) => Err(Failure::NotFound {
            messages: messages(),
        }),
        // Whoever stands in front of an application says that too.
        404 => Err(Failure::Page {
            status: 404,
            title: first_line(answer),
            login: false,
            support_id: None,
        }),
        status @ 400..=499 => Err(Failure::Declined {
            status,
            messages: messages(),
        }),
        status => Err(Failure::ServerError {
            status,
            messages: messages(),
        }),
    }
}

/// Whether an error is in the words of an application: one of the shapes of its REST plugin, in
/// JSON or XML. The JSON of a gateway and the text of a load balancer are other ones.
fn is_own_error(answer: &Response) -> bool {
    let body = answer.body.trim_ascii();
    if body.first() == Some(&b'<') {
        let text = beginning(answer);
        return text.contains("<status-code>") || text.contains("<errors>");
    }
    let Ok(Value::Object(fields)) = parse(body) else {
        return false;
    };
    let is_number = |name: &str| fields.get(name).is_some_and(Value::is_u64);
    let is_list = |name: &str| fields.get(name).is_some_and(Value::is_array);
    is_number("status-code")
        || is_list("errors")
        || is_list("errorMessages")
        || (is_number("status") && is_list("message"))
        || (is_number("statusCode") && fields.contains_key("message"))
}

/// The first line of a text, as the title of a page that has no other.
fn first_line(answer: &Response) -> Option<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(crate::domain::text::excerpt(line, 80))
}

/// Which of its own pages an application redirects to while it is not ready: Jira and Confluence
/// have them under these paths.
fn own_page(location: &str) -> Option<NotReady> {
    let path = location.split(['?', '#']).next()?.to_ascii_lowercase();
    let is_one_of = |parts: &[&str]| parts.iter().any(|part| path.contains(part));
    if is_one_of(&[
        "/system/startup",
        "/startup.jsp",
        "/mvc/maintenance",
        "/system/maintenance",
    ]) {
        Some(NotReady::Starting)
    } else if is_one_of(&["/johnson/", "/errors.jsp", "/500page.jsp"]) {
        Some(NotReady::Error)
    } else if is_one_of(&[
        "/bootstrap/",
        "/setupmode",
        "/secure/setup",
        "/setup/",
        "/console/setup",
    ]) || path.ends_with("/setup")
    {
        Some(NotReady::NotSetUp)
    } else {
        None
    }
}

/// The number on the block page of a firewall, by which its administrators find the block.
fn support_id(page: &str) -> Option<String> {
    const LABELS: &[&str] = &[
        "support id",
        "incident id",
        "reference id",
        "event id",
        "request id",
        "ray id",
        "reference #",
        "transaction id",
    ];
    let lower = page.to_ascii_lowercase();
    let label = LABELS
        .iter()
        .find_map(|label| lower.find(label).map(|at| at + label.len()))?;
    let rest = page.get(label..)?;
    let text: String = rest.chars().take(200).collect();
    // The number may stand in an element of its own.
    let mut is_tag = false;
    let plain: String = text
        .chars()
        .filter(|c| {
            let shown = !is_tag && *c != '<';
            is_tag = (*c == '<' || is_tag) && *c != '>';
            shown
        })
        .collect();
    plain
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')))
        .find(|word| word.len() >= 5 && word.contains(|c: char| c.is_ascii_digit()))
        .map(|word| word.chars().take(64).collect())
}

/// The refusals that name themselves.
fn denied(answer: &Response) -> Option<Failure> {
    if !matches!(answer.status, 401 | 403 | 404) {
        return None;
    }
    let with = |code, detail: Option<String>| Some(Failure::Denied { code, detail });
    let reason = answer.header("x-seraph-loginreason").unwrap_or_default();
    if answer.header("x-authentication-denied-reason").is_some()
        || reason.contains("AUTHENTICATION_DENIED")
    {
        return with(Code::CaptchaRequired, None);
    }
    let body = String::from_utf8_lossy(
        answer
            .body
            .get(..answer.body.len().min(65_536))
            .unwrap_or_default(),
    );
    if answer.status == 403 && body.contains("Basic Authentication has been disabled") {
        return with(Code::BasicAuthDisabled, None);
    }
    if answer.status == 401 && body.contains("WebSudo") {
        return with(Code::WebsudoRequired, None);
    }
    if body.contains("XSRF check failed") {
        return with(Code::XsrfRejected, None);
    }
    if reason.contains("AUTHENTICATED_FAILED") || body.contains("AUTHENTICATED_FAILED") {
        return with(Code::BadCredentials, None);
    }
    if reason.contains("AUTHORISATION_FAILED") {
        return with(
            Code::NotAdmin,
            Some("it may not use the application".to_owned()),
        );
    }
    None
}

pub(super) fn parse(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    bounded_json::from_slice(body).map_err(|error| {
        let what = error.to_string();
        let at = format!("line {}, column {}", error.line(), error.column());
        if body.first() == Some(&b'<') {
            "XML or HTML where JSON was due".to_owned()
        } else if what.contains("recursion limit") {
            format!("JSON that is nested more than 128 deep ({at})")
        } else if what.contains("twice") || what.contains("values") {
            format!("JSON that is refused: {what}")
        } else {
            format!("no JSON ({at})")
        }
    })
}

fn is_html(answer: &Response) -> bool {
    let declared = answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let start: Vec<u8> = answer
        .body
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace() || **byte >= 0x80)
        .take(15)
        .map(u8::to_ascii_lowercase)
        .collect();
    let looks = start.starts_with(b"<!doctype html") || start.starts_with(b"<html");
    looks || (declared && !matches!(start.first(), Some(b'{' | b'[')) && !answer.body.is_empty())
}

/// What of a page or a refusal tells what it is. Not all of it: what is made of a text takes many
/// times its place.
pub(super) fn beginning(answer: &Response) -> Cow<'_, str> {
    let length = answer.body.len().min(LONGEST_TEXT);
    String::from_utf8_lossy(answer.body.get(..length).unwrap_or_default())
}

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = start + lower.get(start..)?.find('>')? + 1;
    let end = open + lower.get(open..)?.find("</title")?;
    let title = page.get(open..end)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

fn looks_like_login(page: &str) -> bool {
    let lower = page.to_ascii_lowercase();
    [
        "type=\"password\"",
        "type='password'",
        "type=password",
        "os_username",
        "samlrequest",
        "single sign-on",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

fn is_login_address(location: &str) -> bool {
    let lower = location.to_ascii_lowercase();
    [
        "login.jsp",
        "login.action",
        "os_destination",
        "/saml",
        "samlrequest",
        "/oauth2/authorize",
        "/adfs/",
        "/sso",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Response {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        Response {
            status,
            headers,
            body: body.as_bytes().to_vec(),
            at: SystemTime::UNIX_EPOCH,
        }
    }

    fn code(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Option<Code> {
        read(&answer(status, headers, body))
            .err()
            .and_then(|failure| failure.code())
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(
            code(
                403,
                &[],
                r#"{"message":"Basic Authentication has been disabled on this instance."}"#
            ),
            Some(Code::BasicAuthDisabled)
        );
        assert_eq!(
            code(
                403,
                &[(
                    "x-authentication-denied-reason",
                    "CAPTCHA_CHALLENGE; login-url=x"
                )],
                ""
            ),
            Some(Code::CaptchaRequired)
        );
        assert_eq!(
            code(
                401,
                &[],
                r#"{"message":"This resource requires WebSudo.","status-code":401}"#
            ),
            Some(Code::WebsudoRequired)
        );
        assert_eq!(
            code(
                403,
                &[("content-type", "text/html")],
                "<html>XSRF check failed</html>"
            ),
            Some(Code::XsrfRejected)
        );
        assert_eq!(
            code(401, &[("x-seraph-loginreason", "AUTHENTICATED_FAILED")], ""),
            Some(Code::BadCredentials)
        );
        assert_eq!(code(401, &[], ""), Some(Code::NotAdmin));
        assert_eq!(
            code(
                200,
                &[("content-type", "text/html;charset=UTF-8")],
                "<html><title>Log in</title>"
            ),
            Some(Code::LoginPage)
        );
        assert_eq!(
            code(302, &[("location", "/login.jsp?os_destination=%2F")], ""),
            Some(Code::LoginPage)
        );
        assert_eq!(
            code(
                503,
                &[("content-type", "text/html")],
                "<html><title>Service unavailable"
            ),
            None
        );
        assert_eq!(
            code(
                503,
                &[("content-type", "text/html")],
                "<html>Down. Single sign-on is up.</html>"
            ),
            None
        );
    }

    #[test]
    fn a_container_says_no_with_a_page_of_its_own() {
        let page = "<html><title>HTTP Status 401</title></html>";
        let html = &[("content-type", "text/html")];
        assert_eq!(code(401, html, page), Some(Code::NotAdmin));
        let login = "<html><form><input type=\"password\"></form></html>";
        assert_eq!(code(401, html, login), Some(Code::LoginPage));
        // A firewall's page for 403 says nothing of the account.
        assert_eq!(code(403, html, "<html>blocked</html>"), None);
    }

    #[test]
    fn json_is_read_whatever_its_label() {
        let labelled = answer(200, &[("content-type", "text/html")], "{\"a\":1}");
        assert!(read(&labelled).is_ok());
        let marked = answer(200, &[], "\u{feff}[1]");
        assert!(read(&marked).is_ok());
        assert_eq!(read(&answer(204, &[], "")), Ok(Value::Null));
        assert!(matches!(
            read(&answer(200, &[], "<manifest/>")),
            Err(Failure::Unreadable { .. })
        ));
    }

    #[test]
    fn what_a_write_may_have_done() {
        let failure = |status, body| read(&answer(status, &[], body)).err();
        assert_eq!(failure(400, "").map(|f| f.not_applied()), Some(true));
        assert_eq!(failure(502, "").map(|f| f.not_applied()), Some(false));
        assert_eq!(
            failure(200, "garbage").map(|f| f.not_applied()),
            Some(false)
        );
    }
}
