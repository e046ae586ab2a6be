//! What may stand in a file, as one table: it makes the JSON Schema, and tests hold the reader and
//! the documentation against it.

use serde_json::{Map, Value, json};

/// A field: its name, whether it has to be there, its form, and what it says.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) is_due: bool,
    form: Form,
    about: &'static str,
}

enum Form {
    Version,
    Alias,
    Url,
    VariableUrl,
    Text,
    Flag,
    Pair,
    Levels,
    EachName,
    EachUrl,
    Aliases,
    Table(&'static [Field]),
    List(&'static [Field]),
}

const fn due(name: &'static str, form: Form, about: &'static str) -> Field {
    Field {
        name,
        is_due: true,
        form,
        about,
    }
}

const fn may(name: &'static str, form: Form, about: &'static str) -> Field {
    Field {
        name,
        is_due: false,
        form,
        about,
    }
}

pub(super) const FILE: &[Field] = &[
    due("version", Form::Version, "The version of the format."),
    may(
        "applications",
        Form::Table(APPLICATION),
        "The applications, each under its alias.",
    ),
    may("links", Form::List(LINK), "The links that shall exist."),
    may(
        "consumers",
        Form::List(CONSUMER),
        "The third-party programs that shall be registered.",
    ),
];

pub(super) const APPLICATION: &[Field] = &[due(
    "url",
    Form::VariableUrl,
    "The base URL. ${NAME} stands for an environment variable.",
)];

pub(super) const LINK: &[Field] = &[
    due("between", Form::Pair, "The two applications."),
    may(
        "auth",
        Form::Levels,
        "What calls use: one level for both directions, or by the application that calls.",
    ),
    may(
        "names",
        Form::EachName,
        "The name of the record, by the application that holds it.",
    ),
    may(
        "application_urls",
        Form::EachUrl,
        "The address at which an application calls the other one, by the application that calls.",
    ),
    may(
        "display_urls",
        Form::EachUrl,
        "The address of the other one that users get, by the application that holds the record.",
    ),
    may(
        "primary",
        Form::Aliases,
        "The applications on which the link is the first choice of its type.",
    ),
    may(
        "one_way",
        Form::Alias,
        "The application that holds the only record of a one-way link.",
    ),
];

pub(super) const CONSUMER: &[Field] = &[
    due("on", Form::Alias, "The application that it may call."),
    due("name", Form::Text, "Its name."),
    may("key", Form::Text, "Its consumer key."),
    may(
        "public_key",
        Form::Text,
        "Its public key: the path of a file, or the PEM itself.",
    ),
    may("url", Form::Url, "The address of its link."),
    may(
        "callback",
        Form::Url,
        "Where browsers are sent after a user's consent.",
    ),
    may(
        "two_legged",
        Form::Flag,
        "Whether it may call as itself (2LO).",
    ),
    may(
        "impersonation",
        Form::Flag,
        "Whether it may call as any user (2LO with impersonation).",
    ),
];

/// The JSON Schema of the file, for editors and other programs.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The links of an estate, for applink plan and applink apply",
    });
    let file = table(FILE);
    if let (Some(schema), Value::Object(file)) = (schema.as_object_mut(), file) {
        schema.extend(file);
    }
    schema
}

fn alias() -> Value {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]{0,63}$" })
}

fn url() -> Value {
    json!({ "type": "string", "pattern": "^https?://[^@]+$" })
}

fn level() -> Value {
    json!({ "enum": ["none", "oauth", "impersonation"] })
}

fn each(value: &Value) -> Value {
    json!({ "type": "object", "maxProperties": 2, "propertyNames": alias(), "additionalProperties": value })
}

fn table(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.name.to_owned(), property(field)))
        .collect();
    let due: Vec<&str> = fields
        .iter()
        .filter(|field| field.is_due)
        .map(|field| field.name)
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": due,
        "properties": properties,
    })
}

fn property(field: &Field) -> Value {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
    let mut value = match field.form {
        Form::Version => json!({ "const": super::VERSION }),
        Form::Alias => alias(),
        Form::Url => url(),
        Form::VariableUrl => {
            json!({ "type": "string", "pattern": "^(https?://|.*\\$\\{[A-Za-z_][A-Za-z0-9_]*\\})" })
        }
        Form::Text => json!({ "type": "string", "minLength": 1 }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Pair => json!({
            "type": "array", "items": alias(), "minItems": 2, "maxItems": 2, "uniqueItems": true,
        }),
        Form::Levels => json!({ "oneOf": [level(), each(&level())] }),
        Form::EachName => each(&name),
        Form::EachUrl => each(&url()),
        Form::Aliases => json!({ "type": "array", "items": alias(), "maxItems": 2 }),
        Form::Table(fields) => json!({
            "type": "object", "propertyNames": alias(), "additionalProperties": table(fields),
        }),
        Form::List(fields) => json!({ "type": "array", "items": table(fields) }),
    };
    if let Some(value) = value.as_object_mut() {
        value.insert("description".to_owned(), json!(field.about));
    }
    value
}
