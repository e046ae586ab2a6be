//! Describes a world as a JSON document and as text.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::app::Tls;
use crate::handle::AppHandle;
use crate::sync::lock;
use crate::world::World;

impl World {
    /// Where the applications are and who may log in:
    /// `{"schema":1,"sandbox":[{"alias","type","url","id","ca","users","tokens"}]}`.
    pub fn describe(&self) -> Value {
        let apps: Vec<Value> = self
            .apps()
            .iter()
            .map(|app| self.describe_app(app))
            .collect();
        json!({"schema": 1, "sandbox": apps})
    }

    fn describe_app(&self, app: &AppHandle) -> Value {
        let tls = lock(&app.inner.address).tls != Tls::Off;
        let ca = self
            .ca_path()
            .filter(|_| tls)
            .map(|path| path.to_string_lossy().into_owned());
        let users: Vec<Value> = app
            .users()
            .iter()
            .map(|user| json!({"name": user.name, "password": user.password, "role": user.role.as_str()}))
            .collect();
        let tokens: Vec<Value> = app
            .tokens()
            .iter()
            .map(|token| json!({"token": token.token, "user": token.user}))
            .collect();
        json!({
            "alias": app.alias(),
            "type": app.type_id(),
            "url": app.url(),
            "id": app.id(),
            "ca": ca,
            "users": users,
            "tokens": tokens,
        })
    }

    /// The same as text, with a note that these are simulations.
    pub fn describe_text(&self) -> String {
        let mut text = String::from(
            "These are simulations on this machine, not Atlassian software. They end with this program.\n",
        );
        for app in self.apps() {
            let (version, _, _) = app.inner.versions();
            let _ = writeln!(
                text,
                "\n{}  {}  (simulated {} {version})",
                app.alias(),
                app.url(),
                app.inner.product.name()
            );
            for user in app.users() {
                let _ = writeln!(
                    text,
                    "  {:<12}  {}  {}",
                    user.role.as_str(),
                    user.name,
                    user.password
                );
            }
            for token in app.tokens() {
                let _ = writeln!(text, "  {:<12}  {}  {}", "token", token.user, token.token);
            }
        }
        if let Some(path) = self.ca_path() {
            let _ = writeln!(text, "\ncertificate authority: {}", path.display());
        }
        text
    }
}
