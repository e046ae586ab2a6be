//! Forms of values for the JSON schema of the plan file, which is derived from the types of the
//! reader.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The forms of values that are texts in the file.
macro_rules! form {
    ($name:ident, $called:literal, $schema:tt) => {
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                $called.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

form!(Version, "Version", { "const": super::VERSION });
form!(AliasText, "Alias", { "type": "string", "pattern": "^[a-z][a-z0-9-]{0,63}$" });
form!(HttpUrl, "Url", { "type": "string", "pattern": "^https?://[^@]+$" });
form!(VariableUrl, "VariableUrl", {
    "type": "string",
    "pattern": "^(https?://|.*\\$\\{[A-Za-z_][A-Za-z0-9_]*\\})",
});
form!(NameText, "Name", { "type": "string", "minLength": 1, "maxLength": 255 });
form!(SomeText, "Text", { "type": "string", "minLength": 1 });
form!(LevelText, "Level", { "enum": ["none", "oauth", "impersonation"] });

/// Two different applications.
pub(super) struct PairSchema;

impl JsonSchema for PairSchema {
    fn schema_name() -> Cow<'static, str> {
        "Pair".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array", "items": generator.subschema_for::<AliasText>(),
            "minItems": 2, "maxItems": 2, "uniqueItems": true,
        })
    }
}

/// A value for each of the two applications of a link.
pub(super) struct PerApplication<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for PerApplication<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}PerApplication", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object", "maxProperties": 2,
            "propertyNames": generator.subschema_for::<AliasText>(),
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

/// One level, or one for each application.
pub(super) struct EitherLevel;

impl JsonSchema for EitherLevel {
    fn schema_name() -> Cow<'static, str> {
        "EitherLevel".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "oneOf": [
            generator.subschema_for::<LevelText>(),
            generator.subschema_for::<PerApplication<LevelText>>(),
        ] })
    }
}
