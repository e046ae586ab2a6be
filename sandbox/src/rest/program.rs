//! The few paths that a program of another maker serves.

use super::consumer_servlets;
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::program::Program;

/// Answers a request to a program. The manifest has one format, whatever the request accepts.
pub(crate) fn answer(app: &Instance, program: &Program, request: &Request) -> Reply {
    let segments = request.segments();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), names.as_slice()) {
        (
            "GET",
            [
                "rest",
                "applinks",
                "1.0" | "2.0" | "3.0" | "latest",
                "manifest",
            ],
        ) => {
            let (media, text) = program.manifest(&app.settings().display_name, &app.base_url());
            Reply::new(200).body(media, text)
        }
        ("GET", ["plugins", "servlet", "oauth", "consumer-info"])
            if program.has_consumer_info() =>
        {
            consumer_servlets::consumer_info(app)
        }
        (method, _) => {
            let text = format!("Cannot {method} {}\n", request.path);
            Reply::new(404).body("text/plain;charset=utf-8", text)
        }
    }
}
