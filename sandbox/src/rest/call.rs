//! One call of a resource: its inputs, its checks and its standard answers.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::auth::{self, Caller, websudo};
use crate::http::errors::{RestError, Style};
use crate::http::{Reply, Request, xml};
use crate::instance::Instance;
use crate::product::BUILT_IN_TYPES;
use crate::settings::Settings;
use crate::store::Store;
use crate::sync::lock;

/// An answer, or the answer that ended the call early.
pub(crate) type ResourceResult = Result<Reply, Reply>;

/// The inputs of a resource.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a Arc<Instance>,
    pub(crate) request: &'a Request,
    pub(crate) caller: &'a mut Caller,
    pub(crate) settings: Settings,
    pub(crate) style: Style,
    /// `applinks` or `applinks-oauth`.
    pub(crate) module: &'static str,
    /// REST version as it was called: `1.0`, `2.0`, `3.0` or `latest`.
    pub(crate) version: &'a str,
}

impl Call<'_> {
    /// URL of a resource of the version that was called, on the base that was called.
    pub(crate) fn href(&self, path: &str) -> String {
        format!(
            "{}/rest/{}/{}/{path}",
            self.app.seen_base(self.request),
            self.module,
            self.version
        )
    }

    /// Runs `work` on the store under the application's lock.
    pub(crate) fn store<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        work(&mut lock(&self.app.state).store)
    }

    /// Name of the caller. Empty for an anonymous caller.
    pub(crate) fn user(&self) -> String {
        self.caller.user.clone().unwrap_or_default()
    }

    /// Refuses an anonymous caller, as the framework does for most resources.
    pub(crate) fn logged_in(&mut self) -> Result<(), Reply> {
        if self.caller.user.is_some() {
            return Ok(());
        }
        if let Some(caller) = auth::query_credentials(self.app, self.request) {
            *self.caller = caller;
            return Ok(());
        }
        Err(self
            .style
            .status(401, "Client must be authenticated to access this resource."))
    }

    /// Refuses a caller who is no administrator with 401, as the older resources do.
    pub(crate) fn admin(&mut self) -> Result<(), Reply> {
        self.logged_in()?;
        if !self.caller.is_admin()
            && let Some(caller) = auth::query_credentials(self.app, self.request)
        {
            *self.caller = caller;
        }
        if self.caller.is_admin() {
            return Ok(());
        }
        Err(self
            .style
            .status(401, "You must be an administrator to use this resource."))
    }

    /// Refuses a caller without a secure administrator session.
    pub(crate) fn admin_websudo(&mut self) -> Result<(), Reply> {
        self.logged_in()?;
        websudo::check(&self.settings, self.caller, self.style)?;
        self.admin()
    }

    /// Refuses a caller who is no administrator with 401 or 403, as the newer resources do.
    pub(crate) fn admin_v3(&self) -> Result<(), Reply> {
        if self.caller.user.is_none() {
            return Err(self.error(401, "You must be logged in to perform this operation."));
        }
        if !self.caller.is_admin() {
            return Err(self.error(
                403,
                "You must be an administrator to perform this operation.",
            ));
        }
        Ok(())
    }

    pub(crate) fn sysadmin_v3(&self) -> Result<(), Reply> {
        self.admin_v3()?;
        if !self.caller.is_sysadmin() {
            return Err(self.error(
                403,
                "You must be a system administrator to perform this operation.",
            ));
        }
        Ok(())
    }

    /// One error in the newer format.
    pub(crate) fn error(&self, status: u16, summary: &str) -> Reply {
        self.style.rest_errors(status, &[RestError::new(summary)])
    }

    /// A canonical id, or the 400 of the newer resources.
    pub(crate) fn id_v3(&self, text: &str) -> Result<String, Reply> {
        crate::id::parse(text)
            .ok_or_else(|| self.error(400, &format!("'{text}' is not a valid application ID.")))
    }

    /// A canonical id, or the uncaught exception of the older resources.
    pub(crate) fn id_v1(&self, text: &str) -> Result<String, Reply> {
        crate::id::parse(text).ok_or_else(|| {
            let message = format!("Invalid UUID string: {text}");
            self.style
                .exception("java.lang.IllegalArgumentException", &message)
        })
    }

    pub(crate) fn unknown_v3(&self, id: &str) -> Reply {
        self.error(
            404,
            &format!("No application link with ID '{id}' was found."),
        )
    }

    /// The fields of a JSON body, or of an XML body where `xml` allows it.
    pub(crate) fn body(&self, xml: bool) -> Result<Map<String, Value>, Reply> {
        let media = self.request.media_type().unwrap_or_default();
        let malformed = |text: &str| {
            if xml {
                self.style.status(400, text)
            } else {
                self.error(400, text)
            }
        };
        match media.as_str() {
            "application/json" => match serde_json::from_slice(&self.request.body) {
                Ok(Value::Object(fields)) => Ok(fields),
                Ok(_) => Err(malformed("Can not deserialize instance out of this token")),
                Err(error) => Err(malformed(&error.to_string())),
            },
            "application/xml" | "text/xml" if xml => {
                xml::leaves(&String::from_utf8_lossy(&self.request.body))
                    .ok_or_else(|| malformed("The document is not well-formed."))
            }
            _ => Err(Style {
                format: self.style.format,
                nulls: false,
            }
            .status(415, "Unsupported Media Type")),
        }
    }

    /// Refuses an application type that neither the product nor a plugin provides.
    pub(crate) fn require_type(&self, type_id: &str) -> Result<(), Reply> {
        let extra = &self.settings.extra_types;
        if BUILT_IN_TYPES.contains(&type_id) || extra.iter().any(|extra| extra == type_id) {
            return Ok(());
        }
        let message = format!("The application type {type_id} is not installed");
        Err(self.style.error_list(400, &[&message], &[]))
    }

    pub(crate) fn entity(&self, status: u16, root: &str, value: &Value) -> Reply {
        self.style.format.write(status, root, value)
    }
}

/// The framework's answer for a path that no resource has.
pub(crate) fn not_found(style: Style, request: &Request) -> Reply {
    let uri = format!("{}://{}{}", request.scheme, request.host, request.path);
    style.status(404, &format!("null for uri: {uri}"))
}

/// The framework's answer for a method that the resource does not have.
pub(crate) fn not_allowed(style: Style) -> Reply {
    style.status(405, "HTTP 405 Method Not Allowed")
}

/// A text field. `None` when absent or null.
pub(crate) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// A boolean field, `false` when absent. In XML it is a text.
pub(crate) fn flag(fields: &Map<String, Value>, name: &str) -> bool {
    match fields.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}
