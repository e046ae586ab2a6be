//! Reads untrusted JSON: refuses a repeated key, and more values than a real answer has.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// No real answer takes more memory than this, in bytes, besides its text. Values take many times
/// the place of their text, and nothing in it shows how much.
const MOST: usize = 32 * 1024 * 1024;
/// A value in its place.
const VALUE: usize = size_of::<Value>();
/// What every piece of memory takes besides what is in it.
const PIECE: usize = 16;
/// An object with any field: the table that finds its fields.
const OBJECT: usize = 64;
/// A field besides its value and the text of its name: places are kept free for more.
const FIELD: usize = 32 + VALUE + PIECE;

/// Reads one document.
pub(super) fn from_slice(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let left = Cell::new(MOST);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = BoundedJson { left: &left }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct BoundedJson<'a> {
    left: &'a Cell<usize>,
}

impl BoundedJson<'_> {
    fn count<E: serde::de::Error>(self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom("more values than any real answer has")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for BoundedJson<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count(VALUE)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BoundedJson<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.count(PIECE + value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.count(PIECE + value.len())?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.count(FIELD + PIECE + key.len())?;
            if all.is_empty() {
                self.count(OBJECT)?;
                // One field is the most that many objects have, and else there would be room for
                // four.
                all = Map::with_capacity(1);
            }
            let value = entries.next_value_seed(self)?;
            if all.contains_key(&key) {
                return Err(A::Error::custom("a key stands there twice"));
            }
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_values_as_ever() {
        let text = r#"{"a":[1,-2,3.5,"x",null,true,{"b":{}}],"c":18446744073709551615}"#;
        let plain: Value = serde_json::from_str(text).unwrap_or_default();
        assert_eq!(from_slice(text.as_bytes()).ok(), Some(plain));
    }

    #[test]
    fn no_key_twice_and_not_too_much() {
        let refused = |text: &str| from_slice(text.as_bytes()).map_err(|error| error.to_string());
        assert!(refused(r#"{"working":false,"working":true}"#).is_err_and(|e| e.contains("twice")));
        assert!(refused(r#"[{"a":{"b":1,"b":1}}]"#).is_err());
        let many = format!("[{}1]", "[],".repeat(MOST / VALUE));
        assert!(refused(&many).is_err_and(|e| e.contains("values")));
        let links = format!(
            "[{}1]",
            r#"{"id":"c833268e-7865-30e0-83ee-df2147b8d234","name":"Confluence","displayUrl":"https://wiki.example.com","rpcUrl":"https://wiki.example.com","type":"confluence","system":false,"primary":true,"properties":{},"data":{}},"#
                .repeat(10_000)
        );
        assert!(from_slice(links.as_bytes()).is_ok());
        let deep = "[".repeat(100_000);
        assert!(refused(&deep).is_err_and(|e| e.contains("recursion limit")));
        assert!(refused("[1] 2").is_err());
        assert!(refused("[1e400]").is_err());
    }
}
