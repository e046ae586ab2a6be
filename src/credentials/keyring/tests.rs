#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::collections::HashMap;
use std::time::Instant;

use super::*;

/// A store in memory, which may hang or be absent.
#[derive(Default)]
pub(in crate::credentials) struct Memory {
    pub(in crate::credentials) secrets: Mutex<HashMap<KeyringEntry, String>>,
    pub(in crate::credentials) hangs: bool,
    pub(in crate::credentials) absent: bool,
    pub(in crate::credentials) asked: Mutex<usize>,
}

impl Memory {
    fn arrive(&self) -> Result<(), KeyringError> {
        *self.asked.lock().unwrap() += 1;
        if self.hangs {
            loop {
                thread::park();
            }
        }
        if self.absent {
            return Err(KeyringError::Absent("no bus".to_owned()));
        }
        Ok(())
    }
}

impl Keyring for Memory {
    fn get(&self, place: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError> {
        self.arrive()?;
        let secrets = self.secrets.lock().unwrap();
        Ok(secrets.get(place).cloned().map(Zeroizing::new))
    }

    fn set(&self, place: &KeyringEntry, secret: &str) -> Result<(), KeyringError> {
        self.arrive()?;
        let mut secrets = self.secrets.lock().unwrap();
        secrets.insert(place.clone(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, place: &KeyringEntry) -> Result<bool, KeyringError> {
        self.arrive()?;
        Ok(self.secrets.lock().unwrap().remove(place).is_some())
    }
}

fn place(url: &str, user: Option<&str>) -> KeyringEntry {
    KeyringEntry::new(&BaseUrl::parse(url).unwrap(), user)
}

#[test]
fn each_application_and_account_has_a_place_of_its_own() {
    let places = [
        place("https://a.example", Some("jane")),
        place("https://a.example", Some("admin")),
        place("https://a.example", None),
        place("https://a.example/jira", Some("jane")),
        place("https://a.example:8443", Some("jane")),
        place("http://a.example", Some("jane")),
        place("https://b.example", Some("jane")),
    ];
    for (n, one) in places.iter().enumerate() {
        assert!(!places.iter().skip(n + 1).any(|other| other == one));
    }
    assert_eq!(
        place("https://A.example:443/", Some("jane")),
        place("https://a.example", Some("jane"))
    );
}

#[test]
fn what_is_kept_comes_back() {
    let store = BoundedKeyring::new(Arc::new(Memory::default()));
    let here = place("https://a.example", Some("jane"));
    assert_eq!(store.get(&here), Ok(None));
    store.set(&here, "one").unwrap();
    store.set(&here, "two").unwrap();
    assert_eq!(store.get(&here).unwrap().unwrap().as_str(), "two");
    assert_eq!(
        store.get(&place("https://b.example", Some("jane"))),
        Ok(None)
    );
    assert_eq!(store.delete(&here), Ok(true));
    assert_eq!(store.delete(&here), Ok(false));
}

#[test]
fn a_store_that_hangs_is_left_behind_and_not_asked_again() {
    let memory = Arc::new(Memory {
        hangs: true,
        ..Memory::default()
    });
    let store = BoundedKeyring::new(Arc::clone(&memory) as Arc<dyn Keyring>)
        .with_limit(Duration::from_millis(50));
    let here = place("https://a.example", Some("jane"));
    let start = Instant::now();
    assert_eq!(store.get(&here), Err(KeyringError::Silent));
    assert_eq!(store.set(&here, "x"), Err(KeyringError::Silent));
    assert_eq!(store.delete(&here), Err(KeyringError::Silent));
    assert!(start.elapsed() < LIMIT);
    assert_eq!(*memory.asked.lock().unwrap(), 1);
}
