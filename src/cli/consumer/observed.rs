//! A program as it is known before it is registered.

use std::path::PathBuf;
use std::sync::Arc;

use crate::context::Target;
use crate::domain::{BaseUrl, Flags};
use crate::plan::NewConsumer;
use crate::plan::consumer::RegisteredConsumer;
use crate::remote::session::Session;

/// A program as the application and the state know it.
pub(crate) struct ObservedConsumer {
    pub(crate) target: Target,
    pub(crate) session: Arc<Session>,
    pub(crate) name: String,
    /// The name as part of file names and addresses.
    pub(crate) slug: String,
    /// The address of its link.
    pub(crate) url: BaseUrl,
    /// The consumer key that it will have.
    pub(crate) key: String,
    /// The key file that the state names.
    pub(crate) key_file: Option<PathBuf>,
    /// Its link and its consumer, where there are any.
    pub(crate) registered: Option<RegisteredConsumer>,
}

impl ObservedConsumer {
    /// The consumer that is registered now.
    pub(crate) fn present(&self) -> Option<&NewConsumer> {
        self.registered
            .as_ref()
            .and_then(|registered| registered.consumer.as_ref())
    }

    /// The rights that it has now.
    pub(crate) fn allowed(&self) -> Flags {
        self.present()
            .map_or(Flags::NONE, |present| present.incoming)
    }
}
